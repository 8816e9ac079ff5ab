"""What a table of tasks that somebody brought along says: which column is what, and what each row asks for.

Columns are found by their names in the first row, in Chinese or English, in any order. Pure: names and dates as given.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256

from chat.frozen import frozen
from planning.calendar import Calendar
from planning.dates import find

MOST_ROWS = 5000
TITLE_MOST = 100
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": (
        "标题", "任务", "任务名称", "任务名", "名称", "事项", "内容", "title", "task", "name", "subject", "summary",
    ),
    "owner": ("负责人", "责任人", "执行人", "处理人", "经办人", "owner", "assignee", "assigned to", "responsible"),
    "due": (
        "截止", "截止日期", "截止时间", "到期", "到期日", "结束", "结束日期", "完成期限", "due", "due date",
        "deadline", "end", "end date",
    ),
    "start": ("开始", "开始日期", "开始时间", "计划开始", "起", "start", "start date", "begin"),
    "days": ("工期", "天数", "工作日", "工期天", "days", "duration"),
    "state": ("状态", "state", "status"),
    "progress": ("进度", "完成度", "完成率", "progress", "% complete", "percent"),
    "priority": ("优先级", "优先", "重要性", "priority"),
    "tags": ("标签", "分类", "类别", "tag", "tags", "labels", "category"),
    "stage": ("阶段", "stage", "phase"),
    "detail": ("描述", "备注", "说明", "详情", "detail", "details", "description", "notes", "note"),
    "key": ("编号", "序号", "id", "key", "no", "number", "工单号"),
}  # fmt: skip
STATES: Mapping[str, tuple[str, ...]] = {
    "done": ("完成", "已完成", "完结", "关闭", "已关闭", "done", "closed", "complete", "completed", "finished"),
    "doing": ("进行中", "进行", "处理中", "doing", "in progress", "going on", "started"),
    "blocked": ("阻塞", "卡住", "blocked", "stuck"),
    "cancelled": ("取消", "已取消", "作废", "cancelled", "canceled"),
    "todo": ("", "待办", "未开始", "待处理", "新建", "to do", "todo", "open", "new", "not started"),
}
PRIORITIES: Mapping[str, tuple[str, ...]] = {
    "urgent": ("紧急", "urgent", "p0", "highest"),
    "high": ("高", "high", "p1", "重要"),
    "medium": ("中", "medium", "normal", "p2", "普通"),
    "low": ("低", "low", "p3", "p4", "lowest"),
    "": ("", "无", "none"),
}
_ISO = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T](\d{1,2}):(\d{2})(?::\d{2})?)?")
_LOOSE = ("", "前", "之前", "截止", "截至", "by")
"""Words beside a date that change nothing in a column of dues."""
_NUMBER = re.compile(r"\d{1,3}(?:\.0+)?\s*(?:天|个?工作日|days?|d)?")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%?")


@frozen
class Wanted:
    """A row that can become a task. ``source``: the same row of the same table has the same."""

    number: int
    source: str
    title: str
    detail: str
    owner: int | None
    due: date | None
    due_minute: int | None
    start: date | None
    days: int | None
    state: str
    progress: int
    priority: str
    tags: tuple[str, ...]
    stage: str


@frozen
class Flaw:
    """What keeps a row from becoming one. ``what``: title, owner, due, start, days, state, progress, priority."""

    number: int
    what: str
    words: str


@frozen
class Sheet:
    """``rows``: of the table without its head; ``unknown``: names of columns that mean nothing here."""

    rows: int
    wanted: tuple[Wanted, ...]
    flaws: tuple[Flaw, ...]
    unknown: tuple[str, ...]
    cut: int
    """Rows beyond the most that are read."""


class NoTitles(Exception):
    """There is no column of titles; ``str()`` is the first row."""


def read(table: str, people: Mapping[str, int], now: datetime, calendar: Calendar) -> Sheet:
    """table: CSV, with commas, tabs or semicolons. people: {name: person}. Raises NoTitles."""
    lines = _lines(table)
    head = next((number for number, line in enumerate(lines) if any(line)), None)
    if head is None:
        raise NoTitles("")
    places, unknown = _columns(lines[head])
    if "title" not in places:
        raise NoTitles(" ".join(lines[head])[:80])
    body = [(head + 2 + number, line) for number, line in enumerate(lines[head + 1 :])]
    body = [(number, line) for number, line in body if any(line)]
    reader = _Reader(places, people, now, calendar)
    found = [reader.row(number, line) for number, line in body[:MOST_ROWS]]
    return Sheet(
        len(body), tuple(one for one in found if isinstance(one, Wanted)),
        tuple(one for one in found if isinstance(one, Flaw)), unknown, max(0, len(body) - MOST_ROWS),
    )  # fmt: skip


def _lines(table: str) -> list[list[str]]:
    table = table.removeprefix("\ufeff").replace("\x00", "")
    first = table.split("\n", 1)[0]
    delimiter = max(",\t;，", key=first.count)
    return [[cell.strip() for cell in line] for line in csv.reader(io.StringIO(table), delimiter=delimiter)]


def _columns(head: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    places: dict[str, int] = {}
    unknown = []
    for place, name in enumerate(head):
        word = re.sub(r"[（(].*?[）)]|[*：:]", "", name).strip().lower()
        kind = next((kind for kind, words in COLUMNS.items() if word in words), None)
        if kind is None or kind in places:
            unknown += [name] if name else []
        else:
            places[kind] = place
    return places, tuple(unknown)


class _Wrong(Exception):
    def __init__(self, what: str, words: str) -> None:
        super().__init__(what)
        self.what = what
        self.words = words


class _Reader:
    def __init__(self, places: Mapping[str, int], people: Mapping[str, int], now: datetime, calendar: Calendar) -> None:
        self._places = places
        self._people = {_folded(name): person for name, person in people.items()}
        self._now = now
        self._calendar = calendar

    def row(self, number: int, line: Sequence[str]) -> Wanted | Flaw:
        cells = {kind: line[place] for kind, place in self._places.items() if place < len(line)}
        try:
            return self._wanted(number, cells)
        except _Wrong as wrong:
            return Flaw(number, wrong.what, wrong.words)

    def _wanted(self, number: int, cells: Mapping[str, str]) -> Wanted:
        whole = " ".join(cells.get("title", "").split())
        if not whole:
            raise _Wrong("title", "")
        due, minute = self._moment(cells.get("due", ""), "due")
        start, _ = self._moment(cells.get("start", ""), "start")
        detail = cells.get("detail", "")
        if len(whole) > TITLE_MOST:
            detail = f"{whole}\n{detail}".strip()
        state = _one_of(STATES, cells.get("state", ""), "state")
        progress = self._progress(cells.get("progress", ""))
        if state == "todo" and 0 < progress < 100:
            state = "doing"
        tags = tuple(tag.lstrip("#") for tag in re.split(r"[\s,，、;；|]+", cells.get("tags", "")) if tag.lstrip("#"))
        return Wanted(
            number, _source(cells), whole[:TITLE_MOST], detail, self._owner(cells.get("owner", "")), due, minute, start,
            self._days(cells.get("days", "")), state, 100 if state == "done" else min(progress, 99),
            _one_of(PRIORITIES, cells.get("priority", ""), "priority"), tags[:10], cells.get("stage", "")[:20],
        )  # fmt: skip

    def _owner(self, words: str) -> int | None:
        if not words:
            return None
        person = self._people.get(_folded(words.lstrip("@＠")))
        if person is None:
            raise _Wrong("owner", words)
        return person

    def _moment(self, words: str, what: str) -> tuple[date | None, int | None]:
        if not words:
            return None, None
        if match := _ISO.fullmatch(words):
            year, month, day, hour, minute = match.groups()
            try:
                found = date(int(year), int(month), int(day))
            except ValueError:
                raise _Wrong(what, words) from None
            return found, int(hour) * 60 + int(minute) if hour and int(hour) < 24 and int(minute) < 60 else None
        said = find(words, self._now, self._calendar)
        rest = words.replace(said[0].words, "", 1).strip() if len(said) == 1 else words
        if rest not in _LOOSE or said[0].recurrence:
            raise _Wrong(what, words)
        reading = said[0].readings[0]
        return (reading.end_day or reading.day), (reading.end_minute if reading.end_day else reading.minute)

    @staticmethod
    def _days(words: str) -> int | None:
        if not words:
            return None
        if not _NUMBER.fullmatch(words) or not 1 <= int(re.match(r"\d+", words)[0]) <= 366:  # type: ignore[index]
            raise _Wrong("days", words)
        return int(re.match(r"\d+", words)[0])  # type: ignore[index]

    @staticmethod
    def _progress(words: str) -> int:
        if not words:
            return 0
        match = _PERCENT.fullmatch(words)
        value = float(match.group(1)) if match else -1.0
        if "." in words and "%" not in words and value <= 1:
            value *= 100  # a workbook keeps 80% as 0.8
        if not 0 <= value <= 100:
            raise _Wrong("progress", words)
        return round(value)


def _one_of(known: Mapping[str, tuple[str, ...]], words: str, what: str) -> str:
    folded = words.strip().lower()
    for name, called in known.items():
        if folded in called:
            return name
    raise _Wrong(what, words)


def _folded(name: str) -> str:
    return " ".join(name.lower().split())


def _source(cells: Mapping[str, str]) -> str:
    """The table's own key, else what makes a row itself."""
    if cells.get("key"):
        return f"id:{cells['key'][:80]}"
    words = "\x1f".join(" ".join(cells.get(kind, "").split()) for kind in ("title", "owner", "due", "stage"))
    return sha256(words.encode()).hexdigest()[:32]
