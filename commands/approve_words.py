"""The words in which people decide: ``同意``, ``ok``, ``不批``, ``打回``; and what is a question, not a vote."""

from __future__ import annotations

import re

from planning.approval import Choice

CHOICES: dict[str, Choice] = {
    "同意": "yes", "批准": "yes", "通过": "yes", "赞成": "yes", "赞同": "yes", "yes": "yes", "agree": "yes",
    "agreed": "yes", "approved": "yes", "不同意": "no", "不批准": "no", "不通过": "no", "不赞成": "no", "不批": "no",
    "拒绝": "no", "驳回": "no", "否决": "no", "no": "no", "reject": "no", "rejected": "no", "decline": "no",
    "deny": "no", "退回修改": "back", "退回": "back", "打回": "back", "back": "back", "send back": "back",
}  # fmt: skip
SOFT: dict[str, Choice] = {
    "可以": "yes", "没问题": "yes", "准了": "yes", "准": "yes", "ok": "yes", "okay": "yes", "lgtm": "yes", "👍": "yes",
    "approve": "yes", "不可以": "no", "不行": "no",
}  # fmt: skip
"""Said of many things: they decide only where nothing follows, or what follows is said to be the reason."""


def _any(words: dict[str, Choice], *choices: Choice) -> str:
    return "|".join(sorted((word for word in words if words[word] in choices), key=len, reverse=True))


_ALL = {**CHOICES, **SOFT}
_AGREED, _REFUSED = _any(_ALL, "yes"), _any(_ALL, "no", "back")
_WHO = r"(?:(?:我们?|本人)(?:也|已|完全)?\s*|(?:也|已|完全)\s*)?"
_I = rf"\s*{_WHO}"
_DONE = r"(?:了|吧|啦|哈|的)?[\s。.!~,，]*$"
_P = r"p[ \-_.#]?\d{1,7}(?![a-z0-9])"
WORD_FIRST = rf"^{_I}(?:({_any(CHOICES, 'yes', 'no', 'back')})了?|({_any(SOFT, 'yes', 'no')})(?=\s*{_P}{_DONE}))\s*{_P}"
"""Group 1 or 2: the word. ``同意P1``, ``no P1 over budget``, ``我同意 P1``, ``ok P1``."""
NUMBER_FIRST = rf"^\s*{_P}[\s:：,，]*{_WHO}(?:({_AGREED}){_DONE}|({_REFUSED}))"
"""``P1 同意`` and nothing after it (P1 通过测试了 is no vote); ``P1 拒绝 预算已满``."""
ALONE = re.compile(rf"^{_I}(?:({_AGREED}){_DONE}|({_REFUSED})(?![\u4e00-\u9fffa-z])[\s:：,，。.]*)")
"""The whole of a reply to the card: ``可以``, ``拒绝：太贵``."""
QUESTION = re.compile(r"[?？]\s*$|(?:吗|呢|没有?|么|谁|几[个位人]|多少)[\s。.!~]*$")
REFUSED_ASKED = re.compile(r"[了过]?(?:吗|没有?|么)[\s?？。]*|的?(?:有|是)?(?:谁|哪些)[\s\S]{0,6}")
"""After a refusal: not a reason but a question."""
ANOTHER = re.compile(rf"^\s*+(?:[、,，/&+]|和|与|跟|及|and)?\s*+{_P}")
"""A second number behind the first."""


def choice_of(match: re.Match[str]) -> Choice:
    """What the word in its groups means."""
    return _ALL[match.group(1) or match.group(2)]
