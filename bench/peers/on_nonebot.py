"""nonebot2 on the wire. Arguments: port, folder."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import nonebot
from line import Books, frame
from nonebot.adapters import Adapter, Bot, Event, Message, MessageSegment
from nonebot.message import handle_event
from nonebot.params import CommandArg

PORT, FOLDER = int(sys.argv[1]), sys.argv[2]
books = Books(FOLDER)


class Piece(MessageSegment["Words"]):
    @classmethod
    def get_message_class(cls) -> type[Words]:
        return Words

    def __str__(self) -> str:
        return str(self.data["text"])

    def is_text(self) -> bool:
        return True


class Words(Message[Piece]):
    @classmethod
    def get_segment_class(cls) -> type[Piece]:
        return Piece

    @staticmethod
    def _construct(msg: str) -> list[Piece]:
        return [Piece("text", {"text": msg})]


class Said(Event):
    k: str
    c: str
    p: str
    t: str

    def get_type(self) -> str:
        return "message"

    def get_event_name(self) -> str:
        return "message"

    def get_event_description(self) -> str:
        return self.t

    def get_message(self) -> Words:
        if "words" not in self.__dict__:
            self.__dict__["words"] = Words(self.t)
        return self.__dict__["words"]

    def get_user_id(self) -> str:
        return self.p

    def get_session_id(self) -> str:
        return f"{self.c}:{self.p}"

    def is_tome(self) -> bool:
        return True


class Wire(Bot):
    async def send(self, event: Event, message: Any, **kwargs: Any) -> None:
        self.adapter.out.write(frame(r=event.k, t=str(message)))


class Line(Adapter):
    @classmethod
    def get_name(cls) -> str:
        return "line"

    def __init__(self, driver: Any, **kwargs: Any) -> None:
        super().__init__(driver, **kwargs)
        driver.on_startup(self.start)

    async def start(self) -> None:
        self.listening = asyncio.create_task(self.listen())

    async def listen(self) -> None:
        reader, self.out = await asyncio.open_connection("127.0.0.1", PORT)
        bot = Wire(self, "bot")
        self.bot_connect(bot)
        async with asyncio.TaskGroup() as crowd:
            while line := await reader.readline():
                crowd.create_task(self.take(bot, Said(**json.loads(line))))

    async def take(self, bot: Wire, said: Said) -> None:
        await handle_event(bot, said)
        self.out.write(frame(a=said.k))

    async def _call_api(self, bot: Bot, api: str, **data: Any) -> Any:
        return None


nonebot.init(driver="~none", log_level="ERROR", command_start=["/"])
nonebot.get_driver().register_adapter(Line)
add = nonebot.on_command("任务")


@add.handle()
async def made(event: Said, title: Message = CommandArg()) -> None:  # noqa: B008
    await add.send(books.add(event.c, title.extract_plain_text().strip()))


nonebot.run()
