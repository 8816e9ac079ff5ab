"""On which line of a TOML file a key stands: ``tomllib`` reads values and forgets where they were."""

from __future__ import annotations

import re
import tomllib

_SECTION = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"\s*([\w\"'.-][\w\"'. -]*?)\s*=")
_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class Lines:
    """Good for reports, not a parser: a key inside an inline table is found at its outer key."""

    def __init__(self, text: str) -> None:
        self._lines: dict[str, int] = {}
        section = ""
        for number, line in enumerate(text.splitlines(), 1):
            if match := _SECTION.match(line):
                section = _plain(match.group(1))
                self._enter(section, number)
            elif match := _KEY.match(line):
                key = _plain(match.group(1))
                self._enter(f"{section}.{key}" if section else key, number)

    def of(self, *path: str) -> int:
        """The line of a key, or of the nearest thing around it; 1 when there is nothing."""
        for length in range(len(path), 0, -1):
            if line := self._lines.get(".".join(path[:length])):
                return line
        return 1

    def _enter(self, path: str, number: int) -> None:
        """``a.b.c`` also makes a and a.b known."""
        parts = path.split(".")
        for length in range(1, len(parts) + 1):
            self._lines.setdefault(".".join(parts[:length]), number)


def line_of_error(error: tomllib.TOMLDecodeError, text: str) -> tuple[int, str]:
    """(line, reason) of what ``tomllib`` could not read."""
    match = _AT.search(str(error))
    line = int(match.group(1)) if match and match.group(1) else len(text.splitlines())
    return max(line, 1), _AT.sub("", str(error))


def _plain(path: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in path.split("."))
