"""Changes a few keys of one section of a TOML file and leaves every other character as it was, comments included."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

_HEADER = re.compile(r"\s*\[+\s*([^\]#]+?)\s*\]+\s*(?:#.*)?$")
_KEY = re.compile(r"(\s*)([\w-]+)(\s*=\s*)(.*)$")
_COMMENT = re.compile(r"""((?:[^#"']|"(?:[^"\\]|\\.)*"|'[^']*')*?)(\s*#.*)?$""")
Value = str | bool


class Unchangeable(Exception):
    """The file is written in a way that this editor does not understand; nothing was changed."""


def changed(text: str, section: str, values: Mapping[str, Value]) -> str:
    """``text`` with these values in ``[section]``, which is added at the end if it is not there.

    Raises Unchangeable, also when the result would not read as asked.
    """
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if _name(line) == section), None)
    if start is None:
        gap = [""] if lines and lines[-1].strip() else []
        lines += [*gap, f"[{section}]", *(f"{key} = {_literal(value)}" for key, value in values.items())]
    else:
        end = next((n for n in range(start + 1, len(lines)) if _name(lines[n])), len(lines))
        lines[start + 1 : end] = _section(lines[start + 1 : end], values)
    result = "\n".join(lines) + "\n"
    if _read(result, section) != {**_read(text, section), **values}:
        raise Unchangeable(section)
    return result


def _section(lines: list[str], values: Mapping[str, Value]) -> list[str]:
    """Keys that are there keep their place and their comment; others follow the last one."""
    left = dict(values)
    last = 0
    for number, line in enumerate(lines):
        found = _KEY.match(line)
        if found is None:
            continue
        last = number + 1
        if found[2] in left:
            comment = _COMMENT.match(found[4])
            kept = (comment[2] or "") if comment else ""
            lines[number] = f"{found[1]}{found[2]}{found[3]}{_literal(left.pop(found[2]))}{kept}"
    return [*lines[:last], *(f"{key} = {_literal(value)}" for key, value in left.items()), *lines[last:]]


def _name(line: str) -> str:
    found = _HEADER.match(line)
    return ".".join(part.strip().strip("\"'") for part in found[1].split(".")) if found else ""


def _literal(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _read(text: str, section: str) -> dict[str, object]:
    try:
        found: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unchangeable(str(error)) from error
    for part in section.split("."):
        found = found.get(part, {}) if isinstance(found, dict) else {}
    return dict(found) if isinstance(found, dict) else {}
