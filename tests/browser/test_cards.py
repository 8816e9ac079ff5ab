"""The bot's cards: buttons, forms, tables, pictures, edits; and words that try to break them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from chat.cards import Button, Buttons, Card, Field, Form, Paragraph, Table, text_card
from chat.text import say, verbatim
from reports.rules import foot
from tests.browser.conftest import PHONE
from tests.browser.office import DAILY, digest
from tests.browser.probes import CONTRAST, SMALL, WIDE

pytestmark = pytest.mark.sqlite

HOSTILE = (
    "<img src=x onerror=\"document.title='hacked'\"><script>alert(1)</script>",
    "\u202eabc תשרי \u2066",
    "a\u200b\u200d\ufeff\u200e" * 50,
    "长" * 5_000 + "x" * 5_000,
    "👩‍👩‍👧‍👦🎉" * 1_000,
    "{{7*7}} ${jndi:x} {name} @所有人",
)


def test_a_press_shows_that_it_works_then_answers_the_presser_alone(page, office, visits):
    other = visits.open(office.url)
    other.locator(".top .chip", has_text="李四").click()
    card = page.locator("article").last
    office.hold.set()
    card.get_by_role("button", name="开始设置").click()
    expect(card.get_by_role("button", name="开始设置")).to_have_attribute("aria-busy", "true")
    expect(card.get_by_role("button", name="暂时不用")).to_be_disabled()
    office.hold.clear()
    expect(page.locator(".toast")).to_have_text("设好了")
    expect(page.locator("article").last).to_contain_text("上线日 2026-11-11（周三）")
    expect(page.locator("article").last.locator(".tone-sign")).to_contain_text("顺利")
    expect(other.locator("article").last.get_by_role("button", name="开始设置")).to_be_enabled()


def test_an_edit_replaces_the_card_in_place_for_everybody(page, office, visits):
    other = visits.open(office.url)
    other.locator(".top .chip", has_text="李四").click()
    page.locator("article").last.get_by_role("button", name="暂时不用").click()
    expect(page.locator(".toast")).to_have_text("好的")
    for one in (page, other):
        expect(one.locator("article")).to_have_count(1)
        expect(one.locator("article")).to_contain_text("好，需要时 @我。")
        expect(one.locator(".message-foot")).to_have_text("已更新 10:00")
    assert office.heard[-1].action.verb == "later"


def test_every_kind_of_block_is_drawn(page, office):
    office.post(digest(office.person("张三")))
    card = page.locator("article").last
    expect(card.locator(".card-title")).to_have_text("双十一大促 9-21（周一）日汇总")
    expect(card.locator(".tone-sign")).to_contain_text("注意")
    expect(card.locator(".at.me")).to_have_text("@王五")
    expect(card.locator("th")).to_have_text(["人", "今日进展", "明日计划", "阻塞问题"])
    expect(card.locator("tbody tr")).to_have_count(2)
    expect(card.locator("p.quiet")).to_have_text("要改：/日报 改")
    with page.expect_download() as download:
        card.locator("a.file").click()
    assert download.value.path().read_text() == "人,今日\n李四,投放\n"
    card.get_by_role("img", name="本周完成 8 项").click()
    expect(page.locator("dialog[open] img")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_form_unfolds_asks_for_what_is_missing_and_is_sent_whole(page, office):
    leave = Buttons((Button(say("今天请假", "Away today"), "away"),))
    office.post(Card((Paragraph(say("收日报", "Daily")), DAILY, leave)))
    card = page.locator("article").last
    tops = [card.get_by_role("button", name=name).bounding_box()["y"] for name in ("填写日报", "今天请假")]
    assert tops[0] == tops[1]  # one row of things to press
    card.get_by_role("button", name="填写日报").click()
    expect(card.get_by_label("今日进展")).to_be_focused()
    card.get_by_role("button", name="提交日报").click()
    expect(card.locator(".field-error").first).to_have_text("这一项要填")
    expect(card.get_by_label("今日进展")).to_have_attribute("aria-invalid", "true")
    card.get_by_label("今日进展").fill("定稿")
    page.keyboard.press("Enter")
    card.get_by_label("今日进展").press_sequentially("联调")
    card.get_by_role("radio", name="难").check()
    card.get_by_label("日期").fill("2026-09-21")
    card.get_by_label("请谁看").select_option(label="李四")
    card.get_by_label("明日计划").fill("上传")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_have_text("收到")
    expect(card.get_by_role("button", name="填写日报")).to_be_visible()
    assert office.heard[-1].action.fields == {
        "today": "定稿\n联调", "next": "上传", "mood": "2", "day": "2026-09-21", "reader": office.person("李四"),
    }  # fmt: skip


def test_an_unfolded_form_fits_a_phone(phone, office):
    leave = Buttons((Button(say("今天请假", "Away today"), "away"),))
    office.post(Card((Paragraph(say("收日报", "Daily")), DAILY, leave)))
    phone.locator(".chat-row", has_text="双十一大促").tap()
    card = phone.locator("article").last
    card.get_by_role("button", name="填写日报").tap()
    inside = card.locator(".card").bounding_box()
    for box in (one.bounding_box() for one in card.locator("textarea, input, select").all()):
        assert box["x"] + box["width"] <= inside["x"] + inside["width"], (box, inside)


def test_a_card_has_one_main_button(page, office):
    agree = Button(say("同意", "Agree"), "yes", style="primary")
    office.post(Card((Paragraph(say("要同意吗", "Agree?")), Buttons((agree,)), DAILY)))
    card = page.locator("article").last
    expect(card.locator(".button.primary")).to_have_text("同意")
    office.post(Card((Paragraph(say("日报", "Report")), DAILY)))
    expect(page.locator("article").last.locator(".button.primary")).to_have_text("填写日报")


def test_while_a_form_is_filled_in_its_own_button_is_the_main_one(page, office):
    agree = Button(say("同意", "Agree"), "yes", style="primary")
    office.post(Card((Paragraph(say("要同意吗", "Agree?")), Buttons((agree,)), DAILY)))
    card = page.locator("article").last
    colour = "node => getComputedStyle(node).backgroundColor"
    main = card.get_by_role("button", name="同意").evaluate(colour)
    card.get_by_role("button", name="填写日报").click()
    assert card.get_by_role("button", name="提交日报").evaluate(colour) == main
    assert card.get_by_role("button", name="同意").evaluate(colour) != main
    card.get_by_role("button", name="取消").click()
    assert card.get_by_role("button", name="同意").evaluate(colour) == main


def test_a_change_further_up_than_what_is_loaded_is_not_news(page, office):
    old = office.post(Card((Paragraph(say("很早的任务", "An early task")),)))
    for number in range(60):
        office.say("李四", f"闲聊 {number}")
    page.reload()
    expect(page.locator("article").last).to_contain_text("闲聊 59")
    office.edit(old, Card((Paragraph(say("很早的任务 已完成", "An early task, done")),)))
    office.say("王五", "收到")
    expect(page.locator("article").last).to_contain_text("收到")
    expect(page.get_by_text("很早的任务")).to_have_count(0)


def test_what_is_being_filled_in_survives_an_edit_of_the_card(page, office):
    message = office.post(Card((Paragraph(say("交 0/5", "0/5")), DAILY)))
    card = page.locator("article").last
    card.get_by_role("button", name="填写日报").click()
    card.get_by_label("今日进展").fill("写到一半")
    office.edit(message, Card((Paragraph(say("交 1/5", "1/5")), DAILY)))
    expect(card).to_contain_text("交 1/5")
    expect(card.get_by_label("今日进展")).to_have_value("写到一半")
    expect(card.get_by_label("今日进展")).to_be_focused()


@pytest.mark.parametrize("size", [{}, PHONE], ids=["desktop", "phone"])
def test_hostile_words_stay_words_and_break_no_layout(office, visits, size):
    page = visits.open(office.url, **size)
    page.locator(".chat-row", has_text="双十一大促").click()
    expect(page.locator("article")).to_have_count(1)
    for words in HOSTILE:
        shown = page.locator("article").count()
        office.post(
            Card(
                (
                    Paragraph(say("已建「{words}」，负责人 李四", "Made “{words}” for 李四", words=words)),
                    Table((verbatim("标题"), verbatim("列")), ((verbatim(words), verbatim("后")),)),
                    Buttons((Button(say("完成 {words}", "Done {words}", words=words[:60]), "done"),)),
                ),
                title=verbatim(words),
            )
        )
        office.say("李四", words)
        expect(page.locator("article")).to_have_count(shown + 2)
        assert not page.evaluate(WIDE), words[:40]
    assert page.locator("#messages img, #messages script").count() == 0
    assert "hacked" not in page.title()


def test_a_long_message_is_folded_until_asked_for(page, office):
    office.say("李四", "长" * 3_000)
    bubble = page.locator("article:not(.from-bot) .bubble")
    expect(bubble).to_be_visible()
    assert bubble.bounding_box()["height"] < 320
    page.get_by_role("button", name="展开全文").click()
    assert bubble.bounding_box()["height"] > 320


def test_a_text_answer_is_a_plain_bubble(page, office):
    office.post(text_card(say("好的", "Fine")))
    expect(page.locator("article").last.locator(".card.plain")).to_have_text("好的")


def test_an_address_ends_before_what_ends_the_sentence_around_it(page, office):
    office.post(
        text_card(
            say(
                "T1 {a}、T2 {b}", "T1 {a}, T2 {b}",
                a="看[说明](http://x.example/a)，(https://b.example/y_(z)). http://…",
                b="שלום (http://x.example/b).",
            )
        )
    )  # fmt: skip
    links = page.locator("article").last.locator("a")
    expect(links).to_have_text(["http://x.example/a", "https://b.example/y_(z)", "http://x.example/b"])
    assert [one.get_attribute("href") for one in links.all()] == links.all_text_contents()


def test_no_line_ends_within_a_date_or_behind_the_stroke_of_a_command(phone, office):
    phone.locator(".chat-row", has_text="双十一大促").tap()
    for before in range(30):
        words = "渠" * before + "2026-10-22（周四）→ 9-28，发「/重复 恢复 1」"
        office.post(text_card(say("{words}", "{words}", words=words)))
        expect(phone.locator("article").last).to_contain_text(words)
    dates = phone.locator("article .whole")
    expect(dates).to_have_count(90)
    assert all(one.evaluate("node => node.getClientRects().length") == 1 for one in dates.all())


def test_the_way_out_of_a_reminder_stands_back_behind_what_is_to_be_done(phone, office):
    phone.locator(".chat-row", has_text="双十一大促").tap()
    done = Button(say("完成", "Done"), "done")
    office.post(Card((Paragraph(say("T1 逾期", "T1 is late")), Buttons((done,)), *foot("overdue"))))
    card = phone.locator("article").last
    name, off = card.get_by_text("逾期提醒", exact=True), card.get_by_role("button", name="关闭此类")
    expect(card.locator(".way-out")).to_have_text("逾期提醒关闭此类")
    assert card.get_by_role("button", name="完成").evaluate("node => !node.closest('.way-out')")
    inside, beside = name.bounding_box(), off.bounding_box()
    assert beside["y"] < inside["y"] + inside["height"] / 2 < beside["y"] + beside["height"]
    assert phone.evaluate(SMALL) == []
    assert phone.evaluate(CONTRAST) == []


def test_what_is_filled_in_already_is_seen_whole(page, office):
    words = "\n".join(f"- 完成第 {number} 项" for number in range(9))
    field = Field("report", say("周报", "Report"), "lines", value=words)
    office.post(Card((Paragraph(say("草稿", "A draft")), Form("own", (field,), say("发到群里", "Send")))))
    box = page.locator("article").last.get_by_label("周报")
    assert box.evaluate("node => node.scrollHeight <= node.clientHeight")


def test_a_face_is_the_last_letter_of_a_chinese_name_and_the_first_of_a_latin_one(page, office):
    office.call(lambda: office.room.add_person("Émile Zola"))
    faces = page.locator(".top .avatar")
    expect(faces.filter(has_text="É")).to_have_count(1)
    expect(faces.filter(has_text="三").first).to_be_visible()
