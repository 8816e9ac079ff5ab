"""Sentences that begin with a command's word.  ``导出 上月数据给王总 周五`` is something to do, not an export.

With a slash a command is meant. Without one, a word that people also use otherwise gives way to a task that the whole
sentence reads like; the task is offered, so that whoever did mean the command loses nothing.
"""

from __future__ import annotations

import re

from commands.grammar import Command

_ALSO_WORDS = {
    "图", "导出", "导入", "模板", "重复", "负荷", "风险", "目标", "阶段", "建议", "指标", "预测", "基线", "聚焦",
    "周报", "进度", "项目", "成员", "设置", "权限", "日历", "晨会", "重评", "重排", "开始", "工期", "权重", "体检",
    "帮助", "退出", "绑定", "邮箱", "关键路径",
}  # fmt: skip
"""Commands whose own words are no sentence: nothing they understand has both a day and a deed in it."""
_ENGLISH_TOO = {"审批", "指派", "备注", "请回复"}
"""Besides, where an English sentence follows that names neither people by @ nor numbers."""
_ENGLISH = re.compile(r"\b(?:the|an?|our|my|your|their|his|her|its|with|for|from|to|of|up|about|and)\b")
_CODE = re.compile(r"\ufffc|\b[tmbpr]\d")
_ABOUT_LEAVE = re.compile(r"\s*(?:流程|制度|规定|规则|条|单|表|系统|审批|申请|记录|统计|情况|名单)")


def may_be_sentence(command: Command, rest: str) -> bool:
    """rest: folded, behind the command's words, which stood without a slash."""
    if command.words[0] == "请假":
        return _ABOUT_LEAVE.match(rest) is not None
    if command.words[0] in _ENGLISH_TOO:
        return _ENGLISH.search(rest) is not None and not _CODE.search(rest)
    return command.words[0] in _ALSO_WORDS and bool(rest.strip())
