"""One line an event: time, level, where, action, key, figures. Never what somebody wrote, never a secret.

``2026-09-18T06:00:00.123Z WARNING jindu.courier action=retry key=room:m7/0 error="…" after=5 | not delivered``
or, for machines that collect logs, the same as one JSON object a line.
"""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import sys
import threading
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from types import TracebackType
from urllib.parse import quote

import orjson

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_SAFE = (OSError, sqlite3.Error)
"""Errors whose own words name files and codes, not what people said."""
OURS = ("jindu", "adapters")
_VALUE = re.compile(r"[<(:'\"{\[]")
"""Where a sentence that was made already begins to show a value."""


class _Masks:
    """Words that no line may hold, whatever brought them there."""

    def __init__(self) -> None:
        self._words: list[str] = []

    def set(self, words: Iterable[str]) -> None:
        """Also as they stand in an address or in JSON. What is shorter than that is no secret worth the name."""
        forms = {form for word in words if len(word) >= SHORTEST for form in (word, quote(word, safe=""), _bare(word))}
        self._words = sorted(forms, key=len, reverse=True)

    def add(self, word: str) -> None:
        self.set([*self._words, word])

    def hidden(self, line: str) -> str:
        for word in self._words:
            if word in line:
                line = line.replace(word, "***")
        return line


SHORTEST = 6
_masks = _Masks()


def _bare(word: str) -> str:
    return json.dumps(word, ensure_ascii=False)[1:-1]


class OneLine(logging.Formatter):
    """``verbose``: tracebacks whole, with the words of every error. For people who look for a bug in their own room."""

    def __init__(self, verbose: bool = False) -> None:
        super().__init__()
        self._verbose = verbose

    def format(self, record: logging.LogRecord) -> str:
        pairs = (f"{name}={_word(value)}" for name, value in self._pairs(record).items())
        words = [_at(record), record.levelname, record.name, *pairs]
        return _masks.hidden(" ".join(words) + " | " + " ".join(self._said(record).split()))

    def _said(self, record: logging.LogRecord) -> str:
        """Of what is not ours only what its authors wrote: libraries put objects and errors into their sentences."""
        if self._verbose or record.name.partition(".")[0] in OURS:
            return record.getMessage()
        template = str(record.msg).partition("\n")[0]
        return template if record.args else _VALUE.split(template)[0]

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
        line = orjson.dumps({**head, "message": self._said(record), **self._pairs(record)}, default=str).decode()
        return _masks.hidden(line)


class _LastWords:
    """What a crash leaves on the terminal: where, and of what kind; an error's own words may be somebody's message."""

    def __init__(self, verbose: bool) -> None:
        self._verbose = verbose

    def of_program(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if self._verbose or isinstance(error, _SAFE):
            lines = traceback.format_exception(kind, error, trace)
        else:
            lines = ["Traceback (most recent call last):\n", *_places(trace), f"{kind.__qualname__}: ***\n"]
        sys.stderr.write(_masks.hidden("".join(lines)))

    def of_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and args.exc_type is not SystemExit:
            self.of_program(args.exc_type, args.exc_value, args.exc_traceback)

    def unraisable(self, args: sys.UnraisableHookArgs) -> None:
        if args.exc_value is not None:
            self.of_program(args.exc_type, args.exc_value, args.exc_traceback)


def _places(trace: TracebackType | None) -> list[str]:
    """Lines of the program's own source name no values."""
    return traceback.format_tb(trace)


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _word(value: object) -> str:
    text = str(value)
    if text and all(c.isprintable() and c not in ' "=' for c in text):
        return text
    return json.dumps(text, ensure_ascii=False)


def conceal(word: str) -> None:
    """This too is shown as *** from now on."""
    _masks.add(word)


def start(level: str = "info", shape: str = "line", secrets: Iterable[str] = ()) -> None:
    """Write to standard error from now on. ``level``: of what is ours; others are heard from warning up.

    ``shape``: line or json. ``secrets``: shown as *** wherever they turn up.
    """
    _masks.set(secrets)
    last = _LastWords(verbose=level == "debug")
    sys.excepthook, threading.excepthook, sys.unraisablehook = last.of_program, last.of_thread, last.unraisable
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter((Json if shape == "json" else OneLine)(verbose=level == "debug"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
