"""Feishu's own leave approvals: what its older events tell of them, and asking for these events at all.

An approval that passes comes as two events, ``leave_approval`` and ``leave_approvalV2``; the first says in hours what
the second hides in a list written like no JSON, so the first is read. Its moments are those of the company's clock.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from adapters.feishu.client import Client
from adapters.feishu.content import moment, needed
from chat.errors import DeliveryError, RetryLater
from chat.messages import Incoming

log = logging.getLogger("jindu.feishu")
PLATFORM = "feishu"
KINDS = {"leave_approval": "leave_approved", "leave_approval_revert": "leave_withdrawn"}
"""{type of the event: what it is to us}."""
AGAIN = 300.0
"""Seconds before what an admin or the network did not allow is asked for once more."""


def read(body: Mapping[str, Any], event: Mapping[str, Any]) -> tuple[Incoming, ...]:
    """Of an event without a header; nothing of a kind that is not used. Raises Malformed."""
    happened = KINDS.get(str(event.get("type") or ""))
    if happened is None:
        return ()
    data = {"instance": needed(event, "instance_code")}
    if happened == "leave_approved":
        data |= {
            "id": needed(event, "open_id"),
            "since": needed(event, "leave_start_time"),
            "until": needed(event, "leave_end_time"),
        }
    key = f"{PLATFORM}:{needed(body, 'uuid')}"
    return (Incoming(key, "event", PLATFORM, moment(body.get("ts")), event=happened, data=data),)


async def subscribe(client: Client) -> None:
    """Ask for the events of the approvals that the configuration names. Feishu wants that once, and bears it again."""
    for code in client.config.leave_approvals:
        while True:
            try:
                await client.subscribe(code)
            except RetryLater as error:
                log.warning("no leave", extra={"action": "feishu.leave", "error": str(error)})
                await asyncio.sleep(max(AGAIN, error.after))
                continue
            except DeliveryError as error:
                log.info("leave as before", extra={"action": "feishu.leave", "error": str(error)})
            break
