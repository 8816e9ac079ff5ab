"""What the adapter sends to the fake: replies, edits, cards in parts, files, and what an admin has to repair."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.feishu.client import uuid
from adapters.feishu.errors import Misconfigured, Stale
from adapters.feishu.post import Post
from chat.cards import Attachment, Button, Buttons, Card, Paragraph, Picture, Table, text_card
from chat.errors import Gone, Recalled, Rejected, RetryLater
from chat.text import say, verbatim
from tests.contract.platform import CARD, DONE
from tests.platforms.feishu_world import Refusal


def weekly(rows: int, words: str = "很长" * 40) -> Card:
    """A card of several messages when it has many rows."""
    table = Table((say("任务", "Task"),), tuple((verbatim(f"第{n}行 {words}"),) for n in range(rows)))
    return Card((table,), say("周报", "Weekly"))


async def test_an_answer_quotes_its_question_and_is_not_said_to_all_once_that_is_recalled(feishu):
    key = await feishu.say("任务 写周报")
    message = key.removeprefix("feishu:")
    sent = await feishu.deliver("已创建 T1", reply_to=message)
    assert feishu.server.world.messages[sent.message_id].reply_to == message
    feishu.server.world.messages[message].recalled = True
    with pytest.raises(Recalled):
        await feishu.deliver("已创建 T2", reply_to=message)
    assert feishu.shown() == ["已创建 T1"]


async def test_a_card_that_may_be_edited_is_a_card_even_when_it_is_only_text(feishu):
    sent = await feishu.deliver("进行中", name="task:1")
    await feishu.deliver("完成", kind="edit", target=sent.message_id, name="task:1")
    assert feishu.server.world.messages[sent.message_id].kind == "interactive"
    assert feishu.shown() == ["完成"]


async def test_where_a_card_was_refused_its_text_can_still_be_edited(feishu):
    feishu.server.world.refusals.append(Refusal(230099, "Failed to create card content"))
    sent = await feishu.deliver("进行中", name="task:1")
    assert feishu.server.world.messages[sent.message_id].kind == "text"
    await feishu.deliver("完成", kind="edit", target=sent.message_id, name="task:1")
    assert feishu.shown() == ["完成"]


async def test_an_old_or_recalled_card_is_not_edited(feishu):
    sent = await feishu.deliver(CARD)
    feishu.server.world.messages[sent.message_id].recalled = True
    with pytest.raises(Stale):
        await feishu.deliver(DONE, kind="edit", target=sent.message_id)
    old = await feishu.deliver(CARD)
    feishu.clock.set(feishu.clock.now() + timedelta(days=15))
    with pytest.raises(Stale):
        await feishu.deliver("完成", kind="edit", target=old.message_id)


async def test_a_large_card_is_several_messages_and_sent_once_each(feishu):
    card = weekly(600)
    with pytest.raises(RetryLater):
        await feishu.deliver(card, key="k/1")
    assert len(feishu.shown()) == 5, "the limit of the chat"
    await feishu.forward(5)
    await feishu.deliver(card, key="k/1")
    titles = [shown.splitlines()[0] for shown in feishu.shown()]
    assert titles == [f"周报 ({n + 1}/{len(titles)})" for n in range(len(titles))]
    assert "第599行" in feishu.shown()[-1]


def heads(shown: list[str]) -> list[str]:
    return [one.splitlines()[0] for one in shown]


async def test_an_edit_of_a_large_card_redraws_every_part_of_it(feishu):
    feishu.server.world.hurried = True
    sent = await feishu.deliver(weekly(200), name="digest:1")
    assert heads(feishu.shown()) == ["周报 (1/3)", "周报 (2/3)", "周报 (3/3)"]
    await feishu.deliver(weekly(299, "很短"), kind="edit", target=sent.message_id, name="digest:1")
    assert heads(feishu.shown()) == ["周报 (1/2)", "周报 (2/2)", "（内容已并入上面的卡片）"]
    assert "很长" not in "".join(feishu.shown())
    assert "第298行" in feishu.shown()[1]
    await feishu.deliver(weekly(250), kind="edit", target=sent.message_id, name="digest:1")
    assert heads(feishu.shown()) == [f"周报 ({n}/4)" for n in range(1, 5)]
    await feishu.deliver(weekly(3), kind="edit", target=sent.message_id, name="digest:1")
    assert heads(feishu.shown()) == ["周报", *["（内容已并入上面的卡片）"] * 3]


async def test_a_press_on_a_later_part_is_one_on_the_card(feishu):
    feishu.server.world.hurried = True
    button = Button(say("完成", "Done"), "task.done")
    card = weekly(200)
    sent = await feishu.deliver(Card((*card.blocks, Buttons((button,))), card.title), name="digest:1")
    last = list(feishu.server.world.messages)[-1]
    assert last != sent.message_id
    key = await feishu.press(last)
    await feishu.acked(key)
    assert feishu.ledger.thing(key).message_id == sent.message_id


async def test_parts_that_are_gone_or_forgotten_are_sent_anew(feishu):
    """One that was recalled; and after a restart, when only the first is known."""
    world = feishu.server.world
    world.hurried = True
    sent = await feishu.deliver(weekly(200), name="digest:1")
    next(one for one in world.messages.values() if "(2/3)" in world.words(one)).recalled = True
    await feishu.deliver(weekly(201), kind="edit", target=sent.message_id, name="digest:1")
    assert sorted(heads(feishu.shown())) == ["周报 (1/3)", "周报 (2/3)", "周报 (3/3)"]
    feishu.adapter._post = Post(feishu.adapter.client, feishu.adapter.directory, Path())
    before = len(feishu.shown())
    await feishu.deliver(weekly(202), key="e/1", kind="edit", target=sent.message_id, name="digest:1")
    await feishu.deliver(weekly(202), key="e/1", kind="edit", target=sent.message_id, name="digest:1")
    assert heads(feishu.shown())[before:] == ["周报 (2/3)", "周报 (3/3)"], "once, though the edit was repeated"
    assert "第201行" in feishu.shown()[-1]


async def test_a_large_card_in_the_answer_to_a_press_is_shown_after_it(feishu):
    feishu.server.world.hurried = True
    sent = await feishu.deliver(CARD)
    feishu.ledger.done = weekly(150)
    key = await feishu.press(sent.message_id)
    await feishu.until(lambda: feishu.times("released", key))
    assert feishu.answer(key) == ("收到", "")
    await feishu.until(lambda: heads(feishu.shown()) == ["周报 (1/2)", "周报 (2/2)"])
    assert feishu.server.world.violations == []


async def test_a_file_follows_its_card(feishu):
    card = Card((Paragraph(say("报表好了", "Report")), Attachment("周报.csv", "任务,谁\n登录页,李四")))
    await feishu.deliver(card, key="k/1")
    await feishu.forward(5)
    await feishu.deliver(card, key="k/1")
    assert feishu.shown()[0] == "报表好了\n📎 周报.csv"
    assert len(feishu.shown()) == 2
    assert "任务,谁\n登录页,李四".encode() in feishu.server.world.uploads.values()


async def test_pictures_are_uploaded_once_and_only_from_the_data_folder(feishu, tmp_path: Path):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_bytes(b"\x89PNG" + b"x" * 1_200_000)
    (tmp_path.parent / "secret.png").write_bytes(b"secret")
    feishu.adapter._post = Post(feishu.adapter.client, feishu.adapter.directory, tmp_path)
    card = Card((Picture("pictures/a.png", say("完成 3/5", "3/5")),), say("燃尽", "Burndown"))
    await feishu.deliver(card)
    await feishu.deliver(card)
    assert feishu.shown() == ["燃尽\n🖼 完成 3/5"] * 2
    assert len(feishu.server.world.uploads) == 1
    for path in ("../secret.png", "/etc/passwd", "missing.png", "pictures"):
        await feishu.deliver(Card((Picture(path, say("文字", "words")), Paragraph(say("完", "end")))))
    assert feishu.shown()[2:] == ["文字\n完"] * 4
    assert len(feishu.server.world.uploads) == 1


async def test_an_upload_survives_a_stale_token(feishu):
    await feishu.deliver("先")
    feishu.server.world.revoked.update(feishu.server.world.tokens)
    await feishu.deliver(Card((Paragraph(say("表", "t")), Attachment("a.csv", "1,2"))))
    assert b"1,2" in feishu.server.world.uploads.values()


async def test_a_missing_permission_waits_for_the_admin(feishu):
    feishu.server.world.scopes.discard("send")
    with pytest.raises(Misconfigured) as caught:
        await feishu.deliver("你好", key="k/1")
    assert caught.value.code == 99991672
    assert caught.value.after >= 60
    assert "scopes is required" in str(feishu.adapter.client.trouble["send"])
    assert "权限管理" in feishu.adapter.trouble.render()
    feishu.server.world.scopes.add("send")
    await feishu.deliver("你好", key="k/1")
    assert feishu.adapter.trouble is None
    assert feishu.adapter.state == "ready"


async def test_a_wrong_secret_is_the_admins_too(feishu):
    feishu.server.world.secret = "another"
    with pytest.raises(Misconfigured):
        await feishu.deliver("你好")
    assert "App Secret" in feishu.adapter.trouble.render()


async def test_limits_of_the_chat_and_its_end(feishu):
    for n in range(5):
        await feishu.adapter.client.send("chat_id", feishu.group, "text", {"text": "x"}, f"{n}")
    with pytest.raises(RetryLater):
        await feishu.adapter.client.send("chat_id", feishu.group, "text", {"text": "x"}, "6")
    await feishu.forward(5)
    feishu.server.world.chats[feishu.group].dissolved = True
    with pytest.raises(Gone):
        await feishu.deliver("有人吗")
    feishu.server.world.chats[feishu.group].dissolved = False
    feishu.server.world.chats[feishu.group].bot = False
    with pytest.raises(Gone):
        await feishu.deliver("有人吗")
    with pytest.raises(Gone):
        await feishu.adapter.client.send("open_id", "ou_stranger", "text", {"text": "x"}, "k")


async def test_words_that_feishu_forbids_are_not_repeated(feishu):
    feishu.server.world.refusals.extend([Refusal(230028, "DLP")] * 2)
    with pytest.raises(Rejected):
        await feishu.deliver(text_card(say("机密", "secret"), Button(say("好", "ok"), "ok")))


@pytest.mark.parametrize("key", ["feishu:om_1/0", "x" * 50, "x" * 51, "tick:17:" + "长" * 60])
def test_idempotency_keys_fit(key):
    assert len(uuid(key)) <= 50
    assert uuid(key) == uuid(key)
    assert uuid(key) != uuid(key + "/1")
