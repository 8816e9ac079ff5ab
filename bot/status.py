"""How a bot at work is, in ``health.json`` beside its data: for ``jindu doctor --json`` and whoever watches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from bot.vitals import Vitals
from chat.findings import Finding
from chat.frozen import frozen
from chat.ports import Health
from chat.text import Text, say

NAME = "health.json"


@frozen
class Status:
    """``platforms``: how each is. ``groups``: (platform, finding) of groups that something is the matter with."""

    at: datetime
    platforms: Mapping[str, Health]
    groups: tuple[tuple[str, Finding], ...] = ()


def of(vitals: Vitals, groups: tuple[tuple[str, Finding], ...], now: datetime) -> Status:
    names = [*vitals.links, *vitals.absent]
    return Status(now, {name: vitals.look(name) for name in dict.fromkeys(names)}, groups)


def write(folder: Path, status: Status) -> None:
    """Whole or not at all. Raises OSError."""
    document = {
        "at": status.at.isoformat(),
        "platforms": {name: _health(one) for name, one in status.platforms.items()},
        "groups": [{"platform": platform, **_finding(one)} for platform, one in status.groups],
    }
    path = folder / NAME
    partial = path.with_suffix(".part")
    partial.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2))
    partial.replace(path)


def read(folder: Path) -> Status | None:
    """What was written last. None: nothing was, or it cannot be read."""
    try:
        raw = orjson.loads((folder / NAME).read_bytes())
        groups = tuple((one["platform"], _found(one)) for one in raw["groups"])
        platforms = {name: _measured(one) for name, one in raw["platforms"].items()}
        return Status(datetime.fromisoformat(raw["at"]), platforms, groups)
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        return None


def _health(one: Health) -> dict[str, Any]:
    return {
        "connected": one.connected,
        "standby": one.standby,
        "skew": one.skew,
        "trouble": _words(one.trouble) if one.trouble else None,
        "findings": [_finding(found) for found in one.findings],
    }


def _measured(raw: Mapping[str, Any]) -> Health:
    trouble = raw["trouble"]
    return Health(
        connected=raw["connected"], skew=raw["skew"], trouble=_text(trouble) if trouble else None,
        findings=tuple(_found(one) for one in raw["findings"]), standby=raw.get("standby", False),
    )  # fmt: skip


def _finding(one: Finding) -> dict[str, Any]:
    return {"topic": one.topic, "mark": one.mark, **_words(one.text)}


def _found(raw: Mapping[str, Any]) -> Finding:
    mark = raw["mark"]
    return Finding(raw["topic"], mark if mark in ("✓", "!") else "✗", _text(raw))


def _words(text: Text) -> dict[str, str]:
    return {"zh": text.plain("zh"), "en": text.plain("en")}


def _text(raw: Mapping[str, Any]) -> Text:
    return say("{zh}", "{en}", zh=str(raw["zh"]), en=str(raw["en"]))
