"""Who may read what others reported: everybody, who leads, or who has handed in.

Obstacles are for everybody: they wait for help. Who only watches was put there to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chat.text import Text, say
from reports.daily_desk import Desk
from storage.daily import Report
from storage.daily_collections import Readers
from storage.people import PARTICIPANTS

NAMES: Mapping[Readers, Text] = {
    "all": say("成员都能看", "every member"),
    "lead": say("只有负责人和只看的人能看", "who leads and who watches"),
    "after": say("交了才能看别人的", "who has handed in"),
}


def readers_of(desk: Desk) -> Readers:
    return desk.rhythm.plan.readers


def readable(desk: Desk, reader: int, reports: Iterable[Report]) -> list[Report]:
    """Those of them that this person may read: one's own always, and after it is too late to copy any."""
    found, how = list(reports), readers_of(desk)
    role = desk.books.people.role(desk.project.id, reader)
    if how == "all" or role not in PARTICIPANTS or any(admin.id == reader for admin in desk.admins):
        return found
    if how == "lead":
        return [report for report in found if report.person == reader]
    done = {report.day for report in found if report.person == reader or _over(desk, report)}
    return [report for report in found if report.day in done or _own(desk, reader, report)]


def refusal(desk: Desk) -> Text:
    """Why there is nothing to read."""
    if readers_of(desk) == "lead":
        return say("这个项目的日报只有负责人能看全部；自己的可以看。",
                   "Here only who leads reads all reports; you can read your own.")  # fmt: skip
    return say("交了这天的日报才能看别人的。", "Hand in your report for that day to read those of others.")


def hint(desk: Desk) -> Text | None:
    """Below a digest that leaves out what people wrote."""
    return {
        "all": None,
        "lead": say("各人写的只给负责人看：[看全部]", "What each wrote is for who leads: [Show all]"),
        "after": say("交了的人点 [看全部] 看各人写的。", "Who has handed in presses [Show all] to read the reports."),
    }[readers_of(desk)]


def _over(desk: Desk, report: Report) -> bool:
    return desk.books.at >= desk.rhythm.times(report.day).late_until


def _own(desk: Desk, reader: int, report: Report) -> bool:
    own = desk.books.daily.of(desk.project.id, report.day, reader)
    return own is not None and not own.withdrawn
