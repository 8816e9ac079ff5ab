"""The board as text: tasks by state, red first, made for a phone."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from chat.text import Text, say, verbatim
from planning.due import overdue
from reports.days import bare_day
from reports.task_cards import Desk
from storage.tasks import Task

WIDTH = 44
"""Columns of a line: 22 Chinese characters."""
MOST_LINES = 30


def board(name: str, tasks: Sequence[Task], desk: Desk, most: int = MOST_LINES) -> list[Text]:
    """At most thirty lines, or ``most``. ``tasks``: the open ones, by due."""
    lines: list[Text] = [say("{name} 未完成 {n}", "{name}: {n} open", name=cut(name, WIDTH - 14), n=len(tasks))]
    left = list(tasks)
    for title, belongs in _SECTIONS:
        mine = [task for task in left if belongs(task, desk)]
        if not mine:
            continue
        left = [task for task in left if not belongs(task, desk)]
        room = most - 1 - len(lines)
        if room < 2:
            left = [*mine, *left]
            break
        lines.append(say("{title} {n}", "{title} {n}", title=title, n=len(mine)))
        lines += [row(task) for task in mine[: room - 1]]
        left_over = mine[room - 1 :]
        if left_over:
            left = [*left_over, *left]
            break
    if left:
        lines.append(say("还有 {n} 项，发「/查」找", "{n} more: use /find", n=len(left)))
    return lines


_SECTIONS: tuple[tuple[Text, Callable[[Task, Desk], bool]], ...] = (
    (say("🔴 逾期", "🔴 Overdue"), lambda task, desk: overdue(task.due, task.due_minute, desk.now)),
    (say("⛔ 阻塞", "⛔ Blocked"), lambda task, _: task.state == "blocked"),
    (say("⏸ 暂停", "⏸ Paused"), lambda task, _: task.state == "paused"),
    (say("📝 待补说明", "📝 Note missing"), lambda task, _: task.state == "awaiting_note"),
    (say("🔵 进行中", "🔵 In progress"), lambda task, _: task.state == "doing"),
    (say("⚪ 待办", "⚪ To do"), lambda *_: True),
)


def row(task: Task) -> Text:
    """``T4 海报设计 80% 王五 9-24``, no wider than a phone."""
    tail = [cut(task.label, 12)] if task.label else []
    tail += [f"{task.progress}%"] if task.progress else []
    tail += [cut(task.owner_name, 12)] if task.owner_name else []
    tail += [bare_day(task.due)] if task.due else []
    end = "".join(" " + part for part in tail)
    room = WIDTH - columns(task.ref) - 1 - columns(end)
    return verbatim(f"{task.ref} {cut(task.title, room)}{end}")


def columns(words: str) -> int:
    """How wide a text is: a Chinese character is two columns."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in words)


def cut(words: str, most: int) -> str:
    """At most ``most`` columns, with … when something is missing."""
    if columns(words) <= most:
        return words
    width, kept = 2, ""
    for letter in words:
        width += columns(letter)
        if width > most:
            break
        kept += letter
    return kept + "…"
