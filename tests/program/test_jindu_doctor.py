"""``jindu doctor`` as a process: beside a bot at work, and with books that tell of groups and of the month."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from sqlalchemy import update

from bot import status
from bot.clock import SystemClock
from bot.config import load
from bot.probe import NEWS, platforms
from bot.quota import ZONE
from chat.cards import text_card
from chat.ports import Health
from chat.text import say
from storage import quota
from storage.books import Books
from storage.database import Database
from storage.schema import prepare
from storage.statement import Statement
from storage.tables.road import Outbox
from storage.transaction import Tx
from storage.writer import SqliteWriter
from tests.platforms.dingtalk_server import DingTalkServer
from tests.platforms.feishu_server import FeishuServer
from tests.program.conftest import Start


def section(fake: FeishuServer, **more: Any) -> str:
    keys = {"app_id": fake.world.app_id, "app_secret": fake.world.secret, "domain": fake.url, **more}
    lines = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    return "\n".join(["[room]", "port = 0", "[adapters.feishu]", *lines]) + "\n"


async def test_beside_a_bot_at_work_it_tells_what_the_bot_noted(
    feishu: FeishuServer, start: Start, tmp_path: Path
) -> None:
    feishu.world.scopes.discard("resource")
    feishu.world.callbacks.clear()
    (tmp_path / "config.toml").write_text(section(feishu))
    bot = start("run", "--port", "0")
    await asyncio.to_thread(bot.until, "飞书已连接")
    noted = tmp_path / "data" / "health.json"
    async with asyncio.timeout(30):  # another process writes it
        while not noted.exists() or "200340" not in noted.read_text(encoding="utf-8"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    calls = feishu.endpoint_calls
    doctor = start("doctor", "--json", "--port", "0")
    assert await asyncio.to_thread(doctor.end) == 1
    found = json.loads(doctor.words)["findings"]
    here = {(one["topic"], one["mark"]) for one in found if one["platform"] == "feishu"}
    assert {("callback", "bad"), ("scope", "look"), ("connection", "well")} <= here
    assert any(one["topic"] == "running" for one in found)
    assert feishu.endpoint_calls == calls, "the bot's own connection is left alone"
    assert feishu.world.secret not in doctor.words + noted.read_text(encoding="utf-8")
    assert await asyncio.to_thread(bot.stop) == 0


async def test_a_bot_on_a_server_is_known_by_what_it_noted(feishu: FeishuServer, tmp_path: Path) -> None:
    words = section(feishu) + '[storage]\nurl = "postgresql://nobody@127.0.0.1:9/none"\n'
    (tmp_path / "config.toml").write_text(words)
    config = load(tmp_path / "config.toml")
    config.data.mkdir()
    status.write(config.data, status.Status(SystemClock().now(), {"feishu": Health(connected=True)}))
    found = await asyncio.to_thread(platforms, config, 8.0)
    assert {(one.finding.topic, one.platform) for one in found} == {("running", ""), ("connection", "feishu")}
    assert feishu.endpoint_calls == 0
    status.write(config.data, status.Status(SystemClock().now() - 2 * NEWS, {}))
    found = await asyncio.to_thread(platforms, config, 8.0)
    assert feishu.endpoint_calls == 1
    assert all(one.finding.mark == "✓" for one in found)


async def test_the_books_tell_of_groups_and_of_the_month(dingtalk: DingTalkServer, tmp_path: Path) -> None:
    world = dingtalk.world
    keys = {
        "client_id": world.client_id, "client_secret": world.secret, "api_base": dingtalk.url,
        "oapi_base": dingtalk.url,
    }  # fmt: skip
    lines = [f'{key} = "{value}"' for key, value in keys.items()]
    (tmp_path / "config.toml").write_text("\n".join(["[adapters.dingtalk]", *lines]))
    config = load(tmp_path / "config.toml")
    database = Database(config.database)
    writer = SqliteWriter(database)
    prepare(database, writer.aside)
    writer.start()

    def enter(tx: Tx) -> None:
        now = SystemClock().now()
        books = Books(tx, "enter", now)
        books.projects.add_chat("wecom", "wr1", "group", "客服群", None)
        books.projects.add_chat("dingtalk", "cid1", "group", "双十一大促", None)
        books.outbox.post("dingtalk", "cid1", text_card(say("x", "x")))
        tx.run(DEAD)
        quota.spend(tx, "dingtalk", now.astimezone(ZONE).date(), {"openapi": 4999})

    await writer.submit(enter)
    await writer.close()
    database.close()
    found = await asyncio.to_thread(platforms, config, 8.0)
    words = [f"{one.finding.mark} {one.text.plain()}" for one in found]
    assert "✗ 钉钉：发群消息失败（no permission）：确认我还在「双十一大促」、没被禁言，再发一次" in words
    assert any(one.startswith("! 钉钉：本月额度 4 999/5 000") for one in words)
    assert "✓ 钉钉：额度 0/3 000" in words


DEAD = Statement(update(Outbox).values(state="dead", error="no permission"))
