"""J09 row 3: what is drawn is what is known, and a picture of it arrives in the room."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path

import orjson
import pytest
from PIL import Image

from bot.painter import Painter
from bot.play import Played, moment, perform
from bot.room_stage import RoomStage
from bot.script import read
from chat.cards import Card, Picture, decode
from chat.charts import Chart
from reports.drawing.frame import MOST_BYTES

SCRIPT = Path(__file__).parents[1] / "dialogues" / "j09_pictures.chat"
SHAPES = ["ranges", "board", "lines", "heat", "areas", "bars", "lines"]


async def _played(tmp_path: Path) -> tuple[list[Card], list[Picture]]:
    """(cards with a chart as they were stored, pictures as the room shows them)."""
    steps, played = read(SCRIPT), Played(SCRIPT)
    stage = RoomStage(moment(steps[0], datetime(2026, 1, 1).astimezone(), SCRIPT))
    stage.app.courier.painter = Painter(tmp_path)
    await stage.start()
    try:
        for step in steps:
            await perform(stage, step, played)
        rows = stage.app.writer.connection._driver.execute("SELECT body FROM outbox ORDER BY id").fetchall()
        shown = [message.card for chat in stage.room.chats for message in stage.room.messages(chat) if message.card]
    finally:
        await stage.close()
    cards = [decode(orjson.loads(row[0])) for row in rows]
    return cards, [block for card in shown for block in card.blocks if isinstance(block, Picture)]


@pytest.mark.timeout(120)
async def test_figures_and_pictures_of_one_project(tmp_path: Path) -> None:
    cards, pictures = await _played(tmp_path)
    charts = [block for card in cards for block in card.blocks if isinstance(block, Chart)]
    assert [chart.shape for chart in charts] == SHAPES
    gantt = charts[0]
    assert [gantt.axis[column] for column in gantt.shaded] == ["9-19", "9-25", "9-26", "9-27"]
    late = next(series for series in gantt.series if series.ink == "bad")
    named = [label.plain() for label in gantt.labels]
    assert [named[row] for row, value in enumerate(late.values) if value is not None] == ["T4 渠道素材 李四"]
    planned = next(series for series in gantt.series if series.dashed)
    assert planned.values[0] == gantt.axis.index("9-18")
    assert gantt.mark is not None
    assert int(gantt.mark) == gantt.axis.index("9-24")
    burn_up = charts[2]
    assert [series.values[-1] for series in burn_up.series] == [5.0, None, 5.0]
    assert max(value for value in burn_up.series[1].values if value is not None) == 3
    flow = charts[4]
    assert [sum(int(series.values[day] or 0) for series in flow.series) for day in (0, -1)] == [1, 5]
    assert len(pictures) == len(charts)
    for picture in pictures:
        for path in (picture.path, picture.dark):
            drawn = (tmp_path / path).read_bytes()
            assert len(drawn) <= MOST_BYTES
            assert Image.open(BytesIO(drawn)).width == 1080
