"""Keeps account of what the platforms' monthly allowances are spent on, and saves before they are used up.

The adapters count as they send; nothing is written for a single call. Every minute the counts are added to the books in
one go, the month is looked at, and admins are told. While an allowance is scarce its platform can do less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from secrets import token_hex
from zoneinfo import ZoneInfo

from bot.platforms import TITLES
from chat.findings import Finding
from chat.ports import Adapter, Capabilities, Clock, Metered
from chat.text import Text, say, verbatim
from commands import conditions
from planning.quota import Usage, usage
from reports import quota as told
from reports.speaker import Speaker
from storage import quota
from storage.books import Books
from storage.transaction import Tx
from storage.work import Door, Writer

ZONE = ZoneInfo("Asia/Shanghai")
"""Where the platforms' months begin."""
EVERY = timedelta(minutes=1)


def month(
    tx: Tx, platform: str, allowances: Mapping[str, tuple[tuple[str, ...], int]], today: date
) -> tuple[Usage, ...]:
    """What is used of this month's allowances, by the books."""
    spent = quota.spent_since(tx, platform, today.replace(day=1))
    return tuple(
        usage(what, sum(spent.get(kind, 0) for kind in kinds), limit, today)
        for what, (kinds, limit) in allowances.items()
    )


def finding(one: Usage, *, out: bool = False) -> Finding:
    """For a check-up. out: the platform itself said that the month is used up."""
    return conditions.quota(
        told.number(one.used), told.number(one.limit), one.out_on.day if one.out_on else None,
        scarce=one.scarce, out=one.out or out,
    )  # fmt: skip


class Quota:
    """``usages``: of this month, by platform, as last looked at."""

    def __init__(self, writer: Writer, adapters: Mapping[str, Adapter], clock: Clock) -> None:
        self._writer = writer
        self._adapters = adapters
        self._clock = clock
        self._scarce: set[str] = set()
        self._out: set[str] = set()
        self._looked_at: datetime | None = None
        self.usages: dict[str, tuple[Usage, ...]] = {}

    def can(self, platform: str, can: Capabilities) -> Capabilities:
        """Less while the platform's allowance is scarce.

        No pictures, no cards redrawn as things change, and nobody asks who has read what.
        """
        if platform not in self._scarce:
            return can
        return replace(can, pictures=False, live=False, read_seconds=0.0)

    def findings(self, platform: str) -> tuple[Finding, ...]:
        """For a check-up."""
        return tuple(finding(one, out=platform in self._out) for one in self.usages.get(platform, ()))

    @property
    def due(self) -> bool:
        """Is it time, or has a platform just said that its month is used up, or is not any more?"""
        changed = any(self._changed(name, metered) for name, metered in self._metered())
        return changed or self._looked_at is None or self._clock.now() - self._looked_at >= EVERY

    async def look(self, door: Door = Door.LAZY) -> bool:
        """Enter what was spent and see what follows. False: nothing was spent and nothing had changed.

        door: another one for who waits for it.
        """
        self._looked_at = self._clock.now()
        busy = False
        for name, metered in self._metered():
            spent = metered.take_spent()
            new = name not in self.usages
            if not spent and not new and not self._changed(name, metered) and not self._month_turned(name):
                continue
            work = partial(self._enter, name, metered.allowances, spent, metered.exhausted)
            self.usages[name], out = await self._writer.submit(work, door)
            self._scarce = {*self._scarce - {name}, *(name for one in self.usages[name] if one.scarce)}
            self._out = {*self._out - {name}, *({name} if out else ())}
            busy = busy or bool(spent) or not new
        return busy

    def _changed(self, name: str, metered: Metered) -> bool:
        return metered.exhausted is not None and metered.exhausted != (name in self._out)

    def _month_turned(self, name: str) -> bool:
        return name in self._scarce and self._clock.now().astimezone(ZONE).day == 1

    def _metered(self) -> list[tuple[str, Metered]]:
        return [(name, adapter) for name, adapter in self._adapters.items() if isinstance(adapter, Metered)]

    def _enter(
        self, name: str, allowances: Mapping[str, tuple[tuple[str, ...], int]], spent: Mapping[str, int],
        exhausted: bool | None, tx: Tx,
    ) -> tuple[tuple[Usage, ...], bool]:  # fmt: skip
        """(the month's usages, is it used up: also since before a restart, until the platform takes something)."""
        now = self._clock.now()
        today = now.astimezone(ZONE).date()
        quota.spend(tx, name, today, spent)
        usages = month(tx, name, allowances, today)
        books = Books(tx, f"quota:{name}:{now.isoformat()}:{token_hex(4)}", now)
        speaker = Speaker(books, lambda platform: self.can(platform, self._adapters[platform].can))
        for one in usages:
            if one.scarce and not exhausted:
                told.tell_scarce(books, speaker, name, self._prefix(name), one, today)
        was_out = name in self._out or (name not in self.usages and bool(quota.missed(tx, name)))
        if exhausted and name not in self._out:
            worst = max(usages, key=lambda one: one.used / one.limit, default=None)
            told.tell_out(books, speaker, name, self._prefix(name), worst, today)
        elif exhausted is False and was_out:
            told.make_up(books, name, ZONE)
        return usages, was_out if exhausted is None else exhausted

    def _prefix(self, name: str) -> Text:
        """Which platform is spoken of, where there are several."""
        if len(self._metered()) < 2:
            return say("", "")
        return say("{on}：", "{on}: ", on=TITLES.get(name, verbatim(name)))
