"""The long connection, in a process of its own: lark-oapi's websocket client, watched by ``adapters.link``.

Only that client is used. Importing the whole SDK costs two seconds and 170 MB for sixty services that are never called
here, so its package is entered by the side door; should a later version not allow that, it is imported as a whole.

What is changed of the client, and why:

* its handler is ours: it gets every event raw, also of types the SDK does not know, and waits for the bot's receipt;
* ``_connect`` tells the state; a refusal that cannot be cured by trying again ends the process (the SDK would live on
  without a connection);
* ``_handle_message`` notes that the peer lives and tells when an answer has gone out;
* ``_configure`` caps the pauses between tries and supplies figures that the platform left out.

Tests shorten ``patience``, ``quiet``, ``beat`` and ``interval`` by settings of these names.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import logging
import os
import sys
import time
from types import ModuleType
from typing import Any

from adapters.feishu.errors import LINK_STATES
from adapters.pipe import Pipe

PATIENCE = 2.5
"""Seconds for the bot's receipt; Feishu wants its answer within 3."""
NONCE, INTERVAL = 2.0, 8.0
"""Seconds at most before the first and between later reconnections."""
QUIET = 30.0
"""Seconds beyond the interval of pings without a sign of the peer: the connection is dead, whatever the socket says."""
BEAT = 1.0


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


class Handler:
    """What the client calls with each event. Runs on its loop, which waits with it: one event at a time, in order."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self.answering: dict[asyncio.Task[Any] | None, int] = {}

    def _do_without_validation(self, payload: bytes) -> Any:
        """Raises when the bot could not store it: the client then answers 500 and Feishu sends it again."""
        number, receipt = self._pipe.event(payload.decode(errors="replace"))
        answer = receipt.result(float(self._pipe.settings.get("patience", PATIENCE)))
        self.answering[asyncio.current_task()] = number
        return answer


def connection(sdk: Any, pipe: Pipe) -> Any:
    settings = pipe.settings
    handler = Handler(pipe)

    class Connection(sdk.Client):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(
                settings["app_id"], settings["app_secret"], event_handler=handler, domain=settings["domain"]
            )
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
            number = handler.answering.pop(asyncio.current_task(), None)
            if number is not None:
                pipe.acked(number)

        def _configure(self, conf: Any) -> None:
            super()._configure(conf)
            self._reconnect_count = -1
            self._reconnect_nonce = min(_number(conf.ReconnectNonce, NONCE), NONCE)
            self._reconnect_interval = min(_number(conf.ReconnectInterval, interval), interval)
            self._ping_interval = max(_number(conf.PingInterval, 120), 0.05)

        async def watch(self) -> None:
            """Beats prove that this loop lives; a peer that says nothing at all is given up."""
            while True:
                pipe.beat()
                if self._conn is not None and time.monotonic() - self.heard > self._ping_interval + quiet:
                    pipe.end("reconnecting", "the peer fell silent")
                await asyncio.sleep(beat)

    quiet, beat = float(settings.get("quiet", QUIET)), float(settings.get("beat", BEAT))
    interval = float(settings.get("interval", INTERVAL))
    return Connection()


def _number(value: Any, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) and value >= 0 else otherwise


def main() -> None:
    pipe = Pipe()
    if pipe.settings.get("proxy"):
        os.environ["HTTPS_PROXY"] = os.environ["HTTP_PROXY"] = str(pipe.settings["proxy"])
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    sdk = websocket_client()
    logging.getLogger("Lark").handlers = [logging.NullHandler()]
    direct = sdk._ws_connect_kwargs
    sdk._ws_connect_kwargs = lambda *headers: {**direct(*headers), "proxy": True}
    link = connection(sdk, pipe)
    watch = loop.create_task(link.watch())
    try:
        link.start()
    finally:
        watch.cancel()


if __name__ == "__main__":
    main()
