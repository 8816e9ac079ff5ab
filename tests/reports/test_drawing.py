"""Pictures: as wide as a phone shows sharply, small, with every letter there; and a drawing process that can fail."""

from __future__ import annotations

import asyncio
import os
import signal
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.painter import FOLDER, Painter
from chat.cards import Card, Paragraph, Picture
from chat.charts import Chart, ChartKind, Series
from chat.ports import Capabilities
from chat.text import Text, say, verbatim
from reports.drawing.__main__ import SHAPES, draw
from reports.drawing.frame import MOST_BYTES, Line, Plan
from reports.drawing.ink import MISSING, WIDTH, columns, written
from reports.drawing.rows import _folded, _full

HOSTILE = "{{7*7}} $x^2$ <at id=all></at> @所有人 🎉👩‍💻 مرحبا \u202e\u200b 𠮷野家 \\frac"


def _plan(shape: str, rows: int, *, dark: bool = False) -> Plan:
    labels = tuple(f"T{n} 海报设计与渠道投放素材 {HOSTILE if n == 1 else '王五'}" for n in range(1, rows + 1))
    down = tuple(float(n % 7) for n in range(rows))
    inks = ("plain", "good", "warn", "bad", "muted", "accent")
    series = tuple(
        Line(f"{HOSTILE[:12]}{ink}", tuple(value + 2 if i % 6 == k else None for i, value in enumerate(down)), ink,
             down if shape == "ranges" else (), k == 4)
        for k, ink in enumerate(inks)
    )  # fmt: skip
    return Plan(shape, HOSTILE, labels, series, tuple(f"9-{d}" for d in range(1, 31)), (5, 6), 3.5, "%", dark)


@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("rows", [0, 1, 40])
@pytest.mark.parametrize("dark", [False, True])
def test_every_shape_is_drawn_whatever_is_in_it(shape: str, rows: int, dark: bool) -> None:
    picture = draw(_plan(shape, rows, dark=dark))
    image = Image.open(BytesIO(picture))
    assert image.width == WIDTH
    assert len(picture) <= MOST_BYTES
    paper = (27, 31, 36) if dark else (255, 255, 255)
    assert image.convert("RGB").getpixel((2, image.height - 3)) == paper


def test_no_letter_is_drawn_as_an_empty_box() -> None:
    names = "王喆 张镕 李堃 欧阳娜娜 陳昇 張偉 Emma O'Neil 双十一大促 9-24～9-27 ①②③ 「」《》…—·￥ →←↑↓ ✓"
    assert written(names) == names
    clean = written(HOSTILE)
    assert "🎉" not in clean
    assert "𠮷" not in clean
    assert MISSING in clean  # where a letter is unknown, not where it is invisible
    assert "\u202e" not in clean
    assert MISSING * 2 not in clean
    assert r"\$x^2\$" in clean  # words, not a formula
    assert written("中位 −38%") == "中位 -38%"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("T7 主图\n李四 9-18", "T7 主图\n李四 9-18"),
        ("T7 主会场海报设计与渠道投放素材终稿\n李四 9-18", "T7 主会场海报\n设计与渠道投…\n李四 9-18"),
        ("T7 {{7*7}} <at id=all></at> @所有人\n欧阳娜娜 9-18", "T7 {{7*7}} <at\nid=all></at> …\n欧阳娜娜 9-18"),
        ("Supercalifragilisticexpialidocious", "Supercalifragi\nlisticexpialid\nocious"),
        ("还有 6 项", "还有 6 项"), ("", ""),
    ],
)  # fmt: skip
def test_a_card_of_the_board_always_says_who_and_when(words: str, shown: str) -> None:
    assert _folded(words, 14) == shown


@pytest.mark.parametrize(("value", "words"), [(0.5, "50%"), (9.99, "999%"), (13.4, "13×"), (31, "31×")])
def test_far_too_much_is_said_in_times(value: float, words: str) -> None:
    assert _full(value) == words


def test_a_single_day_of_flow_is_seen() -> None:
    plan = Plan("areas", "一天", ("9-14",), (Line("完成", (1.0,), "good", (), False),), (), (), None, "", False)
    image = Image.open(BytesIO(draw(plan))).convert("RGB")
    colours = image.getcolors(256) or []
    green = sum(count for count, (r, g, b) in colours if r < 80 and g > 140 and b < 160)  # type: ignore[misc]
    assert green > image.width * image.height / 4


def test_long_words_are_clipped_by_their_width() -> None:
    assert written("海报设计渠道投放", 9) == "海报设计…"
    assert columns(written("a" * 40 + "海", 22)) <= 22


# --- the process that draws ------------------------------------------------------------------------------------------

WHERE = say("在图里", "in the picture")


def _chart(shape: ChartKind = "bars", value: float = 20, title: Text = WHERE) -> Chart:
    return Chart(shape, title, (verbatim("T1"),), (Series(WHERE, (value,), "bad"),), say("T1 +20%", "T1 +20 %"))


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def _paint(painter: Painter, chart: Chart, can: Capabilities) -> Paragraph | Picture:
    block = (await painter.painted(Card((chart,)), "zh", can)).blocks[0]
    assert isinstance(block, Paragraph | Picture)
    return block


async def test_a_chart_becomes_a_picture_once(tmp_path: Path) -> None:
    painter = Painter(tmp_path)
    first = await _paint(painter, _chart(), Capabilities(dark=True))
    again = await _paint(painter, _chart(), Capabilities(dark=True))
    other = await _paint(painter, _chart(value=-20), Capabilities())
    await painter.close()
    assert isinstance(first, Picture)
    assert isinstance(other, Picture)
    assert first == again
    assert first.twin.plain() == "T1 +20%"
    drawn = _names(tmp_path / FOLDER)
    assert drawn == {Path(path).name for path in (first.path, first.dark, other.path)}
    assert len(drawn) == 3


async def test_who_can_draw_gets_the_figures_and_who_shows_nothing_the_words(tmp_path: Path) -> None:
    painter = Painter(tmp_path)
    card = Card((_chart(), _chart("heat")))
    native = await painter.painted(card, "zh", Capabilities(charts=frozenset({"bars"}), pictures=False))
    await painter.close()
    assert native.blocks == (_chart(), Paragraph(_chart().twin))
    assert (await Painter(None).painted(card, "zh", Capabilities())).blocks == (Paragraph(_chart().twin),) * 2
    assert _names(tmp_path) == set()


async def test_what_cannot_be_drawn_is_said_and_the_next_is_drawn(tmp_path: Path) -> None:
    painter = Painter(tmp_path)
    broken = _chart(value="x")  # type: ignore[arg-type]
    assert await _paint(painter, broken, Capabilities()) == Paragraph(broken.twin)
    assert isinstance(await _paint(painter, _chart(), Capabilities()), Picture)
    assert painter._process is not None
    os.kill(painter._process.pid, signal.SIGKILL)
    await painter._process.wait()
    assert isinstance(await _paint(painter, _chart(value=7), Capabilities()), Picture)
    await painter.close()


async def test_the_loop_goes_on_while_it_draws(tmp_path: Path) -> None:
    painter = Painter(tmp_path)
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    await _paint(painter, _chart(), Capabilities())
    counting.cancel()
    await painter.close()
    assert turns > 1000
