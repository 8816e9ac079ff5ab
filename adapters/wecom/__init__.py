"""WeCom (企业微信): the AI bot's long connection, spoken with aiohttp."""

from adapters.wecom.adapter import WeComAdapter as WeComAdapter
from adapters.wecom.adapter import open as open  # noqa: A004 — every platform folder offers ``open``
