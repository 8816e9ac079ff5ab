"""A plan that is written again every day: its writer hears of it, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from zlib import crc32

from chat.cards import Card, Paragraph
from chat.text import listed, say, verbatim
from planning.unmet import DAYS, unmet
from reports.daily_desk import Desk
from reports.rules import DAILY, foot
from storage.daily import Report
from storage.people import Person

AGAIN = timedelta(days=7)
MOST = 3


def remind(desk: Desk, person: Person, report: Report) -> None:
    """Of what stood in the plans of the last three working days and was not done by ``report``; a week's peace then."""
    calendar, days = desk.rhythm.calendar, [report.day]
    for _ in range(DAYS):
        days.append(calendar.previous_working(days[-1]))
    earlier = desk.books.daily.before(desk.project.id, person.id, report.day, days[-1])
    if [one.day for one in earlier] != days[:0:-1]:
        return
    dones = [one.words.done for one in earlier[1:]] + [report.words.done]
    lines = [
        line
        for line in unmet([one.words.plan for one in earlier], dones)[:MOST]
        if not desk.books.pushes.muted(person.id, DAILY)
        and desk.books.notices.first(f"person:{person.id}", f"plan:{crc32(line.encode())}", AGAIN)
    ]
    if not lines:
        return
    text = say(
        "{lines} 连着 {n} 个工作日写在明日计划里，还没做到。拆小一点、换个日子，或者发「/阻塞 卡在哪」。只有你看得到。",
        "{lines}: planned for {n} working days running and not done. Make it smaller, choose another day, or send "
        "“/blockers why”. Only you see this.",
        lines=listed(say("「{line}」", "“{line}”", line=verbatim(line)) for line in lines), n=DAYS,
    )  # fmt: skip
    desk.speaker.to_person(person, desk.project, Card((Paragraph(text), *foot(DAILY))))
