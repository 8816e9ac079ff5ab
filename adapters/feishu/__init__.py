"""Feishu (and Lark): events over the long connection or HTTP callbacks, cards in JSON 2.0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chat.ports import Clock

if TYPE_CHECKING:
    from adapters.feishu.adapter import FeishuAdapter


def open(section: Mapping[str, Any], clock: Clock, **how: Any) -> FeishuAdapter:  # noqa: A001 — what every platform offers
    """See ``adapters.feishu.adapter.open``. Imported when called: the child process lives without it."""
    from adapters.feishu.adapter import open as open_feishu

    return open_feishu(section, clock, **how)
