"""What the help shows works as it stands, in both languages."""

from __future__ import annotations

import pytest

from commands import grammar
from tests.commands.conftest import Office

COMMANDS = {entry.words[0]: entry for entry in grammar.load().commands.values()}
PEOPLE = {"zh": "李四 王五 赵六 陈晨 王总", "en": "Li Wang Zhao Chen Boss"}
PROJECT = {"zh": "双十一大促", "en": "Autumn sale"}
GROUP = "秋促"
NOT_UNDERSTOOD = (
    "没看懂", "没看到", "没有「/", "没办成", "没找到", "缺", "哪", "I cannot read", "There is no", "is not clear",
    "Missing", "Which", "Whom", "I do not", "我能做", "I can do",
)  # fmt: skip


async def prepare(office: Office, locale: str) -> None:
    """Emma's group with everything that examples speak of."""
    await office.hears(f"群 {GROUP}：Emma {PEOPLE[locale]}")
    everyone = " ".join("@" + name for name in PEOPLE[locale].split())
    for words in (
        f"/项目 改名 {PROJECT[locale]}",
        f"/成员 加 {everyone}",
        "/任务 投放 @Emma 周五18:00",
        "/任务 banner @Emma 周五18:00",
        "/任务 丙 @Emma 周五18:00",
        "/任务 日志 @Emma 每周五17:00",
        "T3 子任务 丁 @Emma",
        "/里程碑 上线 12-30 包含 T1",
        f"/审批 预算追加3万元 会签 @Emma @{PEOPLE[locale].split()[1]}",
        "今日：甲 明日：乙 阻塞：无",
    ):
        await office.hears(f"Emma@{GROUP}> @进度助手 {words}")
    await office.hears(f"{PEOPLE[locale].split()[0]}@{GROUP}> @进度助手 /任务 投放 @{PEOPLE[locale].split()[0]} 周五")
    customer = {"zh": "某某", "en": "Acme"}[locale]
    await office.hears(f"Emma@{GROUP}> @进度助手 /客户 新建 {customer} 签约2026-09-15")
    if locale == "en":
        await office.hears(f"Emma@{GROUP}> @进度助手 /set language en")


@pytest.mark.parametrize("word", sorted(COMMANDS))
@pytest.mark.parametrize("locale", ["zh", "en"])
async def test_an_example_is_understood(office: Office, word: str, locale: str) -> None:
    await prepare(office, locale)
    example = COMMANDS[word].example.render("en" if locale == "en" else "zh")
    quoting = ""
    if word == "转任务":
        await office.hears(f"Emma@{GROUP}> 主图周四给")
        quoting = " 引用「主图周四给」"
    said = await office.hears(f"Emma@{GROUP}{quoting}> @进度助手 {example}")
    assert said, example
    assert not said[0].startswith(NOT_UNDERSTOOD), (example, said[0])
