"""What goes from one platform to another: a day's reports into one digest, and an approval."""

from __future__ import annotations

from tests.platforms.together import World

DIGEST = "日汇总　交 "


async def _digest(world: World) -> None:
    """张三 reports on Feishu, 李四 on DingTalk, 王五 on WeCom; 18:30 passes."""
    await world.share()
    world.on_dingtalk_says("/我的", "李四")
    await world.seen("今天没有到期任务", "dingtalk")
    world.on_wecom_says("/我是 王五", "wangwu")
    await world.seen("你是「王五」", "wecom")
    world.on_feishu_says("/成员 加 @李四 @王五")
    await world.seen("✅ 参与", "feishu")
    world.on_feishu_says("/日报 设置 17:30 收 18:30 截止")
    await world.seen("✅ 日报：工作日 17:30", "feishu")
    await world.at(17, 31)
    await world.seen("📝 9-21（周一）日报")
    world.on_feishu_says("今日：定预算 明日：评审 阻塞：无")
    await world.seen("✅ 已收 张三", "feishu")
    world.on_dingtalk_says("今日：投放计划 明日：上素材 阻塞：等主图", "李四")
    await world.seen("✅ 已收 李四", "dingtalk")
    world.on_wecom_says("今日：主图 明日：详情页 阻塞：无", "wangwu")
    await world.seen("✅ 已收 王五", "wecom")
    await world.at(18, 31)
    await world.seen(DIGEST)


async def test_one_digest_of_what_was_reported_on_three_platforms(world: World) -> None:
    await _digest(world)
    for name, shown in world.everywhere().items():
        assert shown.count(DIGEST) == 1, name
        for line in ("张三：定预算 → 明日 评审", "李四：投放计划 → 明日 上素材", "王五：主图 → 明日 详情页"):
            assert line in shown.replace("\u200b", ""), (name, line)
        assert "B1 等主图" in shown, name


async def test_a_late_report_changes_the_digest_where_it_can_and_is_a_line_elsewhere(world: World) -> None:
    await _digest(world)
    world.on_dingtalk_says("/日报 改 阻塞 主图来了", "李四")
    await world.seen("v2 18:3", "feishu", "dingtalk")
    await world.at(19, 1)
    await world.seen("9-21 日报更新：李四", "wecom")
    assert [shown.count(DIGEST) for shown in world.everywhere().values()] == [1, 1, 1]
    assert "日报更新" not in world.everywhere()["feishu"] + world.everywhere()["dingtalk"]


async def test_an_approval_asked_on_feishu_is_decided_on_dingtalk_and_wecom(world: World) -> None:
    """Everybody sees the state on their own platform: cards where they can be changed, a line where not."""
    await world.share()
    world.on_dingtalk_says("/我的", "李四")
    await world.seen("今天没有到期任务", "dingtalk")
    world.on_dingtalk_says("你好", "李四", chat=False)
    world.on_wecom_says("/我是 王五", "wangwu")
    await world.seen("你是「王五」", "wecom")
    world.wecom.says("wangwu", "你好")
    world.on_feishu_says("/成员 加 @李四 @王五")
    await world.seen("✅ 参与", "feishu")
    world.on_feishu_says("/审批 预算追加3万元 会签 @李四 @王五 截止 明天 12:00")
    await world.seen("🖊 P1 预算追加3万元　会签 0/2", "feishu")
    card = await _asked(world)
    press = world.dingtalk.press(world.dingtalk.world.person("李四"), card, "同意")
    await press.finished.wait()
    await world.seen("会签 1/2", "feishu")
    world.wecom.says("wangwu", "同意 P1")
    await world.seen("✅ P1 预算追加3万元 已通过", "feishu")
    feishu, li = world.everywhere()["feishu"], world.dingtalk.world.person("李四").staff
    assert feishu.count("✅ P1 预算追加3万元 已通过") == 1
    await world.until(lambda: any("✅ 已通过" in shown for shown in world.dingtalk.world.shown(li, li)))
    assert "[同意]" not in _card_of(world, li)


def _card_of(world: World, staff: str) -> str:
    return next(shown for shown in reversed(world.dingtalk.world.shown(staff, staff)) if "P1 预算追加3万元" in shown)


async def _asked(world: World) -> str:
    """The card that 李四 was sent directly."""
    dingtalk = world.dingtalk.world
    li = dingtalk.person("李四").staff
    await world.until(lambda: any("P1 预算追加3万元" in shown for shown in dingtalk.shown(li, li)))
    return next(one.track for one in reversed(dingtalk.messages) if one.track)
