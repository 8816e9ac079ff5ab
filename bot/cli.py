"""The program ``jindu``: one word says what to do. What is rarely needed is imported when it is needed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

from bot import config as configuration
from bot import logs
from bot.config import BadConfig, Config
from bot.faults import BAD_USE, Fault, reason_of, terminal_locale
from bot.platforms import TITLES
from chat.text import Locale, Text, say

VERSION = "0.1.0"
DEFAULT_CONFIG = Path("config.toml")

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
    "audit": (" verify|export [文件]", " verify|export [FILE]"),
    "outbox": (" list|retry|drop [编号…|all]", " list|retry|drop [NUMBER…|all]"),
    "replay": (" [编号…|all]", " [CODE…|all]"),
}
"""Words for the usage of what takes files, numbers or codes."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    locale = terminal_locale()
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        _known(arguments)
        asked = _parser(locale).parse_args(arguments)
        if asked.command is None:
            _parser(locale).print_help()
            return 0
        if asked.command == "setup":
            return _setup(asked, locale)
        config = _config(asked)
        locale = config.language(locale)
        logs.start(config.log.level, config.log.format, config.secrets)
        return ACTIONS[asked.command](asked, config, locale)
    except BadConfig as error:
        _complain(bad_config(error, locale))
        return BAD_USE
    except Fault as fault:
        _complain(fault.text.render(locale))
        return fault.code
    except KeyboardInterrupt:
        return 130


def bad_config(error: BadConfig, locale: Locale) -> str:
    """Every problem of a configuration, one a line, as ``file:line: what``."""
    head = say(
        "配置有 {n} 处要改，什么都没有启动：", "{n} problems in the configuration; nothing was started:",
        n=len(error.problems),
    )  # fmt: skip
    if locale == "en" and len(error.problems) == 1:
        head = say(head.zh, "One problem in the configuration; nothing was started:", n=1)
    lines = [head.render(locale)]
    for problem in error.problems:
        where = f"{error.path}:{problem.line}" if problem.line else str(error.path)
        lines.append(f"  {where}: {problem.text.render(locale)}")
    return "\n".join(lines)


# --- the commands ----------------------------------------------------------------------------------------------------


def _setup(asked: argparse.Namespace, locale: Locale) -> int:
    """It may be there to repair a configuration that does not read, so none is read before it."""
    from bot.setup import setup

    logs.start("error")
    path: Path = asked.config or DEFAULT_CONFIG
    return setup(path, asked.platform or "", "en" if asked.english else locale, asked.base or "", _tell)


def _run(asked: argparse.Namespace, config: Config, locale: Locale) -> int:
    from bot.serve import run

    return run(config, _tell)


def _demo(asked: argparse.Namespace, config: Config, locale: Locale) -> int:
    from bot.demo import demo

    return demo(config, _tell, fresh=asked.fresh)


def _play(asked: argparse.Namespace, config: Config, locale: Locale) -> int:
    import asyncio

    from bot.play import play
    from bot.script import BadScript

    logs.start("error")
    differ = 0
    for path in asked.files:
        try:
            played = asyncio.run(play(path))
        except BadScript as error:
            raise Fault(say("脚本写法有误：{why}", "not a transcript: {why}", why=str(error)), BAD_USE) from error
        except (OSError, UnicodeDecodeError) as error:
            words = say("读不到 {path}：{why}", "cannot read {path}: {why}", path=str(path), why=reason_of(error))
            raise Fault(words, BAD_USE) from error
        for line, what in played.problems:
            print(f"{path}:{line}: {what}")
        differ += bool(played.problems)
        verdict = say("一致", "as written") if not played.problems else say("{n} 处不同", "{n} differences")
        print(f"{path}: {Text(verdict.zh, verdict.en, {'n': len(played.problems)}).render(locale)}")
    return 1 if differ else 0


def _migrate(asked: argparse.Namespace, config: Config, locale: Locale) -> int:
    if asked.to:
        from bot.moving import move

        return move(config, asked.to, locale, _tell)
    from bot.serve import migrate

    done = migrate(config)
    if done.before == done.after:
        said = say("已是最新（结构 {after}）：{path}", "up to date (schema {after}): {path}")
    elif done.before is None:
        said = say("已新建（结构 {after}）：{path}", "created (schema {after}): {path}")
    else:
        said = say("已升级 {before} → {after}：{path}", "upgraded {before} → {after}: {path}")
    data = {"before": done.before, "after": done.after, "path": config.where}
    _tell(Text(said.zh, said.en, data).render(locale))
    return 0


