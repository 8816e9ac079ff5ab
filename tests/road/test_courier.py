"""What the courier does when a platform says no, not now, or nothing at all."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.courier import ATTEMPTS, BACKOFF
from chat.cards import Button, text_card
from chat.errors import Gone, InDoubt, Recalled, Rejected, RetryLater, Unreachable
from chat.messages import Outgoing
from chat.ports import Capabilities
from chat.text import say
from storage.outbox import Outboxes
from storage.transaction import Tx
from tests.activity import Patience
from tests.road.conftest import Road

CARD = text_card(say("卡片 {n}", "Card {n}", n=1), Button(say("完成", "Done"), "task.done"))


async def tries(road: Road, count: int) -> None:
    """Returns when the platform was tried that often and what came of it is done; time stands still meanwhile."""
    await road.post.until(count)
    await road.turn()


async def test_a_parcel_is_settled_with_the_platforms_id(road: Road) -> None:
    await road.say("a", "一", "二")
    await road.app.idle()
    assert road.words == ["一", "二"]
    assert await road.rows("outbox") == [("a/0", "sent", 1), ("a/1", "sent", 1)]


async def test_it_waits_as_long_as_the_platform_asks(road: Road) -> None:
    road.post.troubles.append(RetryLater("busy", after=7))
    await road.say("a", "一")
    await tries(road, 1)
    road.clock.set(road.clock.now() + timedelta(seconds=6.9))
    await road.turn()
    assert road.post.tried == 1
    road.clock.set(road.clock.now() + timedelta(seconds=0.1))
    await road.app.idle()
    assert road.words == ["一"]


async def test_it_backs_off_further_each_time_and_gives_up_in_the_end(road: Road) -> None:
    road.post.troubles.extend(Unreachable("no route") for _ in range(ATTEMPTS))
    await road.say("a", "一")
    for attempt in range(1, ATTEMPTS):
        await tries(road, attempt)
        wait = BACKOFF[min(attempt, len(BACKOFF)) - 1]
        road.clock.set(road.clock.now() + timedelta(seconds=wait - 0.1))
        await road.turn()
        assert road.post.tried == attempt
        road.clock.set(road.clock.now() + timedelta(seconds=0.1))
    await road.app.idle()
    await road.turn()
    assert road.post.tried == ATTEMPTS
    assert [state for _, state, _ in await road.rows("outbox")] == ["dead"]


async def test_what_may_have_arrived_is_sent_again_under_the_same_key(road: Road) -> None:
    road.post.troubles.append(InDoubt("no answer"))
    await road.say("a", "一")
    await tries(road, 1)
    road.clock.set(road.clock.now() + timedelta(seconds=BACKOFF[0]))
    await road.app.idle()
    assert [parcel.key for parcel in road.post.sent] == ["a/0"]


async def test_what_twice_got_no_answer_is_left_to_an_admin(road: Road) -> None:
    road.post.troubles.extend((InDoubt("no answer"), InDoubt("no answer")))
    await road.say("a", "一", "二")
    await tries(road, 1)
    road.clock.set(road.clock.now() + timedelta(seconds=BACKOFF[0]))
    await road.app.idle()
    await road.turn()
    assert road.words == ["二"]
    assert [state for _, state, _ in await road.rows("outbox")] == ["doubt", "sent"]


async def test_where_a_repetition_would_be_read_twice_it_is_not_repeated() -> None:
    road = Road(can=Capabilities(idempotent=False))
    await road.app.start()
    road.post.troubles.append(InDoubt("no answer"))
    await road.say("a", "一")
    await road.app.idle()
    await road.turn()
    assert road.post.tried == 1
    assert [state for _, state, _ in await road.rows("outbox")] == ["doubt"]
    await road.app.close()


async def test_an_answer_to_what_was_taken_back_reaches_its_writer_alone(road: Road) -> None:
    def receipt(tx: Tx) -> None:
        Outboxes(tx, "a", road.clock.now()).post(
            "post", "g1", text_card(say("已收", "Got it")), reply_to="m7", asker="u1"
        )

    road.post.troubles.append(Recalled("the message was withdrawn"))
    await road.app.writer.submit(receipt)
    await road.app.idle()
    assert [(sent.kind, sent.chat, sent.reply_to) for sent in road.post.sent] == [("direct", "u1", "")]


async def test_a_refused_card_goes_out_as_words(road: Road) -> None:
    road.post.troubles.append(Rejected("card too big"))
    await road.say("a", "", card=CARD)
    await road.app.idle()
    assert road.post.sent[0].card.is_text
    assert road.words == ["卡片 1\n[完成]"]


async def test_refused_words_are_given_up_and_the_next_line_still_goes(road: Road) -> None:
    road.post.troubles.append(Rejected("sensitive"))
    await road.say("a", "一", "二")
    await road.app.idle()
    await road.turn()
    assert road.words == ["二"]
    assert [state for _, state, _ in await road.rows("outbox")] == ["dead", "sent"]


async def test_an_answer_that_a_group_refuses_goes_down_the_ladder_to_who_asked(road: Road) -> None:
    """Card, words, a direct message; then mail, and if there is none an admin finds it in the list."""

    def answer(tx: Tx) -> None:
        for number in range(2):
            Outboxes(tx, f"a{number}", road.clock.now()).post("post", "g1", CARD, reply_to="m7", asker="u1")

    letters: list[str] = []

    def by_mail(_: Tx, parcel: Outgoing, many: bool) -> bool:
        letters.append(parcel.chat)
        return False

    road.app.courier.otherwise = by_mail
    road.post.troubles.extend(Rejected("no") for _ in range(2 + 3))
    await road.app.writer.submit(answer)
    await road.app.idle()
    assert [(sent.kind, sent.chat, sent.card.is_text) for sent in road.post.sent] == [("direct", "u1", True)]
    assert letters == ["u1"]
    assert road.post.tried == 3 + 3
    assert [(key, state) for key, state, _ in await road.rows("outbox")] == [("a0/0", "dead"), ("a1/0", "sent")]


async def test_a_chat_that_is_gone_is_not_tried_again(road: Road) -> None:
    road.post.troubles.append(Gone("dissolved"))
    await road.say("a", "一")
    await road.app.idle()
    assert road.post.tried == 1


async def test_a_defect_of_an_adapter_costs_one_parcel(road: Road) -> None:
    road.post.troubles.append(KeyError("oops"))
    await road.say("a", "一", "二")
    await road.app.idle()
    assert road.words == ["二"]


async def test_a_slow_chat_holds_up_nobody_else(road: Road) -> None:
    road.post.troubles.append(RetryLater("busy", after=60))
    await road.say("a", "慢")
    await tries(road, 1)

    def elsewhere(tx: Tx) -> None:
        Outboxes(tx, "b", road.clock.now()).post("post", "g2", text_card(say("快", "fast")))

    await road.app.writer.submit(elsewhere)
    await tries(road, 2)
    assert road.words == ["快"]
    road.clock.set(road.clock.now() + timedelta(seconds=60))
    await road.app.idle()
    assert road.words == ["快", "慢"]


async def test_a_newer_edit_replaces_one_that_was_not_sent(road: Road) -> None:
    await road.say("a", "", card=CARD, name="task:1")
    await road.app.idle()
    road.post.gate.clear()
    await road.say("b", "先占住这个群")

    def edit(words: str, key: str) -> None:
        def work(tx: Tx) -> bool:
            return Outboxes(tx, key, road.clock.now()).edit("task:1", text_card(say(words, words)))

        road.app.writer.submit(work)

    edit("第 2 版", "c")
    edit("第 3 版", "d")
    await road.turn()
    road.post.gate.set()
    await road.app.idle()
    assert road.words == ["卡片 1", "先占住这个群", "第 3 版"]
    assert road.post.sent[-1].target == "m1"
    assert [state for _, state, _ in await road.rows("outbox")] == ["sent", "sent", "superseded", "sent"]


async def test_an_edit_of_something_never_sent_is_no_parcel(road: Road) -> None:
    edited = await road.app.writer.submit(lambda tx: Outboxes(tx, "a", road.clock.now()).edit("task:9", CARD))
    assert edited is False
    assert await road.rows("outbox") == []


async def test_a_chat_gets_no_more_than_its_platform_allows() -> None:
    road = Road(can=Capabilities(per_chat=(2, 10.0)))
    await road.app.start()
    await road.say("a", *"一二三四")
    await tries(road, 2)
    await road.turn()
    assert road.words == ["一", "二"]
    for expected in ("三", "四"):
        road.clock.set(road.clock.now() + timedelta(seconds=5))
        await tries(road, len(road.words) + 1)
        assert road.words[-1] == expected
    await road.app.idle()
    await road.app.close()


async def test_what_was_not_sent_is_sent_after_a_restart_once_and_in_order(tmp_path: Path) -> None:
    before = Road(tmp_path / "jindu.db")
    await before.app.start()
    await before.say("a", "一")
    await before.app.idle()
    before.post.gate.clear()
    await before.say("b", "二", "三")
    await before.say("c", "四")
    await before.app.close()
    after = Road(tmp_path / "jindu.db")
    await after.app.start()
    await after.app.idle()
    assert after.words_and_keys() == [("二", "b/0"), ("三", "b/1"), ("四", "c/0")]
    await after.app.close()


async def test_cards_posted_before_a_restart_can_still_be_edited(tmp_path: Path) -> None:
    before = Road(tmp_path / "jindu.db")
    await before.app.start()
    await before.say("a", "", card=CARD, name="task:1")
    await before.app.idle()
    await before.app.close()
    after = Road(tmp_path / "jindu.db")
    await after.app.start()
    await after.app.writer.submit(lambda tx: Outboxes(tx, "b", after.clock.now()).edit("task:1", CARD))
    await after.app.idle()
    assert [(parcel.kind, parcel.target) for parcel in after.post.sent] == [("edit", "m1")]
    await after.app.close()


@pytest.mark.parametrize("trouble", [Unreachable("x"), RetryLater("x", after=3600)])
async def test_a_parcel_that_waits_does_not_hold_up_the_end(trouble: Exception) -> None:
    road = Road()
    await road.app.start()
    road.post.troubles.append(trouble)
    await road.say("a", "一")
    await tries(road, 1)
    patience = Patience()
    await road.app.close()
    assert patience.seconds < 1
