"""Calls that count against a platform's month, day by day; and what was not sent because the month was used up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import bindparam, func, select, text, update

from chat.cards import Card
from chat.frozen import frozen
from chat.text import Locale
from storage.outbox import card_of
from storage.statement import Statement, columns, moment, upsert
from storage.tables.quota import Spent
from storage.tables.road import Outbox
from storage.transaction import Tx

SPENT = columns(Spent)
OUTBOX = columns(Outbox)
MISSED = "state = 'missed'"
"""As the partial index has it."""
_spend = Statement(
    upsert(Spent)
    .values({name: bindparam(name) for name in ("platform", "day", "kind", "count")})
    .on_conflict_do_update(
        index_elements=["platform", "day", "kind"], set_={"count": SPENT["count"] + bindparam("count")}
    )
)
_since = Statement(
    select(SPENT.kind, func.sum(SPENT["count"]))
    .where(SPENT.platform == bindparam("on"), SPENT.day >= bindparam("first"))
    .group_by(SPENT.kind)
)
_missed = Statement(
    select(OUTBOX.chat, OUTBOX.kind, OUTBOX.locale, OUTBOX.name, OUTBOX.body, OUTBOX.key, OUTBOX.at)
    .where(OUTBOX.platform == bindparam("on"), text(MISSED))
    .order_by(OUTBOX.id)
)
_listed = Statement(update(Outbox).where(OUTBOX.platform == bindparam("on"), text(MISSED)).values(state="listed"))


@frozen
class Missed:
    """A message that was not sent. ``kind``: post or direct; ``name``: of the card, "" for none."""

    chat: str
    kind: str
    locale: Locale
    name: str
    card: Card
    at: datetime


def spend(tx: Tx, platform: str, day: date, counts: Mapping[str, int]) -> None:
    """Add to the day's calls, by kind."""
    for kind, count in counts.items():
        tx.run(_spend, platform=platform, day=day.isoformat(), kind=kind, count=count)


def spent_since(tx: Tx, platform: str, first: date) -> dict[str, int]:
    """{kind: calls} from this day on."""
    return {kind: int(count) for kind, count in tx.rows(_since, on=platform, first=first.isoformat())}


def missed(tx: Tx, platform: str) -> list[Missed]:
    """What was not sent to this platform and has not been listed, oldest first."""
    return [
        Missed(chat, kind, "en" if locale == "en" else "zh", name or "", card_of(body, key), moment(at))
        for chat, kind, locale, name, body, key, at in tx.rows(_missed, on=platform)
    ]


def listed(tx: Tx, platform: str) -> None:
    """All of it has been listed."""
    tx.run(_listed, on=platform)
