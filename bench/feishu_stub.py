"""Feishu's REST side, as cheap as it can be: says yes to everything and counts the messages. A process of its own.

``GET /count``: how many messages the bot has sent. Everything else is answered as Feishu would answer a bot that may
do all it wants.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
BOT = "ou_bot"


class Stub(asyncio.Protocol):
    sent = 0

    def __init__(self) -> None:
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while (end := self._rest.find(b"\r\n\r\n")) >= 0:
            head = self._rest[:end]
            found = LENGTH.search(head)
            whole = end + 4 + (int(found[1]) if found else 0)
            if len(self._rest) < whole:
                return
            self._rest = self._rest[whole:]
            method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
            body = json.dumps(self._answer(method, path.partition("?")[0])).encode()
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
            )

    def _answer(self, method: str, path: str) -> dict[str, object]:
        if path == "/count":
            return {"sent": Stub.sent}
        if path.endswith("tenant_access_token/internal"):
            return {"code": 0, "msg": "ok", "tenant_access_token": "t-bench", "expire": 7200}
        if path.endswith("/bot/v3/info"):
            bot = {
                "activate_status": 2,
                "app_name": "进度助手",
                "avatar_url": "http://a/a.png",
                "ip_white_list": [],
                "open_id": BOT,
            }
            return {"code": 0, "msg": "ok", "bot": bot}
        if method == "POST" and "/im/v1/messages" in path:
            Stub.sent += 1
            return {"code": 0, "msg": "success", "data": {"message_id": f"om_sent{Stub.sent}"}}
        if path.endswith("/members"):
            items = [{"member_id_type": "open_id", "member_id": "ou_0", "name": "张三", "tenant_key": "t"}]
            return {"code": 0, "msg": "success", "data": {"items": items, "has_more": False}}
        if "/contact/v3/users/" in path:
            return {"code": 0, "msg": "success", "data": {"user": {"name": "张三"}}}
        return {"code": 0, "msg": "success", "data": {"name": "双十一", "chat_mode": "group"}}


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Stub, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
