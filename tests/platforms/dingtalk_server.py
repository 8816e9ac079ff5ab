"""A fake DingTalk on real sockets: the Stream gateway, OpenAPI, oapi, session webhooks, and what goes wrong with them.

Checked against the real dingtalk-stream client (``test_dingtalk_oracle.py``). ``ack_within`` (3 s at DingTalk's),
``redeliver`` (16–60 s) and ``grace`` (10 s between «leave» and the end) are real seconds, made short by tests; whatever
has a date goes by the clock.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections import deque
from typing import Any

import aiohttp
from aiohttp import web

from chat.ports import Clock
from tests.platforms.dated import dated
from tests.platforms.dingtalk_people import People
from tests.platforms.dingtalk_rules import Json, Refusal, need
from tests.platforms.dingtalk_world import TICKET_SECONDS

TROUBLE = {401: ("authFailed", "鉴权失败"), 400: ("systemError", "系统错误"), 503: ("ServiceUnavailable", "busy")}


class DingTalkServer(People):
    """``url`` is api_base and oapi_base. ``world`` holds people, groups, messages and cards."""

    def __init__(
        self,
        clock: Clock,
        *,
        ack_within: float = 3.0,
        redeliver: tuple[float, ...] = (0.02, 0.05, 0.1, 0.2),
        grace: float = 0.2,
    ) -> None:
        super().__init__(clock, ack_within, redeliver)
        self.grace = grace
        self.opens = 0
        self.gateway: deque[int] = deque()
        """How the next openings of a connection fail: an HTTP status; -1: no answer at all; 0: HTML with 200."""
        self.handshakes = 0
        """So many upgrades are refused."""
        self.swallow = 0
        """So many calls take effect, but the connection breaks before the answer."""
        self.skew = 0.0
        """Seconds by which this server's clock is ahead."""
        self.broken = 0
        """So many calls are answered with HTTP 500 and do nothing."""
        self.blocked = 0
        """So many calls are turned away at the gate: «punish»."""
        self.tickets: dict[str, tuple[float, Json]] = {}
        self._thaw = asyncio.Event()

    async def start(self) -> None:
        app = web.Application(client_max_size=64 << 20)
        dated(app, lambda: self.world.now() + self.skew)
        app.router.add_post("/v1.0/gateway/connections/open", self._open)
        app.router.add_get("/connect", self._connect)
        app.router.add_post("/robot/sendBySession", self._session)
        app.router.add_get("/files/{code}", self._file)
        app.router.add_route("*", "/v1.0/{path:.*}", self._api)
        app.router.add_route("*", "/{path:topapi/.*|media/.*|gettoken}", self._oapi)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        self._thaw.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.drop()
        await self._runner.cleanup()

    # --- disasters -----------------------------------------------------------------------------------------------

    def drop(self) -> None:
        """Every connection is cut without a word."""
        for socket in self.links:
            if socket.ws._req is not None and socket.ws._req.transport is not None:
                socket.ws._req.transport.abort()
        self.links.clear()

    async def close(self, code: int = 1001) -> None:
        links, self.links = self.links, []
        for link in links:
            await link.ws.close(code=code)

    async def tell_to_leave(self, reason: str = "connection is expired") -> None:
        """Nothing is pushed to these connections any more; some time later they end."""
        links, self.links = self.links, []
        for link in links:
            await link.ws.send_str(self.frame("SYSTEM", "disconnect", {"reason": reason}))
            self._spawn(self._end_later(link.ws))

    async def _end_later(self, ws: web.WebSocketResponse) -> None:
        await asyncio.sleep(self.grace)
        await ws.close(code=1001)

    async def ping(self) -> list[Json]:
        """Returns what the connections answer."""
        before = len(self.acks)
        count = len(self.links)
        for link in self.links:
            await link.ws.send_str(self.frame("SYSTEM", "ping", {"opaque": "o-1"}))
        await self.until(lambda: len(self.acks) >= before + count)
        return self.acks[before:]

    async def raw(self, text: str) -> None:
        """These very characters to every connection."""
        for link in self.links:
            await link.ws.send_str(text)

    def freeze(self) -> None:
        """Half-open: nothing is read or answered on the sockets any more, nothing is closed."""
        self.frozen = True
        self._thaw.clear()

    def thaw(self) -> None:
        self.frozen = False
        self._thaw.set()

    # --- the long connection -------------------------------------------------------------------------------------

    async def _open(self, request: web.Request) -> web.StreamResponse:
        self.opens += 1
        trouble = self.gateway.popleft() if self.gateway else 200
        if trouble == -1:
            await self._thaw.wait()
        if trouble == 0:
            return web.Response(text="<html>please log in to the hotel</html>", content_type="text/html")
        body = await request.json()
        if trouble in TROUBLE or (body.get("clientId"), body.get("clientSecret")) != (
            self.world.client_id,
            self.world.secret,
        ):
            code, message = TROUBLE.get(trouble, TROUBLE[401])
            status = trouble if trouble in TROUBLE else 401
            return web.json_response({"requestid": "r", "code": code, "message": message}, status=status)
        ticket = f"ticket-{self.world.number()}/+="
        self.tickets[ticket] = (self.world.now() + TICKET_SECONDS, body)
        return web.json_response({"endpoint": self.url.replace("http", "ws") + "/connect", "ticket": ticket})

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        until, asked = self.tickets.pop(request.query.get("ticket", ""), (0.0, {}))
        if self.handshakes or until <= self.world.now():
            self.handshakes = max(self.handshakes - 1, 0)
            return web.Response(status=401)
        ws = web.WebSocketResponse(autoping=False, max_msg_size=64 << 20)
        await ws.prepare(request)
        link = self.joined(ws, asked["subscriptions"])
        try:
            async for message in ws:
                if self.frozen:
                    await self._thaw.wait()
                if message.type is aiohttp.WSMsgType.PING:
                    await ws.pong(message.data)
                elif message.type is aiohttp.WSMsgType.TEXT:
                    self.acked(json.loads(message.data))
        finally:
            if link in self.links:
                self.links.remove(link)
        return ws

    # --- calls ---------------------------------------------------------------------------------------------------

    async def _session(self, request: web.Request) -> web.StreamResponse:
        """HTTP 200 always; no token."""
        raw = await request.read()
        try:
            self._gate()
            self.world.by_session(request.query.get("session", ""), json.loads(raw), len(raw))
        except Refusal as refusal:
            code = refusal.code if isinstance(refusal.code, int) else 410100
            return web.json_response({"errcode": code, "errmsg": str(refusal)})
        self._maybe_swallow(request)
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def _api(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        self.world.calls.append(f"{request.method} {path}")
        try:
            body = await request.json() if request.method != "GET" else dict(request.query)
            if path == "/v1.0/oauth2/accessToken":
                token = self.world.token(body.get("appKey"), body.get("appSecret"))
                left = math.ceil(self.world.tokens[token] - self.world.now())
                return web.json_response({"accessToken": token, "expireIn": left})
            self._gate()
            self.world.authorise(request.headers.get("x-acs-dingtalk-access-token"), path)
            answer = self._call(request.method, path, body)
        except Refusal as refusal:
            code = refusal.code if isinstance(refusal.code, str) else "system.error"
            said = {"code": code, "message": str(refusal), "requestid": "r", **refusal.more}
            return web.json_response(said, status=refusal.status)
        self._maybe_swallow(request)
        return web.json_response(answer)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        content = self.world.files.get(request.match_info["code"])
        return web.Response(body=content) if content is not None else web.Response(status=404)

    def _call(self, method: str, path: str, body: Json) -> Any:
        world = self.world
        match method, path.removeprefix("/v1.0/"):
            case "POST", "robot/groupMessages/send":
                return world.to_group(body)
            case "POST", "robot/oToMessages/batchSend":
                return world.to_people(body)
            case "GET", "robot/oToMessages/readStatus":
                return world.read_status(body)
            case "POST", "robot/groupMessages/query":
                return world.read_list(body)
            case "POST", "card/instances":
                return world.create(body)
            case "POST", "card/instances/deliver":
                return world.deliver(body)
            case "POST", "card/instances/createAndDeliver":
                world.create(body)
                return world.deliver(body)
            case "PUT", "card/instances":
                return world.redraw(body)
            case "POST", "robot/messageFiles/download":
                need(body.get("robotCode") == world.client_id, "invalidParameter.robotCode.notExsit")
                return {"downloadUrl": f"{self.url}/files/{body.get('downloadCode')}"}
        raise Refusal("InvalidAction.NotFound", f"{method} {path}", 404)

    async def _oapi(self, request: web.Request) -> web.StreamResponse:
        """HTTP 200 always; the token is part of the address."""
        path, world = request.path, self.world
        world.calls.append(f"{request.method} {path}")
        try:
            if path == "/gettoken":
                token = world.token(request.query.get("appkey"), request.query.get("appsecret"))
                return web.json_response({"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": 7200})
            self._gate()
            calls = world.calls_left
            world.calls_left = calls + 1  # these cost nothing
            world.authorise(request.query.get("access_token"), path)
            world.calls_left = calls
            if path == "/topapi/v2/user/get":
                return web.json_response(world.user((await request.json()).get("userid")))
            return web.json_response(await self._uploaded(request))
        except Refusal as refusal:
            return web.json_response(_old_error(refusal))

    async def _uploaded(self, request: web.Request) -> Json:
        need(request.query.get("type") in ("image", "voice", "video", "file"), 40035, "type")
        async for part in await request.multipart():
            assert isinstance(part, aiohttp.BodyPartReader)
            if part.name == "media":
                content = bytes(await part.read())
                need(0 < len(content) <= 20 << 20, 40035, "media")
                handle = f"@media{self.world.number():020d}"
                self.world.media[handle] = content
                return {"errcode": 0, "errmsg": "ok", "media_id": handle, "created_at": 1, "type": "image"}
        raise Refusal(40035, "media")

    def _gate(self) -> None:
        """Before DingTalk itself hears of a call."""
        if self.blocked:
            self.blocked -= 1
            said = {"status": 1111, "wait": 5, "source": "x5", "punish": "deny"}
            raise web.HTTPForbidden(text=json.dumps(said), content_type="application/json")
        if self.broken:
            self.broken -= 1
            said = {"code": "system.error", "message": "系统错误", "requestid": "r"}
            raise web.HTTPInternalServerError(text=json.dumps(said), content_type="application/json")

    def _maybe_swallow(self, request: web.Request) -> None:
        if self.swallow:
            self.swallow -= 1
            assert request.transport is not None
            request.transport.abort()


def _old_error(refusal: Refusal) -> Json:
    if refusal.code == "InvalidAuthentication":
        message = "ding talk error[subcode=40014,submsg=不合法的access_token]"
        return {"errcode": 88, "sub_code": "40014", "sub_msg": "不合法的access_token", "errmsg": message}
    if refusal.code == "Forbidden.AccessDenied.AccessTokenPermissionDenied":
        return {"errcode": 88, "sub_code": "60011", "sub_msg": "没有调用该接口的权限", "errmsg": "ding talk error"}
    return {"errcode": refusal.code if isinstance(refusal.code, int) else 41030, "errmsg": str(refusal)}
