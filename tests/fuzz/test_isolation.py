"""Nobody sees a row of a project that is none of theirs: not by commands, buttons, or when time passes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stage import PRIVATE
from commands import grammar
from tests.fuzz.conftest import looks
from tests.fuzz.two_teams import BOSS, FORMER, LEAD, MARK, MEMBER, OURS, START, STRANGER, THEIR_LEAD, THEIRS, Teams

TABLE = grammar.load()
VERBS = sorted(TABLE.buttons)
WORDS = sorted(TABLE.commands)
ASKERS = [(LEAD, OURS), (LEAD, PRIVATE), (MEMBER, OURS), (BOSS, OURS), (FORMER, PRIVATE), (STRANGER, PRIVATE)]
"""The boss belongs to both teams, but what they do in our group is read by all of us."""
NUMBERS = [str(number) for number in range(1, 10)]
ARGS = [
    *((number,) for number in NUMBERS),
    *((project, other) for project in "12" for other in ("1", "5", "9", "T4", "2026-09-14")),
    ("2", "2026-09-14", "2026-09-18"), ("2", "2026-09-14", "1789999999000"), ("2", "T", "4"), ("T", "4"), ("T4",),
    ("4", "5"), ("4,5,6",), ("room:m20", "x", "5"),
]  # fmt: skip
SAID = [
    "",
    "T1",
    "T4",
    "M1",
    "M2",
    "B1",
    "P1",
    "P2",
    "R1",
    "D1",
    "选品",
    "客户",
    "@李四",
    "9-18",
    "本周",
    "1",
    "2",
    "T1 T4",
    "全部",
]


def played(folder: Path, play: Callable[[Teams], Awaitable[None]]) -> None:
    async def run() -> None:
        teams = Teams(folder)
        await teams.start()
        try:
            await play(teams)
        finally:
            await teams.close()

    asyncio.run(run())


@pytest.mark.sqlite
@pytest.mark.parametrize(("who", "where"), [(LEAD, OURS), (BOSS, OURS), (FORMER, PRIVATE)])
def test_no_forged_button_shows_what_is_not_theirs(tmp_path: Path, who: str, where: str) -> None:
    async def play(teams: Teams) -> None:
        for verb in VERBS:
            for args in ARGS[:: 1 if where == OURS and who == BOSS else 3]:
                await teams.presses(who, where, verb, args)
                assert not teams.leaks(), (verb, args)
                assert not any("没办成" in words for _, words in teams.seen), (verb, args, teams.seen)
                teams.seen.clear()

    played(tmp_path, play)


EVERY = sorted({command.run: word for word, command in sorted(TABLE.commands.items(), reverse=True)}.values())
"""One word for each command there is: a new one is tried from its first day."""


@pytest.mark.sqlite
@pytest.mark.parametrize(("who", "where"), [(LEAD, OURS), (BOSS, OURS), (FORMER, PRIVATE), (STRANGER, PRIVATE)])
def test_no_command_shows_what_is_not_theirs(tmp_path: Path, who: str, where: str) -> None:
    """Answers in the chat and alone, cards, tables and files."""

    async def play(teams: Teams) -> None:
        for word in EVERY:
            for more in (*SAID, "全部 导出"):
                await teams.says(who, where, f"/{word} {more}")
                assert not teams.leaks(), (word, more)
                assert not any("没办成" in words for _, words in teams.seen), (word, more, teams.seen)
                teams.seen.clear()

    played(tmp_path, play)


@pytest.mark.sqlite
def test_a_leak_would_be_seen(tmp_path: Path) -> None:
    """Also within a file: who may see it does."""

    async def play(teams: Teams) -> None:
        for words in (
            "/进度",
            "/导出",
            "/项目 导出",
            "/日报 导出",
            "/客户",
            "/客户 给客户看 客户",
            "/客户 健康",
            "/质量",
        ):
            await teams.says(THEIR_LEAD, THEIRS, words)
        shown = [words for place, words in teams.seen if MARK in words]
        assert any(words.startswith("{") for words in shown), "the project's JSON"
        assert any("xml" in words[:60] for words in shown), "a workbook"
        assert any("选品" in words for words in shown)
        assert any("服务进度" in words for words in shown), "what a customer may be shown"
        assert any("赶" in words for words in shown), "quality debt"

    played(tmp_path, play)


STEP = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(ASKERS), st.sampled_from(WORDS), st.sampled_from(SAID)),
    st.tuples(st.just("press"), st.sampled_from(ASKERS), st.sampled_from(VERBS), st.sampled_from(ARGS)),
    st.tuples(st.just("wait"), st.just(ASKERS[0]), st.just(""), st.sampled_from([(str(n),) for n in (1, 8, 30)])),
)


@looks(4, 400)
@given(steps=st.lists(STEP, min_size=20, max_size=60))
def test_nothing_anybody_does_shows_what_is_not_theirs(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, tuple[str, str], str, object]]
) -> None:
    async def play(teams: Teams) -> None:
        now = START
        for what, (who, where), word, more in steps:
            if what == "say":
                await teams.says(who, where, f"/{word} {more}")
            elif what == "press":
                assert isinstance(more, tuple)
                await teams.presses(who, where, word, more)
            else:
                assert isinstance(more, tuple)
                now += timedelta(hours=int(more[0]))
                await teams.waits(now)
            assert not teams.leaks(), (what, who, where, word, more)
            teams.seen.clear()

    played(tmp_path_factory.mktemp("teams"), play)


@pytest.mark.sqlite
def test_what_is_of_another_project_is_refused_with_a_reason(tmp_path: Path) -> None:
    async def play(teams: Teams) -> None:
        for words in ("/任务 T4", "T4 完成", "/T4"):
            await teams.says(BOSS, OURS, words)
            assert not teams.leaks()
        teams.seen.clear()
        await teams.presses(BOSS, OURS, "task.done", ("4",))
        assert teams.seen == [(f"@{BOSS}", "这是另一个项目的，不能在这个群里看或改。请到它的群里办，或私聊我。")]
        teams.seen.clear()
        await teams.presses(BOSS, PRIVATE, "task.done", ("4",))
        assert not any("另一个项目" in words for _, words in teams.seen), teams.seen
        await teams.says(FORMER, PRIVATE, "/进度")
        assert not teams.leaks()

    played(tmp_path, play)
