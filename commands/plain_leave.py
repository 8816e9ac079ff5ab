"""Leave in everyday words.  ``我明天下午请假``  ``下周一到周三休年假``  ``今天谁休假``  ``取消明天的请假``

Whole sentences only: a day and nothing but leave. 明天谁请假 is a question, 请假流程 is something else.
"""

from __future__ import annotations

import re

from commands.context import Ctx
from commands.grammar import hears
from commands.leave import LOOKED_AT
from commands.reply import Again
from commands.times import apart, check
from planning.dates import find
from planning.names import named_in

_KIND = r"(?:年|病|事|产|婚|丧|陪产|育儿)"
_LEAVE = rf"(?:请(?:个|一下|一天|半天)?{_KIND}?假|休(?:个|一天|半天)?{_KIND}?假|{_KIND}假|(?:请)?调休)"
_WISH = r"(?:想|要|得|需要|打算|准备)?"
_OWN = re.compile(
    rf"[\s,，]*我?[\s,，]*{_WISH}\s*(?:{_LEAVE}|(?<=我){_WISH}(?:休息|不上班))(?:半天|一天)?(?:了|吧)?[\s。!！]*"
)
_ENGLISH = re.compile(
    r"\s*(?:i(?:['’]?m| am|['’]ll be| will be) (?:off|away|out(?: of office)?|on (?:leave|vacation|holiday))"
    r"|on (?:leave|vacation|holiday)|day off|sick leave)(?: for| from| on)?[\s.!]*"
)
_WHO = re.compile(
    r"[\s的]*(?:都)?(?:有)?(?:谁|哪些人|哪几个人)(?:都|在|要)*(?:请(?:了)?假|休(?:了)?假|不在)(?:了)?(?:吗|呢)?[\s?？。]*"
)
_CANCEL = re.compile(rf"\s*我?\s*(?:(?:取消|撤销|撤回|销)[\s的]*{_LEAVE}|不(?:请假|休假|调休)了?)(?:了|吧)?[\s。!！]*")
_DATED = re.compile(rf"\s*我?\s*\d.*{_LEAVE}[\s。!！]*")
"""Begins with figures and ends with leave: a day that there is not is named."""
_LONGEST = 40


@hears(r"假|调休|我.{0,12}(?:休息|不上班)|\b(?:off|away|out|leave|vacation|holiday)\b", rank=40)
def said(ctx: Ctx, _: object) -> Again | None:
    """Of oneself, or with a name first of somebody else: what may be done is looked at there."""
    words = apart(ctx.line.rest[:LOOKED_AT])
    if len(words) > _LONGEST:
        return None
    rest = words
    days: list[str] = []
    found = find(words, ctx.now, ctx.calendar)
    if _DATED.fullmatch(words.lower()):
        check(words, found)
    for one in reversed(found):
        rest = rest[: one.start] + rest[one.stop :]
        days.insert(0, words[one.start : one.stop])
    folded = rest.lower()
    if _WHO.fullmatch(folded):
        return Again("/请假")
    if _CANCEL.fullmatch(folded):
        return Again(f"/请假 取消 {' '.join(days)}")
    if days and (_OWN.fullmatch(folded) or _ENGLISH.fullmatch(folded)):
        return Again(f"/请假 {words}")
    name = _named(ctx, rest) if days else ""
    return (
        Again(f"/请假 @{name} {' '.join(days)}")
        if name and _OWN.fullmatch(folded.replace(name.lower(), "", 1))
        else None
    )


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
