"""Is there a font on this machine that can draw Chinese, and one for emoji?"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
_CHINESE = re.compile(
    r"cjk|wqy|wenquan|source.?han|simhei|simsun|msyh|pingfang|stheiti|songti|heiti|droid.*fallback|uming|ukai|lxgw",
    re.IGNORECASE,
)
_EMOJI = re.compile(r"emoji|symbola|seguiemj", re.IGNORECASE)


def chinese_font() -> bool:
    """Asks fontconfig where there is one, else looks at file names. May take a second: call it from a thread."""
    return _listed(":lang=zh") or _there(_CHINESE)


def emoji_font() -> bool:
    """The same for faces and flames."""
    return _listed(":charset=1f525") or _there(_EMOJI)


def _listed(what: str) -> bool:
    try:
        found = subprocess.run(["fc-list", what, "family"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return bool(found.stdout.strip())


def _there(pattern: re.Pattern[str]) -> bool:
    return any(
        pattern.search(name)
        for folder in FOLDERS
        for _, _, names in os.walk(Path(folder).expanduser())
        for name in names
    )
