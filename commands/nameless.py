"""Tables that leave the house without people in them.  ``/导出 匿名``  ``/日报 导出 上周 匿名``

A member becomes ``成员#12``, the same in every file; in what people wrote, names of members, mobile numbers and mail
addresses go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from chat.text import Locale, say
from commands.arguments import bare_name
from commands.context import Ctx
from storage.daily import Report
from storage.everybody import everybody
from storage.task_sheet import Listed

_ASKED = re.compile(
    r"\s*(?:匿名|不含姓名|不带姓名|去掉?姓名|不含个人信息|anonymous(?:ly)?|(?:without|no) (?:names|personal data))\s*",
    re.IGNORECASE,
)
_REACHED = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_STRANGER = re.compile(r"(?<![A-Za-z0-9])@[^\s@,，。;；:：、()（）]+")
SHORTEST = 2
"""Characters of a name that is looked for without an @ before it."""


def asked(words: str) -> tuple[str, bool]:
    """(the other words, were people to be left out)."""
    rest = _ASKED.sub(" ", words).strip()
    return rest, _ASKED.search(words) is not None


class Nameless:
    """What people are called in such a file."""

    def __init__(self, people: Iterable[tuple[int, str]], locale: Locale) -> None:
        self._locale: Locale = locale
        self._by_name: dict[str, str] = {}
        for person, name in people:
            self._by_name |= {form: self.called(person) for form in (name, bare_name(name)) if form}
        names = sorted(self._by_name, key=len, reverse=True)
        parts = [f"@{re.escape(name)}" if len(name) < SHORTEST else f"@?{re.escape(name)}" for name in names]
        self._names = re.compile("|".join(parts)) if parts else None

    def called(self, person: int) -> str:
        return say("成员#{n}", "member#{n}", n=str(person)).render(self._locale)

    def words(self, written: str) -> str:
        """Whom an @ names and nobody knows is left out as well."""
        written = _REACHED.sub("***", written)
        if self._names is not None:
            written = self._names.sub(lambda match: self._by_name[match[0].removeprefix("@")], written)
        return _STRANGER.sub("***", written)

    def report(self, report: Report) -> Report:
        said = report.words
        words = replace(
            said, done=self.words(said.done), plan=self.words(said.plan), blocked=self.words(said.blocked)
        )  # fmt: skip
        return replace(report, name=self.called(report.person), words=words, reason=self.words(report.reason))

    def listed(self, one: Listed) -> Listed:
        task = one.task
        task = replace(
            task, owner_name=self.called(task.owner) if task.owner is not None else "", title=self.words(task.title),
            detail=self.words(task.detail),
        )  # fmt: skip
        return replace(one, task=task, tags=tuple(self.words(tag) for tag in one.tags))


def nameless(ctx: Ctx, project_id: int) -> Nameless:
    """By everybody who ever had to do with the project."""
    return Nameless(everybody(ctx.books.tx, project_id), ctx.locale)
