"""One page of ``/指标``: a figure, its formula, what counts, and the rows behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chat.text import Text, join, say

MOST = 15
"""Rows of a page."""


@dataclass(frozen=True, slots=True)
class Page:
    """``value``: the figure; ``formula``, ``counted``: how it is reckoned and of what. ``rows``: behind it.

    ``trend``: the same by part and week by week, all of it is shown. ``quiet``: not worth a line among the others.
    """

    value: Text
    formula: Text
    counted: Text
    rows: Sequence[Text]
    left_out: Text | None = None
    trend: Sequence[Text] = ()
    quiet: bool = False

    def headline(self, name: Text, earlier: Page | None) -> Text:
        """``完成率 80%　上周 75%``."""
        return say(
            "{name} {value}　上周 {last}", "{name} {value}　last week {last}", name=name, value=self.value,
            last=earlier.value if earlier else "—",
        )  # fmt: skip

    def text(self, name: Text, at: str, earlier: Page | None) -> Text:
        shown = list(self.rows[:MOST])
        if len(self.rows) > MOST:
            shown.append(say("还有 {n} 行", "{n} more rows", n=len(self.rows) - MOST))
        lines = [
            self.headline(name, earlier),
            say("公式：{formula}", "Formula: {formula}", formula=self.formula),
            say("口径：{counted}", "Counted: {counted}", counted=self.counted),
            *(shown or [say("没有可算的。", "Nothing to count.")]),
            *([self.left_out] if self.left_out else []),
            *self.trend,
            say("按 {at} 前的变更记录重算。", "Reckoned again from all changes up to {at}.", at=at),
        ]
        return join(lines, "\n")
