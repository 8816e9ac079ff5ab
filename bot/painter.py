"""Turns charts into pictures and tables into workbooks just before they leave.

Charts are drawn in a process of its own, once for equal figures; one that cannot be drawn in time goes out in words.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import orjson

from chat.cards import Attachment, Block, Card, Paragraph, Picture
from chat.charts import Chart
from chat.ports import Capabilities
from chat.sheets import workbook
from chat.text import Locale

log = logging.getLogger("jindu.painter")
FOLDER = "pictures"
PATIENCE = 15.0
"""Seconds for one picture; a cold start takes one or two of them."""
IDLE = 120.0
"""Seconds without work after which the drawing process is let go."""
LINE_LIMIT = 1 << 20


class Painter:
    """``data``: the folder that ``Picture.path`` starts from; None: there is none, and every chart is said."""

    def __init__(self, data: Path | None) -> None:
        self._data = data
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._rest: asyncio.TimerHandle | None = None

    async def painted(self, card: Card, locale: Locale, can: Capabilities) -> Card:
        """The card with every chart that the platform does not draw itself as a picture, or in words."""
        if not any(isinstance(block, Chart | Attachment) for block in card.blocks):
            return card
        return replace(card, blocks=tuple([await self._shown(block, locale, can) for block in card.blocks]))

    async def close(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        await self._let_go()

    async def _shown(self, block: Block, locale: Locale, can: Capabilities) -> Block:
        if isinstance(block, Attachment) and block.form == "table":
            return await asyncio.to_thread(_packed, block)
        if not isinstance(block, Chart) or block.shape in can.charts:
            return block
        if self._data is None or not can.pictures:
            return Paragraph(block.twin)
        path = await self._drawn(self._data, block, locale, dark=False)
        if not path:
            return Paragraph(block.twin)
        dark = await self._drawn(self._data, block, locale, dark=True) if can.dark else ""
        return Picture(path, block.twin, dark)

    async def _drawn(self, data: Path, chart: Chart, locale: Locale, *, dark: bool) -> str:
        """Where the picture is; "" when it could not be drawn."""
        line = _line(chart, locale, dark)
        path = Path(FOLDER) / f"{sha256(line).hexdigest()[:32]}.png"
        if (data / path).exists():
            (data / path).touch()  # a card of now shows it, too
            return str(path)
        try:
            async with self._turn, asyncio.timeout(PATIENCE):
                picture = await self._ask(line)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            log.error("not drawn", extra={"action": "draw", "shape": chart.shape, "error": type(error).__name__})
            await self._let_go()
            return ""
        if not picture:
            log.error("not drawn", extra={"action": "draw", "shape": chart.shape, "error": "refused"})
            return ""
        await asyncio.to_thread(_keep, data / path, picture)
        return str(path)

    async def _ask(self, line: bytes) -> bytes:
        process = await self._drawer()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line + b"\n")
        await process.stdin.drain()
        length = int.from_bytes(await process.stdout.readexactly(4), "big")
        return await process.stdout.readexactly(length)

    async def _drawer(self) -> asyncio.subprocess.Process:
        """The drawing process, started when there is none."""
        loop = asyncio.get_running_loop()
        if self._rest is not None:
            self._rest.cancel()
        self._rest = loop.call_later(IDLE, lambda: loop.create_task(self._let_go()))
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "reports.drawing", cwd=Path(__file__).parents[1], limit=LINE_LIMIT,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        return self._process

    async def _let_go(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def forget(folder: Path, before: datetime) -> int:
    """Pictures that no card shows any more; how many. What they tell of people is not kept longer than the cards."""
    old = [path for path in folder.glob("*.png") if path.stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _line(chart: Chart, locale: Locale, dark: bool) -> bytes:
    """What the drawing process reads: one language, one line."""
    return orjson.dumps(
        {
            "shape": chart.shape,
            "title": chart.title.render(locale),
            "labels": [label.render(locale) for label in chart.labels],
            "series": [
                {"name": one.name.render(locale), "values": one.values, "ink": one.ink, "low": one.low,
                 "dashed": one.dashed}
                for one in chart.series
            ],
            "axis": chart.axis,
            "shaded": chart.shaded,
            "mark": chart.mark,
            "unit": chart.unit,
            "dark": dark,
        }
    )  # fmt: skip


def _packed(block: Attachment) -> Attachment:
    """A table as a workbook; as CSV if that fails."""
    name = block.name.removesuffix(".xlsx")
    try:
        book = workbook(block.content, name)
    except Exception:
        log.exception("no workbook", extra={"action": "workbook"})
        return Attachment(f"{name}.csv", block.content)
    return Attachment(block.name, b64encode(book).decode(), "base64")


def _keep(path: Path, picture: bytes) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.write_bytes(picture)
    partial.replace(path)
