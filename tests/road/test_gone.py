"""A platform without a removal event (J11 8): the first “not in this chat” pauses the chat."""

from __future__ import annotations

from datetime import timedelta

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


async def test_whoever_talks_there_again_brings_the_clock_back_too_if_they_want(road: Road) -> None:
    """J11 #9 where nobody tells that the bot was brought back."""
    await road.app.intake.submit(message("m1", "/日报 设置 17:30 收 18:30 截止"))
    await road.app.idle()
    road.post.troubles.append(Gone("not in this chat"))
    await road.app.intake.submit(message("m2", "/成员"))
    await road.app.idle()
    await road.app.idle()
    road.clock.set(road.clock.now() + timedelta(days=3, hours=10))
    before = len(road.words)
    await road.app.intake.submit(message("m3", "/成员", at=road.clock.now()))
    await road.app.idle()
    first, second = road.words[before:]
    assert first == "我回来了。停用期间漏 3 次日报。"
    assert second.startswith("管理员 1 人：张三")
    await road.app.intake.submit(message("m4", "/成员", at=road.clock.now()))
    await road.app.idle()
    assert len(road.words) == before + 3, "said once"


async def test_whoever_talks_there_again_brings_the_chat_back(road: Road) -> None:
    road.post.troubles.append(Gone("not in this chat"))
    await road.app.intake.submit(message("m1", "/成员"))
    await road.app.idle()
    await road.app.idle()
    await road.app.intake.submit(message("m2", "/成员"))
    await road.app.idle()
    assert road.words[-1].startswith("管理员 1 人：张三")
