"""Which role may do what: the one table that ``/权限`` prints and ``commands.access`` reads."""

from __future__ import annotations

from chat.frozen import frozen
from chat.text import Text, say

ROLES = ("guest", "observer", "member", "admin", "owner")
"""Weakest first."""
ROLE_NAMES = {
    "guest": say("来访", "guest"),
    "observer": say("只看", "observer"),
    "member": say("成员", "member"),
    "admin": say("管理员", "admin"),
    "owner": say("负责人", "owner"),
}


@frozen
class Right:
    """``may``: what it is, to follow 只有管理员能. ``least``: the weakest role that may."""

    action: str
    may: Text
    least: str = "admin"


RIGHTS = (
    Right("task.make", say("建任务", "make tasks"), "guest"),
    Right("daily.hand_in", say("交日报", "hand in reports"), "guest"),
    Right("look", say("看进度、日历和设置", "see tasks, days off and settings"), "guest"),
    Right("task.own", say("更新自己负责的任务", "update tasks of their own"), "guest"),
    Right("approval.make", say("发起审批", "ask for approvals"), "guest"),
    Right("approval.vote", say("处理找自己的审批", "decide what they are asked"), "guest"),
    Right("daily.look", say("看别人的日报", "read the reports of others"), "observer"),
    Right("task.others", say("改别人的任务", "change tasks of others")),
    Right("task.urge", say("加急催人", "press others for a task")),
    Right("task.undo", say("撤销别人做的", "take back what others did")),
    Right("repeat.others", say("改别人的重复任务", "change repeating tasks of others")),
    Right("plan.others", say("改别人的里程碑", "change milestones of others")),
    Right("ask.others", say("办别人发的请回复", "close requests of others")),
    Right("blocker.others", say("关别人的阻塞", "close blockers of others")),
    Right("customer.look", say("看客户", "see customers"), "member"),
    Right("customer.change", say("改客户", "change customers"), "member"),
    Right("customer.weights", say("改健康分的权重", "change the weights of the health")),
    Right("task.export", say("导出任务", "export tasks"), "observer"),
    Right("task.import", say("导入任务", "import tasks")),
    Right("project.setup", say("设置项目", "set up the project")),
    Right("project.change", say("改项目", "change the project")),
    Right("project.bind", say("绑定群", "connect groups")),
    Right("members.add", say("加成员", "add people")),
    Right("members.remove", say("移除成员", "remove people")),
    Right("members.erase", say("清除成员的个人数据", "erase personal data")),
    Right("members.group", say("给成员分组", "put people into groups")),
    Right("members.admin", say("定管理员", "appoint admins")),
    Right("daily.times", say("改日报时间", "change the report times")),
    Right("daily.missed", say("决定漏发的日报怎么办", "decide about missed prompts")),
    Right("settings.overdue", say("开关逾期提醒", "turn overdue reminders on or off")),
    Right("task.weigh", say("重评任务", "weigh tasks")),
    Right("settings.templates", say("改汇总和周报的模板", "change the templates of digests")),
    Right("settings.rounds", say("改周报、晨会和重评的时间", "change when digests come")),
    Right("settings.early", say("改预警", "change early warnings")),
    Right("plan.baseline", say("冻结基线", "freeze the plan")),
    Right("plan.focus", say("开始聚焦和应急", "pause tasks for a focus or an emergency")),
    Right("plan.stages", say("定阶段", "name the stages")),
    Right("plan.states", say("定状态", "name the states")),
    Right("settings.risk", say("开关风险预警", "turn risk warnings on or off")),
    Right("settings.note", say("开关完成说明", "require notes on finishing")),
    Right("handover.take", say("接受给自己的交接", "take over what is offered to them"), "guest"),
    Right("handover.others", say("交接别人的事", "hand over the work of others")),
    Right("leave.others", say("替别人请假", "enter leave for others")),
    Right("calendar.change", say("改日历", "change the calendar")),
    Right("calendar.import", say("导入放假安排", "import holidays")),
    Right("approval.manage", say("改别人发起的审批", "change requests of others")),
    Right("settings.approval", say("改审批设置", "change how approvals work")),
    Right("settings.group", say("改群设置", "change the group's settings")),
    Right("project.export", say("导出项目数据", "export the project")),
    Right("relay", say("照办转告的事", "decide what was passed on")),
    Right("rights.log", say("看被拒记录", "see who was refused")),
)
BY_ACTION = {right.action: right for right in RIGHTS}


def may(role: str, right: Right) -> bool:
    return ROLES.index(role or "guest") >= ROLES.index(right.least)
