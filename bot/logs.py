"""One line an event: time, level, where, action, key, figures. Never what somebody wrote, never a secret.

``2026-09-18T06:00:00.123Z WARNING jindu.courier action=retry key=room:m7/0 error="…" after=5 | not delivered``
"""

from __future__ import annotations

import json
import logging
import sqlite3
import sys
import traceback
from datetime import UTC, datetime

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_SAFE = (OSError, sqlite3.Error)
"""Errors whose own words name files and codes, not what people said."""
OURS = ("jindu", "adapters")


class OneLine(logging.Formatter):
    """``verbose``: tracebacks whole, with the words of every error. For people who look for a bug in their own room."""

    def __init__(self, verbose: bool = False) -> None:
        super().__init__()
        self._verbose = verbose

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        pairs = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info and (error := record.exc_info[1]) is not None:
            pairs |= self._why(error)
        words = [at, record.levelname, record.name, *(f"{name}={_word(value)}" for name, value in pairs.items())]
        return " ".join(words) + " | " + " ".join(record.getMessage().split())

    def _why(self, error: BaseException) -> dict[str, str]:
        """Kind and place of an error; its words only where they cannot be somebody's message."""
        if self._verbose:
            return {"trace": "".join(traceback.format_exception(error))}
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        place = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
        kind = type(error).__name__
        return {"error": f"{kind}: {error}" if isinstance(error, _SAFE) else kind, "at": place}


def _word(value: object) -> str:
    text = str(value)
    if text and all(c.isprintable() and c not in ' "=' for c in text):
        return text
    return json.dumps(text, ensure_ascii=False)


def start(level: str = "info") -> None:
    """Write to standard error from now on. ``level``: of what is ours; others are heard from warning up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(verbose=level == "debug"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
