"""Leave in everyday words.  ``我明天下午请假``  ``下周一到周三休年假``  ``今天谁休假``  ``取消明天的请假``

Whole sentences only: a day and nothing but leave. 明天谁请假 is a question, 请假流程 is something else.
"""

from __future__ import annotations

import re

from commands.context import Ctx
from commands.grammar import hears
from commands.leave_days import LOOKED_AT
from commands.line import fold
from commands.reply import Again
from commands.times import apart, check
from planning.away_words import tidied
from planning.dates import find
from planning.dates.words import compiled
from planning.names import named_in

_KIND = r"(?:年|病|事|产|婚|丧|陪产|育儿|产检|探亲)"
_LONG = r"(?:半天|[一二两三四五六七八九十\d]{1,3}\s*(?:个?工作日|个?星期|天半?|周))"
_LEAVE = (
    rf"(?:请(?:个|一下|{_LONG})?的?{_KIND}?假|休(?:个|{_LONG})?的?{_KIND}?假|{_KIND}假|(?:请)?调休|出差"
    rf"|[请休]{_LONG})"
)
_WISH = r"(?:想|要|得|需要|打算|准备)?"
_TO_WHOM = r"(?:(?:老板|领导|大家|各位|同事们|不好意思|抱歉|您?你?好)[\s,，]*)*"
_WHY = (
    r"(?:(?:身体|家里|孩子|我)?(?:生病|不舒服|不适|发烧|感冒|头疼|头痛|肚子疼|有?[点些急私]{0,2}事|去医院|看病|看牙"
    r"|体检|搬家|产检|打疫苗)了?[\s,，。;；]*)?"
)
_END = (
    rf"(?:了|吧|哈)?(?:[\s,，。;；]+{_WHY}(?:有事[^\s,，]{{0,6}}|谢谢|辛苦了?|望批准|请批准|请知悉|特此告知)?)?"
    r"[\s.。!！]*"
)
_FROM = r"(?:从|自|起|开始|到|至|\s|,|，)*"
_OWN = (
    rf"[\s,，]*{_TO_WHOM}我?[\s,，]*{_WHY}我?{_FROM}{_WISH}\s*"
    rf"(?:{_LEAVE}|(?<=我){_WISH}(?:休息|不上班)){_FROM}(?:{_LONG})?{_FROM}{_END}"
)
_ENGLISH = (
    r"\s*(?:(?:i(?:'?m| am|'?ll be| will be) )?(?:off|away|out(?: of office)?|on (?:leave|vacation|holiday|pto)|sick"
    r"|out sick|not working|not in)|day off|sick leave|pto|vacation"
    r"|(?:i(?:'?m| am|'?ll| will)? )?tak(?:e|ing) (?:(?:a|the|half a|some) )?(?:days?|time|leave|pto|vacation)?\s*"
    r"(?:off)?)"
    r"(?: for| from| on)*[\s.!]*"
)
_WHO = (
    r"[\s的]*(?:都)?(?:有)?(?:谁|哪些人|哪几个人)(?:都|在|要)*(?:请(?:了)?假|休(?:了)?假|不在)(?:了)?(?:吗|呢)?[\s?？。]*"
    r"|\s*who(?:'s| is)? (?:off|away|out|on leave)\s*\?*\s*"
    r"|(?:我的|查看?|看看?)?(?:请假|休假)(?:记录|列表|名单|情况)|我的(?:请假|休假)"
)
_CANCEL = (
    rf"\s*我?\s*(?:(?:取消|撤销|撤回|销)[\s的]*(?:{_LEAVE}|假)|不(?:请假|休假|调休|休)了?|{_LEAVE}\s*(?:取消|撤销))"
    r"(?:了|吧)?[\s.。!！]*"
)
_DATED = rf"\s*我?\s*\d.*{_LEAVE}[\s.。!！]*"
"""Begins with figures and ends with leave: a day that there is not is named."""
_LONGEST = 60


@hears(
    r"假|休|出差|我.{0,12}不上班|谁.{0,6}不在"
    r"|\b(?:off|away|out|leave|vacation|holiday|sick|pto|not (?:in|working))\b",
    rank=40,
)
def said(ctx: Ctx, _: object) -> Again | None:
    """Of oneself, or with a name first of somebody else: what may be done is looked at there."""
    words = tidied(fold(apart(ctx.line.rest[:LOOKED_AT])), ctx.today)
    if len(words) > _LONGEST:
        return None
    rest = words
    days: list[str] = []
    found = find(words, ctx.now, ctx.calendar)
    if compiled(_DATED).fullmatch(words):
        check(words, found)
    for one in reversed(found):
        rest = rest[: one.start] + rest[one.stop :]
        days.insert(0, words[one.start : one.stop])
    rest = rest.replace("’", "'")
    if compiled(_WHO).fullmatch(rest):
        return Again("/请假")
    if compiled(_CANCEL).fullmatch(rest):
        return Again(f"/请假 取消 {' '.join(days)}")
    if days and (compiled(_OWN).fullmatch(rest) or compiled(_ENGLISH).fullmatch(rest)):
        return Again(f"/请假 {words}")
    name = _named(ctx, rest) if days else ""
    if not name:
        return None
    others = rest.replace(fold(name), "", 1)
    if not compiled(_OWN).fullmatch(others):
        return None
    if re.match(r"[\s,，:：]*我", others):
        return Again(f"/请假 {words.replace(fold(name), '', 1)}")
    return Again(f"/请假 @{name} {words.replace(fold(name), '', 1)}")


@hears(r"^\s*请(?:个)?假(?=[\d一两二三四五半今明后周下上])", rank=40)
def glued(ctx: Ctx, _: object) -> Again:
    """``请假明天``, ``请假3天``."""
    words = ctx.line.rest.lstrip()
    return Again(f"/请假 {words[words.index('假') + 1 :]}")


def _named(ctx: Ctx, words: str) -> str:
    """The member of this project whose name the words hold; "" for none."""
    people = {m.person.id: m.person.name for m in ctx.books.people.members(ctx.project.id)}
    key = named_in(words, people)
    return people[key] if key is not None else ""
