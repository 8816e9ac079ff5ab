"""Every rule by which the clock writes to somebody unasked: what people call it, and the word that turns it off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chat.cards import OFF, Button, Buttons, Card, Paragraph
from chat.text import Text, join, say

(
    OVERDUE, SILENT, WARN, REMIND, ASK, APPROVAL, PROMPT, DAILY, DIGEST, BLOCKER, MILESTONE, RISK, AGENDA, WEEKLY,
    WEIGHING, DRAFT, RATE,
) = (
    "overdue", "silent", "warn", "remind", "ask", "approval", "prompt", "daily", "digest", "blocker", "milestone",
    "risk", "agenda", "weekly", "weighing", "draft", "rate",
)  # fmt: skip
NAMES: Mapping[str, Text] = {
    OVERDUE: say("逾期提醒", "Overdue reminder"),
    SILENT: say("静默提醒", "Silence reminder"),
    WARN: say("临期预警", "Early warning"),
    REMIND: say("任务提醒", "Task reminder"),
    ASK: say("请回复提醒", "Question reminder"),
    APPROVAL: say("审批催办", "Approval reminder"),
    PROMPT: say("日报提示", "Report prompt"),
    DAILY: say("日报催交", "Report reminder"),
    DIGEST: say("日汇总", "Daily digest"),
    BLOCKER: say("阻塞提醒", "Blocker reminder"),
    MILESTONE: say("里程碑预警", "Milestone warning"),
    RISK: say("风险预警", "Risk warning"),
    AGENDA: say("晨会议程", "Morning agenda"),
    WEEKLY: say("周报", "Weekly digest"),
    WEIGHING: say("重评", "Weekly weighing"),
    DRAFT: say("周报草稿", "Draft of your report"),
    RATE: say("提交率", "Monthly rate"),
}
WORDS: Mapping[str, tuple[str, str]] = {
    OVERDUE: ("逾期", "overdue"),
    SILENT: ("静默", "silence"),
    WARN: ("预警", "early"),
    REMIND: ("任务", "task"),
    ASK: ("请回复", "question"),
    APPROVAL: ("审批", "approval"),
    PROMPT: ("提示", "prompt"),
    DAILY: ("日报", "report"),
    DIGEST: ("汇总", "digest"),
    BLOCKER: ("阻塞", "blocker"),
    MILESTONE: ("里程碑", "milestone"),
    RISK: ("风险", "risk"),
    WEEKLY: ("周报", "weekly"),
    WEIGHING: ("重评", "weighing"),
    DRAFT: ("草稿", "draft"),
    RATE: ("提交率", "rate"),
}
"""{rule: the word in /设置 我的提醒, in each language}, of those that speak to one person."""


def mute_button(rule: str, label: Text | None = None) -> Button:
    """[关闭此类]."""
    return Button(label or say("关闭此类", "Turn these off"), OFF, (rule,))


def foot(rule: str, *others: str) -> tuple[Paragraph, Buttons]:
    """How a push ends: its rule's name, and the way out of it; of several rules, a way out of each."""
    if not others:
        return Paragraph(NAMES[rule], quiet=True), Buttons((mute_button(rule),))
    rules = (rule, *others)
    names = join([NAMES[each] for each in rules], " · ")
    offs = [mute_button(each, say("关闭{rule}", "Turn off: {rule}", rule=NAMES[each])) for each in rules]
    return Paragraph(names, quiet=True), Buttons(tuple(offs))


_IN_GROUPS: Mapping[str, tuple[str, str]] = {
    DAILY: ("/设置 我的提醒 日报 关", "/set reminders report off"),
    ASK: ("/设置 我的提醒 请回复 关", "/set reminders question off"),
    AGENDA: ("/晨会 设置 关", "/agenda set off"),
    WEEKLY: ("/周报 设置 关", "/weekly set off"),
}
"""How who reads it in a group turns it off. The team's own prompt and digest stay as they are: they are the report."""


def signed(card: Card, rule: str) -> Card:
    """Ending with the rule's name and [关闭此类], if it does not yet."""
    return card if _has_way_out(card) else replace(card, blocks=(*card.blocks, *foot(rule)))


def signed_in_group(card: Card, rule: str) -> Card:
    """Ending with the rule's name and the words that turn it off for the group, where there are such."""
    if rule not in _IN_GROUPS or _has_way_out(card):
        return card
    zh, en = _IN_GROUPS[rule]
    note = say("{name} · 关闭此类：{off}", "{name} · To turn these off: {off}", name=NAMES[rule], off=say(zh, en))
    return replace(card, blocks=(*card.blocks, Paragraph(note, quiet=True)))


def _has_way_out(card: Card) -> bool:
    for block in card.blocks:
        if isinstance(block, Paragraph) and "关闭此类" in block.text.zh:
            return True
        if isinstance(block, Buttons) and any(button.verb == OFF for button in block.buttons):
            return True
    return False
