"""What follows from what: sub-tasks and their parent, undo and who may, notes, reminders, repetitions."""

from __future__ import annotations

from tests.tasks.conftest import Office


async def test_a_parent_is_the_mean_of_its_children_down_four_levels(office: Office) -> None:
    await office.say("张三", "/任务 大促")
    for parent, title in ((1, "素材"), (2, "主图"), (3, "底图")):
        assert (await office.say("张三", f"T{parent} 子任务 {title}"))[0].startswith("✅")
    assert await office.say("张三", "T4 子任务 太深了") == ["子任务最多 4 层，T4 已经在第 4 层。"]
    await office.say("张三", "T1 子任务 文案")
    await office.say("张三", "T4 80%")
    assert "80%" in (await office.say("张三", "T3"))[0]
    assert "进行中｜40%" in (await office.say("张三", "T1"))[0]
    await office.say("张三", "/任务 删除 T5")
    assert "进行中｜80%" in (await office.say("张三", "T1"))[0]


async def test_closing_a_parent_alone_leaves_its_children_open(office: Office) -> None:
    await office.say("张三", "/任务 大促")
    await office.say("张三", "T1 子任务 素材 @李四")
    assert (await office.say("张三", "T1 完成"))[0].startswith("T1 还有 1 项子任务没完成：T2 素材。")
    assert await office.press("张三", "只完成 T1") == "✅ T1 完成（张三 14:00）"
    office.heard()
    assert "待办" not in (await office.say("张三", "T1"))[0]
    assert "截止 未定" in (await office.say("张三", "T2"))[0]
    assert await office.forge("张三", "task.done.all", "1") == "T1 大促 已完成（张三 14:00）。"


async def test_cancelling_a_parent_cancels_below_and_one_undo_brings_all_back(office: Office) -> None:
    await office.say("张三", "/任务 大促")
    await office.say("张三", "T1 子任务 素材")
    assert (await office.say("张三", "/任务 删除 T1"))[0].startswith("T1 大促 已取消，连同子任务：T2 素材。")
    assert (await office.say("张三", "/撤销"))[0].startswith("已撤销 2 项：T1 大促、T2 素材 的状态改动。")
    assert "未完成 2" in "\n".join(await office.say("张三", "/进度"))


async def test_undo_goes_back_step_by_step_and_never_twice(office: Office) -> None:
    await office.say("张三", "/任务 海报")
    await office.say("张三", "T1 改到 9-22")
    await office.say("张三", "T1 !高")
    assert "优先级" in (await office.say("张三", "/撤销"))[0]
    assert "截止" in (await office.say("张三", "/撤销"))[0]
    assert (await office.say("张三", "/撤销"))[0].startswith("已撤销 T1 海报。")
    assert await office.say("张三", "/撤销") == ["没有可以撤销的改动。"]
    assert await office.count() == 0
    assert await office.press("张三", "恢复", "已撤销 T1 海报。") == "已恢复 T1 海报。"
    assert await office.count() == 1
    assert await office.say("张三", "T1 80%") == ["T1 80%"]


async def test_undo_of_what_somebody_changed_since_is_refused(office: Office) -> None:
    await office.say("张三", "/任务 海报 @李四")
    await office.say("李四", "T1 改到 9-22")
    await office.say("张三", "T1 改到 9-23")
    before = await office.rows()
    assert await office.say("李四", "/撤销") == ["T1 后来又改过，不能直接撤销。发「/任务 T1」看现在的样子。"]
    assert await office.rows() == before


async def test_only_the_actor_or_an_admin_undoes_and_only_for_ten_minutes(office: Office) -> None:
    await office.say("李四", "/任务 海报 @李四")
    assert await office.press("王五", "撤销") == "只有做这一步的人或管理员能撤销。"
    assert await office.forge("王五", "task.undo", "1", "whatever") == "这一步已经撤销过了。"
    assert (await office.say("王五", "/撤销 T1")) == ["只有做这一步的人或管理员能撤销。"]
    await office.later(minutes=9)
    assert (await office.say("张三", "/撤销 T1"))[0].startswith("已撤销 T1 海报。")
    await office.later(minutes=11)
    assert await office.press("张三", "恢复") == "超过 10 分钟，不能撤销了。请直接把 T1 改回去。"


