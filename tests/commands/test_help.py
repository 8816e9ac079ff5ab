"""``/帮助``: twelve lines at most, by role, and one command with its example."""

from __future__ import annotations

import pytest

from commands import grammar
from commands.help_topics import TOPICS, Topic
from tests.commands.conftest import Office


@pytest.mark.parametrize("who", ["张三", "李四"])
@pytest.mark.parametrize("words", ["/帮助", "帮助", "/help", "？", "/幫助"])
async def test_twelve_lines_at_most(office: Office, who: str, words: str) -> None:
    said = await office.hears(f"{who}> @进度助手 {words}")
    lines = said[0].split("\n")
    assert len(lines) <= 12
    assert any(line.startswith("/任务 ") for line in lines)
    assert any(line.startswith("管理员：") for line in lines) == (who == "张三")


@pytest.mark.parametrize("chapter", TOPICS, ids=lambda one: one.name.en)
async def test_chapters(office: Office, chapter: Topic) -> None:
    """Twelve lines at most as well, each a command with what it does; the words lead nowhere else."""
    for word in chapter.words:
        lines = (await office.hears(f"李四> @进度助手 /帮助 {word}"))[0].split("\n")
        assert len(lines) <= 12
        assert [line.split(" ")[0] for line in lines[:-1]] == [f"/{one.split(' ')[0]}" for one in chapter.commands]


def test_every_command_is_found_within_two_steps() -> None:
    """In the short help or a chapter; sub-verbs and settings under their verb."""
    table = grammar.load()
    chapters = {word for one in TOPICS for word in one.commands}
    assert chapters <= set(table.commands)
    assert not {word for one in TOPICS for word in one.words} & set(table.commands)
    for entry in table.commands.values():
        shown = entry.help_rank or entry.words[0] in chapters or " " in entry.words[0]
        assert shown or entry.words[0] in {"帮助", "退出"}, entry.words[0]


async def test_in_english(office: Office) -> None:
    await office.hears("李四> @进度助手 /language English")
    said = await office.hears("李四> @进度助手 /help")
    assert len(said[0].split("\n")) <= 12
    assert "/task Make a task" in said[0]


@pytest.mark.parametrize(
    ("words", "example"),
    [
        ("/help task", "Example: /task Fix banner @Li tomorrow 6pm"),
        ("/help daily", "/daily set When reports are asked for and closed. Example: /daily set 17:30 to 18:30"),
        ("/tsak", "Did you mean “/task”? Example: /task Fix banner @Li tomorrow 6pm"),
    ],
)
async def test_examples_in_english(office: Office, words: str, example: str) -> None:
    await office.hears("李四> @进度助手 /language English")
    assert example in (await office.hears(f"李四> @进度助手 {words}"))[0]


@pytest.mark.parametrize("word", sorted(grammar.load().commands))
async def test_every_command_can_be_asked_about(office: Office, word: str) -> None:
    said = await office.hears(f"张三> @进度助手 /帮助 {word}")
    assert "\n例：" in said[0]
