"""opsdroid on the wire. Arguments: port, folder."""

from __future__ import annotations

import asyncio
import gettext
import json
import logging
import sys
from typing import Any

from line import Books, frame
from opsdroid.connector import Connector
from opsdroid.core import OpsDroid
from opsdroid.events import Message
from opsdroid.matchers import match_regex
from opsdroid.skill import Skill

PORT, FOLDER = int(sys.argv[1]), sys.argv[2]
books = Books(FOLDER)


class Line(Connector):
    def __init__(self, config: dict[str, Any], opsdroid: Any = None) -> None:
        super().__init__(config, opsdroid=opsdroid)
        self.name = "line"

    async def connect(self) -> None:
        self.reader, self.out = await asyncio.open_connection("127.0.0.1", PORT)

    async def listen(self) -> None:
        async with asyncio.TaskGroup() as crowd:
            while line := await self.reader.readline():
                crowd.create_task(self.take(json.loads(line)))

    async def take(self, said: dict[str, str]) -> None:
        message = Message(said["t"], user=said["p"], target=said["c"], connector=self, event_id=said["k"])
        await self.opsdroid.parse(message)
        self.out.write(frame(a=said["k"]))

    async def send(self, event: Any) -> None:
        self.out.write(frame(r=event.linked_event.event_id, t=event.text))

    async def disconnect(self) -> None:
        self.out.close()


class Tasks(Skill):
    @match_regex(r"/任务 (?P<title>.+)")
    async def made(self, message: Message) -> None:
        await message.respond(books.add(message.target, message.regex.group("title")))


if __name__ == "__main__":
    logging.disable(logging.ERROR)
    gettext.install("opsdroid")
    with OpsDroid(config={"parsers": {"regex": {"enabled": True}}, "connectors": {}, "skills": {}}) as droid:
        droid.connectors = [Line({}, droid)]
        droid.setup_skills([{"module": sys.modules["__main__"], "config": {"name": "tasks"}}])
        droid.eventloop.run_until_complete(droid.start_connectors())
        droid.eventloop.run_forever()
