"""What admins and groups are told of a platform's monthly allowance: nearly used, used up, and what was not sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from chat.cards import Card, Paragraph, text_card
from chat.plain import plain
from chat.text import Locale, Text, join, say, verbatim
from planning.quota import Usage
from reports.days import bare_day
from reports.speaker import Speaker
from storage import quota
from storage.books import Books
from storage.quota import Missed

MONTH = timedelta(days=45)
"""Longer than a month: what was said of one is not said of it again."""
LONGEST_LIST = 20
TITLE = 40
"""Characters by which a message that was not sent is known again."""
LIST = "missed:"
"""Begins the name of a list of what was not sent."""


def tell_scarce(books: Books, speaker: Speaker, platform: str, on: Text, found: Usage, today: date) -> int:
    """Once a month for each kind. on: «飞书：», or nothing where there is one platform alone. How many were told."""
    if not books.notices.first(f"platform:{platform}", f"scarce:{found.kind}:{today:%Y-%m}", MONTH):
        return 0
    text = say(
        "{on}本月已用 {used}/{limit}，{pace}。已关：图片、卡片实时更新。",
        "{on}{used}/{limit} of this month are used; {pace}. Off now: pictures, live updates of cards.",
        on=on, used=number(found.used), limit=number(found.limit), pace=_pace(found),
    )  # fmt: skip
    return _tell(books, speaker, platform, text)


def tell_out(books: Books, speaker: Speaker, platform: str, on: Text, found: Usage | None, today: date) -> int:
    """Once a month, to admins who can be reached elsewhere: here nothing arrives. How many were told.

    found: what the ledger says of it, if it counts that.
    """
    if not books.notices.first(f"platform:{platform}", f"out:{today:%Y-%m}", MONTH):
        return 0
    figures: Text = say("", "")
    if found is not None:
        figures = say("（{used}/{limit}）", " ({used}/{limit})", used=number(found.used), limit=number(found.limit))
    text = say(
        "{on}本月额度已用完{figures}。提醒先记着，不反复重试；恢复后补一张漏发清单。升级版本，或者等到下月 1 日。",
        "{on}This month's allowance is used up{figures}. Reminders are noted and not tried again and again; a list of "
        "them follows. Upgrade, or wait for the first of next month.",
        on=on, figures=figures,
    )  # fmt: skip
    return _tell(books, speaker, platform, text, elsewhere=True)


def _pace(found: Usage) -> Text:
    if found.out_on is None:
        return say("按当前速度够用到月底", "at this pace it lasts until the month is over")
    return say("按当前速度 {day} 日用完", "at this pace it is used up on day {day}", day=found.out_on.day)


def number(count: int) -> str:
    """4 012"""
    return f"{count:,}".replace(",", " ")


def _tell(books: Books, speaker: Speaker, platform: str, text: Text, *, elsewhere: bool = False) -> int:
    """Every admin, where it costs nothing of this allowance if they are anywhere else; only there, if so asked."""
    count = 0
    for person_id in books.people.admins():
        person = books.people.get(person_id)
        others = [one for one in books.people.addresses(person_id) if one.platform != platform and one.reachable]
        here = None if elsewhere else speaker.address(person)
        address = others[0] if others else here
        if address is not None:
            locale: Locale = "en" if person.locale == "en" else "zh"
            books.outbox.post(address.platform, address.external_id, text_card(text), kind="direct", locale=locale)
            count += 1
    return count


def make_up(books: Books, platform: str, zone: ZoneInfo) -> int:
    """One list for everybody, and every group, who missed something; the messages themselves stay unsent. How many."""
    places: dict[tuple[str, str], list[Missed]] = {}
    for one in quota.missed(books.tx, platform):
        places.setdefault((one.chat, one.kind), []).append(one)
    quota.listed(books.tx, platform)
    for (chat, kind), messages in places.items():
        books.outbox.post(
            platform, chat, _list(messages, zone), kind="direct" if kind == "direct" else "post",
            locale=messages[0].locale, name=f"{LIST}{books.key}:{chat}",
        )  # fmt: skip
    return len(places)


def _list(messages: Sequence[Missed], zone: ZoneInfo) -> Card:
    lines = [line for one in messages for line in _lines(one, zone)]
    shown = [*lines[:LONGEST_LIST]]
    if len(lines) > LONGEST_LIST:
        shown.append(say("…还有 {n} 条", "… and {n} more", n=len(lines) - LONGEST_LIST))
    head = say(
        "漏发清单：额度用完期间有 {n} 条没发，不再补发", "Not sent while the allowance was used up: {n}", n=len(lines)
    )
    return Card((Paragraph(join([head, *shown], "\n")),))


def _lines(one: Missed, zone: ZoneInfo) -> list[Text]:
    """A list that was itself not sent tells its own lines."""
    words = plain(one.card, one.locale).split("\n")
    if one.name.startswith(LIST):
        return [verbatim(line) for line in words[1:]]
    at = one.at.astimezone(zone)
    title = words[0][:TITLE] + ("…" if len(words[0]) > TITLE else "")
    return [say("{day} {time} {title}", "{day} {time} {title}", day=bare_day(at.date()), time=f"{at:%H:%M}",
                title=title)]  # fmt: skip
