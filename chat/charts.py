"""Neutral pictures of work: figures first. A platform with charts of its own draws them; elsewhere they become a PNG;
where neither can be shown, ``twin`` says the same in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from chat.frozen import frozen
from chat.text import Text, read_text

ChartKind = Literal["bars", "lines", "areas", "ranges", "heat", "board"]
Ink = Literal["plain", "good", "warn", "bad", "muted", "accent"]


@frozen
class Series:
    """One legend entry. ``values``: one per label, None where it has none.

    ``low``: the other end, for ranges (from ``low`` to the value, in columns of the axis) and for bands around a line.
    """

    name: Text
    values: tuple[float | None, ...]
    ink: Ink = "plain"
    low: tuple[float | None, ...] = ()
    dashed: bool = False


@frozen
class Chart:
    """What is drawn.

    bars: one bar per label, lying, may be negative. lines, areas (stacked): labels from left to right. ranges (Gantt):
    one row per label, ``axis`` names the columns. heat: one row per label, one series per column. board: labels are
    items, a series is a column, 1 where an item stands in it.

    ``axis``: names of columns that are not series. ``shaded``: columns that are off. ``mark``: the column of today.
    ``unit``: of the values, "" for none ("%", "d", "h").
    """

    shape: ChartKind
    title: Text
    labels: tuple[Text, ...]
    series: tuple[Series, ...]
    twin: Text
    axis: tuple[str, ...] = ()
    shaded: tuple[int, ...] = ()
    mark: float | None = None
    unit: str = ""
    kind: str = "chart"


def read_chart(raw: Mapping[str, Any]) -> Chart:
    """The inverse of ``orjson.dumps(chart)``."""
    series = tuple(
        Series(read_text(one["name"]), tuple(one["values"]), one["ink"], tuple(one["low"]), one["dashed"])
        for one in raw["series"]
    )
    return Chart(
        raw["shape"], read_text(raw["title"]), tuple(read_text(label) for label in raw["labels"]), series,
        read_text(raw["twin"]), tuple(raw["axis"]), tuple(raw["shaded"]), raw["mark"], raw["unit"],
    )  # fmt: skip
