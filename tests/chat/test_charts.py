"""A chart is stored as figures and comes back as it was; where it cannot be drawn its twin is said."""

from __future__ import annotations

import orjson

from chat.cards import Card, decode
from chat.charts import Chart, Series
from chat.plain import plain
from chat.text import say, verbatim

CHART = Chart(
    "ranges", say("{p} 甘特图", "{p} Gantt", p="双十一"), (verbatim("T1 海报"), verbatim("T2 {投放}")),
    (Series(say("按时", "on time"), (3.0, None), "good", (1.0, None)), Series(say("逾期", "late"), (None, 4.0), "bad")),
    say("T1 海报 9-21 到 9-23", "T1 poster 9-21 to 9-23"), ("9-21", "9-22", "9-23", "9-24"), (2,), 1.5, "d",
)  # fmt: skip


def test_a_chart_is_read_back_as_it_was() -> None:
    card = Card((CHART,), say("图", "Chart"))
    assert decode(orjson.loads(orjson.dumps(card))) == card


def test_where_it_cannot_be_drawn_it_is_said() -> None:
    assert plain(Card((CHART,))) == "T1 海报 9-21 到 9-23"
    assert plain(Card((CHART,)), "en") == "T1 poster 9-21 to 9-23"
