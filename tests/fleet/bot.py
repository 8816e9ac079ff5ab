"""One bot of several: reads things from its input, one JSON line each, and says on its output what became of them.

What it delivers is appended to a file: key, chat, process, words.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import orjson

from bot.app import App
from bot.clock import SystemClock
from chat.cards import text_card
from chat.errors import IntakeUnavailable
from chat.messages import TOKEN, Action, Incoming, Outgoing, Place, Sender, Sent
from chat.plain import plain
from chat.ports import Capabilities, Intake
from chat.text import say
from reports.ticks import Occasion
from storage.stores import open_store

BOT = Sender("bot", "进度助手")


class Post:
    """A platform that drops a second message with the same key; what it was sent is in a file."""

    def __init__(self, name: str, file: Path, *, exclusive: bool) -> None:
        self.name = name
        self.can = Capabilities(exclusive=exclusive)
        self._file = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def listen(self, intake: Intake) -> None:
        tell(listening=self.name)
        try:
            await asyncio.Event().wait()
        finally:
            tell(silent=self.name)

    async def deliver(self, parcel: Outgoing) -> Sent:
        words = plain(parcel.card, "zh").splitlines()[0]
        line = {"id": parcel.id, "key": parcel.key, "chat": parcel.chat, "by": os.getpid(), "words": words}
        os.write(self._file, orjson.dumps(line) + b"\n")
        await asyncio.sleep(0)
        return Sent(parcel.key)

    async def close(self) -> None:
        os.close(self._file)


def tell(**words: object) -> None:
    sys.stdout.buffer.write(orjson.dumps(words) + b"\n")
    sys.stdout.buffer.flush()


def ring(occasion: Occasion) -> None:
    """What the clock says in these tests."""
    entry = occasion.entry
    occasion.books.outbox.post("post", str(entry.subject["chat"]), text_card(say("{k}", "{k}", k=f"tick {entry.id}")))


def thing(line: bytes) -> Incoming:
    """A message, or with ``press`` a button that was pressed; ``who``: by whom, ``named``: whom it mentions."""
    raw = orjson.loads(line)
    place, who = Place(raw["chat"], "group", raw["chat"]), raw.get("who", raw["chat"])
    named = tuple(Sender(name, name) for name in raw.get("named", ()))
    made = Incoming(
        raw["key"], "message", "post", datetime.now(UTC), place, Sender(who, who), addressed=True,
        message_id=f"m{raw['key']}",
    )  # fmt: skip
    if "press" in raw:
        verb, *args = raw["press"]
        return replace(made, kind="click", action=Action(verb, tuple(args), 1))
    text = f"{TOKEN} {raw['text']}" + f" {TOKEN}" * len(named)
    return replace(made, text=text, mentions=(BOT, *named), bot_id="bot")


async def take(app: App, line: bytes) -> None:
    with suppress(IntakeUnavailable):
        taken = thing(line)
        receipt = await app.intake.submit(taken)
        toast = receipt.answer.toast.plain() if receipt.answer else ""
        tell(done=taken.key, again=receipt.duplicate, toast=toast)
        receipt.acked()


async def main(address: str, file: Path) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    app = App(open_store(address), SystemClock())
    app._dispatch._ticks["ring"] = ring
    app.add(Post("post", file, exclusive=False))
    app.add(Post("wire", file, exclusive=True))
    await app.start()
    tell(ready=os.getpid())
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer)
    tasks: set[asyncio.Task[None]] = set()
    stopping = loop.create_task(stop.wait())
    while not stop.is_set():
        reading = loop.create_task(reader.readline())
        await asyncio.wait((reading, stopping), return_when=asyncio.FIRST_COMPLETED)
        if not reading.done() or not reading.result():
            reading.cancel()
            break
        task = loop.create_task(take(app, reading.result()))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
    await app.close()
    tell(closed=os.getpid())
