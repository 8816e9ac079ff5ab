"""What did not arrive and what could not be handled: an admin sees it, and may have it tried once more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dispatch import Dispatcher
from chat.cards import text_card
from chat.errors import Gone, InDoubt
from chat.messages import Action, File, Incoming, Place, Quote, Sender, read_incoming
from chat.ports import Capabilities
from chat.text import say
from storage import failed, personal, undelivered
from storage.books import Books
from storage.transaction import Tx
from tests.road.conftest import NINE, Road

THING = Incoming(
    "post:m7", "message", "post", NINE, Place("g1", "group", "双十一大促"), Sender("u1", "张三"), "\ufffc /任务 海报",
    (Sender("bot", "进度助手"),), "bot", True, "m7", Quote("m6", Sender("u2", "李四"), "前文", NINE),
    (File("a.csv", "r", 3, "标题\n"),), False, Action("task.done", ("1",), 2, {"note": "好"}), "", {"x": [1]},
)  # fmt: skip


async def test_a_thing_is_read_back_as_it_was() -> None:
    import orjson

    for thing in (THING, replace(THING, chat=None, sender=None, quote=None, action=None, files=(), mentions=())):
        assert read_incoming(orjson.loads(orjson.dumps(thing))) == thing


async def _listed(road: Road) -> list[tuple[str, str]]:
    return [(row.key, row.state) for row in await road.app.writer.submit(undelivered.listed)]


async def test_what_was_given_up_is_listed_and_sent_once_more(road: Road) -> None:
    road.post.troubles.append(Gone("no such chat"))
    await road.say("a", "一")
    await road.app.idle()
    await road.turn()
    assert await _listed(road) == [("a/0", "dead")]
    (row,) = await road.app.writer.submit(undelivered.listed)
    assert "no such chat" in row.error
    assert await road.app.writer.submit(lambda tx: undelivered.again(tx, row.id))
    await road.app.second_chances()
    await road.app.idle()
    assert road.words == ["一"]
    assert await _listed(road) == []
    assert not await road.app.writer.submit(lambda tx: undelivered.again(tx, row.id))


@pytest.mark.parametrize("can", [Capabilities(idempotent=False)])
async def test_what_is_in_doubt_may_be_dropped_with_its_reason(can: Capabilities) -> None:
    road = Road(can=can)
    await road.app.start()
    road.post.troubles.append(InDoubt("no answer"))
    await road.say("a", "一")
    await road.app.idle()
    await road.turn()
    (row,) = await road.app.writer.submit(undelivered.listed)
    assert row.state == "doubt"
    assert await road.app.writer.submit(lambda tx: undelivered.drop(tx, row.id, "seen on the phone"))
    await road.app.second_chances()
    await road.app.idle()
    assert road.words == []
    assert await road.app.writer.submit(undelivered.counts) == {"ready": 0, "sending": 0}
    await road.app.close()


async def test_what_could_not_be_handled_is_kept_and_handled_again(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a defect")

    thing = replace(THING, action=None)
    with monkeypatch.context() as patch:
        patch.setattr(Dispatcher, "_handle", broken)
        await road.app.intake.submit(thing)
    await road.app.idle()
    assert "这条没办成" in road.words[0]
    (row,) = await road.app.writer.submit(failed.listed)
    assert (row.key, row.kind, row.asked) == ("post:m7", "message", False)
    assert row.code in road.words[0]
    await road.app.second_chances()
    assert len(await road.app.writer.submit(failed.listed)) == 1
    assert await road.app.writer.submit(lambda tx: failed.ask(tx, row.code)) == 1
    await road.app.second_chances()
    await road.app.idle()
    assert await road.app.writer.submit(failed.listed) == []
    assert "T1 海报" in road.words[-1]
    await road.app.second_chances()
    await road.app.idle()
    assert len(road.words) == 2


async def test_who_is_erased_leaves_no_failed_message_behind(road: Road) -> None:
    named = replace(THING, key="post:m8", sender=Sender("u9", "赵六"), quote=None)
    for thing in (THING, named):
        await road.app.writer.submit(lambda tx, thing=thing: failed.keep(tx, thing, "ABCD"))

    def erase(tx: Tx) -> None:
        people = Books(tx, "x", NINE).people
        gone = [people.meet("post", "u1", "王五"), people.meet("other", "u9", "钱七")]
        for person in gone:
            personal.erase(tx, person.id)

    await road.app.writer.submit(erase)
    assert [row.key for row in await road.app.writer.submit(failed.listed)] == ["post:m8"]


async def test_whoever_looks_after_it_sees_where_to_look(road: Road) -> None:
    def post(tx: Tx) -> None:
        books = Books(tx, "p", NINE)
        books.projects.add_chat("post", "g7", "group", "投放群", None)
        books.people.meet("post", "u7", "王五")
        for chat, kind in (("g7", "post"), ("u7", "direct"), ("u8", "direct")):
            books.outbox.post("post", chat, text_card(say("话", "words")), kind=kind, state="held")  # type: ignore[arg-type]

    await road.app.writer.submit(post)
    rows = await road.app.writer.submit(undelivered.listed)
    assert [row.where for row in rows] == ["投放群", "王五", ""]