def _backup(asked: argparse.Namespace, config: Config, locale: Locale) -> int:
    from bot.rescue import backup

    return backup(config, asked.file, locale, _tell)


def _restore(asked: argparse.Namespace, config: Config, locale: Locale) -> int:
    from bot.rescue import restore

    return restore(config, asked.file, locale, _tell)


def _audit(asked: argparse.Namespace, config: Config, locale: Locale) -> int:
    from bot import ledger

    if asked.what == "verify":
        return ledger.verify(config, locale, _tell)
    return ledger.export(config, asked.file, locale, _tell)


def _outbox(asked: argparse.Namespace, config: Config, locale: Locale) -> int:
    from bot import troubles

    return troubles.outbox(config, asked.what, asked.which, locale, _tell)


def _replay(asked: argparse.Namespace, config: Config, locale: Locale) -> int:
    from bot import troubles

    return troubles.replay(config, asked.which, locale, _tell)


def _check(asked: argparse.Namespace, config: Config, locale: Locale) -> int:
    from bot.checkup import checkup

    return checkup(config, locale, _tell)


def _doctor(asked: argparse.Namespace, config: Config, locale: Locale) -> int:
    from bot.probe import doctor

    logs.start("error")
    return doctor(config, locale, _tell, as_json=asked.json)


ACTIONS: dict[str, Callable[[argparse.Namespace, Config, Locale], int]] = {
    "run": _run,
    "demo": _demo,
    "play": _play,
    "migrate": _migrate,
    "backup": _backup,
    "restore": _restore,
    "audit": _audit,
    "outbox": _outbox,
    "replay": _replay,
    "check": _check,
    "doctor": _doctor,
}


# --- the command line ------------------------------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    """argparse with our words for the mistakes people make."""

    def error(self, message: str) -> NoReturn:
        raise Fault(
            say(
                "这条命令不完整或写错了（{why}）。看用法：jindu --help",
                "This command line is not right ({why}). See: jindu --help",
                why=message,
            ),
            BAD_USE,
        )


def _known(arguments: Sequence[str]) -> None:
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
            command.add_argument("what", choices=("list", "retry", "drop"), help=argparse.SUPPRESS)
        command.add_argument("which", nargs="*", help=argparse.SUPPRESS)
    elif name in FILES:
        if name == "audit":
            command.add_argument("what", choices=("verify", "export"), help=argparse.SUPPRESS)
        wanted = "?" if name in ("backup", "audit") else None
        command.add_argument("file", type=Path, nargs=wanted, metavar="FILE", help=argparse.SUPPRESS)


def _parser(locale: Locale) -> _Parser:
    def t(zh: str, en: str) -> str:
        return en if locale == "en" else zh

    options = t("选项", "options")
    style = _style(locale)
    parser = _Parser("jindu", t("jindu 命令 [选项]", "jindu COMMAND [options]"), ABOUT.render(locale),
                     add_help=False, formatter_class=style)  # fmt: skip
    commands = parser.add_subparsers(title=t("命令", "commands"), metavar="", dest="command")
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
        raise argparse.ArgumentTypeError(f"{words}: 0–65535")
    return int(words)


def _config(asked: argparse.Namespace) -> Config:
    """The file named, or ./config.toml when it is there, or what needs no file; then the options."""
    path: Path | None = getattr(asked, "config", None) or (DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None)
    config = configuration.load(path) if path else Config()
    if data := getattr(asked, "data", None):
        config = replace(config, bot=replace(config.bot, data=str(data.absolute())))
    room = config.room
    if (host := getattr(asked, "host", None)) is not None:
        room = replace(room, host=host)
    if (port := getattr(asked, "port", None)) is not None:
        room = replace(room, port=port)
    return replace(config, room=room)


def _tell(line: str) -> None:
    print(line, flush=True)


def _complain(words: str) -> None:
    print(words, file=sys.stderr)
