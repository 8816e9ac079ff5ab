"""Who may come in: the token, the names this server answers to, and what a browser may do with the page."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from aiohttp import web

COOKIE = "jindu_room"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
GUESSES, MINUTE, REMEMBERED = 10, 60.0, 1000
"""Wrong tokens a minute from one address; addresses whose guesses are kept."""
SLOWLY = "口令错得太多，请等一分钟。 Too many wrong tokens; please wait a minute."
OPEN_TO_ALL = ("/static/", "/healthz", "/readyz")

LOGIN = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>进度助手 · 聊天室</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/static/icon.svg">
<script src="/static/theme.js"></script><link rel="stylesheet" href="/static/room.css"></head>
<body class="login"><main class="login-box"><h1>进度助手 · 聊天室</h1>
<p>{words}</p>
<form method="get" action="/"><label for="token">访问口令 <span lang="en">Access token</span></label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button class="button primary" type="submit">进入 <span lang="en">Enter</span></button></form>
<p class="quiet">口令显示在启动 Jindu 的终端里，也在数据目录的 room-token；自己设过的，在配置文件的 [room] 一节。
<br><span lang="en">The terminal that started Jindu shows it, room-token in the data folder has it; one of your own
is in the [room] section.</span></p>
</main></body></html>"""
ASK = '请输入访问口令。<br><span lang="en">Please enter the access token.</span>'
WRONG = '口令不对，请再试一次。<br><span lang="en">That token is not right; please try again.</span>'

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gate:
    """Without a token only loopback names are answered, so that no foreign page can rebind its name to this server."""

    def __init__(self, host: str, token: str) -> None:
        if not token and host not in LOOPBACK:
            raise ValueError(f"room: host {host} is open to the network, so a token is required")
        self._token = token
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()
        self._cookie = hashlib.scrypt(token.encode(), salt=b"jindu room", n=1 << 14, r=8, p=1).hex() if token else ""

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = self._refuse(request) or await handler(request)
        except web.HTTPException as error:
            error.headers.update(HEADERS)
            raise
        if not response.prepared:
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
        return response

    def _refuse(self, request: web.Request) -> web.Response | None:
        """What to answer instead of the page, or None."""
        if not all(_is_text(value) for _, value in request.raw_headers):
            return web.Response(status=400, text="A header is no text.")
        if not self._token and _hostname(request.host) not in LOOPBACK:
            return web.Response(status=403, text="This room answers to localhost only.")
        if self._foreign(request):
            return web.Response(status=403, text="Wrong origin.")
        if not self._token or request.path.startswith(OPEN_TO_ALL):
            return None
        if _same(request.cookies.get(COOKIE, ""), self._cookie):
            return None
        if self._guesses(request):
            return web.Response(status=429, text=SLOWLY)
        if request.path == "/" and "token" in request.query:
            return self._login(request)
        known = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if _same(known, self._token):
            return None
        if known:
            self._guessed(request)
        if request.path == "/":
            return web.Response(status=401, text=LOGIN.format(words=ASK), content_type="text/html")
        return web.Response(status=401, text="A token is required.")

    def _guesses(self, request: web.Request) -> bool:
        """Has this address been wrong too often within the last minute?"""
        wrong = self._wrong.get(request.remote or "")
        while wrong and wrong[0] <= monotonic() - MINUTE:
            wrong.popleft()
        return wrong is not None and len(wrong) >= GUESSES

    def _guessed(self, request: web.Request) -> None:
        self._wrong.setdefault(request.remote or "", deque()).append(monotonic())
        if len(self._wrong) > REMEMBERED:
            self._wrong.popitem(last=False)

    def _login(self, request: web.Request) -> web.Response:
        if not _same(request.query["token"], self._token):
            self._guessed(request)
            return web.Response(status=401, text=LOGIN.format(words=WRONG), content_type="text/html")
        response = web.Response(status=303, headers={"Location": "/"})
        response.set_cookie(COOKIE, self._cookie, httponly=True, samesite="Strict", max_age=30 * 86_400)
        return response

    @staticmethod
    def _foreign(request: web.Request) -> bool:
        """True for a WebSocket or an upload begun by a page of another origin. Programs send no Origin."""
        origin = request.headers.get("Origin")
        if origin is None or (request.method == "GET" and request.path != "/ws"):
            return False
        return _split(origin).netloc != request.host


def _hostname(host: str) -> str:
    return _split(f"//{host}").hostname or ""


def _is_text(value: bytes) -> bool:
    """What is not, the library puts into the words of its refusals, and fails to send them."""
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _split(address: str) -> SplitResult:
    """Nobody's when it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(errors="surrogatepass"), other.encode(errors="surrogatepass"))
