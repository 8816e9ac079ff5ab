"""``jindu outbox`` and ``jindu replay``: what did not arrive and what could not be handled, and trying once more.

A bot at work notices within half a minute; one that is off, when it starts. No message is ever shown here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot import platforms
from bot.config import Config
from bot.faults import BAD_USE, Fault
from bot.opened import books
from chat.ports import MAIL
from chat.text import Locale, Text, say, verbatim
from storage import failed, undelivered
from storage.transaction import Tx
from storage.undelivered import Undelivered

Tell = Callable[[str], None]
Act = Literal["list", "retry", "drop"]
ALL = "all"
SOON = say(
    "机器人在运行就在半分钟内处理，没运行就在下次启动时。",
    "A bot at work does it within half a minute, else the next start.",
)
_ADDRESS = re.compile(r"https?://\S*?(?=:?(?:\s|$))")
_STATES = {
    "doubt": say("不确定", "in doubt"),
    "dead": say("没发出", "given up"),
    "held": say("扣着", "held"),
    "again": say("等着再发", "to be sent again"),
}


_KINDS = {
    "post": say("发到", "to"),
    "direct": say("私聊", "directly to"),
    "edit": say("改卡片", "redrawing in"),
}
TITLES = platforms.TITLES | {MAIL: say("邮件", "E-mail"), "room": say("聊天室", "Room")}


def outbox(config: Config, act: Act, which: Sequence[str], locale: Locale, tell: Tell) -> int:
    """Raises Fault."""
    if act == "list":
        with books(config) as tx:
            counts, rows = undelivered.counts(tx), undelivered.listed(tx)
        tell(_counted(counts).render(locale))
        for row in rows:
            tell(_line(row, config.room.zone, locale))
        return 0
    with books(config, change=True) as tx:
        numbers = [row.id for row in undelivered.listed(tx)] if list(which) == [ALL] else _numbers(which)
        done = sum(_change(tx, act, number) for number in numbers)
    if not done:
        raise Fault(
            say("没有这样的消息。看看有哪些：jindu outbox list", "There is no such message. See: jindu outbox list")
        )
    if act == "drop":
        tell(say("已放弃 {n} 条，记录留着。", "{n} given up; their rows remain.", n=done).render(locale))
    else:
        tell(say("{n} 条会再发一次。{soon}", "{n} will be sent once more. {soon}", n=done, soon=SOON).render(locale))
    return 0


def _line(row: Undelivered, zone: str, locale: Locale) -> str:
    """Where somebody has to look, and why it did not arrive; never what it says."""
    why = _ADDRESS.sub("…", " ".join(row.error.split()))  # long, and the reason comes after it
    to = say(
        "{on} {kind}{where}", "{on} {kind}{where}", on=TITLES.get(row.platform, verbatim(row.platform)),
        kind=_KINDS.get(row.kind, verbatim(row.kind)), where=_where(row),
    )  # fmt: skip
    words = (
        f"{row.id:>8}", _time(row.at, zone), _STATES[row.state].render(locale), to.render(locale), f"×{row.attempts}",
        why[:80],
    )  # fmt: skip
    return "  ".join(words).rstrip()


def _time(at: datetime, zone: str) -> str:
    """As the chats have it, not the machine."""
    return f"{at.astimezone(ZoneInfo(zone)):%m-%d %H:%M}"


def _where(row: Undelivered) -> str:
    """An address of e-mail only as far as its owner knows it again."""
    if row.platform == MAIL:
        name, _, host = row.chat.partition("@")
        return f" {name[:1]}…@{host}"
    return f"「{row.where}」" if row.where else ""


def _change(tx: Tx, act: str, number: int) -> bool:
    if act == "retry":
        return undelivered.again(tx, number)
    return undelivered.drop(tx, number, "dropped by an admin")


def _counted(counts: dict[str, int]) -> Text:
    return say(
        "排队 {ready}　正在发 {sending}　不确定 {doubt}　没发出 {dead}　等着再发 {again}",
        "waiting {ready}  going out {sending}  in doubt {doubt}  given up {dead}  to be sent again {again}",
        **{state: counts.get(state, 0) for state in ("ready", "sending", "doubt", "dead", "again")},
    )


def _numbers(which: Sequence[str]) -> list[int]:
    if not which or not all(word.isascii() and word.isdigit() and len(word) < 19 for word in which):
        raise Fault(
            say("写上编号（jindu outbox list 里第一列），或者 all。", "Give the numbers of jindu outbox list, or all."),
            BAD_USE,
        )
    return [int(word) for word in which]


def replay(config: Config, which: Sequence[str], locale: Locale, tell: Tell) -> int:
    """Without a code: what could not be handled; with one: handle it again. Raises Fault."""
    if not which:
        with books(config) as tx:
            rows = failed.listed(tx)
        tell(say("没办成的 {n} 件", "{n} could not be handled", n=len(rows)).render(locale))
        for row in rows:
            waits = f"  {_STATES['again'].render(locale)}" if row.asked else ""
            tell(f"{row.code}  {_time(row.at, config.room.zone)}  {row.platform}  {row.kind}{waits}")
        return 0
    with books(config, change=True) as tx:
        wanted = [row.key for row in failed.listed(tx)] if list(which) == [ALL] else list(which)
        done = sum(failed.ask(tx, word) for word in wanted)
    if not done:
        raise Fault(say("没有这个编号。看看有哪些：jindu replay", "There is no such code. See: jindu replay"))
    tell(say("{n} 件会再办一次。{soon}", "{n} will be handled again. {soon}", n=done, soon=SOON).render(locale))
    return 0
