"""Who, where and in which project is read once; whatever changes there, or might have, is seen by the next thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.projects import KEPT, Projects, Scene
from storage.stores import changing
from storage.transaction import Tx
from tests.road.conftest import NINE, Road, message


def scene(tx: Tx) -> Scene:
    found = Projects(tx, NINE, lambda project, action, detail: None).scene("post", "g1", "u1")
    assert found is not None
    return found


async def test_it_is_read_once(road: Road) -> None:
    await road.app.intake.submit(message("post:1", "/任务 写周报"))
    first = await road.app.writer.submit(scene)
    again = await road.app.writer.submit(scene)
    assert first == again
    assert (first is again) is (not road.app.database.shared)


async def test_a_change_is_seen_by_the_next_thing(road: Road) -> None:
    await road.app.intake.submit(message("post:1", "/任务 写周报"))
    chat = (await road.app.writer.submit(scene)).chat

    def speak(tx: Tx) -> Scene:
        Projects(tx, NINE, lambda project, action, detail: None).chat_speaks(chat.id, "en")
        return scene(tx)

    assert (await road.app.writer.submit(speak)).chat.locale == "en"
    assert (await road.app.writer.submit(scene)).chat.locale == "en"


async def test_what_was_undone_is_not_kept(road: Road) -> None:
    await road.app.intake.submit(message("post:1", "/任务 写周报"))
    chat = (await road.app.writer.submit(scene)).chat

    def speak_and_fail(tx: Tx) -> None:
        Projects(tx, NINE, lambda project, action, detail: None).chat_speaks(chat.id, "en")
        assert scene(tx).chat.locale == "en"
        raise LookupError("mine alone")

    with pytest.raises(LookupError):
        await road.app.writer.submit(speak_and_fail)
    assert (await road.app.writer.submit(scene)).chat.locale == ""


async def test_what_a_refused_thing_began_is_not_kept(road: Road) -> None:
    await road.app.intake.submit(message("post:1", "/任务 写周报"))
    chat = (await road.app.writer.submit(scene)).chat

    def speak_and_refuse(tx: Tx) -> str:
        Projects(tx, NINE, lambda project, action, detail: None).chat_speaks(chat.id, "en")
        scene(tx)
        tx.restart()
        return scene(tx).chat.locale

    assert await road.app.writer.submit(speak_and_refuse) == ""
    assert (await road.app.writer.submit(scene)).chat.locale == ""


async def test_what_another_process_changed_is_seen(tmp_path: Path) -> None:
    road = Road(tmp_path / "jindu.db")
    await road.app.start()
    await road.app.intake.submit(message("post:1", "/任务 写周报"))
    chat = (await road.app.writer.submit(scene)).chat
    with changing(tmp_path / "jindu.db") as tx:
        Projects(tx, NINE, lambda project, action, detail: None).chat_speaks(chat.id, "en")
    assert (await road.app.writer.submit(scene)).chat.locale == "en"
    await road.app.close()


async def test_no_more_are_kept_than_that(road: Road) -> None:
    await road.app.intake.submit(message("post:1", "/任务 写周报"))

    def fill(tx: Tx) -> int:
        if tx.settled is None:
            return KEPT
        tx.settled.update(dict.fromkeys(range(KEPT)))
        scene(tx)
        return len(tx.settled)

    assert await road.app.writer.submit(fill) == KEPT


async def test_who_is_refused_makes_nobody_else_be_read_anew(road: Road) -> None:
    await road.app.intake.submit(message("post:1", "/任务 写周报"))
    first = await road.app.writer.submit(scene)

    def refuse(tx: Tx) -> None:
        raise LookupError("nothing was changed")

    with pytest.raises(LookupError):
        await road.app.writer.submit(refuse)
    assert (await road.app.writer.submit(scene) is first) is (not road.app.database.shared)
