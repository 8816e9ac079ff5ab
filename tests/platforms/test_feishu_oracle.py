"""The fake is judged by the vendor's own client: whatever the fake does to us, lark-oapi takes for Feishu."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

from adapters.feishu import cards
from adapters.link import ROOT
from tests.contract.platform import CARD
from tests.platforms.feishu_frames import decode, encode
from tests.platforms.feishu_server import FeishuServer


async def test_lark_oapi_takes_the_fake_for_feishu(still) -> None:
    server = FeishuServer(still)
    await server.start()
    world = server.world
    group = world.group("双十一大促", "张三", "李四", "王五")
    zhang = world.person("张三")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-m", "tests.platforms.feishu_oracle",
        server.url, world.app_id, world.secret, group, zhang,
        env={**os.environ, "PYTHONPATH": ROOT}, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    found: dict[str, list[Any]] = {}

    async def reading() -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            if line.startswith(b"{"):
                finding = json.loads(line)
                found.setdefault(finding.pop("what"), []).append(finding)

    reader = asyncio.create_task(reading())
    try:
        await server.until(lambda: server.sockets, 30)
        _, heard = server.hear(group, zhang, "你好", mention=True)
        server.fragment = 100
        _, pieces = server.hear(group, zhang, "很长" * 200)
        await heard.finished.wait()
        await pieces.finished.wait()
        message = world.add(group, world.app_id, "interactive", cards.cards(CARD, "zh")[0])
        press = server.press(message.id, zhang)
        await press.finished.wait()
        await server.until(lambda: "pressed" in found)
    finally:
        process.kill()
        await process.wait()
        await reader
        await server.stop()

    assert [encode(decode(bytes.fromhex(one["raw"]))).hex() for one in found["frame"]] == [
        one["raw"] for one in found["frame"]
    ]
    assert found["send"] == [{"ok": True, "again": True, "chat": group}]
    for what in ("direct", "patch", "reply", "upload"):
        assert found[what] == [{"ok": True}], what
    assert found["members"] == [{"names": ["张三", "李四"]}]
    assert found["readers"] == [{"names": [], "more": False}]
    assert found["refused"] == [{"code": 230099, "ok": False}]
    assert found["heard"][0] == {"text": "@_user_1 你好", "sender": zhang}
    assert (heard.state, pieces.state) == ("acked", "acked")
    assert found["pressed"] == [{"value": {"v": "do", "a": ["T1"], "n": 3}}]
    assert (press.state, press.trouble) == ("acked", 0)
    assert press.answer["toast"]["content"] == "收到"
    assert world.words(message) == "好"