async def test_a_required_note_is_asked_for_and_any_sentence_is_it(office: Office) -> None:
    await office.say("张三", "/设置 完成必填说明 开")
    await office.say("张三", "/任务 海报 @李四")
    assert "待补说明" in (await office.say("李四", "T1 完成"))[0]
    assert "待补说明" in (await office.say("李四", "T1 完成 好了"))[0]
    assert "📝 待补说明 1" in "\n".join(await office.say("张三", "/进度"))
    assert await office.say("李四", "海报终稿已经交给印刷厂") == ["✅ T1 完成（李四 14:00）"]
    assert "海报终稿已经交给印刷厂" in (await office.say("张三", "/任务 历史 T1"))[0]
    assert await office.later(hours=25) == []


async def test_a_reminder_follows_the_owner_and_dies_with_the_task(office: Office) -> None:
    await office.say("张三", "/任务 交合同 @李四 明天10点提醒")
    await office.say("张三", "T1 交给 @王五")
    assert await office.later(hours=20) == [], "a Saturday, and somebody else asked for it"
    said = await office.later(hours=23)
    assert said == [
        "⏰ T1 交合同｜截止 未定（原定 9-19 10:00，休息时不打扰）\n"
        "[完成] [改时间] [稍后] [1 小时后] [明天 9:00]\n任务提醒\n[关闭此类]"
    ]
    await office.say("张三", "T1 提醒 9-23 10点")
    await office.say("王五", "T1 完成")
    assert await office.later(days=3) == []


async def test_an_undone_completion_is_reminded_again(office: Office) -> None:
    await office.say("张三", "/任务 交合同 明天10点提醒")
    await office.say("张三", "T1 完成")
    await office.say("张三", "/撤销")
    assert (await office.later(hours=20))[0].startswith("⏰ T1 交合同")


async def test_repetitions(office: Office) -> None:
    await office.say("张三", "/任务 双十一渠道投放计划 @李四 周五20:00")
    assert "可能重复：T1" in (await office.say("张三", "/任务 双十一渠道投放计划书 @李四 9-20"))[0]
    assert await office.press("李四", "仍然新建") == "请让发这条消息的人来选。"
    assert await office.press("张三", "仍然新建") == "已建"
    office.heard()
    assert await office.count() == 2
    for fresh in ("渠道投放第2期 @李四", "双十一渠道投放计划 @王五 周五", "双十一渠道投放计划 @李四 10-20"):
        assert "✅" in "".join(await office.say("张三", "/任务 " + fresh))
    assert "✅" in "".join(await office.say("张三", "/任务 渠道投放第3期 @李四"))
    await office.say("张三", "T1 T2 T5 完成")
    assert "✅" in "".join(await office.say("张三", "/任务 双十一渠道投放计划 @李四 周五20:00"))


async def test_a_batch_is_made_once(office: Office) -> None:
    await office.say("张三", "/批量任务\n1. 主图 @王五 周三\n2、详情页 李四 9-28\n- 复盘")
    preview = office.stage.room.messages(office.stage.room.group("双十一大促"))[-1]
    assert "将建 3 条" in office.stage.room.text_of(preview.id)
    assert await office.press("张三", "全部创建") == "已建 3 条"
    office.heard()
    assert await office.count() == 3
    too_many = "\n".join(f"任务{n}号" for n in range(63))
    assert await office.say("张三", "/批量任务\n" + too_many) == ["一次最多 50 条，收到 63 条，请分成 2 次发。"]


