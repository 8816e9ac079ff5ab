"""Being several people in several groups; time; languages, themes, keys, phones."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from chat.cards import text_card
from chat.text import Mention, say
from tests.browser.conftest import PHONE
from tests.browser.office import GROUP, Office, digest
from tests.browser.probes import CONTRAST, SMALL

pytestmark = pytest.mark.sqlite


def last(page: Page):
    return page.locator("article").last


def test_one_becomes_somebody_else_and_sees_what_waits_for_them(page, office):
    office.post(text_card(say("还有 12 分钟截止", "12 minutes left")), office.person("李四"), "direct")
    chip = page.locator(".top .chip", has_text="李四")
    expect(chip.locator(".badge")).to_have_text("2")
    chip.click()
    expect(chip).to_have_attribute("aria-checked", "true")
    row = page.locator(".chat-row", has_text="单聊")
    expect(row.locator(".badge")).to_have_text("1")
    expect(row).to_contain_text("还有 12 分钟截止")
    row.click()
    expect(last(page)).to_contain_text("还有 12 分钟截止")
    expect(chip.locator(".badge")).to_have_count(0)
    page.reload()
    expect(page.locator(".top .chip.chosen")).to_contain_text("李四")
    expect(last(page)).to_contain_text("还有 12 分钟截止")


def test_a_mention_is_marked_in_the_list_and_new_messages_have_a_line(page, office):
    page.locator(".chat-row", has_text="单聊").click()
    office.post(text_card(say("请 {who} 看", "{who}, please look", who=Mention(office.person("张三"), "张三"))))
    row = page.locator(".chat-row", has_text=GROUP)
    expect(row).to_contain_text("[有人@我]")
    expect(page).to_have_title("(1) 进度助手 · 进度助手 · 聊天室")
    row.click()
    expect(page.locator(".new-line")).to_have_text("以下是新消息")
    expect(last(page).locator(".at.me")).to_have_text("@张三")
    expect(row.locator(".badge")).to_have_count(0)


def test_who_scrolled_up_is_not_pulled_down(page, office):
    for n in range(30):
        office.say("李四", f"第 {n} 句")
    expect(last(page)).to_contain_text("第 29 句")
    page.locator("#messages").hover()
    page.mouse.wheel(0, -900)
    expect(page.locator("#jump")).to_have_text("回到最新")
    top = page.locator("#messages").evaluate("node => node.scrollTop")
    office.say("李四", "新的一句")
    expect(page.locator("#jump")).to_have_text("1 条新消息")
    assert page.locator("#messages").evaluate("node => node.scrollTop") == top
    page.locator("#jump").click()
    expect(last(page)).to_be_in_viewport()
    expect(page.locator("#jump")).to_be_hidden()


def test_earlier_messages_come_on_demand(page, office):
    for n in range(70):
        office.call(lambda n=n: office.room.say(office.person("李四"), office.group, f"第 {n} 句"))
    page.reload()
    page.get_by_role("button", name="看更早的消息").click()
    expect(page.locator("article", has_text="收 3 行日报")).to_have_count(1)
    expect(page.get_by_role("button", name="看更早的消息")).to_have_count(0)


def test_groups_are_made_changed_and_dissolved(page, office):
    page.get_by_role("button", name="加个人").first.click()
    page.get_by_label("姓名").fill("Mike")
    page.get_by_label("部门").fill("伦敦")
    page.get_by_role("button", name="添加").click()
    expect(page.locator(".top .chip.chosen")).to_contain_text("Mike")
    page.get_by_role("button", name="建群").click()
    page.get_by_label("群名").fill("海外组")
    page.locator("dialog[open] .tick-row", has_text="王总").click()
    page.locator("dialog[open]").get_by_role("button", name="建群").click()
    expect(page.locator(".talk-name")).to_have_text("海外组")
    expect(page.locator(".talk-about")).to_have_text("6 人和机器人")
    expect(last(page)).to_contain_text("收 3 行日报")
    page.get_by_role("button", name="群设置").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("群名").fill("海外项目")
    dialog.get_by_role("button", name="改名").click()
    expect(page.locator(".talk-name")).to_have_text("海外项目")
    dialog.get_by_role("button", name="移出群").click()
    dialog.get_by_role("button", name="请进群").click()
    dialog.get_by_role("button", name="移出 王五").or_(dialog.get_by_role("button", name="移出王五")).click()
    expect(dialog.get_by_role("heading", name="群成员 5")).to_be_visible()
    dialog.locator(".tick-row", has_text="王总").click()
    dialog.get_by_role("button", name="添加").click()
    expect(dialog.get_by_role("heading", name="群成员 6")).to_be_visible()
    dialog.get_by_role("button", name="解散群").click()
    dialog.get_by_role("button", name="确定解散").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".chat-row", has_text="海外项目")).to_have_count(0)
    office.call(lambda: office.adapter.idle())
    events = [thing.event for thing in office.heard if thing.kind == "event"][1:]
    assert events == ["bot_added", "renamed", "bot_removed", "bot_added", "member_left", "member_joined", "dissolved"]


def test_time_passes_at_a_press_and_what_happens_on_the_way_appears(page, office):
    clock = page.locator("#clock time")
    expect(clock).to_have_text("2026-09-18 周五 10:00")
    office.machine.due = lambda: office._send("post", office.group, text_card(say("站会时间", "Stand-up")))
    page.get_by_role("button", name="到下一次提醒").click()
    expect(last(page)).to_contain_text("站会时间")
    expect(last(page).locator("time")).to_have_text("10:30")
    expect(clock).to_have_text("2026-09-18 周五 10:30")
    page.get_by_role("button", name="到下一次提醒").click()
    expect(page.locator(".toast")).to_have_text("没有排着的提醒了。")
    page.get_by_role("button", name="+1 天").click()
    expect(clock).to_have_text("2026-09-19 周六 10:30")
    page.get_by_role("button", name="+1 小时").click()
    expect(clock).to_have_text("2026-09-19 周六 11:30")
    office.say("李四", "新的一天")
    expect(page.locator(".day").last).to_have_text("2026-09-19 周六")


def test_english_and_dark_are_chosen_and_kept(page, office):
    page.get_by_role("button", name="设置", exact=True).click()
    page.get_by_text("English").click()
    page.get_by_text("Dark").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="To the next reminder")).to_be_visible()
    expect(page.locator("#write")).to_have_attribute("placeholder", "Message; @进度助手 to be answered; / for commands")
    expect(page.locator(".day")).to_have_text("Fri 2026-09-18")
    expect(page.locator(".note").first).to_have_text("张三 created “双十一大促”")
    page.locator("#write").press_sequentially("/dai")
    page.keyboard.press("Enter")
    expect(page.locator("#write")).to_have_value("@进度助手 /daily ")
    page.reload()
    expect(page.locator(".day")).to_have_text("Fri 2026-09-18")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize("size", [{}, PHONE], ids=["desktop", "phone"])
def test_everything_can_be_read_in_both_themes(office, visits, size):
    page = visits.open(office.url, **size)
    expect(page.locator(".chat-row")).to_have_count(2)
    _read_in_both_themes(page)
    page.locator(".chat-row", has_text=GROUP).click()
    office.post(digest(office.person("张三")))
    last(page).get_by_role("button", name="填写日报").click()
    last(page).get_by_role("button", name="提交日报").click()
    page.locator("#write").press_sequentially("@进度助手 好 @李四 ")
    page.keyboard.press("Enter")
    expect(page.locator("article.own")).to_have_count(1)
    page.locator("#write").press_sequentially("/")
    expect(page.locator("#options")).to_be_visible()
    _read_in_both_themes(page)


def _read_in_both_themes(page: Page) -> None:
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        assert page.evaluate(CONTRAST) == []


def test_the_keyboard_stays_where_it_is_when_what_was_written_has_arrived(page, office):
    """As when the answer to it comes late."""
    button = page.get_by_role("button", name="先看示例", exact=True)
    button.focus()
    page.evaluate("import('/static/store.js').then(store => store.emit('kept'))")
    expect(button).to_be_focused()
    page.locator("article").last.focus()
    page.evaluate("import('/static/store.js').then(store => store.emit('kept'))")
    expect(page.locator("article").last).to_be_focused()


def test_everything_is_done_with_keys_alone(page, office):
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".talk-name")).to_have_text("进度助手")
    page.keyboard.press("Control+ArrowUp")
    expect(page.locator(".talk-name")).to_have_text(GROUP)
    expect(page.locator("#write")).to_be_focused()
    page.keyboard.type("@王")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.type("早")
    page.keyboard.press("Enter")
    expect(last(page)).to_contain_text("@王五 早")
    page.locator("#messages").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("article").last).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="先看示例", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_have_text("收到")
    expect(page.get_by_role("button", name="先看示例", exact=True)).to_be_focused()
    page.locator(".top .chip.chosen").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".top .chip.chosen")).to_contain_text("李四")
    expect(page.locator(".top .chip.chosen")).to_be_focused()


def test_a_screen_reader_hears_new_messages_once(page, office):
    office.say("李四", "听得到吗")
    expect(page.locator("#live")).to_have_text("李四：听得到吗")
    expect(page.locator("#messages")).to_have_attribute("role", "log")


def test_a_phone_shows_list_and_conversation_as_two_screens(phone, office):
    expect(phone.locator("#talk")).to_be_hidden()
    assert phone.evaluate(SMALL) == []
    phone.locator(".chat-row", has_text=GROUP).tap()
    expect(last(phone)).to_contain_text("收 3 行日报")
    expect(phone.locator(".side")).to_be_hidden()
    assert phone.evaluate(SMALL) == []
    assert phone.locator("#write").evaluate("node => parseFloat(getComputedStyle(node).fontSize)") >= 16
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    phone.locator("#who-me").tap()
    phone.locator("#who-sheet .chip", has_text="李四").tap()
    expect(phone.locator("#who-sheet")).to_be_hidden()
    expect(phone.get_by_role("button", name="我是 李四")).to_be_visible()
    phone.locator("#write").fill("到")
    phone.locator("#send").tap()
    expect(last(phone)).to_contain_text("到")
    office.call(lambda: office.adapter.idle())
    assert office.heard[-1].sender.name == "李四"
    phone.locator("#back").tap()
    expect(phone.locator(".side")).to_be_visible()
    phone.locator(".chat-row", has_text=GROUP).tap()
    phone.go_back()
    expect(phone.locator(".side")).to_be_visible()


def test_on_a_phone_a_long_press_opens_the_menu(phone, office):
    office.say("李四", "长按我")
    phone.locator(".chat-row", has_text=GROUP).tap()
    message = phone.locator("article", has_text="长按我")
    message.locator(".bubble").dispatch_event("pointerdown", {"pointerType": "touch", "bubbles": True})
    phone.get_by_role("button", name="引用").click()
    expect(phone.locator("#along")).to_contain_text("引用 李四：长按我")


def test_a_room_with_a_token_asks_for_it(browser, visits, tmp_path):
    office = Office(tmp_path, token="芝麻开门")
    try:
        page = visits.open(office.url)
        page.get_by_label("访问口令").fill("错的")
        page.get_by_role("button", name="进入").click()
        expect(page.locator("main")).to_contain_text("口令不对")
        page.get_by_label("访问口令").fill("芝麻开门")
        page.get_by_role("button", name="进入").click()
        expect(last(page)).to_contain_text("收 3 行日报")
        assert page.url.startswith(f"{office.url}/#/")
    finally:
        office.close()
    visits.complaints = [line for line in visits.complaints if "401" not in line and "WebSocket" not in line]
