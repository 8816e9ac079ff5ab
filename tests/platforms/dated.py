"""A fake's answers carry the date of the fake's own clock, which may be wrong on purpose."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import formatdate

from aiohttp import web


def dated(app: web.Application, now: Callable[[], float]) -> None:
    """now: seconds since the epoch, as this server believes."""

    async def stamp(_: web.Request, answer: web.StreamResponse) -> None:
        answer.headers["Date"] = formatdate(now(), usegmt=True)

    app.on_response_prepare.append(stamp)