async def test_more_hits_than_a_page(office: Office) -> None:
    for number in range(12):
        await office.say("张三", f"/任务 第{number}批补货")
    assert "第 1–10 项" in (await office.say("张三", "/查 补货"))[0]
    assert await office.press("张三", "更多") == "下一页"
    assert "第 11–12 项" in office.heard()[0]
    await office.say("张三", "T12 改名 清仓甩卖")
    assert "没找到" in (await office.say("张三", "/查 第11批"))[0]
    assert "T12 清仓甩卖" in (await office.say("张三", "/查 甩卖"))[0]
    await office.say("张三", "/撤销")
    assert "T12 第11批补货" in (await office.say("张三", "/查 第11批"))[0]


async def test_a_reply_to_a_card_is_about_its_task(office: Office) -> None:
    await office.say("张三", "/任务 海报 @李四 周五20:00")
    assert await office.say("李四", "60% 底图好了", quote="海报") == ["T1 60%"]
    assert (await office.say("王五", "记得加二维码", quote="海报"))[0].startswith("已记到 T1：记得加二维码")
    assert (await office.say("李四", "改到 9-22", quote="海报"))[0].startswith("T1 海报 改到 2026-09-22（周二）18:00。")
    assert "张三 把 T1 海报 交给了王五。" in await office.say("张三", "@王五", quote="海报")
    assert await office.say("王五", "完成", quote="T1 海报") == ["✅ T1 完成（王五 14:00）"]


async def test_my_work_in_a_direct_chat_covers_all_projects(office: Office) -> None:
    await office.say("张三", "/任务 海报 @李四 周五20:00")
    assert await office.press("李四", "完成", where="私聊") == "✅ T1 完成（李四 14:00）"
    await office.say("张三", "/撤销 T1")
    await office.stage.open_group("年货节", ["张三", "李四"])
    await office.say("张三", "你好")
    await office.say("张三", "/任务 选品 @李四 周五20:00")
    mine = (await office.say("李四", "我的", where="私聊"))[0]
    assert "T1 海报 9-18 20:00 （双十一大促）" in mine
    assert "T1 选品 9-18 20:00 （年货节）" in mine


async def test_the_board_fits_a_phone(office: Office) -> None:
    lines = "\n".join(f"{n}、这是一个标题非常非常长的任务放在手机上一定要截断 @李四 9-2{n % 9}" for n in range(1, 41))
    await office.say("张三", "/批量任务\n" + lines)
    await office.press("张三", "全部创建")
    office.heard()
    board = (await office.say("张三", "/进度 公开"))[0].splitlines()
    assert len(board) <= 30
    assert max(len(line.encode("gbk", "replace")) for line in board) <= 44


async def test_a_press_on_a_card_from_before_the_due_was_moved_asks_again(office: Office) -> None:
    await office.say("张三", "/任务 海报 @李四 9-22")
    await office.say("李四", "T1 改到 10-9")
    assert await office.forge("李四", "task.done", "1", "2026-09-22") == "T1 已改到 10-9，仍要标完成吗？"
    office.heard()
    assert "未完成 1" in "\n".join(await office.say("张三", "/进度"))
    assert await office.press("李四", "仍然完成") == "✅ T1 完成（李四 14:00）"


async def test_confirming_what_somebody_else_said(office: Office) -> None:
    await office.say("张三", "/任务 海报 @李四 9-22")
    assert "T1 由李四负责，已转告他确认。" in await office.say("王五", "T1 70% 底图好了")
    assert await office.press("李四", "确认", where="私聊") == "T1 70%"
    assert "T1 由李四负责，已转告他确认。" in await office.say("王五", "T1 交给 @赵六")
    assert await office.press("李四", "确认", where="私聊") == "T1 海报 已交给赵六。"
    office.heard()
    assert "负责人 赵六" in (await office.say("张三", "T1"))[0]


async def test_wecom_asks_for_a_date_in_words(office: Office) -> None:
    office.stage.can("企业微信")
    await office.say("张三", "/任务 海报 @李四 9-22")
    await office.press("张三", "改时间")
    asked = office.heard()[0]
    assert "也可以回：T1 改到 周五18:00" in asked
    assert "选日期" not in asked
