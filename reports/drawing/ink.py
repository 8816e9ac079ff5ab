"""Colours, letters and sizes. The colours are Okabe and Ito's, told apart with any kind of colour vision."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from unicodedata import category, east_asian_width

from matplotlib import font_manager, ft2font
from matplotlib.font_manager import FontProperties

from chat.frozen import frozen

FONT = Path(__file__).with_name("fonts") / "NotoSansSC-Jindu.otf"
WIDTH = 1080
"""Pixels: what a phone shows sharply and a chat does not shrink."""
DPI = 220
"""High, so that letters are a fortieth of the width: on a phone they are as large as those of the chat's footnotes."""
MISSING = "·"
"""Instead of letters that the font does not have, once for several."""
_ALIKE = str.maketrans({"−": "-"})
"""Letters the font does not have, and what it has that says the same."""
_RUN = re.compile(f"{MISSING}{{2,}}")


@frozen
class Palette:
    """``inks``: by ``chat.charts.Ink``."""

    paper: str
    words: str
    quiet: str
    grid: str
    shade: str
    today: str
    inks: Mapping[str, str]

    def letters(self, ink: str) -> str:
        """An ink for words: what is muted stays readable."""
        return self.quiet if ink == "muted" else self.inks[ink]


LIGHT = Palette(
    "#ffffff", "#1f2328", "#636c76", "#e6e8eb", "#eef0f2", "#cc79a7",
    {"plain": "#0072b2", "good": "#009e73", "warn": "#e69f00", "bad": "#d55e00", "muted": "#b4bbc3",
     "accent": "#56b4e9"},
)  # fmt: skip
DARK = Palette(
    "#1b1f24", "#e6e8eb", "#9aa3ad", "#30363d", "#262b31", "#e39ac3",
    {"plain": "#56b4e9", "good": "#2ec79a", "warn": "#f0b43c", "bad": "#ff8a50", "muted": "#5b646e",
     "accent": "#8fd0f5"},
)  # fmt: skip
HEAT_LIGHT = ("#ffffff", "#c6dff0", "#7db8dc", "#0072b2", "#e69f00", "#d55e00")
HEAT_DARK = ("#262b31", "#1f4257", "#2b6f96", "#56b4e9", "#f0b43c", "#ff8a50")
"""From nothing to far too much; the last two begin at 100 % and 110 %."""


@cache
def family() -> str:
    """The name of the bundled font, made known to the library."""
    font_manager.fontManager.addfont(str(FONT))
    return FontProperties(fname=str(FONT)).get_name()


@cache
def _letters() -> frozenset[int]:
    return frozenset(ft2font.FT2Font(str(FONT)).get_charmap())


def written(words: str, most: int = 0) -> str:
    """Words as they can be drawn: no letter that the font lacks, no control characters, at most so wide.

    most: half-width columns, a Chinese letter takes two; 0: no limit.
    """
    known = _letters()
    words = words.translate(_ALIKE)
    clean = "".join(
        letter if ord(letter) in known or letter == "\n" else MISSING
        for letter in words
        if category(letter) not in ("Cc", "Cf", "Mn", "Me", "So", "Sk") or ord(letter) in known or letter == "\n"
    )
    clean = _RUN.sub(MISSING, clean)
    clean = clean.replace("$", r"\$")  # not the beginning of a formula
    return clipped(clean.strip(), most) if most else clean.strip()


def columns(words: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in words)


def clipped(words: str, most: int) -> str:
    """What is written already, at most so many columns wide."""
    if columns(words) <= most:
        return words
    taken, room = "", most - 1
    for letter in words:
        room -= columns(letter)
        if room < 0:
            break
        taken += letter
    return taken + "…"
