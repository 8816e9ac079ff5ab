"""Values as they come: anything may be missing, null or of another type. What is not of its shape is as if absent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from adapters.dingtalk.mentions import BOUNDS
from chat.errors import Malformed
from chat.messages import TOKEN

PLATFORM = "dingtalk"
Json = Mapping[str, Any]
_CONTROLS = re.compile(f"[\x00-\x08\x0b-\x1f\x7f{TOKEN}{BOUNDS}]")


def clean(words: str) -> str:
    """Somebody's words without what nobody can type: our token, control characters."""
    return _CONTROLS.sub("", words.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")).strip()


def parsed(value: Any) -> Json:
    """An object, or the JSON text of one."""
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return {}
    return value if isinstance(value, dict) else {}


def inside(raw: Any, name: str) -> Json:
    if not isinstance(raw, dict) or not isinstance(raw.get(name), dict):
        raise Malformed(f"no {name}")
    return dict(raw[name])


def inner(raw: Json, name: str) -> Json:
    value = raw.get(name)
    return value if isinstance(value, dict) else {}


def ids(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one]


def word(raw: Json, name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""


def needed(raw: Json, name: str) -> str:
    return word(raw, name) or malformed(f"no {name}")


def malformed(why: str) -> str:
    raise Malformed(why)


def is_time(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 7e12


def moment(value: Any, now: datetime) -> datetime:
    """Milliseconds; never in the future."""
    return min(datetime.fromtimestamp(value / 1000, UTC), now) if is_time(value) else now
