"""Which role may do what.  ``/权限``; who was refused: ``/权限 记录``"""

from __future__ import annotations

from chat.text import Text, join, listed, say, verbatim
from commands.access import require
from commands.context import Ctx
from commands.grammar import command
from commands.reply import Reply, reply
from commands.rights import RIGHTS, ROLE_NAMES, ROLES
from reports.days import bare_day

MOST = 10


@command(
    "权限",
    "rights",
    "permissions",
    usage=say("谁能做什么", "Who may do what"),
    example=say("/权限", "/rights"),
    help_rank=13,
)
def show(ctx: Ctx) -> Reply:
    """One line a role, weakest first; each may also do what stands above it."""
    lines = [
        say("{role}：{what}", "{role}: {what}", role=_role(role), what=_acts(role))
        for role in ROLES
        if any(right.least == role for right in RIGHTS)
    ]
    mine = ROLE_NAMES[ctx.role or "guest"]
    return reply("谁能做什么（{who} 是{mine}）：\n{lines}", "Who may do what ({who}: {mine}):\n{lines}",
                 who=ctx.person.name, mine=mine, lines=join(lines, "\n"))  # fmt: skip


@command(
    "权限 记录",
    "rights log",
    usage=say("谁被拒绝过", "Who was refused"),
    example=say("/权限 记录", "/rights log"),
    roles="admin",
    help_rank=7,
)
def log(ctx: Ctx) -> Reply:
    """The last refusals of this project."""
    require(ctx, "rights.log")
    rows = ctx.books.refusals(ctx.project.id, MOST)
    if not rows:
        return reply("还没有人被拒绝过。", "Nobody was refused so far.")
    lines: list[Text] = []
    for row in rows:
        at = row.at.astimezone(ctx.zone)
        who = ctx.books.people.get(row.person_id).name if row.person_id else "?"
        lines.append(
            say(
                "{day} {time} {who}：{what}",
                "{day} {time} {who}: {what}",
                day=bare_day(at.date()),
                time=f"{at:%H:%M}",
                who=who,
                what=_act(row.action),
            )
        )
    return reply("最近 {n} 次被拒：\n{lines}", "The last {n} refusals:\n{lines}", n=len(lines), lines=join(lines, "\n"))


_WHO = {
    "guest": say("所有人", "Everybody"),
    "observer": say("项目里的人（参与或只看）", "People of the project, observers too"),
    "admin": say("管理员", "Admins"),
}


def _role(role: str) -> Text:
    return _WHO.get(role, ROLE_NAMES[role])


def _acts(role: str) -> Text:
    return listed(right.may for right in RIGHTS if right.least == role)


def _act(action: str) -> Text:
    return next((right.may for right in RIGHTS if right.action == action), verbatim(action))
