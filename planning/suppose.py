"""``T1 再延1天``, ``T2 工期 5天``, ``M1 改到 9-30``: one supposition about a plan, read from folded words."""

from __future__ import annotations

import re
from typing import Literal

from chat.frozen import frozen

Kind = Literal["delay", "days", "due"]
_NUMBER = r"(?P<n>\d{1,4}|[一两二三四五六七八九十半])\s*(?:个)?"
_DAY = r"(?:工作日|天|日|working days?|days?|wd|d)"
_WEEK = r"(?:周|星期|礼拜|weeks?|w)"
_DELAY = re.compile(
    r"^(?:再|又|多|要|会|还要|将)*"
    r"(?:延期?|延迟|推迟|晚|拖|慢|delayed(?: by)?|delays?(?: by)?|slips?(?: by)?|late(?: by)?|\+)"
    rf"\s*{_NUMBER}\s*(?:{_DAY}|(?P<week>{_WEEK}))\s*$"
)
_EARLY = re.compile(
    r"^(?:再|能|可以|要)*(?:提前|早|快|early(?: by)?|sooner(?: by)?)"
    rf"\s*{_NUMBER}\s*(?:{_DAY}|(?P<week>{_WEEK}))\s*(?:完成)?$"
)
_DAYS = re.compile(rf"^(?:工期|用时|takes|duration)\s*(?:是|为|要|变成|改成|:)?\s*{_NUMBER}\s*{_DAY}?\s*$")
_DUE = re.compile(
    r"^(?:改到|改期到?|延到|延期到|推迟到|截止|提前到|要到|拖到|到|due(?: on| by)?|moves? to|slips? to)"
    r"\s*(?P<when>\S.*)$"
)
_ASKED = re.compile(
    r"[\s,，]*(?:的话)?[\s,，]*(?:那么?)?(?:会|要|就)?"
    r"(?:怎么?样|怎样|如何|有(?:什么|啥|多大)?影响|影响(?:什么|啥|谁|哪些|多大)?|什么(?:结果|后果))?(?:呢|吗)?$"
)
"""``会怎样``, with which people end such a question."""
_HAN = {word: number for number, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
MOST = 250
"""Working days."""


@frozen
class Supposition:
    """``days``: working days later (delay; negative: earlier), or long (days). ``when``: words for a day (due)."""

    kind: Kind
    days: int = 0
    when: str = ""


def suppose(words: str) -> Supposition | None:
    """None: these words suppose nothing that can be reckoned. words: folded, behind the number of a task."""
    words = _ASKED.sub("", words.strip(" :,.;。！!?？的"))
    for pattern, sign in ((_DELAY, 1), (_EARLY, -1)):
        if match := pattern.match(words):
            days = _count(match["n"]) * (5 if match["week"] else 1)
            return Supposition("delay", sign * days) if 0 < days <= MOST else None
    if match := _DAYS.match(words):
        days = _count(match["n"])
        return Supposition("days", days) if 0 < days <= MOST else None
    if match := _DUE.match(words):
        return Supposition("due", when=match["when"])
    return None


def _count(word: str) -> int:
    """0 for what is no whole number of days (半)."""
    return _HAN.get(word, 0) if not word.isdecimal() else int(word)
