"""A published year comes as a file or pasted; anything else changes nothing."""

from __future__ import annotations

import json

import pytest

from chat.messages import File
from tests.commands.conftest import Office

NOTICE = {
    "year": 2027,
    "days": [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "春节", "date": "2027-02-05", "isOffDay": True},
        {"name": "春节", "date": "2027-01-31", "isOffDay": False},
    ],
}
DONE = "✅ 2027 年放假安排已导入：休 2 天，调休上班 1 天。"


def file(text: str) -> File:
    return File("2027.json", "ref", len(text), text)


async def test_as_a_file_with_the_command(office: Office) -> None:
    assert await office.sends("张三", "/日历 导入 2027", [file(json.dumps(NOTICE))]) == [DONE]
    assert "2027" not in (await office.hears("张三> @进度助手 /体检"))[0]


async def test_as_a_file_after_the_question(office: Office) -> None:
    assert "把 2027 年放假安排发给我" in (await office.hears("张三@私聊> /日历 导入 2027"))[0]
    assert await office.sends("张三", "", [file(json.dumps(NOTICE))]) == [DONE]


async def test_pasted_over_several_lines_with_the_quotes_of_a_phone(office: Office) -> None:
    pasted = json.dumps(NOTICE, ensure_ascii=False, indent=1).replace('"', "”")
    assert await office.sends("张三", f"/日历 导入 2027\n{pasted}", []) == [DONE]


async def test_everyone_in_china_reckons_with_it(office: Office) -> None:
    await office.hears("群 另一个群：王五 陈晨")
    await office.sends("张三", "/日历 导入 2027", [file(json.dumps(NOTICE))])
    assert "2027" not in (await office.hears("王五@另一个群> @进度助手 /体检"))[0]
    await office.hears("群 后来的群：陈晨 王五")
    assert "2027" not in (await office.hears("陈晨@后来的群> @进度助手 /体检"))[0]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ("{}", "没有改动：year 缺这一项\n"),
        ('{"year": 2027, "days": []}', "days 整年没有一天休息"),
        ('{"year": 2027, "days": [', "第 1 行第 25 个字起不是 JSON"),
        ('{"year": "2027"}', "year 这里要写数字"),
        ('{"year": 2027, "days": [{"name": "x", "date": "2027-01-01", "isOffDay": 1}]}', "这里要写 true 或 false"),
        ('{"year": 2027, "days": [7]}', "days[0] 这里要写对象 {…}"),
        (
            '{"year": 2027, "days": [{"name": "元旦", "date": "1-1", "isOffDay": true}]}',
            "days[0].date 「1-1」不是日期，例：2027-01-01",
        ),
        ('{"year": 2026, "days": [{"name": "元旦", "date": "2026-01-01", "isOffDay": true}]}', "这份是 2026 年的"),
    ],
)
async def test_what_is_no_notice_changes_nothing(office: Office, document: str, why: str) -> None:
    said = await office.sends("张三", "/日历 导入 2027", [file(document)])
    assert why in said[0]
    assert "! 2027 年放假安排尚未导入" in (await office.hears("张三> @进度助手 /体检"))[0]


async def test_the_reason_in_english(office: Office) -> None:
    await office.hears("张三> @进度助手 /set language en")
    said = await office.sends("张三", "/calendar import 2027", [file('{"year": 2027, "days": "{n}"}')])
    assert "nothing was changed: days should be a list\n" in said[0]


async def test_a_whole_year_off_is_no_notice(office: Office) -> None:
    days = [{"name": "假", "date": f"2027-{m:02}-{d:02}", "isOffDay": True} for m in range(1, 13) for d in range(1, 29)]
    said = await office.sends("张三", "/日历 导入 2027", [file(json.dumps({"year": 2027, "days": days}))])
    assert said == ["336 天都休息，不像放假安排，没有改动。"]


async def test_an_unreadable_file_is_asked_for_again(office: Office) -> None:
    said = await office.sends("张三", "/日历 导入 2027", [File("2027.xlsx", "ref", 9000)])
    assert "把 2027 年放假安排发给我" in said[0]
