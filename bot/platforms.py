"""The platforms a bot may be on: what their sections of the configuration hold, and how each is opened.

An adapter is imported when it is configured: a bot without Feishu pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from importlib import import_module
from pathlib import Path
from typing import Any

from bot import values
from bot.values import Secret, Wrong
from chat.frozen import frozen
from chat.ports import Adapter, Clock
from chat.text import Text, say
from chat.titles import title

Reader = Callable[[Any], Any]
TITLES = {name: title(name) for name in ("feishu", "dingtalk", "wecom")}
MODULES = {"feishu": "adapters.feishu", "dingtalk": "adapters.dingtalk.adapter", "wecom": "adapters.wecom"}


def _table(readers: Mapping[str, Reader], *needed: str) -> Reader:
    """A table within a section."""

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise Wrong(say("要写成 {{ 键 = 值, … }}", "must be a table {{ key = value, … }}"))
        found: dict[str, Any] = {}
        for key, each in value.items():
            if key not in readers:
                raise Wrong(say("里没有 {key} 这一项", "has no setting {key}", key=key))
            try:
                found[key] = readers[key](each)
            except Wrong as wrong:
                raise Wrong(say(".{key} {what}", ".{key} {what}", key=key, what=wrong.text)) from None
        if absent := [key for key in needed if not found.get(key)]:
            raise Wrong(say("缺 {key}", "lacks {key}", key=absent[0]))
        return found

    return read


def _webhook(value: Any) -> Any:
    """An address, or {group id: address}. The address is a secret: whoever has it may post."""
    if isinstance(value, dict):
        return {str(chat): _webhook(each) for chat, each in value.items()}
    hook = values.secret(value)
    if not hook.value.startswith(("https://", "http://")):
        raise Wrong(say("要写成网址，或者 群id = 网址", "must be an address, or group id = address"))
    return hook


def _number(value: Any) -> int:
    if isinstance(value, bool) or not str(value).isdecimal():
        raise Wrong(say("要写数字", "must be a number"))
    return int(value)


def _codes(value: Any) -> list[str]:
    """A list, which may be empty."""
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise Wrong(say('要写成列表：["……"]，不用就写 []', 'must be a list: ["…"], or []'))
    return [one.strip() for one in value]


_HTTP = values.url("https", "http")
_SERVER: Mapping[str, Reader] = {"host": values.string, "port": values.port}
KEYS: Mapping[str, Mapping[str, Reader]] = {
    "feishu": {
        "enabled": values.yes, "app_id": values.text, "app_secret": values.secret, "domain": values.text,
        "transport": values.one_of("websocket", "webhook"), "proxy": values.secret, **_SERVER,
        "encrypt_key": values.secret, "verification_token": values.secret, "monthly_calls": _number,
        "leave_approvals": _codes,
    },
    "dingtalk": {
        "enabled": values.yes, "client_id": values.text, "client_secret": values.secret, "api_base": _HTTP,
        "oapi_base": _HTTP, "robot_code": values.text, "card_template": values.text, "bot_name": values.names,
        "proxy": values.secret, "transport": values.one_of("stream", "webhook"), **_SERVER,
        "monthly_calls": _number, "monthly_pushes": _number,
    },
    "wecom": {
        "enabled": values.yes, "bot_id": values.text, "secret": values.secret, "ws_url": values.url("wss", "ws"),
        "bot_name": values.names, "link": _HTTP, "webhook": _webhook, "proxy": values.secret,
        "app": _table(
            {"corpid": values.text, "agentid": _number, "secret": values.secret, "api_base": _HTTP},
            "corpid", "agentid", "secret",
        ),
        "callback": _table(
            {"token": values.secret, "aes_key": values.secret, **_SERVER, "path": values.string}, "token", "aes_key"
        ),
    },
}  # fmt: skip
NEEDED: Mapping[str, Mapping[str, Text]] = {
    "feishu": {
        "app_id": say("开发者后台 → 凭证与基础信息 → App ID（cli_…）", "console → Credentials → App ID (cli_…)"),
        "app_secret": say("开发者后台 → 凭证与基础信息 → App Secret", "console → Credentials → App Secret"),
    },
    "dingtalk": {
        "client_id": say("开发者后台 → 凭证与基础信息 → Client ID（ding…）", "console → Credentials → Client ID"),
        "client_secret": say("开发者后台 → 凭证与基础信息 → Client Secret", "console → Credentials → Client Secret"),
    },
    "wecom": {
        "bot_id": say("企业微信 → 智能机器人 → API 模式 → 长连接 → Bot ID", "WeCom → AI bot → API mode → Bot ID"),
        "secret": say("企业微信 → 智能机器人 → API 模式 → 长连接 → Secret", "WeCom → AI bot → API mode → Secret"),
    },
}


@frozen
class Platform:
    """One ``[adapters.name]``. Secrets in ``settings`` never show."""

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def enabled(self) -> bool:
        return bool(self.settings.get("enabled", True))

    @property
    def title(self) -> Text:
        return TITLES[self.name]

    def open(self, bot_name: str, clock: Clock, data: Path) -> Adapter:
        """Raises ValueError: the settings do not go together; ImportError: what the platform needs is not installed."""
        section = {key: _bare(value) for key, value in self.settings.items() if key != "enabled"}
        if "bot_name" in KEYS[self.name]:
            section.setdefault("bot_name", bot_name)
        adapter: Adapter = import_module(MODULES[self.name]).open(section, clock, data_dir=data)
        return adapter


def read(name: str, given: Mapping[str, Any]) -> tuple[Platform, list[tuple[str, Text | None]]]:
    """(the section, what is wrong with which key; None: there is no such key)."""
    found: dict[str, Any] = {}
    wrong: list[tuple[str, Text | None]] = []
    for key, value in given.items():
        reader = KEYS[name].get(key)
        if reader is None:
            wrong.append((key, None))
            continue
        try:
            found[key] = reader(value)
        except Wrong as problem:
            said = say("{key} {what}", "{key} {what}", key=f"adapters.{name}.{key}", what=problem.text)
            wrong.append((key, said))
    platform = Platform(name, found)
    if platform.enabled:
        wrong += _absent(name, given, found)
    return platform, wrong


def _absent(name: str, given: Mapping[str, Any], found: Mapping[str, Any]) -> list[tuple[str, Text | None]]:
    unneeded = {"secret"} if name == "wecom" and found.get("callback") else set()
    return [
        (key, say("缺 {key}：{where}", "{key} is missing: {where}", key=f"adapters.{name}.{key}", where=where))
        for key, where in NEEDED[name].items()
        if (key not in given or (key in found and not _bare(found[key]))) and key not in unneeded
    ]


def _bare(value: Any) -> Any:
    """What stands behind the masks."""
    if isinstance(value, Secret):
        return value.value
    return {key: _bare(each) for key, each in value.items()} if isinstance(value, dict) else value
