"""The room, Feishu, DingTalk and WeCom at once in one process: one project, one list of tasks, one digest each."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from pathlib import Path

from bot import links
from bot.clock import SystemClock
from tests.activity import Patience
from tests.platforms.together import World
from tests.platforms.wecom_server import BOT, GROUP, SECRET, FakeWeCom
from tests.program.conftest import Program


async def test_one_project_lives_on_three_platforms(world: World) -> None:
    await world.share()
    world.on_feishu_says("/任务 写周报 明天")
    await world.seen("✅ T1 写周报", "feishu")
    world.on_dingtalk_says("/任务 约供应商 明天")
    await world.seen("✅ T2 约供应商", "dingtalk")
    world.wecom.says("张三", "/任务 订场地 明天", GROUP)
    await world.seen("✅ T3 订场地", "wecom")
    world.on_dingtalk_says("T1 80%")
    await world.seen("T1 80%", "dingtalk")
    world.wecom.says("张三", "/搜索 写周报", GROUP)
    await world.seen("T1", "wecom")


async def test_one_digest_each(world: World) -> None:
    await world.share()
    world.on_feishu_says("/日报 设置 17:30 收 18:30 截止")
    await world.seen("✅ 日报：工作日 17:30", "feishu")
    await world.at(17, 31)
    await world.seen("📝 9-21（周一）日报")
    assert [shown.count("📝 9-21（周一）日报") for shown in world.everywhere().values()] == [1, 1, 1]


async def test_one_person_on_two_platforms(world: World) -> None:
    """A code from Feishu, given on DingTalk: his tasks are there, too; parted, they are not."""
    feishu, dingtalk = world.feishu.world, world.dingtalk.world
    on_feishu, on_dingtalk = feishu.person("张三"), dingtalk.person("张三")
    direct = feishu.direct(on_feishu)

    async def told(words: str) -> str:
        def shown() -> list[str]:
            return dingtalk.shown(on_dingtalk.staff, on_dingtalk.staff)

        await world.until(lambda: any(words in one for one in shown()))
        return next(one for one in reversed(shown()) if words in one)

    world.on_feishu_says("/任务 写周报 @张三 明天")
    await world.seen("✅ T1 写周报", "feishu")
    world.feishu.hear(direct, on_feishu, "/绑定")
    await world.until(lambda: any("/绑定 " in shown for shown in feishu.shown(direct)))
    code = re.search(r"/绑定 (\d{6})", next(shown for shown in feishu.shown(direct) if "/绑定 " in shown))
    assert code
    world.on_dingtalk_says("/绑定 000000", chat=False)
    await told("不对或已过期")
    world.on_dingtalk_says(f"/绑定 {code[1]}", chat=False)
    assert "要和「张三」成为同一个人吗？" in await told("成为同一个人吗")
    card = next(one.track for one in reversed(dingtalk.messages) if one.track)
    press = world.dingtalk.press(on_dingtalk, card, "是我")
    await press.finished.wait()
    await told("同一个人了")
    world.on_dingtalk_says("/我的", chat=False)
    await told("T1 写周报")
    world.on_dingtalk_says(f"/绑定 {code[1]}", chat=False)
    world.on_dingtalk_says("/解绑", chat=False)
    await told("✅ 已解绑")
    world.on_dingtalk_says("/解绑", chat=False)
    await told("你在这里没有绑定过")


async def test_somebody_without_a_name_says_it(world: World) -> None:
    world.wecom.says("zhangsan", "/成员 加 @李四", GROUP)
    await world.seen("李四", "wecom")
    world.wecom.says("lisi", "/我是 李四", GROUP)
    await world.seen("✅ 记住了，你是「李四」。", "wecom")
    world.wecom.says("zhangsan", "/我是 张三", GROUP)
    await world.seen("✅ 记住了，你是「张三」。", "wecom")
    world.wecom.says("wangwu", "/我是 李四", GROUP)
    await world.seen("这里已经有一位「李四」了", "wecom")
    world.wecom.says("zhangsan", "/任务 写周报 @李四 明天", GROUP)
    await world.seen("✅ T1 写周报", "wecom")
    world.wecom.says("lisi", "/我的", GROUP)
    await world.seen("李四", "wecom")
    assert "负责人 李四" in world.everywhere()["wecom"]


async def test_a_wrong_secret_of_one_stops_nobody_and_is_told(tmp_path: Path) -> None:
    world = World(SystemClock(), tmp_path)
    patience = Patience()
    await world.start(feishu_secret="a wrong secret of Feishu")
    watching = asyncio.create_task(links.watched(world.app, world.tell))
    try:
        world.on_dingtalk_says("/任务 写周报 明天")
        await world.seen("✅ T1 写周报", "dingtalk")
        await world.linked("dingtalk", "wecom")
        assert patience.seconds < 10
        await world.until(lambda: any("飞书：" in line for line in world.said))
        told = world.dingtalk.world
        await world.until(lambda: any("飞书：" in shown for shown in told.shown(told.person("张三").staff)))
        assert sum("飞书：" in line for line in world.said) == 1, "once"
        world.on_dingtalk_says("/体检")
        await world.seen("✗ 飞书：", "dingtalk")
        assert "a wrong secret" not in "\n".join([*world.said, *world.everywhere().values()])
    finally:
        watching.cancel()
        await world.stop()


async def test_the_room_answers_while_the_links_come_up(tmp_path: Path) -> None:
    world = World(SystemClock(), tmp_path)
    await world.start()
    try:
        who = world.room.add_person("张三")
        chat = world.room.create_group("内部群", [who], who)
        world.room.say(who, chat, "@进度助手 /任务 写周报 明天")
        answered = lambda: any("✅ T1" in world.room.text_of(one.id) for one in world.room.messages(chat))  # noqa: E731
        await world.until(answered)
        links_up = [name for name in ("feishu", "dingtalk") if world.app.vitals.links[name].state == "ready"]
        assert not links_up, "who waits for them answers after them"
    finally:
        await world.stop()


async def test_the_program_runs_on_a_platform_alone(tmp_path: Path) -> None:
    """``jindu run`` without its room; the secret comes from the environment."""
    fake = FakeWeCom()
    await fake.start()
    lines = ["[room]", "enabled = false", "[adapters.wecom]", f'bot_id = "{BOT}"', 'secret = "env:JINDU_TEST_SECRET"']
    (tmp_path / "config.toml").write_text("\n".join([*lines, f'ws_url = "{fake.url}"']), encoding="utf-8")
    program = await asyncio.to_thread(partial(Program, "run", cwd=tmp_path, JINDU_TEST_SECRET=SECRET))
    try:
        await asyncio.to_thread(program.until, "企业微信已连接")
        fake.says("zhangsan", "/任务 写周报 明天", GROUP)
        await fake.until(lambda: any("✅ T1 写周报" in shown for shown in fake.views(GROUP)))
    finally:
        code = await asyncio.to_thread(program.stop)
        await fake.stop()
    assert code == 0
    assert SECRET not in program.words
