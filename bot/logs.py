"""One line an event: time, level, where, action, key, figures. Never what somebody wrote, never a secret.

``2026-09-18T06:00:00.123Z WARNING jindu.courier action=retry key=room:m7/0 error="…" after=5 | not delivered``
or, for machines that collect logs, the same as one JSON object a line.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import sys
import traceback
from datetime import UTC, datetime

import orjson

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
        pairs = (f"{name}={_word(value)}" for name, value in self._pairs(record).items())
        words = [_at(record), record.levelname, record.name, *pairs]
        return " ".join(words) + " | " + " ".join(record.getMessage().split())

    def _pairs(self, record: logging.LogRecord) -> dict[str, object]:
        pairs = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info and (error := record.exc_info[1]) is not None:
            pairs |= self._why(error)
        return pairs

    def _why(self, error: BaseException) -> dict[str, str]:
        """Kind and place of an error; its words only where they cannot be somebody's message."""
        if self._verbose:
            return {"trace": "".join(traceback.format_exception(error))}
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        place = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
        kind = type(error).__name__
        return {"error": f"{kind}: {error}" if isinstance(error, _SAFE) else kind, "at": place}


class Json(OneLine):
    """``{"at": …, "level": "warning", "logger": …, "message": …, "action": …, "key": …}``."""

    def format(self, record: logging.LogRecord) -> str:
        head = {"at": _at(record), "level": record.levelname.lower(), "logger": record.name}
        return orjson.dumps({**head, "message": record.getMessage(), **self._pairs(record)}, default=str).decode()


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _word(value: object) -> str:
    text = str(value)
    if text and all(c.isprintable() and c not in ' "=' for c in text):
        return text
    return json.dumps(text, ensure_ascii=False)


def start(level: str = "info", shape: str = "line") -> None:
    """Write to standard error from now on. ``level``: of what is ours; others are heard from warning up.

    ``shape``: line or json.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter((Json if shape == "json" else OneLine)(verbose=level == "debug"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
