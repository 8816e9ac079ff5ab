"""The command line of ``jindu``: its words, its help, and what is said about mistakes in it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from bot.faults import BAD_USE, Fault
from bot.platforms import TITLES
from chat.text import Locale, Text, say, verbatim

VERSION = "0.1.0"
ABOUT = say(
    "进度助手：住在群里的进度机器人。最常用的是 jindu run。",
    "Jindu, a progress assistant that lives in group chats. The usual start is: jindu run.",
)
COMMANDS: dict[str, Text] = {
    "setup": say("一步步接上飞书、钉钉或企业微信，写好 config.toml", "connect Feishu, DingTalk or WeCom step by step"),
    "run": say("启动机器人和内置聊天室", "start the bot with its built-in room"),
    "demo": say("打开装着两周历史的演示，时间可以快进", "open a demo with two weeks of history and a movable clock"),
    "play": say("把对话脚本放给整个机器人，说出哪里不一样", "play transcripts through the bot and say what differs"),
    "migrate": say("把数据库升级到这一版的结构", "bring the database to this version's schema"),
    "backup": say("给数据做一份核对过的备份，不用停机器人", "make a verified copy of the books; the bot may go on"),
    "restore": say("用一份备份换回数据（先停机器人）", "put a copy in the place of the books (stop the bot first)"),
    "audit": say("核对或导出审计记录，不用停机器人", "verify or export the record of who did what"),
    "outbox": say("没发到的消息：列出、再发、放弃", "messages that did not arrive: list, retry, drop"),
    "replay": say("没办成的事再办一次", "handle again what could not be handled"),
    "check": say("检查配置、数据、端口、日历和字体", "check configuration, data, port, calendar and fonts"),
    "doctor": say("check 的全部，再连一次每个平台", "all of check, and connect to every platform once"),
}


FILES = {
    "play": (" 文件…", " FILE…"),
    "backup": (" [文件]", " [FILE]"),
    "restore": (" 文件", " FILE"),
    "audit": (" verify [封印] | export 文件", " verify [SEAL] | export FILE"),
    "outbox": (" [list] | retry|drop 编号…|all", " [list] | retry|drop NUMBER…|all"),
    "replay": (" [编号…|all]", " [CODE…|all]"),
}
"""Words for the usage of what takes files, numbers or codes."""


class Parser(argparse.ArgumentParser):
    """argparse with our words for the mistakes people make."""

    def error(self, message: str) -> NoReturn:
        raise Fault(
            say(
                "这条命令没写对：{why}。看用法：{prog} --help",
                "This command line is not right: {why}. See: {prog} --help",
                why=_mistake(message),
                prog=self.prog,
            ),
            BAD_USE,
        )


_NAMES = {
    "FILE": say("文件名", "the name of a file"),
    "what": say("要做什么（verify 或 export）", "what to do (verify or export)"),
}
"""Of what stands without a name of its own."""


def _mistake(message: str) -> Text:
    """What argparse found, in our words where we have them."""
    if found := re.fullmatch(r"the following arguments are required: (\w+).*", message):
        name = found[1]
        return say("没写{name}", "{name} is missing", name=_NAMES.get(name, verbatim(name)))
    if found := re.fullmatch(r"argument \S+ invalid choice: '(.*)' \(choose from (.*)\)", message):
        choices = found[2].replace("'", "")
        return say("没有「{word}」，可以写 {choices}", "there is no “{word}”; choose from {choices}",
                   word=found[1], choices=choices)  # fmt: skip
    if found := re.fullmatch(r"argument (\S+): expected one argument", message):
        return say("{name} 后面少了值", "{name} needs a value", name=found[1])
    if found := re.fullmatch(r"argument (\S+): (.+)", message):
        return say("{name} 不能是 {value}", "{name} cannot be {value}", name=found[1], value=found[2])
    if found := re.fullmatch(r"unrecognized arguments: (.+)", message):
        return say("不认识「{words}」", "“{words}” is not known", words=found[1])
    return verbatim(message)


def refuse_unknown(arguments: Sequence[str]) -> None:
    """Raises Fault when the first word is no command of ours."""
    word = next((each for each in arguments if not each.startswith("-")), None)
    if word is None or word in COMMANDS:
        return
    close = get_close_matches(word, COMMANDS, n=1, cutoff=0.5)
    if close:
        raise Fault(
            say(
                "没有 jindu {word} 这个命令，是不是 jindu {nearest}？",
                "There is no command jindu {word}. Did you mean jindu {nearest}?",
                word=word,
                nearest=close[0],
            ),
            BAD_USE,
        )
    raise Fault(
        say(
            "没有 jindu {word} 这个命令。可用的有：{known}",
            "There is no command jindu {word}. There are: {known}",
            word=word,
            known="、".join(COMMANDS),
        ),
        BAD_USE,
    )


def _files(name: str, command: argparse.ArgumentParser) -> None:
    if name == "play":
        command.add_argument("files", type=Path, nargs="+", metavar="FILE", help=argparse.SUPPRESS)
    elif name in ("outbox", "replay"):
        if name == "outbox":
            command.add_argument(
                "what", nargs="?", default="list", choices=("list", "retry", "drop"), help=argparse.SUPPRESS
            )
        command.add_argument("which", nargs="*", help=argparse.SUPPRESS)
    elif name in FILES:
        if name == "audit":
            command.add_argument("what", choices=("verify", "export"), help=argparse.SUPPRESS)
        wanted = "?" if name in ("backup", "audit") else None
        command.add_argument("file", type=Path, nargs=wanted, metavar="FILE", help=argparse.SUPPRESS)


def parser_in(locale: Locale) -> Parser:
    def t(zh: str, en: str) -> str:
        return en if locale == "en" else zh

    options = t("选项", "options")
    style = _style(locale)
    parser = Parser("jindu", t("jindu 命令 [选项]", "jindu COMMAND [options]"), ABOUT.render(locale),
                     add_help=False, formatter_class=style)  # fmt: skip
    commands = parser.add_subparsers(title=t("命令", "commands"), metavar="", dest="command", prog="jindu")
    for name, about in COMMANDS.items():
        words = f"jindu {name} [{options}]" + t(*FILES.get(name, ("", "")))
        words += f" [{'|'.join(TITLES)}]" if name == "setup" else ""
        command = commands.add_parser(name, help=about.render(locale), description=about.render(locale), usage=words,
                                      add_help=False, formatter_class=style)  # fmt: skip
        group = command.add_argument_group(options)
        if name == "setup":
            command.add_argument("platform", nargs="?", choices=tuple(TITLES), help=argparse.SUPPRESS)
            group.add_argument("--english", action="store_true", help=t("说英文", "speak English"))
            group.add_argument(
                "--base", metavar="URL", help=t("平台的地址（专有部署、测试）", "the platform's address")
            )
        _files(name, command)
        if name != "play":
            group.add_argument(
                "--config",
                type=Path,
                metavar="FILE",
                help=t("配置文件（默认：有 config.toml 就用它）", "configuration (default: config.toml if present)"),
            )
        if name not in ("play", "setup"):
            group.add_argument("--data", type=Path, metavar="DIR", help=t("数据目录（默认 ./data）", "data (./data)"))
        if name == "migrate":
            group.add_argument(
                "--to",
                metavar="URL",
                help=t("把数据搬到另一个空库（PostgreSQL 或文件）", "copy the books to another, empty database"),
            )
        if name in ("run", "demo", "check", "doctor"):
            group.add_argument("--host", help=t("聊天室地址（默认 127.0.0.1）", "room's address (127.0.0.1)"))
            group.add_argument("--port", type=_port, help=t("端口（默认 8765；0 任意）", "port (8765; 0: any free)"))
        if name == "doctor":
            group.add_argument("--json", action="store_true", help=t("输出 JSON，给程序看", "as JSON, for programs"))
        if name == "demo":
            group.add_argument("--fresh", action="store_true", help=t("重新造一份演示数据", "build the demo anew"))
        group.add_argument("-h", "--help", action="help", help=t("显示这份说明", "show this help"))
    group = parser.add_argument_group(options)
    group.add_argument("-h", "--help", action="help", help=t("显示这份说明", "show this help"))
    group.add_argument("--version", action="version", version=f"jindu {VERSION}", help=t("版本", "show the version"))
    return parser


def _style(locale: Locale) -> type[argparse.HelpFormatter]:
    class Style(argparse.HelpFormatter):
        def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
            super().add_usage(usage, actions, groups, "usage: " if locale == "en" else "用法：")

        def _format_action(self, action: argparse.Action) -> str:
            text = super()._format_action(action)
            return text.partition("\n")[2] if action.nargs == argparse.PARSER else text  # its name is the headline

    return Style


def _port(words: str) -> int:
    if not words.isascii() or not words.isdigit() or int(words) > 65535:
        raise argparse.ArgumentTypeError(f"{words} (0–65535)")
    return int(words)
