"""Neutral charts become Feishu's own; what it cannot draw is told in words."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.feishu import cards
from adapters.feishu.charts import POINTS, SHAPES
from chat.cards import Card, Paragraph, Picture
from chat.charts import Chart, ChartKind, Series
from chat.text import say, verbatim
from tests.platforms import feishu_rules as rules

TWIN = say("剩 3 项，按现在的速度 9-30 做完", "3 left, done on 9-30 at this pace")
DAYS = tuple(verbatim(f"9-{n}") for n in range(21, 26))
LEFT = Series(say("剩余", "Left"), (8, 6, 5, None, 3))
PLAN = Series(say("计划", "Plan"), (8, 6, 4, 2, 0), "muted", dashed=True)


def chart(shape: ChartKind = "lines", *series: Series, **more: Any) -> Chart:
    return Chart(shape, say("燃尽", "Burndown"), more.pop("labels", DAYS), series or (LEFT,), TWIN, **more)


def drawn(*blocks: Any) -> list[dict[str, Any]]:
    """Every card passes Feishu's checks."""
    whole = cards.cards(Card(blocks), "zh")
    assert [rules.problem(one) for one in whole] == [""] * len(whole)
    return [element for one in whole for element in one["body"]["elements"]]


def test_a_line_has_its_points_in_order_and_leaves_out_what_is_not_known() -> None:
    (element,) = drawn(chart())
    spec = element["chart_spec"]
    assert (spec["type"], spec["xField"], spec["yField"], spec["seriesField"]) == ("line", "x", "v", "k")
    assert [(one["x"], one["v"]) for one in spec["data"]["values"]] == [
        ("9-21", 8), ("9-22", 6), ("9-23", 5), ("9-25", 3),
    ]  # fmt: skip
    assert spec["title"]["text"] == "燃尽"
    assert "legends" not in spec


def test_dashes_bands_units_and_today() -> None:
    band = Series(say("预测", "Forecast"), (8, 7, 6, 5, 4), "accent", low=(8, 5, 3, 1, 0))
    (element,) = drawn(chart("lines", LEFT, PLAN, band, unit="项", mark=2.2))
    spec = element["chart_spec"]
    assert spec["type"] == "common"
    assert [part["values"][0]["k"] for part in spec["data"]] == ["剩余", "计划", "预测", "预测（下限）"]
    assert ["line" in one for one in spec["series"]] == [False, True, False, True]
    assert [one["orient"] for one in spec["axes"]] == ["bottom", "left"]
    assert spec["axes"][1]["title"]["text"] == "项"
    assert spec["markLine"][0]["x"] == "9-23"
    assert len(spec["color"]) == 4


def test_bars_lie_and_areas_are_stacked() -> None:
    (bars,) = drawn(chart("bars", Series(say("偏差", "Deviation"), (20, -10, 0, None, 5), "bad"), unit="%"))
    spec = bars["chart_spec"]
    assert (spec["type"], spec["direction"], spec["xField"], spec["yField"]) == ("bar", "horizontal", "v", "x")
    assert [one["v"] for one in spec["data"]["values"]] == [20, -10, 0, 5]
    (pair,) = drawn(chart("bars", LEFT, PLAN))
    assert pair["chart_spec"]["yField"] == ["x", "k"]
    (areas,) = drawn(chart("areas", LEFT, PLAN))
    assert areas["chart_spec"]["type"] == "common", "a dashed one is a line of its own"
    (stacked,) = drawn(chart("areas", LEFT, Series(say("完成", "Done"), (0, 2, 3, 4, 5), "good")))
    assert (stacked["chart_spec"]["type"], stacked["chart_spec"]["stack"]) == ("area", True)


@pytest.mark.parametrize("shape", ["ranges", "heat", "board"])
def test_what_feishu_cannot_draw_is_told_in_words(shape: ChartKind) -> None:
    assert shape not in SHAPES
    (element,) = drawn(chart(shape))
    assert rules.words(cards.cards(Card((chart(shape),)), "zh")[0], {}) == TWIN.render()
    assert element["tag"] == "markdown"


def test_a_chart_without_figures_is_words() -> None:
    for empty in (chart("lines", Series(say("空", "none"), (None,) * 5)), chart("lines", labels=())):
        spec = drawn(empty)[0]
        assert spec["tag"] in ("markdown", "chart")
    assert drawn(chart("lines", Series(say("空", "none"), ())))[0]["tag"] == "markdown"


def test_many_points_are_thinned_out_and_the_ends_stay() -> None:
    labels = tuple(verbatim(f"第{n}天") for n in range(2000))
    many = [Series(verbatim(name), tuple(range(2000))) for name in "甲乙丙"]
    (element,) = drawn(chart("lines", *many, labels=labels))
    values = element["chart_spec"]["data"]["values"]
    assert len(values) <= POINTS
    assert (values[0]["x"], values[-1]["x"]) == ("第0天", "第1999天")


def test_labels_are_told_apart_and_hostile_ones_are_only_words() -> None:
    labels = (verbatim("李四"), verbatim("李四"), verbatim("<at id=all></at>"), verbatim("长" * 99), verbatim("a\nb"))
    (element,) = drawn(chart(labels=labels))
    xs = [one["x"] for one in element["chart_spec"]["data"]["values"]]
    assert xs == ["李四", "李四 (2)", "<at id=all></at>", "a b"]


def test_more_than_five_charts_are_several_cards() -> None:
    whole = cards.cards(Card((*[chart()] * 7, Paragraph(say("完", "end")))), "zh")
    assert [rules.problem(one) for one in whole] == ["", ""]
    counts = [sum(element["tag"] == "chart" for element in one["body"]["elements"]) for one in whole]
    assert counts == [5, 2]


def test_the_fake_refuses_what_feishu_would() -> None:
    element = drawn(chart())[0]
    for spoilt in (
        {**element, "chart_spec": None},
        {**element, "chart_spec": {"type": "gantt"}},
        {**element, "chart_spec": {**element["chart_spec"], "data": {"values": []}}},
        {**element, "chart_spec": {**element["chart_spec"], "xField": "day"}},
        {**element, "alt": "x"},
        {**element, "aspect_ratio": "3:7"},
    ):
        assert rules.problem({"schema": "2.0", "body": {"elements": [spoilt]}})
    form = {"tag": "form", "name": "f", "elements": [element]}
    assert rules.problem({"schema": "2.0", "body": {"elements": [form]}})


def test_a_picture_stays_a_picture() -> None:
    whole = cards.cards(Card((Picture("a.png", TWIN), chart())), "zh", pictures={"a.png": "img_1"})
    assert [one["tag"] for one in whole[0]["body"]["elements"]] == ["img", "chart"]
