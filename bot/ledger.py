"""``jindu audit verify`` and ``jindu audit export``: is the record of who did what whole, and the record itself."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from bot.config import Config
from bot.faults import BAD_USE, Fault, reason_of
from bot.opened import books
from chat.text import Locale, Text, say
from commands.daily_export import BOM, harmless
from storage import audit
from storage.audit import Chain, Record

Tell = Callable[[str], None]
_SEAL = re.compile(r"[0-9a-f]{16,64}")
COLUMNS = ("id", "at", "project", "person", "name", "action", "outcome", "detail", "key", "digest", "seal")


def verify(config: Config, kept: Path | None, locale: Locale, tell: Tell) -> int:
    """1 when a row was changed, slipped in or taken out. kept: a seal that was noted elsewhere. Raises Fault."""
    seal = str(kept).lower() if kept else ""
    if seal and not _SEAL.fullmatch(seal):
        raise Fault(
            say(
                "「{seal}」不是封印：写上次核对时抄下的那串（16 到 64 位 0–9、a–f），或者不写。",
                "“{seal}” is no seal: give the one you noted (16 to 64 digits 0–9, a–f), or none.",
                seal=seal,
            ),
            BAD_USE,
        )
    with books(config) as tx:
        chain = audit.verify(tx, seal)
    tell(_verdict(chain).render(locale))
    if seal:
        tell(_noted(chain, seal).render(locale))
    return 0 if chain.sound and (chain.noted or not seal) else 1


def _noted(chain: Chain, seal: str) -> Text:
    if chain.noted:
        return say(
            "抄下的封印 {seal} 在第 {id} 行：到那一行为止，和抄的时候一样。",
            "The seal noted, {seal}, is that of row {id}: up to there all is as it was then.",
            seal=seal[:16],
            id=chain.noted,
        )
    return say(
        "没有封印是 {seal} 的行：从抄下它以后，整本被重写过，或者那一行和后面的一起被截掉了。从备份里对照。",
        "No row bears the seal {seal}: since it was noted everything was written anew, or that row was cut off with "
        "what followed. Compare with a copy.",
        seal=seal[:16],
    )


def _verdict(chain: Chain) -> Text:
    if chain.broken:
        return say(
            "审计记录不对：第 {id} 行被改过，或者它前面少了行。从备份里对照这一行；查清楚之前先别删日志。",
            "The audit log was tampered with: row {id} was changed, or rows before it are gone. Compare with a copy.",
            id=chain.broken,
        )
    if chain.short:
        return say(
            "审计记录不对：末尾少了 {n} 行（现在有 {rows} 行）。从备份里对照。",
            "The audit log was tampered with: {n} rows are gone from its end ({rows} are left). Compare with a copy.",
            n=chain.short,
            rows=chain.rows,
        )
    return say(
        "审计记录完整：{rows} 行，最后的封印 {seal}（抄到别处，以后可以证明没有人整本重写）",
        "The audit log is whole: {rows} rows, last seal {seal} (note it elsewhere: nobody can rewrite it all unseen)",
        rows=chain.rows,
        seal=chain.seal[:16],
    )


def export(config: Config, path: Path | None, locale: Locale, tell: Tell) -> int:
    """Every row as CSV (UTF-8 with a byte order mark). Raises Fault."""
    if path is None:
        words = say("写上文件名：jindu audit export 审计.csv", "Name a file: jindu audit export audit.csv")
        raise Fault(words, BAD_USE)
    with books(config) as tx:
        count = _written(audit.records(tx), path)
    tell(say("已导出 {n} 行：{path}", "exported {n} rows: {path}", n=count, path=str(path)).render(locale))
    return 0


def _written(records: Iterable[Record], path: Path) -> int:
    """How many. Raises Fault."""
    count = 0
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(BOM)
            table = csv.writer(file)
            table.writerow(COLUMNS)
            for r in records:
                table.writerow(
                    (r.id, r.at.isoformat(), r.project_id or "", r.person_id or "", harmless(r.person), r.action,
                     r.outcome, harmless(r.detail or ""), r.key, r.digest, r.seal)
                )  # fmt: skip
                count += 1
    except FileExistsError:
        raise Fault(
            say("{path} 已经有了，不覆盖。换个名字。", "{path} exists and is not overwritten. Choose another name.",
                path=str(path))
        ) from None  # fmt: skip
    except OSError as error:
        raise Fault(
            say("写不了 {path}：{why}", "cannot write {path}: {why}", path=str(path), why=reason_of(error))
        ) from error  # fmt: skip
    return count
