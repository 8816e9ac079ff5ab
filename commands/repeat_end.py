"""A repeat that says when it ends, ``每周五 到年底``, ``每天 共5次``: not known yet, and said so instead of misread."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.errors import UserError
from chat.text import say
from planning.dates import Expression

_ENDS = r"(?:一直|持续)?(?:直?到|至|截[止至]到?|until|till?|through|thru|ending|ends)"
_BEFORE = re.compile(rf"(?:^|(?<=[\s,，、;；(（]))(?P<how>{_ENDS}(?: on)?)[\s:：]*$", re.IGNORECASE)
_WITHIN = re.compile(r"(?:直到|until|till?(?![a-z])|through|thru)", re.IGNORECASE)
_BEHIND = re.compile(r"\s*(?:为止|结束|停止)")
_NUMBER = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_TIMES = re.compile(
    rf"(?:总共|一共|共|连续|连做)\s*(?:做|重复)?\s*{_NUMBER}\s*(?:次|回|遍|周|天|个?月)"
    r"|\bfor \d{1,3} (?:times|days|weeks|months)\b|\b\d{1,3} times in total\b",
    re.IGNORECASE,
)


def endless(text: str, found: Sequence[Expression]) -> None:
    """Raises UserError: something comes again, and ends some time."""
    recurs = next((each for each in found if each.recurrence is not None), None)
    words = _end(text, found, recurs) if recurs is not None else ""
    if not words:
        return
    raise UserError(
        say(
            "重复还不会到时自己停，没有改动。去掉「{words}」再发一次；不再需要时发：/重复 停 编号",
            "A repeat does not stop by itself yet; nothing was changed. Send it again without “{words}”, and when it "
            "is over: /repeat stop and its number",
            words=words[:40],
        )
    )


def _end(text: str, found: Sequence[Expression], recurs: Expression) -> str:
    """``到10月底``, ``共5次``; "" for none."""
    for each in found:
        if each.recurrence is not None or each.role == "reminder":
            continue
        before = text[recurs.stop if recurs.stop <= each.start else 0 : each.start]
        if said := _BEFORE.search(before):
            return said["how"] + each.words
        if _WITHIN.match(each.words):
            return each.words
        if (behind := _BEHIND.match(text, each.stop)) is not None:
            return each.words + behind.group().strip()
        if each.start >= recurs.stop and not before.strip() and recurs.words.endswith(("截止", "截至")):
            return recurs.words[-2:] + each.words
    times = _TIMES.search(text.split("\n", 1)[0])
    return times.group() if times is not None else ""
