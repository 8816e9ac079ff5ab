"""The long connection, in a process of its own: lark-oapi's websocket client, watched by ``adapters.link``.

Only that client is used. Importing the whole SDK costs two seconds and 170 MB for sixty services that are never called
here, so its package is entered by the side door; should a later version not allow that, it is imported as a whole.

What is changed of the client, and why:

* ``_handle_data_frame`` gives the bot every event raw, of whatever type, and waits for its receipt without holding up
  the loop: the SDK's handlers run one after the other on the loop that also answers pings, and drop half of the types;
* ``_connect`` tells the state; a refusal that cannot be cured by trying again ends the process (the SDK would live on
  without a connection);
* ``_handle_message`` notes that the peer lives;
* its sockets go through the proxy that the environment names, and take larger frames;
* ``_configure`` caps the pauses between tries and supplies figures that the platform left out.

Tests shorten ``patience``, ``quiet``, ``beat`` and ``interval`` by settings of these names.
"""

from __future__ import annotations

import asyncio
import base64
import importlib
import importlib.util
import logging
import os
import sys
import time
from types import ModuleType
from typing import Any

import orjson

from adapters.feishu.errors import LINK_STATES
from adapters.pipe import NotStored, Pipe

PATIENCE = 2.5
"""Seconds for the bot's receipt; Feishu wants its answer within 3."""
NONCE, INTERVAL = 2.0, 8.0
"""Seconds at most before the first and between later reconnections."""
QUIET = 30.0
"""Seconds beyond the interval of pings without a sign of the peer: the connection is dead, whatever the socket says."""
BEAT = 1.0
LARGEST_FRAME = 8 << 20
"""Bytes; the usual 1 MiB would end the connection, and the event would come again and again."""


def websocket_client() -> Any:
    """The module ``lark_oapi.ws.client``, with as little of the rest as it can do with."""
    found = importlib.util.find_spec("lark_oapi")
    if found is None or found.submodule_search_locations is None:
        raise ModuleNotFoundError("lark-oapi is not installed")
    root = ModuleType("lark_oapi")
    root.__path__ = list(found.submodule_search_locations)
    handlers = ModuleType("lark_oapi.event.dispatcher_handler")
    handlers.EventDispatcherHandler = object  # type: ignore[attr-defined]
    sys.modules |= {"lark_oapi": root, handlers.__name__: handlers}
    try:
        return importlib.import_module("lark_oapi.ws.client")
    except Exception:
        for name in [name for name in sys.modules if name.split(".")[0] == "lark_oapi"]:
            del sys.modules[name]
        return importlib.import_module("lark_oapi.ws.client")


def connection(sdk: Any, pipe: Pipe) -> Any:
    """The SDK's client with our ends. ``sdk``: its module."""
    settings = pipe.settings

    class Connection(sdk.Client):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(settings["app_id"], settings["app_secret"], domain=settings["domain"])
            self.heard = time.monotonic()
            self.on_reconnecting = lambda: pipe.state("reconnecting", "the connection broke")
            self._reconnect_nonce, self._reconnect_interval = NONCE, interval

        async def _connect(self) -> None:
            try:
                await super()._connect()
            except sdk.ClientException as error:
                pipe.end(LINK_STATES.get(error.code, "auth_failed"), str(error))
            except Exception as error:
                pipe.state("reconnecting", f"{type(error).__name__}: {error}")
                raise
            self.heard = time.monotonic()
            pipe.state("ready")

        async def _handle_message(self, msg: bytes) -> None:
            self.heard = time.monotonic()
            await super()._handle_message(msg)

        async def _handle_data_frame(self, frame: Any) -> None:
            """Hand the event in, wait for the bot's receipt, answer with it. What lacks a header is left unanswered."""
            headers = {header.key: header.value for header in frame.headers}
            payload, count = frame.payload, int(headers["sum"])
            if count > 1:
                payload = self._combine(headers["message_id"], count, int(headers["seq"]), payload)
                if payload is None:
                    return
            start = time.monotonic()
            number, reply = await receipt(pipe, payload, patience)
            header = frame.headers.add()
            header.key, header.value = "biz_rt", str(round((time.monotonic() - start) * 1000))
            frame.payload = orjson.dumps(reply)
            await self._write_message(frame.SerializeToString())
            if reply["code"] == 200:
                pipe.acked(number)

        def _configure(self, conf: Any) -> None:
            super()._configure(conf)
            self._reconnect_count = -1
            self._reconnect_nonce = min(_number(conf.ReconnectNonce, NONCE), NONCE)
            self._reconnect_interval = min(_number(conf.ReconnectInterval, interval), interval)
            self._ping_interval = max(_number(conf.PingInterval, 120), 0.05)

    interval, patience = float(settings.get("interval", INTERVAL)), float(settings.get("patience", PATIENCE))
    return Connection()


async def watch(link: Any, pipe: Pipe) -> None:
    """Beats prove that this loop lives; a peer that says nothing at all is given up."""
    beat, quiet = float(pipe.settings.get("beat", BEAT)), float(pipe.settings.get("quiet", QUIET))
    while True:
        pipe.beat()
        if link._conn is not None and time.monotonic() - link.heard > link._ping_interval + quiet:
            pipe.end("reconnecting", "the peer fell silent")
        await asyncio.sleep(beat)


async def receipt(pipe: Pipe, payload: bytes, patience: float) -> tuple[int, dict[str, Any]]:
    """(the event's number, what Feishu is answered). 500: it shall send the event again."""
    number, waiting = pipe.event(payload.decode(errors="replace"))
    try:
        answer = await asyncio.wait_for(asyncio.wrap_future(waiting), patience)
    except (NotStored, TimeoutError):
        return number, {"code": 500}
    if answer is None:
        return number, {"code": 200}
    return number, {"code": 200, "data": base64.b64encode(orjson.dumps(answer)).decode()}


def _number(value: Any, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) and value >= 0 else otherwise


def main() -> None:
    pipe = Pipe()
    if pipe.settings.get("proxy"):
        os.environ["HTTPS_PROXY"] = os.environ["HTTP_PROXY"] = str(pipe.settings["proxy"])
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    sdk = websocket_client()
    pipe.beat()
    logging.getLogger("Lark").handlers = [logging.NullHandler()]
    usual = sdk._ws_connect_kwargs
    sdk._ws_connect_kwargs = lambda *headers: {**usual(*headers), "proxy": True, "max_size": LARGEST_FRAME}
    link = connection(sdk, pipe)
    watching = loop.create_task(watch(link, pipe))
    try:
        link.start()
    finally:
        watching.cancel()


if __name__ == "__main__":
    main()
