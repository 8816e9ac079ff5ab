"""Why the program stops: said to the person at the terminal, with what to do next."""

from __future__ import annotations

import os

from chat.text import Locale, Text

BAD_USE = 2
"""Exit code for a wrong command line or configuration; 1 is for everything else that failed."""


class Fault(Exception):
    """``text`` names what happened and the remedy. ``code``: the exit code."""

    def __init__(self, text: Text, code: int = 1) -> None:
        super().__init__(text.plain())
        self.text = text
        self.code = code


def terminal_locale() -> Locale:
    """Chinese, unless the terminal's own language is English."""
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if named.lower().startswith("en") else "zh"
