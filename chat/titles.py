"""What the places that people talk in are called."""

from __future__ import annotations

from chat.text import Text, say, verbatim

TITLES = {
    "feishu": say("飞书", "Feishu"),
    "dingtalk": say("钉钉", "DingTalk"),
    "wecom": say("企业微信", "WeCom"),
    "room": say("聊天室", "the room"),
    "mail": say("邮件", "mail"),
}


def title(platform: str) -> Text:
    """Its own word where nobody gave it a better one."""
    return TITLES.get(platform) or verbatim(platform)
