"""What belongs together: the chapters of the help.  ``/帮助 计划``"""

from __future__ import annotations

from dataclasses import dataclass

from chat.text import Text, say


@dataclass(frozen=True, slots=True)
class Topic:
    """``words``: what it is asked for by, folded. ``commands``: the Chinese words of its commands, in reading order."""

    name: Text
    words: tuple[str, ...]
    commands: tuple[str, ...]


TOPICS = (
    Topic(say("改任务", "changes"), ("改任务", "changes", "整理任务"),
          ("改期", "指派", "备注", "子任务", "批量任务", "转任务", "重复", "重开", "撤销", "导入", "导出")),
    Topic(say("计划", "plan"), ("计划", "排期", "plan", "planning", "进度计划"),
          ("里程碑", "依赖", "工期", "开始", "关键路径", "风险", "如果", "重排", "预测", "基线")),
    Topic(say("取舍", "priorities"), ("取舍", "分工", "优先级", "资源", "priorities", "resources"),
          ("目标", "权重", "阶段", "状态", "负荷", "建议", "重评", "聚焦", "应急", "交接")),
    Topic(say("汇报", "reports"), ("汇报", "报表", "数据", "报告", "统计", "reports", "figures"),
          ("进度", "周报", "周报 草稿", "晨会", "图", "指标", "成员 组", "日报 查", "日报 导出", "视图", "模板")),
    Topic(say("客户", "clients"), ("客户管理", "客户空间", "续费", "clients"),
          ("客户", "客户 新建", "客户 续费", "客户 改名", "客户 给客户看",
           "客户 健康", "客户 工单", "客户 回访", "客户 权重")),
    Topic(say("协作", "together"), ("协作", "沟通", "together"),
          ("阻塞", "请回复", "审批", "同意", "拒绝", "退回", "决策", "请假", "清单", "质量")),
    Topic(say("通知", "notices"), ("通知", "催办", "提醒设置", "reminders", "notifications", "notices"),
          ("提醒", "设置 我的提醒", "设置 预警", "设置 逾期提醒", "设置 风险预警", "晨会 设置", "成员 只看",
           "日报 提交率", "加急", "邮箱")),
    Topic(say("个人", "me"), ("个人", "账号", "me", "account"),
          ("设置 语言", "设置 时区", "设置 日历", "我是", "邮箱", "绑定", "解绑", "项目 切换", "成员 退出",
           "我的数据", "删除我的数据")),
)  # fmt: skip


def topic(word: str) -> Topic | None:
    """word: folded."""
    return next((one for one in TOPICS if word in one.words or word == one.name.en), None)
