"""A platform without a removal event (J11 8): the first “not in this chat” pauses the chat."""

from __future__ import annotations

from chat.errors import Gone
from tests.road.conftest import Road, message


async def test_the_first_refusal_pauses_the_chat_and_tells_the_admin(road: Road) -> None:
    await road.app.intake.submit(message("m1", "/日报 设置 17:30 收 18:30 截止"))
    await road.app.idle()
    road.post.troubles.append(Gone("not in this chat"))
    await road.app.intake.submit(message("m2", "/成员"))
    await road.app.idle()
    await road.app.idle()
    assert road.words[-1] == "我被移出「双十一大促」，已暂停 3 个定时。数据保留。"
    assert road.post.sent[-1].kind == "direct"
    tried = road.post.tried
    await road.say("thing", "还有一句")
    await road.app.idle()
    assert road.post.tried == tried + 1


async def test_whoever_talks_there_again_brings_the_chat_back(road: Road) -> None:
    road.post.troubles.append(Gone("not in this chat"))
    await road.app.intake.submit(message("m1", "/成员"))
    await road.app.idle()
    await road.app.idle()
    await road.app.intake.submit(message("m2", "/成员"))
    await road.app.idle()
    assert road.words[-1].startswith("管理员 1 人：张三")
