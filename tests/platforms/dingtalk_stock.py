"""dingtalk-stream as its makers meant it to be used, in a process of its own: the judge of the fake.

``DINGTALK_OPENAPI_ENDPOINT`` (read by the SDK when it is imported) says where; argv: client id. The secret comes on
standard input. It prints one JSON line for each thing that it understood.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading
from typing import Any

import dingtalk_stream
import websockets.exceptions  # noqa: F401 — the SDK forgets to
from dingtalk_stream import AckMessage


def tell(what: str, **more: Any) -> None:
    sys.stdout.write(json.dumps({"what": what, **more}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class Robot(dingtalk_stream.ChatbotHandler):
    async def process(self, callback: Any) -> tuple[int, str]:
        message = dingtalk_stream.ChatbotMessage.from_dict(callback.data)
        words = message.get_text_list()
        tell("message", id=message.message_id, text=words, nick=message.sender_nick, at=message.is_in_at_list)
        await asyncio.to_thread(self.react, message, words[0].strip())
        return AckMessage.STATUS_OK, "OK"

    def react(self, message: Any, words: str) -> None:
        if words == "文字":
            tell("replied", answer=self.reply_text("好的", message))
        elif words == "格式":
            tell("replied", answer=self.reply_markdown("标题", "**好**的", message))
        elif words == "卡片":
            card = dingtalk_stream.MarkdownButtonCardInstance(self.dingtalk_client, message)
            card.set_title_and_logo("审批", "")
            carried = {"id": "approve:42", "request": True, "params": {"id": "approve:42"}}
            card.reply("要**同意**吗？", [{"text": "同意", "color": "blue", **carried}])
            tell("card", id=card.card_instance_id)
        elif words.startswith("改"):
            card = dingtalk_stream.MarkdownButtonCardInstance(self.dingtalk_client, message)
            card.card_instance_id = words.removeprefix("改").strip()
            card.set_title_and_logo("审批", "")
            card.update("已同意", [])
            tell("updated")
        elif words == "图片":
            tell("token", token=self.dingtalk_client.get_access_token())


class Cards(dingtalk_stream.CallbackHandler):
    async def process(self, callback: Any) -> tuple[int, Any]:
        press = dingtalk_stream.CardCallbackMessage.from_dict(callback.data)
        tell("press", user=press.user_id, card=press.card_instance_id, content=press.content)
        return AckMessage.STATUS_OK, {"cardData": {"cardParamMap": {"tips": "已收到"}}}


class Events(dingtalk_stream.EventHandler):
    async def process(self, event: Any) -> tuple[int, str]:
        tell("event", name=event.headers.event_type, id=event.headers.event_id, data=event.data)
        return AckMessage.STATUS_OK, "OK"


def main() -> None:
    secret = sys.stdin.readline().strip()
    quiet = logging.getLogger("stock")
    quiet.addHandler(logging.NullHandler())
    client = dingtalk_stream.DingTalkStreamClient(dingtalk_stream.Credential(sys.argv[1], secret), quiet)
    client.register_callback_handler(dingtalk_stream.ChatbotMessage.TOPIC, Robot())
    client.register_callback_handler(dingtalk_stream.CallbackHandler.TOPIC_CARD_CALLBACK, Cards())
    client.register_all_event_handler(Events())
    threading.Thread(target=client.start_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
