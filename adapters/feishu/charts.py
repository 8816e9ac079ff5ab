"""Neutral charts as Feishu's own chart component (a VChart specification). Pure.

Feishu draws bars, lines and areas; ranges, heat and boards are pictures made elsewhere. Points beyond ``POINTS`` are
thinned out evenly, the last one is kept: cards are small.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chat.charts import Chart, Ink
from chat.text import Locale, Text

Json = dict[str, Any]
SHAPES = frozenset({"bars", "lines", "areas"})
POINTS = 200
"""In one chart."""
NAME = 40
"""Characters of a label."""
INKS: Mapping[Ink, str] = {
    "plain": "#0072b2", "good": "#009e73", "warn": "#e69f00", "bad": "#d55e00", "muted": "#b4bbc3",
    "accent": "#56b4e9",
}  # fmt: skip
LOWER: Mapping[Locale, str] = {"zh": "{name}（下限）", "en": "{name} (low)"}


def element(chart: Chart, locale: Locale) -> Json:
    """The component. The chart must be of ``SHAPES`` and have figures, see ``can_draw``."""
    return {"tag": "chart", "aspect_ratio": "16:9", "preview": True, "chart_spec": _spec(chart, locale)}


def can_draw(chart: Chart) -> bool:
    count = len(chart.labels)
    return chart.shape in SHAPES and any(value is not None for one in chart.series for value in one.values[:count])


def _spec(chart: Chart, locale: Locale) -> Json:
    lines = list(_lines(chart, locale))
    spec: Json = {"title": {"text": _short(chart.title, locale, 60)}, "media": []}
    if len(lines) > 1:
        spec["legends"] = {"visible": True, "orient": "bottom"}
    spec["color"] = [INKS[ink] for _, ink, _, _ in lines]
    points = [point for _, _, _, of_line in lines for point in of_line]
    if chart.shape == "bars":
        both = {"yField": ["x", "k"] if len(lines) > 1 else "x", "xField": "v", "seriesField": "k"}
        spec |= {"type": "bar", "direction": "horizontal", "data": {"values": points}, **both}
    elif any(dashed for _, _, dashed, _ in lines):
        spec |= {
            "type": "common",
            "data": [{"values": of_line} for *_, of_line in lines],
            "series": [_line(number, dashed) for number, (_, _, dashed, _) in enumerate(lines)],
            "axes": [{"orient": "bottom", "type": "band"}, {"orient": "left", "type": "linear"}],
        }
    else:
        kind = {"type": "area", "stack": True} if chart.shape == "areas" else {"type": "line"}
        spec |= {**kind, "data": {"values": points}, "xField": "x", "yField": "v", "seriesField": "k"}
    return _with_today(chart, locale, _with_unit(chart, spec))


def _lines(chart: Chart, locale: Locale) -> Iterator[tuple[str, Ink, bool, list[Json]]]:
    """(name, ink, dashed, points) of everything that is drawn; the lower end of a band is a dashed line of its own."""
    kept = _kept(chart)
    for series in chart.series:
        name = _short(series.name, locale)
        yield name, series.ink, series.dashed, _points(chart, locale, name, series.values, kept)
        if series.low and chart.shape == "lines":
            lower = LOWER[locale].format(name=name)
            yield lower, series.ink, True, _points(chart, locale, lower, series.low, kept)


def _points(
    chart: Chart, locale: Locale, name: str, values: tuple[float | None, ...], kept: list[int]
) -> list[Json]:  # fmt: skip
    labels = _labels(chart, locale)
    return [{"x": labels[n], "k": name, "v": values[n]} for n in kept if n < len(values) and values[n] is not None]


def _labels(chart: Chart, locale: Locale) -> list[str]:
    """Told apart even when two are the same: equal ones would be drawn as one."""
    seen: dict[str, int] = {}
    labels: list[str] = []
    for text in chart.labels:
        label = _short(text, locale)
        seen[label] = seen.get(label, 0) + 1
        labels.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return labels


def _kept(chart: Chart) -> list[int]:
    """Which labels are drawn."""
    count = len(chart.labels)
    drawn = sum(1 + (bool(one.low) and chart.shape == "lines") for one in chart.series)
    most = max(POINTS // max(drawn, 1), 2)
    if count <= most:
        return list(range(count))
    return sorted({round(n * (count - 1) / (most - 1)) for n in range(most)})


def _line(number: int, dashed: bool) -> Json:
    line: Json = {"type": "line", "dataIndex": number, "xField": "x", "yField": "v", "seriesField": "k"}
    if dashed:
        line["line"] = {"style": {"lineDash": [4, 4]}}
    return line


def _with_unit(chart: Chart, spec: Json) -> Json:
    if not chart.unit:
        return spec
    along, across = ("left", "bottom") if chart.shape == "bars" else ("bottom", "left")
    title = {"visible": True, "text": chart.unit}
    axes = {one["orient"]: one for one in spec.get("axes", [{"orient": along}, {"orient": across}])}
    axes[across] = {**axes[across], "title": title}
    return {**spec, "axes": [axes[along], axes[across]]}


def _with_today(chart: Chart, locale: Locale, spec: Json) -> Json:
    """The column of today, where it is one of those drawn."""
    if chart.mark is None or chart.shape == "bars" or not chart.labels:
        return spec
    nearest = min(_kept(chart), key=lambda n: abs(n - (chart.mark or 0)))
    return {**spec, "markLine": [{"x": _labels(chart, locale)[nearest], "line": {"style": {"lineDash": [2, 2]}}}]}


def _short(text: Text, locale: Locale, most: int = NAME) -> str:
    words = " ".join(text.render(locale).split())
    return words if len(words) <= most else words[: most - 1] + "…"
