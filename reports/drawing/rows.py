"""Rows from top to bottom: Gantt, bars, heat, board."""

from __future__ import annotations

import re

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

from reports.drawing.frame import Line, Plan, frame, legend
from reports.drawing.ink import HEAT_DARK, HEAT_LIGHT, clipped, columns, family, written

ROW = 64
"""Pixels of one row."""
LABEL = 22
"""Columns of a row's name."""
MOST_TICKS = 9
OVER, FAR_OVER = 1.0, 1.1
MOST_PER_CENT = 9.99
"""More is said in times: 13×."""
_WORDS = re.compile(r"[\x21-\x7e]+ ?|.", re.DOTALL)
"""Letters that stay together on a line."""
HATCH = "////"
"""On what is late, for who does not see the colour."""


def ranges(plan: Plan) -> Figure:
    """Gantt: a bar from ``low`` to the value (both included) in each row, milestones (accent) as diamonds, the plan
    (dashed) as a thin bar on top, days off shaded, today a line.
    """
    figure, axes = frame(plan, 230 + ROW * max(3, len(plan.labels)))
    palette, width = plan.palette, max(1, len(plan.axis))
    for column in plan.shaded:
        axes.axvspan(column, column + 1, color=palette.shade, linewidth=0, zorder=0)
    for line in plan.series:
        _bars(axes, plan, line)
    if plan.mark is not None:
        axes.axvline(plan.mark, color=palette.today, linewidth=1.6, zorder=4)
    _rows(axes, plan)
    axes.set_xlim(0, width)
    step = max(1, -(-width // MOST_TICKS))
    axes.set_xticks([column + 0.5 for column in range(0, width, step)], [plan.axis[c] for c in range(0, width, step)])
    axes.xaxis.tick_top()
    axes.hlines([row + 0.5 for row in range(len(plan.labels) - 1)], 0, width, color=palette.grid, linewidth=0.6)
    used = [line for line in plan.series if any(value is not None for value in line.values)]
    keys = [(line.name, palette.inks[line.ink], HATCH if line.ink == "bad" else "") for line in used]
    legend(figure, plan, keys)
    return figure


def _bars(axes: Axes, plan: Plan, line: Line) -> None:
    palette = plan.palette
    for row, (begin, end) in enumerate(zip(line.low, line.values, strict=True)):
        if begin is None or end is None:
            continue
        height = 0.2 if line.dashed else 0.56
        if line.ink == "accent":
            axes.plot(begin + 0.5, row, marker="D", markersize=8, color=palette.inks[line.ink], zorder=3,
                      clip_on=False)  # fmt: skip
            continue
        axes.add_patch(
            Rectangle((begin + 0.06, row - height / 2), max(end + 1 - begin - 0.12, 0.3), height,
                      facecolor=palette.inks[line.ink], edgecolor=palette.paper, linewidth=0,
                      hatch=HATCH if line.ink == "bad" else None, zorder=3 if not line.dashed else 3.5)
        )  # fmt: skip


def _rows(axes: Axes, plan: Plan) -> None:
    axes.set_ylim(max(1, len(plan.labels)) - 0.5, -0.5)
    axes.set_yticks(range(len(plan.labels)), [written(label, LABEL) for label in plan.labels])
    for label in axes.get_yticklabels():
        label.set_color(plan.palette.words)
        label.set_fontsize(8)


def bars(plan: Plan) -> Figure:
    """Lying bars from zero to the right, or to the left when negative; each says its value."""
    figure, axes = frame(plan, 150 + ROW * max(3, len(plan.labels)))
    palette = plan.palette
    most = max((abs(v) for line in plan.series for v in line.values if v is not None), default=1) or 1
    for line in plan.series:
        for row, value in enumerate(line.values):
            if value is None:
                continue
            axes.barh(row, value, 0.56, color=palette.inks[line.ink], hatch=HATCH if line.ink == "bad" else None,
                      edgecolor=palette.paper, linewidth=0)  # fmt: skip
            axes.text(
                value + (most * 0.015 if value >= 0 else -most * 0.015), row, _number(value, plan.unit, signed=True),
                va="center", ha="left" if value >= 0 else "right", color=palette.words, fontsize=8, family=family(),
            )  # fmt: skip
    _rows(axes, plan)
    low = min((v for line in plan.series for v in line.values if v is not None), default=0)
    axes.set_xlim(-most * 1.25 if low < 0 else 0, most * 1.25)
    axes.axvline(0, color=palette.quiet, linewidth=0.8)
    axes.set_xticks([])
    return figure


def heat(plan: Plan) -> Figure:
    """One square per row and column; a value of 1 is all there is."""
    figure, axes = frame(plan, 230 + ROW * max(3, len(plan.labels)))
    palette, shades = plan.palette, HEAT_DARK if plan.dark else HEAT_LIGHT
    for column, line in enumerate(plan.series):
        for row, value in enumerate(line.values):
            off = column in plan.shaded or value is None
            shade = palette.shade if off else _shade(value or 0, shades)
            axes.add_patch(
                Rectangle(
                    (column + 0.04, row - 0.46), 0.92, 0.92, facecolor=shade, edgecolor=palette.grid, linewidth=0.6
                )
            )
            if not off and value:
                dark_words = shade in (HEAT_LIGHT[:3] if not plan.dark else HEAT_DARK[3:])
                words = "#1f2328" if dark_words or shade == shades[4] else "#ffffff"
                axes.text(column + 0.5, row, _full(value), ha="center", va="center", fontsize=6.5,
                          color=words, family=family())  # fmt: skip
    _rows(axes, plan)
    axes.set_xlim(0, max(1, len(plan.series)))
    step = max(1, -(-len(plan.series) // MOST_TICKS))
    shown = range(0, len(plan.series), step)
    axes.set_xticks([column + 0.5 for column in shown], [written(plan.series[column].name, 12) for column in shown])
    axes.xaxis.tick_top()
    if plan.mark is not None:
        axes.axvline(plan.mark, color=palette.today, linewidth=1.6)
    return figure


def _full(value: float) -> str:
    return f"{value:.0%}" if value <= MOST_PER_CENT else f"{value:.0f}×"


def _shade(value: float, shades: tuple[str, ...]) -> str:
    if value > FAR_OVER:
        return shades[5]
    if value > OVER:
        return shades[4]
    return shades[min(3, int(value * 3 + 0.999))]


def board(plan: Plan) -> Figure:
    """Columns of cards; a red column is the red zone and stands first."""
    tall = max((sum(1 for v in line.values if v) for line in plan.series), default=1)
    figure, axes = frame(plan, 190 + 150 * max(2, tall))
    palette, wide = plan.palette, max(1, len(plan.series))
    letters = max(8, 56 // wide)
    for column, line in enumerate(plan.series):
        ink = palette.inks[line.ink]
        head = written(line.name, letters)
        axes.text(column + 0.05, -0.32, head, color=palette.letters(line.ink), fontsize=9, family=family(), va="center")
        items = [label for label, value in zip(plan.labels, line.values, strict=True) if value]
        for row, item in enumerate(items):
            axes.add_patch(
                FancyBboxPatch((column + 0.05, row + 0.03), 0.9, 0.9, boxstyle="round,pad=0,rounding_size=0.06",
                               facecolor=palette.shade, edgecolor=ink, linewidth=1.4 if line.ink == "bad" else 0.5,
                               mutation_aspect=0.6)
            )  # fmt: skip
            axes.text(column + 0.1, row + 0.48, _folded(written(item), letters), color=palette.words, fontsize=7.5,
                      family=family(), va="center", linespacing=1.35)  # fmt: skip
    axes.set_xlim(0, wide)
    axes.set_ylim(max(2, tall), -0.6)
    axes.set_xticks([])
    axes.set_yticks([])
    return figure


def _folded(words: str, most: int) -> str:
    """What is written already, on at most three lines; the last of several (who, and until when) is always there."""
    title, newline, tail = words.rpartition("\n") if "\n" in words else (words, "", "")
    room = 2 if tail else 3
    lines = _wrapped(title.replace("\n", " "), most)
    if len(lines) > room:
        lines = [*lines[: room - 1], clipped(lines[room - 1] + lines[room], most)]
    return "\n".join(line.strip() for line in lines) + newline + (clipped(tail, most) if tail else "")


def _wrapped(words: str, most: int) -> list[str]:
    """Lines of at most so many columns; a word of Latin letters stays whole where it can."""
    lines = [""]
    for word in _WORDS.findall(words):
        if columns(lines[-1] + word.rstrip()) > most and lines[-1].strip():
            lines.append("")
        for letter in word:
            if columns(lines[-1] + letter) > most and letter != " ":
                lines.append("")
            lines[-1] += letter
    return lines


def _number(value: float, unit: str, *, signed: bool = False) -> str:
    sign = "+" if signed and value > 0 and unit == "%" else ""
    return f"{sign}{value:g}{unit}"
