"""The HTTP side of the fake WeCom: group webhooks, the self-built app, encrypted downloads."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from aiohttp import web
from Crypto.Cipher import AES

from tests.platforms.wecom_rules import Json, Refusal, Window, need

KEY = "11111111-hook-key"
CORP, AGENT, APP_SECRET = "wwcorp", 1000002, "appsecret"


class HttpSide:
    """``posted``: what arrived at webhooks and at the app, as (where, body). ``refuse``: codes for the next calls."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.keys: set[str] = {KEY}
        self.people: dict[str, str] = {}
        self.posted: list[tuple[str, Json]] = []
        self.refuse: list[int] = []
        self.tokens: dict[str, float] = {}
        self.token_life = 7200.0
        self.trusted = True
        self.per_minute = Window(now, (20, 60.0))
        self._files: dict[str, tuple[str, bytes]] = {}
        self._seen: set[str] = set()

    def routes(self, app: web.Application) -> None:
        app.router.add_post("/cgi-bin/webhook/send", self._answering(self._webhook))
        app.router.add_get("/cgi-bin/gettoken", self._answering(self._token))
        app.router.add_get("/cgi-bin/user/get", self._answering(self._user))
        app.router.add_get("/cgi-bin/agent/get", self._answering(self._agent))
        app.router.add_post("/cgi-bin/message/send", self._answering(self._send))
        app.router.add_get("/media/{name}", self._download)

    def offer(self, name: str, data: bytes, key: bytes) -> tuple[str, str]:
        """A file as people send it: (path, aeskey). Padded to 32 bytes, which 16-byte unpadders choke on."""
        pad = 32 - len(data) % 32
        self._files[name] = (name, AES.new(key, AES.MODE_CBC, key[:16]).encrypt(data + bytes([pad]) * pad))
        return f"/media/{quote(name)}", b64encode(key).decode().rstrip("=")

    def _answering(self, act: Callable[[web.Request, Json], Json | None]) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.Response:
            body = json.loads(await request.text() or "{}")
            answer: Json = {"errcode": 0, "errmsg": "ok"}
            try:
                if self.refuse:
                    raise Refusal(self.refuse.pop(0))
                answer |= act(request, body) or {}
            except Refusal as refusal:
                answer |= {"errcode": refusal.code, "errmsg": refusal.message}
            return web.json_response(answer)

        return handle

    def _webhook(self, request: web.Request, body: Json) -> None:
        key = request.query.get("key", "")
        need(key in self.keys, 93000)
        kind = body.get("msgtype", "")
        need(kind in ("text", "markdown", "markdown_v2"), 40008)
        content = body[kind]["content"]
        need(len(content.encode()) <= (2048 if kind == "text" else 4096), 40058, "exceed max length 4096")
        self.per_minute.count(key)
        self.posted.append((key, body))

    def _token(self, request: web.Request, _: Json) -> Json:
        need(request.query.get("corpid") == CORP and request.query.get("corpsecret") == APP_SECRET, 40001)
        token = f"token{len(self.tokens) + 1}"
        self.tokens[token] = self.now() + self.token_life
        return {"access_token": token, "expires_in": int(self.token_life)}

    def _user(self, request: web.Request, _: Json) -> Json:
        self._authorised(request)
        user = request.query.get("userid", "")
        need(user in self.people, 60111)
        return {"userid": user, "name": self.people[user]}

    def _agent(self, request: web.Request, _: Json) -> Json:
        self._authorised(request)
        need(request.query.get("agentid") == str(AGENT), 301002)
        return {"agentid": AGENT, "name": "进度助手"}

    def _send(self, request: web.Request, body: Json) -> Json:
        self._authorised(request)
        need(body.get("agentid") == AGENT, 301002)
        whole = json.dumps(body, sort_keys=True)
        if not (body.get("enable_duplicate_check") and whole in self._seen):
            self._seen.add(whole)
            self.posted.append(("app", body))
        unknown = [user for user in body["touser"].split("|") if user not in self.people]
        return {"invaliduser": "|".join(unknown), "msgid": "x"}

    def _authorised(self, request: web.Request) -> None:
        need(self.trusted, 60020, "not allow to access from your ip, hint: [1758], from ip: 203.0.113.7")
        token = request.query.get("access_token", "")
        need(token in self.tokens, 40014)
        need(self.tokens[token] > self.now(), 42001)

    async def _download(self, request: web.Request) -> web.Response:
        name, data = self._files[request.match_info["name"]]
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
        return web.Response(body=data, headers=headers)
