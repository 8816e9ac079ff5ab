"""Tells the admins when a platform may have dropped what was said, because nobody was connected for a moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.app import App
from bot.platforms import TITLES
from chat.cards import text_card
from chat.ports import Forgetful
from chat.text import Locale, Text, join, say
from reports.speaker import Speaker
from storage.books import Books
from storage.transaction import Tx

SHORTEST = timedelta(seconds=2)
"""Nobody asks people to say it again for less."""
EVERY = timedelta(hours=1)
"""Some networks drop links every few minutes: what happens within the hour is told together."""
MOST = 5
ZONE = "Asia/Shanghai"
Gap = tuple[datetime, datetime]


class Gaps:
    """``look`` is called again and again."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._found: dict[str, list[Gap]] = {}
        self._told_at: dict[str, datetime] = {}

    async def look(self) -> None:
        now = self._app.clock.now()
        for name, adapter in self._app.adapters.items():
            if not isinstance(adapter, Forgetful):
                continue
            found = self._found.setdefault(name, [])
            found += [gap for gap in adapter.take_gaps() if gap[1] - gap[0] >= SHORTEST]
            if found and (name not in self._told_at or now - self._told_at[name] >= EVERY):
                self._told_at[name] = now
                self._found[name] = []
                await self._app.writer.submit(partial(self._tell, name, found))

    def _tell(self, name: str, found: list[Gap], tx: Tx) -> None:
        """Every admin, wherever they are reached; nobody when the bot is in no group there."""
        now = self._app.clock.now()
        books = Books(tx, f"gap:{name}:{now.isoformat()}", now)
        if not any(chat.platform == name for chat in books.projects.everywhere()):
            return
        speaker = Speaker(books, self._app.can)
        for person_id in books.people.admins():
            person = books.people.get(person_id)
            address = speaker.address(person)
            if address is not None:
                locale: Locale = "en" if person.locale == "en" else "zh"
                text = self._text(name, found, ZoneInfo(person.zone or ZONE))
                books.outbox.post(address.platform, address.external_id, text_card(text), kind="direct", locale=locale)

    def _text(self, name: str, found: list[Gap], zone: ZoneInfo) -> Text:
        """Which platform, where there are several."""
        several = sum(isinstance(adapter, Forgetful) for adapter in self._app.adapters.values()) > 1
        on: Text = say("{on}：", "{on}: ", on=TITLES[name]) if several and name in TITLES else say("", "")
        return say(
            "{on}{times} 连接切换，可能漏收，请让相关人重发",
            "{on}{times}: the connection changed and something may be lost; please let people send it again",
            on=on, times=join([_span(gap, zone) for gap in found[-MOST:]], "、", ", "),
        )  # fmt: skip


def _span(gap: Gap, zone: ZoneInfo) -> Text:
    first, last = (at.astimezone(zone) for at in gap)
    return say("{first}–{last}", "{first}–{last}", first=f"{first:%H:%M:%S}", last=f"{last:%H:%M:%S}")
