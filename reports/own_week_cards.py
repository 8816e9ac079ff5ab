"""The card of one's own drafts: one for each project of the same days, to look over, change and send."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from typing import Literal

from chat.cards import Block, Button, Buttons, Card, Field, Form, Paragraph
from chat.frozen import frozen
from chat.text import Locale, Text, join, say
from reports import own_week
from reports.daily_desk import Desk
from reports.days import bare_day, short_day
from reports.digest import short
from reports.own_week import MOST, OwnWeek
from reports.rates import FOOT
from reports.rules import DRAFT, RATE, foot
from storage.daily import Report
from storage.people import Person

PROJECTS = 5
"""In one card."""
Told = Literal["week", "month", "both"]
"""What ends when a draft comes unasked."""
UNASKED: tuple[Told, ...] = ("week", "month", "both")
_LONGEST = 300
"""Characters of each part of a report, as a source."""


@frozen
class Part:
    desk: Desk
    found: OwnWeek


@frozen
class Drafts:
    """``parts``: of projects in which there is something to write of."""

    person: Person
    first: date
    last: date
    parts: tuple[Part, ...]

    @property
    def plenty(self) -> bool:
        """Is there enough to offer it unasked?"""
        found = [part.found for part in self.parts]
        return sum(len(each.reports) + len(each.done) for each in found) >= own_week.ENOUGH

    def words(self, part: Part) -> Text:
        """The draft of one project."""
        return own_week.draft(part.found, max(5, MOST // len(self.parts)))

    @property
    def whole(self) -> list[Text]:
        """Project by project."""
        if len(self.parts) == 1:
            return [self.words(self.parts[0])]
        return [
            say("「{project}」\n{words}", "{project}\n{words}", project=part.desk.project.name, words=self.words(part))
            for part in self.parts
        ]

    @property
    def seen(self) -> str:
        """Changes with the words: what is sent is what was looked at."""
        return sha256(join(self.whole, "\n").plain().encode()).hexdigest()[:12]

    @property
    def projects(self) -> str:
        return ",".join(str(part.desk.project.id) for part in self.parts)


def drafts(desks: Iterable[Desk], person: Person, first: date, last: date) -> Drafts:
    """Of these days, in each of these projects."""
    parts = [Part(desk, own_week.own_week(desk, person, first, last)) for desk in desks]
    return Drafts(person, first, last, tuple(part for part in parts if not part.found.empty)[:PROJECTS])


def title(found: Drafts) -> Text:
    return own_week.title(found.person.name, found.first, found.last)


def asked_for(found: Drafts, locale: Locale, *, fill: bool) -> Card:
    """As the answer to somebody. fill: their platform has fields in cards."""
    return Card((*map(Paragraph, found.whole), *_ways(found, locale, None, fill=fill)), title(found))


def told(found: Drafts, rates: Sequence[Text], locale: Locale, what: Told, *, fill: bool) -> Card:
    """As the clock offers it; ``rates``: of the month that ends, on the same card."""
    heading = say(
        "📝 {what} {first} ~ {last}", "📝 {what} {first} ~ {last}", first=bare_day(found.first),
        last=bare_day(found.last),
        what=say("月报草稿", "Draft of your month") if what == "month" else say("周报草稿", "Draft of your week"),
    )  # fmt: skip
    note = say("只有你看得到，点了才会发出去。", "Only you see this; it goes out when you press.")
    rules = (DRAFT, RATE) if rates else (DRAFT,)
    return Card(
        (
            *map(Paragraph, found.whole), *_ways(found, locale, what, fill=fill), *_rates(rates),
            Paragraph(note, quiet=True), *foot(*rules),
        ),
        heading,
    )  # fmt: skip


def rates_alone(rates: Sequence[Text]) -> Card:
    """When there is nothing to write a draft from."""
    return Card((*_rates(rates), *foot(RATE)))


def settled(text: Text, rates: Sequence[Text]) -> Card:
    """What stands there once it was sent, or was not wanted."""
    return Card((Paragraph(text), *_rates(rates), *(foot(RATE) if rates else ())))


def _rates(rates: Sequence[Text]) -> tuple[Block, ...]:
    return (*(Paragraph(each) for each in rates), Paragraph(FOOT, quiet=True)) if rates else ()


def _ways(found: Drafts, locale: Locale, what: Told | None, *, fill: bool) -> tuple[Block, ...]:
    days = (found.first.isoformat(), found.last.isoformat())
    args = (found.projects, *days, found.seen, what or "")
    send = say("发到群里", "Send to the group") if len(found.parts) == 1 else say("发到各自的群", "Send to the groups")
    buttons = [
        Button(send, "own_week.send", args),
        Button(say("看来源", "Sources"), "own_week.sources", (found.projects, *days)),
    ]
    if what:
        skip = say("这个月不发", "Not this month") if what == "month" else say("本周不发", "Not this week")
        buttons.append(Button(skip, "own_week.skip", args))
    if what == "both":
        buttons.append(Button(say("月报草稿", "The month"), "own_week.month", (found.projects, days[1])))
    if not fill:
        how = say("要改：复制上面的文字，改好发到群里。", "To change it: copy, edit and send it to the group.")
        return Buttons(tuple(buttons)), Paragraph(how, quiet=True)
    fields = tuple(
        Field(
            field_of(found, part), say("周报", "Report") if len(found.parts) == 1 else _name(part), "lines",
            required=len(found.parts) == 1, value=found.words(part).render(locale),
        )
        for part in found.parts
    )  # fmt: skip
    opener = say("改一改再发", "Edit it first")
    edited = say("发改过的", "Send it as edited")
    return Buttons(tuple(buttons)), Form("own_week.send", fields, edited, args, opener=opener)


def field_of(found: Drafts, part: Part) -> str:
    """Of the form: where the changed words of one project stand."""
    return "words" if len(found.parts) == 1 else f"words{part.desk.project.id}"


def _name(part: Part) -> Text:
    return say("{name}", "{name}", name=part.desk.project.name)


def sources(found: Drafts) -> Card:
    """What the drafts were written from: every report as it was handed in, and the tasks that were finished."""
    blocks: list[Block] = []
    for part in found.parts:
        lines: list[Text] = [] if len(found.parts) == 1 else [_name(part)]
        lines += [_report(part.desk, report) for report in part.found.reports]
        lines += [
            say("{ref} {title}（{day} 完成，发「{ref} 历史」看经过）",
                "{ref} {title} (done {day}; send “{ref} history” for more)",
                ref=work.ref, title=work.title, day=bare_day(work.closed or found.last))
            for work in part.found.done
        ]  # fmt: skip
        nothing = say("没有日报和完成的任务。", "No reports and no finished tasks.")
        blocks.append(Paragraph(join(lines, "\n") if lines else nothing))
    heading = say("来源 {first} ~ {last}", "Sources {first} ~ {last}", first=bare_day(found.first),
                last=bare_day(found.last))  # fmt: skip
    return Card(tuple(blocks), heading)


def _report(desk: Desk, report: Report) -> Text:
    """``9-21（周一）日报 17:35：选品评审 → 详情页｜阻塞 等王五的主图``"""
    words = report.words
    text = say(
        "{day}日报 {at}：{done}", "{day}, report of {at}: {done}", day=short_day(report.day, desk.rhythm.calendar),
        at=f"{desk.rhythm.local(report.at):%H:%M}", done=short(words.done, _LONGEST) or "—",
    )  # fmt: skip
    if words.plan:
        text = say("{text} → {plan}", "{text} → {plan}", text=text, plan=short(words.plan, _LONGEST))
    if words.blocked:
        text = say("{text}｜阻塞 {what}", "{text} | blocked: {what}", text=text, what=short(words.blocked, _LONGEST))
    return text
