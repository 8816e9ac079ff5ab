"""Three-line reports as people type them: headings in any order and spelling, numbers, or bare lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, get_args

from chat.frozen import frozen
from planning.daily_words import HINT, NONE, STRONG, TITLE, WEAK, Part

PARTS: tuple[Part, ...] = get_args(Part)
_FOLD = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " "}
_EDGES = " \t\n,，。.;；:：、|｜"
_NUMBER = re.compile(
    r"(?:^|(?<=[\s。；;,，]))[(（]?"
    r"(?:(?P<digit>\d{1,2})[.、)）．:：](?!\d)|(?P<ring>[①②③④⑤⑥⑦⑧⑨])|(?P<han>[一二三四五六])[、.．)）])"
    r"|^(?P<bare>\d)(?= \S)",
    re.MULTILINE,
)
_RING = "①②③④⑤⑥⑦⑧⑨"
_HAN = "一二三四五六"
_BAR = re.compile(r"\s*[|｜]\s*")
_SEMI = re.compile(r"\s*[;；]\s*")
_BULLET = re.compile(r"^[-*•·●▪]+\s*")


_NO_BLOCKER = re.compile(
    r"[\s，,。.;；、]+(?:目前|暂时|现在)?(?:(?:没有?|暂?无)(?:什么|任何)?(?:阻塞|卡点|障碍|阻碍|困难)(?:问题|点)?"
    r"|no blockers?)[。.!！]*$",
    re.IGNORECASE,
)


@frozen
class Parsed:
    """What a text says. ``found``: the parts that were there, 无 included (then their words are "").

    ``headings``: how many distinct headings named a part; ``marked`` of them beyond doubt.
    ``lines``: how many parts came from numbers or bare lines instead.
    """

    done: str = ""
    plan: str = ""
    blocked: str = ""
    found: frozenset[Part] = frozenset()
    headings: int = 0
    marked: int = 0
    lines: int = 0

    @property
    def missing(self) -> tuple[Part, ...]:
        """In the order they are asked for."""
        return tuple(part for part in PARTS if part not in self.found)

    @property
    def certain(self) -> bool:
        """Nobody writes this who does not mean a report."""
        return self.headings >= 2 and self.marked >= 1


def parse(text: str) -> Parsed:
    """Every part that can be recognised. ``found`` is empty when there is no content at all."""
    text = HINT.sub("", text).strip()
    if not text:
        return Parsed()
    return _unblocked(_by_headings(text) or _by_numbers(text) or _by_lines(text))


def _unblocked(parsed: Parsed) -> Parsed:
    """``明天做落地页，没有阻塞``: said at the end of another part, it is the third part all the same."""
    if "blocked" in parsed.found:
        return parsed
    part: Literal["plan", "done"] = "plan" if parsed.plan else "done"
    words = getattr(parsed, part)
    bare = _NO_BLOCKER.sub("", words)
    if not bare or bare == words:
        return parsed
    found: frozenset[Part] = parsed.found | {"blocked"}
    return replace(parsed, plan=bare, found=found) if part == "plan" else replace(parsed, done=bare, found=found)


def parse_rest(text: str, missing: tuple[Part, ...]) -> Parsed:
    """An answer to 「还差 …」: headings, or one line for each missing part; a single 无 is all of them."""
    text = HINT.sub("", text).strip()
    if not text:
        return Parsed()
    headed = _by_headings(text)
    if headed is not None:
        return headed
    if is_none(text):
        return _built(dict.fromkeys(missing, ""), lines=1)
    numbered = _numbered(text)
    lines = numbered if 1 < len(numbered) <= len(missing) else _lines(text)
    if len(lines) > len(missing):
        lines = [*lines[: len(missing) - 1], "\n".join(lines[len(missing) - 1 :])]
    return _built(dict(zip(missing, lines, strict=False)), lines=len(lines))


def is_none(words: str) -> bool:
    """无, 没有, n/a …"""
    bare = _folded(words).strip(_EDGES + "!~“”\"'（）()。")
    return not bare or NONE.fullmatch(bare) is not None


# --- headings --------------------------------------------------------------------------------------------------------


@frozen
class _Heading:
    start: int
    stop: int
    part: Part
    strong: bool


def _by_headings(text: str) -> Parsed | None:
    headings = _headings(text)
    distinct = {heading.part for heading in headings}
    marked = {heading.part for heading in headings if heading.strong}
    if not marked and len(distinct) < 2:
        return None
    words: dict[Part, str] = {}
    for number, heading in enumerate(headings):
        stop = headings[number + 1].start if number + 1 < len(headings) else len(text)
        body = _body(text[heading.stop : stop])
        if body:
            words[heading.part] = f"{words[heading.part]}\n{body}" if words.get(heading.part) else body
    lead = _lead(text[: headings[0].start])
    if lead and "done" not in distinct:
        words["done"] = lead
    elif lead and "\n" in lead:
        words["done"] = f"{lead}\n{words.get('done', '')}".strip()
    return _built(words, headings=len(distinct), marked=len(marked))


def _headings(text: str) -> list[_Heading]:
    """In order, without overlaps. A part named beyond doubt takes no weak heading besides."""
    folded = _folded(text)
    strong = [_Heading(m.start(), m.end(), _part(m), True) for m in STRONG.finditer(folded) if _alone(folded, m)]
    named = {heading.part for heading in strong}
    weak: list[_Heading] = []
    for match in WEAK.finditer(folded):
        part = _part(match)
        if part in named or any(h.start < match.end() and match.start() < h.stop for h in strong):
            continue
        named.add(part)
        weak.append(_Heading(match.start(), match.end(), part, False))
    return sorted(strong + weak, key=lambda heading: heading.start)


def _alone(folded: str, match: re.Match[str]) -> bool:
    """A heading that only the end of its line marks must begin the line as well."""
    return match.group("end") is None or not folded[folded.rfind("\n", 0, match.start()) + 1 : match.start()].strip()


def _part(match: re.Match[str]) -> Part:
    return next(part for part in PARTS if match.group(part) is not None)


def _lead(words: str) -> str:
    """What stands before the first heading, unless it is only a title or a greeting."""
    lines = [line for line in _lines(words) if not TITLE.fullmatch(_folded(line))]
    return "\n".join(lines)


# --- numbers and bare lines ------------------------------------------------------------------------------------------


def _by_numbers(text: str) -> Parsed | None:
    items = _numbered(text)
    if len(items) not in (2, 3):
        return None
    return _built(dict(zip(PARTS, items, strict=False)), lines=len(items))


def _numbered(text: str) -> list[str]:
    """The items of a list 1 2 3 (①②③, 一二三) that begins the text; empty when it is none."""
    folded = _folded(text)
    marks: list[tuple[int, int]] = []
    for match in _NUMBER.finditer(folded):
        if _value(match) == len(marks) + 1:
            marks.append((match.start(), match.end()))
    if len(marks) < 2 or _lead(text[: marks[0][0]]):
        return []
    ends = [start for start, _ in marks[1:]] + [len(text)]
    return [_body(text[stop:end]) for (_, stop), end in zip(marks, ends, strict=True)]


def _value(match: re.Match[str]) -> int:
    if digits := match.group("digit") or match.group("bare"):
        return int(digits)
    if match.group("ring"):
        return _RING.index(match.group("ring")) + 1
    return _HAN.index(match.group("han")) + 1


def _by_lines(text: str) -> Parsed:
    lines = _lines(text)
    if len(lines) > 1 and TITLE.fullmatch(_folded(lines[0])):
        lines = lines[1:]
    if len(lines) == 1:
        lines = _one_line(lines[0])
    if len(lines) <= len(PARTS):
        return _built(dict(zip(PARTS, lines, strict=False)), lines=len(lines))
    if is_none(lines[-1]):
        return _built({"done": "\n".join(lines[:-2]), "plan": lines[-2], "blocked": ""}, lines=len(lines))
    return _built({"done": "\n".join(lines)}, lines=1)


def _one_line(line: str) -> list[str]:
    """``a | b | 无`` and ``a；b；无`` are three lines."""
    certain: Callable[[list[str]], bool] = lambda parts: len(parts) == len(PARTS) and all(parts)  # noqa: E731
    bars = _BAR.split(line)
    if certain(bars):
        return bars
    semis = _SEMI.split(line.rstrip(";；。"))
    return semis if certain(semis) and is_none(semis[-1]) else [line]


# --- pieces ----------------------------------------------------------------------------------------------------------


def _folded(text: str) -> str:
    """The same length, half-width, lower case."""
    folded = text.translate(_FOLD)
    lowered = folded.lower()
    return lowered if len(lowered) == len(folded) else folded


def _lines(text: str) -> list[str]:
    lines = (_BULLET.sub("", line.strip()).strip(" \t") for line in text.splitlines())
    return [line for line in lines if line.strip(_EDGES)]


def _body(words: str) -> str:
    """A part's own words: without edges, bullets kept within several lines."""
    words = words.strip().strip("|｜").strip()
    words = words.lstrip(":：,，;；、。 \t\n").rstrip(",，;；、 \t\n")
    if words.endswith("。") and "。" not in words[:-1] and "\n" not in words:
        words = words[:-1]
    return words if "\n" in words else _BULLET.sub("", words)


def _built(words: dict[Part, str], *, headings: int = 0, marked: int = 0, lines: int = 0) -> Parsed:
    """无 as a plan or a blocker is nothing; as what was done it is an answer."""
    clean = {part: "" if part != "done" and is_none(said) else said.strip() for part, said in words.items()}
    found = frozenset(part for part, said in words.items() if said.strip() or part != "done")
    return Parsed(
        clean.get("done", ""), clean.get("plan", ""), clean.get("blocked", ""), found, headings, marked, lines
    )


def first_heading(text: str) -> int:
    """Where the first heading begins; the length of ``text`` when there is none."""
    headings = _headings(text)
    return headings[0].start if headings else len(text)
