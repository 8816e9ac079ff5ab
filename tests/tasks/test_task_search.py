"""The search index agrees with the tasks, whatever becomes of the thing that wrote it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from storage.books import Books
from storage.database import MEMORY, Database
from storage.schema import prepare
from storage.tasks import Task
from storage.transaction import Tx
from storage.writer import SqliteWriter

AT = datetime(2026, 9, 18, 6, tzinfo=UTC)


@pytest.fixture
async def writer() -> AsyncIterator[SqliteWriter]:
    database = Database(MEMORY)
    made = SqliteWriter(database)
    prepare(database, made.connection)
    made.start()
    await made.submit(_people)
    yield made
    await made.close()


def _people(tx: Tx) -> None:
    books = Books(tx, "k", AT, 1)
    person = books.people.meet("room", "p1", "张三")
    for name in ("双十一", "年货节"):
        books.projects.add(name, person.id)


async def _made(
    writer: SqliteWriter, title: str, project: int = 1, number: int = 1, tags: tuple[str, ...] = ()
) -> Task:
    return await writer.submit(
        lambda tx: Books(tx, f"k{project}.{number}", AT, 1).tasks.add(project, number, title, creator=1, tags=tags)
    )


async def _found(
    writer: SqliteWriter, words: str, projects: tuple[int, ...] = (1,), tags: tuple[str, ...] = ()
) -> list[str]:
    return await writer.submit(
        lambda tx: [task.title for task in Books(tx, "q", AT).search.find(projects, words, tags=tags)]
    )


@pytest.mark.parametrize(
    "words", ["渠道", "道投", "投放", "放", "渠", "渠道投放", "BANNER", "ban", "v2", "投放 banner", "😀"]
)
async def test_any_part_of_a_title_is_found(writer: SqliteWriter, words: str) -> None:
    await _made(writer, "渠道投放 Banner v2 😀")
    assert await _found(writer, words) == ["渠道投放 Banner v2 😀"]


@pytest.mark.parametrize("words", ["渠放", "投渠道", "anner", "放 不在", "道渠"])
async def test_what_does_not_occur_is_not_found(writer: SqliteWriter, words: str) -> None:
    await _made(writer, "渠道投放 Banner v2 😀")
    assert await _found(writer, words) == []


async def test_projects_and_tags_narrow(writer: SqliteWriter) -> None:
    await _made(writer, "渠道投放", tags=("双十一", "a b"))
    await _made(writer, "渠道复盘", project=2)
    assert await _found(writer, "渠道") == ["渠道投放"]
    assert await _found(writer, "渠道", (1, 2)) == ["渠道复盘", "渠道投放"]
    assert await _found(writer, "", (1, 2), ("双十一",)) == ["渠道投放"]
    assert await _found(writer, "", (2,), ("双十一",)) == []


async def test_a_thing_that_fails_leaves_no_words(writer: SqliteWriter) -> None:
    def fails(tx: Tx) -> None:
        Books(tx, "k", AT, 1).tasks.add(1, 1, "渠道投放", creator=1)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await writer.submit(fails)
    assert await _found(writer, "投放") == []
    await _made(writer, "主图素材")
    assert await _found(writer, "投放") == []


async def test_a_new_title_replaces_the_old_one(writer: SqliteWriter) -> None:
    task = await _made(writer, "渠道投放", tags=("大促",))
    await writer.submit(lambda tx: Books(tx, "k2", AT, 1).tasks.change(task, title="直播脚本"))
    assert await _found(writer, "投放") == []
    assert await _found(writer, "脚本", tags=("大促",)) == ["直播脚本"]
