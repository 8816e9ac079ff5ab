"""Every rule by which the clock writes to somebody unasked: what people call it, and the word that turns it off."""

from __future__ import annotations

from collections.abc import Mapping

from chat.cards import Button, Buttons, Paragraph
from chat.text import Text, say

OVERDUE, SILENT, WARN, REMIND, ASK, APPROVAL, DAILY, MILESTONE, RISK = (
    "overdue", "silent", "warn", "remind", "ask", "approval", "daily", "milestone", "risk",
)  # fmt: skip
NAMES: Mapping[str, Text] = {
    OVERDUE: say("逾期提醒", "Overdue reminder"),
    SILENT: say("静默提醒", "Silence reminder"),
    WARN: say("临期预警", "Early warning"),
    REMIND: say("任务提醒", "Task reminder"),
    ASK: say("请回复提醒", "Question reminder"),
    APPROVAL: say("审批催办", "Approval reminder"),
    DAILY: say("日报催交", "Report reminder"),
    MILESTONE: say("里程碑预警", "Milestone warning"),
    RISK: say("风险预警", "Risk warning"),
}
WORDS: Mapping[str, tuple[str, str]] = {
    OVERDUE: ("逾期", "overdue"),
    SILENT: ("静默", "silence"),
    WARN: ("预警", "early"),
    REMIND: ("任务", "task"),
    ASK: ("请回复", "question"),
    APPROVAL: ("审批", "approval"),
    DAILY: ("日报", "report"),
    MILESTONE: ("里程碑", "milestone"),
    RISK: ("风险", "risk"),
}
"""{rule: the word in /设置 我的提醒, in each language}."""


def mute_button(rule: str, label: Text | None = None) -> Button:
    """[关闭此类]."""
    return Button(label or say("关闭此类", "Turn these off"), "push.mute", (rule,))


def foot(rule: str) -> tuple[Paragraph, Buttons]:
    """How a push ends: its rule's name, and the way out of it."""
    return Paragraph(NAMES[rule], quiet=True), Buttons((mute_button(rule),))
