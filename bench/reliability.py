"""``make reliability``: docs/reliability.md, made of what the benches found; no figure in it is typed.

A bench that was not run is named with its command. ``--check``: is the page as the figures say?
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from bench.results import FOLDER, Cell, Result, kept

PAGE = FOLDER.parent / "reliability.md"
HEAD = """# 可靠性：承诺和实测

这一页由 `make reliability` 从 `docs/figures/` 里的结果写成，数字没有一个是手打的；改了结果或文字，测试会发现。
每张表下面写着命令、机器和当时的负载（机器忙时数字会变差，也照记）。做不到承诺的行也留着。

各平台的实测在 [platforms/figures.md](platforms/figures.md)，怎么备份、恢复、看告警在 [operations.md](operations.md)。
"""


@dataclass(frozen=True)
class Chapter:
    """What one bench is about. ``command``: what makes it."""

    name: str
    title: str
    about: str
    command: str


CHAPTERS = (
    Chapter(
        "crash", "随时被杀死",
        "机器人在每个点和任意时刻被 SIGKILL，平台把没确认的消息再投一遍，最后查账。已确认的一条不丢、一条不重；"
        "平台能按键去重的重发到成功，不能的标为“不确定”留给管理员，不猜。",
        "python -m bench.crash 220 11 sqlite",
    ),
    Chapter(
        "crash-postgresql", "随时被杀死，数据在 PostgreSQL 上",
        "同样的杀法，数据库是真的 PostgreSQL 服务器；多一个杀点：提交已发给服务器，还不知道成没成。"
        "“数据库完整”是用 amcheck 把每个索引和表对了一遍。",
        "python -m bench.crash 220 12 postgresql",
    ),
    Chapter(
        "year", "模拟的一年",
        "200 个群从一月过到十二月，时钟是假的，进程真的被杀；每一条该说的提示、催办、汇总、提醒都按日历另算一遍来"
        "对账。",
        "python -m bench.year",
    ),
    Chapter(
        "year-postgresql", "模拟的一年，数据在 PostgreSQL 上", "同一个账，换成真的 PostgreSQL 服务器。",
        "python -m bench.year --groups 20 --database postgresql",
    ),
    Chapter(
        "recovery", "积压十万条时重新启动",
        "发不出去的消息积压着，机器人被 SIGKILL 后再启动。积压一页一页读回，没有积压的群不用等。",
        "python -m bench.recovery 100000",
    ),
    Chapter(
        "backup", "不停机备份", "夜里的备份在机器人自己的线程里做，做完从头到尾核对一遍才算数；这时照样有人在写。",
        "python -m bench.backup 1000 100",
    ),
    Chapter(
        "sustained", "长时间满载", "命令按时刻表到来，不等机器人；内存要平，慢的也不能太慢。",
        "python -m bench.sustained 30 1000",
    ),
    Chapter(
        "scale", "一个进程、一个 PostgreSQL、几个进程",
        "同一条 `/任务`：SQLite 上一个进程，PostgreSQL 上一到三个。换算到更大的规模见 [scale.md](scale.md)。",
        "python -m bench.scale",
    ),
    Chapter(
        "peers", "和同类放在一起",
        "errbot、opsdroid、nonebot2、hubot 和本项目在同一次运行里做同一件落盘的事，同样被杀、同样重投。",
        "python -m bench.peers",
    ),
)  # fmt: skip


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_chapter(chapter, kept(chapter.name)) for chapter in CHAPTERS)])


def _chapter(chapter: Chapter, result: Result | None) -> str:
    lines = [f"## {chapter.title}", "", chapter.about, ""]
    if result is None:
        return "\n".join([*lines, f"还没有结果（没有跑过，或者没有跑完）：`{chapter.command}`。", ""])
    lines += [_row(result.columns), _row(["---"] * len(result.columns)), *(_row(row) for row in result.rows), ""]
    lines += [f"{note}\n" for note in result.notes]
    return "\n".join([*lines, f"`{result.command}`，{result.at}，{result.machine}", ""])


def _row(cells: list[str] | list[Cell]) -> str:
    return f"| {' | '.join(str(cell).replace('|', '／') for cell in cells)} |"


def main() -> int:
    if "--check" in sys.argv:
        return int(PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
