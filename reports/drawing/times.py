"""From left to right: burn-up, cumulative flow, forecast fan."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from reports.drawing.frame import Plan, frame
from reports.drawing.ink import family, written

HEIGHT = 720
MOST_TICKS = 6


def lines(plan: Plan) -> Figure:
    """Lines, with a band where a series has a lower end; each is named at its right end, so no legend is needed."""
    figure, axes = frame(plan, HEIGHT)
    palette, places = plan.palette, range(len(plan.labels))
    ends: list[tuple[float, str, str]] = []
    for line in plan.series:
        ink = palette.inks[line.ink]
        known = [(x, y) for x, y in zip(places, line.values, strict=True) if y is not None]
        if not known:
            continue
        if line.low:
            band = [
                (x, low, y) for x, low, y in zip(places, line.low, line.values, strict=True) if None not in (low, y)
            ]
            axes.fill_between([x for x, _, _ in band], [low or 0 for _, low, _ in band], [y or 0 for _, _, y in band],
                              color=ink, alpha=0.22, linewidth=0)  # fmt: skip
        else:
            axes.plot([x for x, _ in known], [y for _, y in known], color=ink, linewidth=2,
                      linestyle="--" if line.dashed else "-", marker="o" if len(known) == 1 else None)  # fmt: skip
        ends.append((known[-1][1], line.name, palette.letters(line.ink)))
    _axes(axes, plan)
    _names(axes, plan, ends)
    return figure


def areas(plan: Plan) -> Figure:
    """Stacked, the first at the bottom; named in their middle at the right. A single day is as wide as the paper."""
    figure, axes = frame(plan, HEIGHT)
    palette = plan.palette
    base = [0.0] * len(plan.labels)
    ends: list[tuple[float, str, str]] = []
    for line in plan.series:
        top = [low + (value or 0) for low, value in zip(base, line.values, strict=True)]
        ink = palette.inks[line.ink]
        wide = 2 if len(top) == 1 else 1
        axes.fill_between(range(len(top) * wide), base * wide, top * wide, color=ink, alpha=0.85, linewidth=0.6,
                          edgecolor=palette.paper)  # fmt: skip
        if top and top[-1] > base[-1]:
            ends.append(((top[-1] + base[-1]) / 2, line.name, palette.letters(line.ink)))
        base = top
    _axes(axes, plan)
    _names(axes, plan, ends)
    return figure


def _axes(axes: Axes, plan: Plan) -> None:
    count = len(plan.labels)
    step = max(1, -(-count // MOST_TICKS))
    for column in plan.shaded:
        axes.axvspan(column - 0.5, column + 0.5, color=plan.palette.shade, linewidth=0, zorder=0)
    if plan.mark is not None:
        axes.axvline(plan.mark, color=plan.palette.today, linewidth=1.4)
    axes.set_xticks(range(0, count, step), [written(plan.labels[place], 12) for place in range(0, count, step)])
    axes.set_xlim(0, max(1, count - 1))
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=plan.unit in ("", "项")))
    if plan.unit:
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}{plan.unit}")
    axes.grid(axis="y", color=plan.palette.grid, linewidth=0.7)


def _names(axes: Axes, plan: Plan, ends: Sequence[tuple[float, str, str]]) -> None:
    """At the right end, pushed apart where they would touch."""
    low, high = axes.get_ylim()
    gap = (high - low) * 0.065
    at = float("-inf")
    for height, name, ink in sorted(ends):
        at = max(height, at + gap)
        axes.annotate(
            written(name, 16), (1.01, at), xycoords=("axes fraction", "data"), color=ink, fontsize=8, va="center",
            family=family(), annotation_clip=False,
        )  # fmt: skip
