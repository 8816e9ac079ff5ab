"""Plain sentences that ask for a task: ``帮我建个客户回访任务``, ``王五下周三前交主图素材``. Words only."""

from __future__ import annotations

import re

from chat.frozen import frozen

_POLITE = r"(?:请|麻烦|劳驾|能不能|可以)?(?:你|您)?"
_FOR_ME = r"(?P<mine>帮(?:我|忙|我们|咱们)?|给我|替我)?(?:再|先|也)?"
_MAKE = r"(?:新建|创建|建立|建|添加|新增|加|开|安排|记)"
_ONE = r"(?:一?个|一?条|一?项|一下)?(?:新)?(?:的)?"
_WHOM = r"(?:(?:给|为|帮|替)(?P<whom>[^\s给为帮替]{1,12}?))?"
_WISH = re.compile(rf"^\s*{_POLITE}{_FOR_ME}{_WHOM}{_MAKE}(?P<one>{_ONE})\s*(?P<rest>\S.*)$", re.DOTALL)
_GLUED = re.compile(r"^\s*(?:新|建)?任务(?P<rest>[^\s的].*)$", re.DOTALL)
_TODO = re.compile(r"^\s*(?:待办|todo)(?:事项)?\s*[:,]\s*(?P<rest>\S.*)$", re.DOTALL)
_ENGLISH = re.compile(
    r"^\s*(?:please )?(?:can you )?(?:create|add|make|open|new)(?: me)?(?: an?)?(?: new)? (?:task|todo)\b[:,]?"
    r"(?: to| for)? (?P<rest>\S.*)$",
    re.DOTALL,
)
_STOP = r"[:,.;、，：；。\s]"
_NAMED = re.compile(rf"的?任[务務]\s*(?={_STOP}|$)|待[办辦](?={_STOP}|$)")
_QUESTION = re.compile(r"[?吗呢么]\s*$|(?:怎么|为什么|什么时候|是不是|有没有|能不能|多少)")
_NEGATED = re.compile(r"不了|没法|没有|不能|不用|不要|没空|不需要|取消|[交给写做改发出成完]了")
_ACT = re.compile("交|给|完成|搞定|写|做|改|出|发|弄|准备|上线|整理|核对|确认|回复|联系|跟进|检查|测试|安排")
_DO = re.compile(
    "[交给写做改发弄核查联跟检测安排约谈聊拍选买寄签付报提打送取订审传录剪播办跑盘]|开会|开[^心始]|会议|例会|准备|[上下]线|[上下]架|整理"
    "|[画换]|设计|测试|评估|评审|更新|配置|制作|复核|对账|盘点|清点|统计|汇总|汇报|培训|采购|发布|修复|拜访|导[入出]"
)
_ASIDE = (
    r"(?:(?:please|pls|kindly|can you|could you|would you|we (?:need|have) to|(?:i|you) need to|need to|must|should"
    r"|remember to|don't forget to|let's|will|to)\s+)*"
)
_VERB = (
    r"(?:add|agree|analy[sz]e|announce|approve|archive|arrange|ask|assign|audit|back up|book|bring|brief|build|buy|call"
    r"|chase|check|clean|clear|close|collect|compare|compile|complete|configure|confirm|contact|copy|create|deliver"
    r"|deploy|design|discuss|draft|draw|edit|e-?mail|explain|export|extend|file|fill|finali[sz]e|find|finish|fix"
    r"|follow up|forecast|gather|get|give|hand (?:in|over)|help|hire|implement|import|inform|install|interview"
    r"|investigate|invite|launch|load|look into|mail|make|measure|meet|merge|migrate|monitor|move|negotiate|note|order"
    r"|organi[sz]e|pay|pick up|plan|polish|post|prepare|present|print|proofread|publish|purchase|push|put|record"
    r"|refund|release|remove|renew|repair|replace|reply|report|request|research|reserve|revise|rewrite|review|schedule"
    r"|sell|send|set up|share|ship|sign|sort out|speak|stage|submit|sync|talk|tell|test|track|train|translate|update"
    r"|upgrade|upload|verify|visit|work on|wrap up|write|status|goals?|focus|metrics|template|calendar|chart)"
)
"""Words that begin an English sentence about something to do; the last ones begin it as nouns: ``Status report …``."""
_ENGLISH_DO = re.compile(rf"^[\s\ufffc,:]*{_ASIDE}{_VERB}\s+\w")
_ENGLISH_TOLD = re.compile(rf"^[\s\ufffc,:]*(?:[^\s,:]+[,:]?\s+)?{_ASIDE}{_VERB}\s+\w")
_LEAD = re.compile(
    r"^(?:[,:，：\s]|负责|需要|必须|记得|务必|要|得|请(?!假|示|求|柬)|[Pp]lease\s|把|将|再|来|去|在|给我|给)+"
)
_HANDED = re.compile(r"(?<=\S\S)[,，、\s]*(?:完成|交付|提交|搞定|做完|交出来|交|给我|发我|给到我)\s*$")
_HANDING = re.compile(r"^(?:交付|提交|上交|交出|交|完成|做完|搞定)(?=\S{2})")


@frozen
class Asked:
    """``start``: where the task's words begin. ``sure``: it says 任务 itself. ``mine``: asked for the speaker.

    ``whom``: whom it is made for, as written; "" for nobody.
    """

    start: int
    sure: bool
    mine: bool
    whom: str = ""


def asked(folded: str) -> Asked | None:
    """A sentence that asks for a task in so many words; None: it does not."""
    if _QUESTION.search(folded):
        return None
    for pattern in (_TODO, _ENGLISH):
        if match := pattern.match(folded):
            return Asked(match.start("rest"), sure=True, mine=False)
    match = _WISH.match(folded)
    if match is None:
        glued = _GLUED.match(folded)
        return Asked(glued.start("rest"), sure=False, mine=False) if glued and instructs(glued["rest"]) else None
    sure = _NAMED.search(folded, match.start("rest")) is not None
    if not sure and not match["one"]:
        return None
    return Asked(match.start("rest"), sure, match["mine"] is not None and not match["whom"], match["whom"] or "")


def title_of(words: str) -> str:
    """Without the word 任务 and what ties it in."""
    return _NAMED.sub(" ", words, count=1).strip(" ,，。;；:：、的\n")


def instructs(folded: str) -> bool:
    """Does the rest of ``<name> …`` say something to be done?"""
    found = _ACT.search(folded) or _ENGLISH_TOLD.match(folded)
    return bool(found) and not _QUESTION.search(folded) and not _NEGATED.search(folded)


def plans(folded: str) -> bool:
    """Does a sentence without a name say something to be done? Greetings, weather and questions do not."""
    return (
        bool(_DO.search(folded) or _ENGLISH_DO.match(folded))
        and not _QUESTION.search(folded)
        and not _NEGATED.search(folded)
    )


def deed(words: str) -> str:
    """``交主图素材`` → ``主图素材``: without the words of handing over, before or after."""
    return _HANDED.sub("", _HANDING.sub("", _LEAD.sub("", words))).strip(" ,，。;；:：、")
