"""Leave approved in Feishu: asked for once, told by the real lark-oapi, and entered as if its owner had typed it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.feishu.adapter import FeishuAdapter, LongConnection
from adapters.feishu.client import Client
from adapters.feishu.config import read
from tests.platforms.feishu_contract import FeishuPlatform

pytestmark = pytest.mark.sqlite

CODES = ["7C468A54-8745-2245-9675-08B7C63E7A85", "59558CEE-CEF4-45C9-1234-UVDE8BEC1234"]
INSTANCE = "CEF48CEE-CEF4-45C9-1234-DCBF8BEC1234"


class Company(FeishuPlatform):
    """One that names its leave approvals."""

    def __init__(self) -> None:
        super().__init__()
        self.server.world.scopes |= {"approval"}

    async def start(self) -> None:
        await self.server.start()
        world = self.server.world
        section = {
            "app_id": world.app_id, "app_secret": world.secret, "domain": self.server.url, "leave_approvals": CODES,
        }  # fmt: skip
        config = read(section)
        connection = LongConnection(config)
        self.adapter = FeishuAdapter(Client(config, self.clock, total=5), connection, self.clock, after_press=0.02)
        self.listening()
        await connection.reached("ready")

    def approved(self, **other: Any) -> dict[str, Any]:
        """The body of the event as Feishu's documentation has it."""
        return {
            "approval_code": CODES[0], "instance_code": INSTANCE, "employee_id": "g6964xxx",
            "open_id": self.server.world.person("李四"), "start_time": 1589527346, "end_time": 1589527354,
            "leave_type": "事假", "leave_start_time": "2026-09-21 12:00:00", "leave_end_time": "2026-09-23 00:00:00",
            "leave_interval": 129600, "leave_unit": 2, "leave_reason": "家里有事", **other,
        }  # fmt: skip


@pytest.fixture
async def company() -> AsyncIterator[Company]:
    company = Company()
    await company.start()
    yield company
    await company.stop()


async def test_events_of_the_named_approvals_are_asked_for(company: Company) -> None:
    await company.server.until(lambda: company.server.approvals == set(CODES))
    assert "leave" not in company.adapter.client.trouble


async def test_a_leave_that_passes_and_is_withdrawn_is_told(company: Company) -> None:
    delivery = company.server.happen_before("leave_approval", company.approved())
    await delivery.finished.wait()
    assert delivery.state == "acked"
    thing = company.ledger.things[-1]
    assert (thing.kind, thing.event, thing.chat) == ("event", "leave_approved", None)
    assert thing.data == {
        "id": company.server.world.person("李四"), "instance": INSTANCE, "since": "2026-09-21 12:00:00",
        "until": "2026-09-23 00:00:00",
    }  # fmt: skip
    assert "家里有事" not in repr(thing), "why somebody is away is nobody's business"
    back = company.server.happen_before("leave_approval_revert", {"instance_code": INSTANCE, "operate_time": 1})
    await back.finished.wait()
    assert (company.ledger.things[-1].event, dict(company.ledger.things[-1].data)) == (
        "leave_withdrawn", {"instance": INSTANCE},
    )  # fmt: skip
    assert len({thing.key for thing in company.ledger.things}) == 2


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("leave_approvalV2", {}), ("out_approval", {}), ("", {}), ("leave_approval", {"open_id": ""}),
        ("leave_approval", {"instance_code": None}), ("leave_approval", {"leave_start_time": 5}),
        ("leave_approval_revert", {"instance_code": ""}),
    ],
)  # fmt: skip
async def test_what_is_not_used_is_acknowledged_and_told_to_nobody(
    company: Company, kind: str, change: dict[str, Any]
) -> None:
    delivery = company.server.happen_before(kind, company.approved(**change))
    await delivery.finished.wait()
    assert (delivery.state, delivery.attempts) == ("acked", 1)
    assert not company.ledger.things


async def test_without_the_permission_an_admin_is_told_and_everything_else_works() -> None:
    company = Company()
    company.server.world.scopes -= {"approval"}
    await company.start()
    try:
        await company.server.until(lambda: "leave" in company.adapter.client.trouble)
        assert company.adapter.trouble is not None
        await company.acked(await company.say("你好", "李四"))
    finally:
        await company.stop()


@pytest.mark.parametrize("codes", ["7C468A54", [7], ["太短"], [""], ["a b c d e f g h"], {"a": "b"}])
def test_codes_that_are_none_are_named(codes: object) -> None:
    with pytest.raises(ValueError, match="leave_approvals"):
        read({"app_id": "cli_1", "app_secret": "s", "leave_approvals": codes})
