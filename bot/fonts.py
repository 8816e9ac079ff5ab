"""Is there a font on this machine that can draw Chinese?"""

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


def chinese_font() -> bool:
    """Asks fontconfig where there is one, else looks at file names. May take a second: call it from a thread."""
    try:
        found = subprocess.run(
            ["fc-list", ":lang=zh", "family"], capture_output=True, text=True, timeout=10, check=False
        )
        if found.stdout.strip():
            return True
    except (OSError, subprocess.TimeoutExpired):
        pass
    return any(
        _CHINESE.search(name)
        for folder in FOLDERS
        for _, _, names in os.walk(Path(folder).expanduser())
        for name in names
    )
