"""What every picture has: paper, a title, a legend, and its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from PIL import Image

from chat.frozen import frozen
from reports.drawing.ink import DARK, DPI, LIGHT, WIDTH, Palette, columns, family, written

COLOURS = 128
"""In the file: flat colours and their edges need no more, and the file is a third of the size."""
MOST_BYTES = 1024 * 1024
PAD = 0.09
"""Inches of paper around the drawing."""
MARGIN = 0.019
"""Where the title begins: of the width, whatever stands left of the drawing."""
LEGEND = 66
"""Columns of letters on one line of the legend."""


@frozen
class Line:
    """A ``chat.charts.Series`` in one language."""

    name: str
    values: tuple[float | None, ...]
    ink: str
    low: tuple[float | None, ...]
    dashed: bool


@frozen
class Plan:
    """A ``chat.charts.Chart`` in one language."""

    shape: str
    title: str
    labels: tuple[str, ...]
    series: tuple[Line, ...]
    axis: tuple[str, ...]
    shaded: tuple[int, ...]
    mark: float | None
    unit: str
    dark: bool

    @classmethod
    def read(cls, raw: dict[str, Any]) -> Plan:
        lines = tuple(
            Line(s["name"], tuple(s["values"]), s["ink"], tuple(s["low"]), s["dashed"]) for s in raw["series"]
        )
        return cls(
            raw["shape"], raw["title"], tuple(raw["labels"]), lines, tuple(raw["axis"]), tuple(raw["shaded"]),
            raw["mark"], raw["unit"], raw["dark"],
        )  # fmt: skip

    @property
    def palette(self) -> Palette:
        return DARK if self.dark else LIGHT


def frame(plan: Plan, height: int) -> tuple[Figure, Axes]:
    """Paper of the usual width and ``height`` pixels, with the title written on it."""
    palette = plan.palette
    figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor=palette.paper)
    figure.set_layout_engine("constrained", w_pad=PAD, h_pad=PAD)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_facecolor(palette.paper)
    figure.suptitle(
        written(plan.title, 60), x=MARGIN, ha="left", color=palette.words, fontfamily=family(), fontsize=10.5
    )  # fmt: skip
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(length=0, pad=5, colors=palette.quiet, labelsize=7.5, labelfontfamily=family())
    axes.set_axisbelow(True)
    return figure, axes


def legend(figure: Figure, plan: Plan, patches: Sequence[tuple[str, str, str]]) -> None:
    """Below the drawing. patches: (name, colour, hatch)."""
    if not patches:
        return
    names = [written(name, 16) for name, _, _ in patches]
    handles = [
        Patch(facecolor=colour, edgecolor=plan.palette.paper, hatch=hatch, label=name, linewidth=0)
        for name, (_, colour, hatch) in zip(names, patches, strict=True)
    ]
    figure.legend(
        handles=handles, loc="outside lower left", frameon=False, labelcolor=plan.palette.quiet, handlelength=1.2,
        ncols=max(1, min(len(names), LEGEND // (max(columns(name) for name in names) + 5))),
        prop={"family": family(), "size": 7.5}, borderpad=0.2, columnspacing=1.1,
    )  # fmt: skip


def png(figure: Figure) -> bytes:
    """At most a megabyte."""
    raw = BytesIO()
    figure.savefig(raw, format="raw", facecolor=figure.get_facecolor())
    width, height = (int(side) for side in figure.bbox.bounds[2:])
    image = Image.frombytes("RGBA", (width, height), raw.getvalue()).convert("RGB")
    colours = COLOURS
    while True:
        out = BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MOST_BYTES or colours <= 8:
            return out.getvalue()
        colours //= 2
