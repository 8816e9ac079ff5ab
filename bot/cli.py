"""The program ``jindu``: one word says what to do. What is rarely needed is imported when it is needed."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path

from bot import config as configuration
from bot import logs, private, values
from bot.config import BadConfig, Config
from bot.faults import BAD_USE, Fault, reason_of, terminal_locale
from bot.usage import parser_in, refuse_unknown
from chat.text import Locale, Text, say

DEFAULT_CONFIG = Path("config.toml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    locale = terminal_locale()
    alone = arguments is None
    if alone:  # as a program of its own
        private.keep_to_ourselves()
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        refuse_unknown(arguments)
        asked = parser_in(locale).parse_args(arguments)
        if asked.command is None:
            parser_in(locale).print_help()
            return 0
        if asked.command == "setup":
            return _setup(asked, locale)
        config = _config(asked)
        if alone:
            values.forget_environment()
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
    gc.set_threshold(700, 10, 1_000_000)  # what a start makes stays: only the newest is looked through, over and over
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
        return ledger.verify(config, asked.file, locale, _tell)
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
