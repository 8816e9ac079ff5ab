"""errbot on the wire: starts it with a backend and a plugin of a few lines. Arguments: port, folder."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from types import SimpleNamespace

PORT, FOLDER = sys.argv[1], Path(sys.argv[2])
HERE = Path(__file__).resolve().parent
BACKEND = """
import json, socket
from line import frame
from errbot.backends.base import Message
from errbot.backends import test
import os

class Line(test.TestBackend):
    def serve_forever(self):
        self.connect_callback()
        self.out = socket.create_connection(("127.0.0.1", int(os.environ["LINE_PORT"])))
        for line in self.out.makefile("rb"):
            said = json.loads(line)
            message = Message(said["t"], extras={"k": said["k"], "c": said["c"]})
            message.frm, message.to = self.build_identifier(said["p"]), self.bot_identifier
            self.callback_message(message)
            self.out.sendall(frame(a=said["k"]))

    def send_message(self, message):
        self.out.sendall(frame(r=message.parent.extras["k"] if message.parent else "", t=message.body))

    def build_reply(self, message, text=None, private=False, threaded=False):
        reply = super().build_reply(message, text, private, threaded)
        reply.parent = message
        return reply
"""
PLUGIN = """
import os
from errbot import BotPlugin, botcmd
from line import Books

books = Books(os.environ["LINE_FOLDER"])

class Tasks(BotPlugin):
    @botcmd(name="任务")
    def made(self, message, args):
        return books.add(message.extras["c"], args)
"""
PLUG = "[Core]\nName = {name}\nModule = {module}\n\n[Python]\nVersion = 3\n"


def write(name: str, module: str, code: str) -> None:
    folder = FOLDER / module
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{module}.py").write_text(code)
    (folder / f"{module}.plug").write_text(PLUG.format(name=name, module=module))


if __name__ == "__main__":
    import os

    os.environ |= {"LINE_PORT": PORT, "LINE_FOLDER": str(FOLDER)}
    sys.path.insert(0, str(HERE))
    write("Line", "line_backend", BACKEND)
    write("Tasks", "tasks_plugin", PLUGIN)
    (FOLDER / "data").mkdir(exist_ok=True)
    from errbot.bootstrap import setup_bot

    config = SimpleNamespace(
        BACKEND="Line", BOT_DATA_DIR=str(FOLDER / "data"), BOT_EXTRA_BACKEND_DIR=str(FOLDER / "line_backend"),
        BOT_EXTRA_PLUGIN_DIR=str(FOLDER / "tasks_plugin"), BOT_LOG_FILE=None, BOT_LOG_LEVEL=logging.CRITICAL,
        BOT_ADMINS=("@admin",), BOT_PREFIX="/", CORE_PLUGINS=(), TEXT_COLOR_THEME="nocolor", STORAGE="Memory",
        BOT_IDENTITY={"username": "err"},
    )  # fmt: skip
    logging.disable(logging.CRITICAL)
    setup_bot("Line", logging.getLogger(""), config).serve_forever()
