"""Writing, completing, quoting, recalling, sending files."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from chat.messages import TOKEN
from tests.browser.office import GROUP

pytestmark = pytest.mark.sqlite


def write(page: Page, words: str) -> None:
    page.locator("#write").press_sequentially(words)


def last(page: Page):
    return page.locator("article").last


def test_a_newcomer_reads_one_line_and_the_greeting(page):
    expect(page.locator("#intro")).to_contain_text("上面点头像换身份")
    expect(page.locator(".day")).to_have_text("2026-09-18 周五")
    expect(page.locator(".top .chip.chosen")).to_contain_text("张三")
    expect(last(page)).to_contain_text("收 3 行日报")
    expect(page).to_have_title(f"{GROUP} · 进度助手 · 聊天室")
    page.get_by_role("button", name="知道了").click()
    page.reload()
    expect(last(page)).to_contain_text("收 3 行日报")
    expect(page.locator("#intro")).to_be_hidden()


def test_enter_sends_and_the_bot_answers_with_a_quote(page, office):
    write(page, "@进度助手 你好")
    page.keyboard.press("Shift+Enter")
    write(page, "第二行")
    page.keyboard.press("Enter")
    expect(last(page)).to_contain_text("听到：你好")
    expect(last(page).locator(".quote")).to_contain_text("张三：@进度助手 你好")
    expect(page.locator("article.own .bubble")).to_have_text("@进度助手 你好\n第二行", use_inner_text=True)
    expect(page.locator("#write")).to_have_value("")
    assert office.heard[-1].text == f"{TOKEN} 你好\n第二行"
    expect(page.locator("article.own .message-foot")).to_have_count(0)


def test_the_enter_of_an_input_method_never_sends(page):
    write(page, "nihao")
    page.evaluate(
        """() => {
            for (const sign of [{isComposing: true}, {keyCode: 229}]) {
                const enter = new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true, ...sign});
                document.querySelector("#write").dispatchEvent(enter);
            }
        }"""
    )
    expect(page.locator("#write")).to_have_value("nihao")
    expect(page.locator("article.own")).to_have_count(0)


def test_people_are_completed_by_any_part_of_their_name(page, office):
    write(page, "@")
    expect(page.locator("#options [role=option]")).to_have_count(6)
    expect(page.locator("#options [role=option]").first).to_contain_text("进度助手")
    write(page, "设计")
    expect(page.locator("#options [role=option]")).to_have_text("五王五设计部")
    assert page.locator("#write").get_attribute("aria-activedescendant") == "option-0"
    page.keyboard.press("Tab")
    expect(page.locator("#write")).to_have_value("@王五 ")
    write(page, "看下 @")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(last(page).locator(".at")).to_have_text(["@王五", "@王五"])
    assert [one.name for one in office.heard[-1].mentions] == ["王五", "王五"]


def test_people_with_the_same_name_are_chosen_by_department(page, office):
    office.call(
        lambda: office.room.add_member(office.group, office.room.add_person("李四（财务部）"), office.person("张三"))
    )
    expect(page.locator(".top .chip", has_text="李四（财务部）")).to_be_visible()
    write(page, "@李四")
    expect(page.locator("#options [role=option]")).to_have_count(2)
    page.locator("#options [role=option]", has_text="财务部").click()
    write(page, "报销")
    page.keyboard.press("Enter")
    expect(last(page).locator(".at")).to_have_text("@李四（财务部）")


def test_commands_are_completed_with_usage_and_the_bot_is_mentioned(page):
    options = page.locator("#options [role=option]")
    write(page, "/")
    expect(options).to_have_count(4)
    page.keyboard.press("Backspace")
    expect(options.first).to_be_hidden()
    write(page, "／")
    expect(options).to_have_count(4)
    expect(options.first).to_contain_text("/任务 <标题> @负责人 截止")
    expect(options.first).to_contain_text("例 /任务 渠道投放")
    page.keyboard.press("Escape")
    expect(page.locator("#options")).to_be_hidden()
    write(page, "dai")
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#write")).to_have_value("@进度助手 /日报 ")
    expect(page.locator("#usage")).to_contain_text("/日报 今日… 明日… 阻塞…")
    write(page, "今日：A")
    page.keyboard.press("Enter")
    expect(last(page)).to_contain_text("听到：/日报 今日：A")
    expect(page.locator("#usage")).to_be_hidden()


def test_commands_of_two_words_and_their_usage(page):
    write(page, "/成员 ")
    expect(page.locator("#options [role=option]")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.locator("#write")).to_have_value("@进度助手 /成员 加 ")
    expect(page.locator("#usage")).to_contain_text("加参与的人")
    page.locator("#write").fill("@进度助手 /成员")
    expect(page.locator("#usage")).to_be_hidden()


def test_in_a_direct_chat_a_command_needs_no_mention(page, office):
    page.locator(".chat-row", has_text="单聊").click()
    write(page, "/我")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(last(page)).to_contain_text("听到：/我的")
    assert office.heard[-1].text == "/我的"


def test_a_message_is_quoted_and_the_quote_leads_back(page, office):
    office.say("李四", "主图周四给")
    message = page.locator("article:not(.own)", has_text="主图周四给")
    message.hover()
    message.get_by_role("button", name="引用").click()
    expect(page.locator("#along")).to_contain_text("引用 李四：主图周四给")
    page.keyboard.press("Escape")
    expect(page.locator("#along")).to_be_empty()
    message.get_by_role("button", name="引用").click()
    write(page, "好")
    page.keyboard.press("Enter")
    expect(last(page).locator(".quote")).to_have_text("李四：主图周四给")
    last(page).locator(".quote").click()
    expect(message).to_be_focused()
    assert office.heard[-1].quote.text == "主图周四给"


def test_only_ones_own_message_is_recalled(page, office):
    write(page, "写错了")
    page.keyboard.press("Enter")
    office.say("李四", "没事")
    theirs, own = page.locator("article", has_text="没事"), page.locator("article", has_text="写错了")
    theirs.hover()
    expect(theirs.get_by_role("button", name="撤回")).to_have_count(0)
    own.hover()
    own.get_by_role("button", name="撤回").click()
    expect(page.locator(".note").last).to_have_text("撤回了一条消息")
    expect(own).to_have_count(0)
    office.call(lambda: office.adapter.idle())
    assert office.heard[-1].event == "recalled"


def test_a_file_is_sent_and_downloaded(page, office):
    page.locator("#file").set_input_files({"name": "方案.txt", "mimeType": "text/plain", "buffer": "内容".encode()})
    expect(page.locator("#along")).to_contain_text("方案.txt · 6 B")
    page.keyboard.press("Enter")
    with page.expect_download() as download:
        last(page).locator("a.file").click()
    assert download.value.suggested_filename == "方案.txt"
    assert download.value.path().read_text() == "内容"
    assert office.heard[-1].files[0].name == "方案.txt"


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(page):
    page.evaluate(
        """() => {
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(10 * 1024 * 1024 + 1)], "大.bin"));
            document.querySelector("#file").files = files.files;
            document.querySelector("#file").dispatchEvent(new Event("change"));
        }"""
    )
    expect(page.locator(".toast")).to_contain_text("「大.bin」超过 10 MB")


def test_a_bot_that_takes_nothing_is_shown_and_asked_again_by_hand(page, office):
    office.refuse = True
    write(page, "在吗")
    page.keyboard.press("Enter")
    expect(last(page).locator(".message-foot")).to_contain_text("机器人还没收到")
    office.refuse = False
    last(page).get_by_role("button", name="重发").click()
    expect(last(page).locator(".message-foot")).to_have_count(0)


def test_what_is_written_without_a_connection_is_sent_once_afterwards(page, office, visits):
    page.clock.install(time="2026-09-18T10:00:00")
    page.clock.pause_at("2026-09-18T11:00:00")  # it does not connect by itself before the button is pressed
    office.stop()
    expect(page.locator("#net")).to_contain_text("连接断了")
    write(page, "断线时写的")
    page.keyboard.press("Enter")
    expect(last(page)).to_contain_text("等连上就发")
    office.restart()
    page.get_by_role("button", name="现在重连").click()
    expect(page.locator("#net")).to_be_hidden()
    expect(last(page)).to_contain_text("断线时写的")
    expect(last(page).locator(".message-foot")).to_have_count(0)
    assert [thing.text for thing in office.heard].count("断线时写的") == 1
    visits.complaints = [line for line in visits.complaints if "WebSocket connection" not in line]
