"""What changed between two wordings of a request: the amount, if that is all, else the whole wording."""

from __future__ import annotations

import re

from chat.frozen import frozen
from planning.dates.words import number

_AMOUNT = re.compile(
    r"(?<![\d.\-])(?:[¥￥$€£]\s?)?\d[\d,]{0,14}(?:\.\d{1,4})?\s?"
    r"(?:(?P<unit>[万亿千百]?(?:元|块钱?|人民币|美元|欧元))|[万亿]|k\b|usd\b|eur\b|rmb\b|cny\b)",
    re.IGNORECASE,
)
_CALLED = re.compile(r"\s*(?:金额|amount(?![a-z]))(?P<then>\s*(?:改?[为成到]|[:：=]|to\b)\s*|\s+)?", re.IGNORECASE)
_SPELT = re.compile(r"([一二两三四五六七八九十百]{1,7})([万亿千]?)(?=[万亿元块]|$)")
_BARE = re.compile(
    r"(?:金额|预算|amount)\s*(?:改?[为成到]|[:：=]|to)?\s*((?:[¥￥$€£]\s?)?\d[\d,]{0,14}(?:\.\d{1,4})?\s?\S{0,4})",
    re.IGNORECASE,
)


@frozen
class Change:
    """``amount``: only a sum of money differs, and ``before`` → ``after`` are the sums; else the whole wordings."""

    before: str
    after: str
    amount: bool


def compare(before: str, after: str) -> Change | None:
    """None: the same wording, spaces aside."""
    if "".join(before.split()) == "".join(after.split()):
        return None
    old, new = list(_AMOUNT.finditer(before)), list(_AMOUNT.finditer(after))
    if len(old) == len(new) == 1 and _around(before, old[0]) == _around(after, new[0]):
        return Change(old[0].group().strip(), new[0].group().strip(), amount=True)
    return Change(before, after, amount=False)


def reworded(title: str, said: str) -> str:
    """The new wording: ``金额 5万``, ``金额 五万`` changes the only sum in ``title`` or adds one; anything else is the
    wording itself. "": a sum is announced and none follows."""
    called = _CALLED.match(said)
    if called:
        said = said[: called.end()] + _SPELT.sub(_in_figures, said[called.end() :], count=1)
    match = _BARE.fullmatch(said.strip())
    sums = list(_AMOUNT.finditer(title))
    if match and called and not sums:
        return f"{title} {said.strip()}"
    if match is None or len(sums) != 1:
        return "" if called and called["then"] and len(sums) == 1 else said
    amount, unit = match.group(1).strip(), sums[0].group("unit") or ""
    if amount[-1:].isdigit():
        amount += unit
    elif unit and amount[-1:] in "万亿千百":
        amount += unit.lstrip("万亿千百")
    return title[: sums[0].start()] + amount + title[sums[0].end() :]


def _in_figures(match: re.Match[str]) -> str:
    value = number(match[1])
    return f"{value}{match[2]}" if value > 0 else match[0]


def _around(text: str, amount: re.Match[str]) -> str:
    return "".join((text[: amount.start()] + "\0" + text[amount.end() :]).split())
