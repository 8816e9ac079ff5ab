"""What a line asks for: the wording, who decides how, until when."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from chat.errors import UserError
from chat.frozen import frozen
from chat.text import Text, say
from commands.context import Ctx
from commands.names import called
from commands.times import check
from planning.approval import Mode
from planning.dates import Expression, find
from planning.due import Point, meant
from planning.zones import at_local
from reports.approval_desk import PATIENT
from storage.people import Person

LONGEST = 100
DETAIL = 5000
PATIENCE = timedelta(hours=1)
_FURTHEST = timedelta(days=366)
_UNSAID = 3
"""Working days that are given when no deadline was said."""
_MODE = re.compile(
    r"(?:^|(?<=[\s、,，/]))(?:(会签|all of)|(或签|any of)|(依次(?:审批)?|in turn|one by one))(?=$|[\s:：、,，/@\ufffc])"
)
_MODES = (Mode.ALL, Mode.ANY, Mode.IN_TURN)
_LIMIT = re.compile(r"(?:^|(?<=\s))(?:截止|截至|期限|deadline|due|by)\s*[:：]?\s*(\S[^\n]*)?$")
_EDGES = " \n,，。;；、/"
_NAMES = re.compile(r"(?<=[\s、,，])[^\s、,，@\ufffc]{2,20}")
_BETWEEN = re.compile(r"[\s、,，。.]+")
MOST_NAMES = 8
"""Words in which people are looked for."""
_STRANGER = re.compile(r"(?:^|(?<=\s))@([^\s@]{1,20})")


@frozen
class Wish:
    """``people``: (person id, where they are asked), in order."""

    title: str
    detail: str
    mode: Mode
    deadline: datetime
    people: tuple[tuple[int, int], ...] = ()

    def with_people(self, people: Sequence[tuple[int, int]]) -> Wish:
        return replace(self, people=tuple(people))

    def with_mode(self, mode: Mode) -> Wish:
        return replace(self, mode=mode)

    def stored(self) -> dict[str, Any]:
        return {
            "title": self.title, "detail": self.detail, "mode": self.mode.value, "deadline": self.deadline.isoformat(),
            "people": self.people,
        }  # fmt: skip

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Wish:
        people = tuple((person, apart) for person, apart in stored["people"])
        deadline = datetime.fromisoformat(stored["deadline"])
        return cls(stored["title"], stored["detail"], Mode(stored["mode"]), deadline, people)


def as_set(ctx: Ctx, mode: Mode) -> Mode:
    """会签 as this project has it."""
    return Mode.EVERY if mode is Mode.ALL and ctx.project.settings.get(PATIENT) else mode


def read(ctx: Ctx, example: Text) -> Wish:
    """From what is left after the people. Raises UserError: what is missing or makes no sense."""
    mode = as_set(ctx, take_mode(ctx) or Mode.ALL)
    deadline = take_deadline(ctx, example)
    check_strangers(ctx)
    title, detail = wording(ctx.line.rest)
    if not title:
        raise UserError(say("请写上审批什么。例：{example}", "Please say what is to be approved. Example: {example}",
                            example=example))  # fmt: skip
    return Wish(title, detail, mode, deadline or default_deadline(ctx))


def take_mode(ctx: Ctx) -> Mode | None:
    """The last one said; a word like 会签 within the title stands before it. Raises UserError: two, side by side."""
    found = list(_MODE.finditer(ctx.line.folded))
    if not found:
        return None
    last = found.pop()
    mode, start = _mode(last), last.start()
    while found and not ctx.line.folded[found[-1].end() : start].strip(_EDGES):
        other = found.pop()
        if _mode(other) is not mode:
            raise UserError(
                say("会签、或签、依次只能选一种，没有改动。", "One of: all of, any of, in turn. Nothing was changed.")
            )
        start = other.start()
    ctx.line.cut(start, last.end())
    return mode


def _mode(match: re.Match[str]) -> Mode:
    return next(mode for mode, words in zip(_MODES, match.groups(), strict=True) if words)


def take_deadline(ctx: Ctx, example: Text) -> datetime | None:
    """The date that is called a deadline, else one that stands apart at the end. None: there is none.

    Raises UserError: it has passed, is no date, or is more than a year away.
    """
    found = find(ctx.line.text, ctx.now, ctx.calendar)
    check(ctx.line.text, found)
    said = _deadline(ctx.line.text, found)
    if said is None:
        if match := _LIMIT.search(ctx.line.folded):
            raise UserError(
                say("没看懂截止「{words}」。例：{example}",
                    "I do not understand the deadline “{words}”. Example: {example}",
                    words=(match.group(1) or "")[:30], example=example)
            )  # fmt: skip
        return None
    means = meant([said], ctx.now, ctx.calendar)
    point = means.due or next(iter(means.options), None)
    if means.doubt == "past" or point is None:
        gone = said.readings[0]
        raise UserError(
            say("截止 {day} 已过去，请写一个将来的时间。例：{example}",
                "The deadline {day} is in the past. Please give one that is ahead. Example: {example}",
                day=ctx.short_day(gone.end_day or gone.day, gone.minute), example=example)
        )  # fmt: skip
    deadline = _moment(ctx, point)
    if deadline - ctx.at > _FURTHEST:
        raise UserError(say("截止最远一年内。例：{example}", "A deadline is at most a year away. Example: {example}",
                            example=example))  # fmt: skip
    ctx.line.cut(said.start, said.stop)
    return deadline


def _deadline(text: str, found: Sequence[Expression]) -> Expression | None:
    called = [each for each in found if each.role == "deadline"]
    if called:
        return called[-1]
    last = found[-1] if found and not found[-1].recurrence else None
    if last is None or text[last.stop :].strip(_EDGES) or text[last.start - 1 : last.start] not in ("", " ", "\n"):
        return None
    return last


def _moment(ctx: Ctx, point: Point) -> datetime:
    return at_local(point.day, point.minute, ctx.zone)


def default_deadline(ctx: Ctx) -> datetime:
    day: date = ctx.today
    for _ in range(_UNSAID):
        day = ctx.calendar.next_working(day)
    return _moment(ctx, Point(day))


def wording(words: str) -> tuple[str, str]:
    """(title, whole text if it is longer than a title)."""
    first = words.split("\n", 1)[0].strip()
    title = first[:LONGEST]
    return title, "" if title == words else words[:DETAIL]


def take_named(ctx: Ctx) -> list[Person]:
    """Whose names stand without ``@`` as words of their own behind the first. Raises UserError: which of two?"""
    words = list(_NAMES.finditer(ctx.line.text.split("\n", 1)[0]))[-MOST_NAMES:]
    found: list[Person] = []
    for match in reversed(words):
        person = called(ctx, match.group())
        if person is not None:
            ctx.line.cut(match.start(), match.end())
            found.insert(0, person)
    return found


def only_names(ctx: Ctx) -> list[Person]:
    """Who is called so, when the line is nothing but names without ``@``. Raises UserError: which of two?"""
    words = [word for word in _BETWEEN.split(ctx.line.rest.strip()) if word]
    if not 1 <= len(words) <= MOST_NAMES:
        return []
    found = [person for word in words if (person := called(ctx, word)) is not None]
    return found if len(found) == len(words) else []


def check_strangers(ctx: Ctx, words: str = "") -> None:
    """Somebody nobody knows is not left out in silence. words: in which they may stand, if not the whole line.

    Raises UserError.
    """
    if match := _STRANGER.search(words or ctx.line.text):
        raise UserError(
            say("没找到「{name}」。请用 @ 选人，或先请 TA 在群里说句话。",
                "I do not know “{name}”. Please pick the person with @, or let them say something in the group first.",
                name=match.group(1))
        )  # fmt: skip
