"""Figures, printed; with ``--record`` they are also added to their section of docs/platforms/figures.md, as they are.

Earlier runs stay: good ones and bad ones, so that nobody picks.
"""

from __future__ import annotations

import os
import platform
import sys
from datetime import date
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "platforms" / "figures.md"
HEAD = """# 三个平台上的实测数字

都是对着模拟平台测的，由 `python -m bench.feishu_webhook --record` 和 `python -m bench.platforms --record` 写进来，
没有手改，记下的每一次都留着。机器忙的时候数字会变差；每一段写着当时的负载。
"""


class Figures:
    """Lines of one measurement, each printed as it becomes known."""

    def __init__(self, title: str) -> None:
        self._title = title
        machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
        self._lines: list[str] = []
        self.add(f"measured on {date.today():%Y-%m-%d}: {machine}")  # noqa: DTZ011 — for people

    def add(self, line: str) -> None:
        print(line, flush=True)
        self._lines.append(line)

    def done(self) -> None:
        if "--record" not in sys.argv:
            return
        sections = PAGE.read_text(encoding="utf-8").split("\n## ")[1:] if PAGE.exists() else []
        before = next((one for one in sections if one.startswith(self._title + "\n")), self._title + "\n")
        kept = [one for one in sections if one is not before]
        whole = "\n".join([before.rstrip(), "", "```", *self._lines, "```", ""])
        PAGE.write_text("\n## ".join([HEAD, *sorted([*kept, whole])]), encoding="utf-8")
