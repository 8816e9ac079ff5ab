"""Who left the company, where no platform tells.  ``/成员 离职 @赵六``  ``/成员 回来 @赵六``"""

from __future__ import annotations

from chat.errors import UserError
from chat.text import say
from commands.access import require
from commands.context import Ctx
from commands.crew import Crew, refuse_unknown
from commands.grammar import command
from commands.members import keep_an_admin, names
from commands.reply import Reply, reply
from reports.person_left import come_back, depart
from storage.people import Person

EXAMPLE = say("/成员 离职 @赵六", "/members gone @Zhao")
BACK = say("/成员 回来 @赵六", "/members back @Zhao")


@command(
    "成员 离职", "成员 已离职", "members gone",
    usage=say("有人离职：不催、不计入，名下的事告诉管理员", "Somebody left the company: no prompts, not counted"),
    example=EXAMPLE,
    roles="admin",
)  # fmt: skip
def gone(ctx: Ctx, team: Crew) -> Reply:
    """The same as if the platform had told. Raises UserError: nobody, oneself, a stranger, the last admin."""
    require(ctx, "members.remove")
    refuse_unknown(team)
    people = team.everyone
    if not people:
        raise UserError(say("谁离职了？例：{example}", "Who left? Example: {example}", example=EXAMPLE))
    if any(person.id == ctx.person.id for person in people):
        raise UserError(
            say("自己还在用，不能登记自己离职。要退出项目发：/成员 退出",
                "You are still here. To leave the project send: /members leave")
        )  # fmt: skip
    _members(ctx, people)
    leaving = [person for person in people if person.left_at is None]
    if not leaving:
        raise UserError(
            say("{who} 已经登记过离职，没有改动。", "{who} left already; nothing was changed.", who=names(people))
        )
    keep_an_admin(ctx, leaving)
    for person in leaving:
        depart(ctx.books, person)
        ctx.books.audit(ctx.project.id, "members.gone", "done", f"person {person.id}")
    ctx.books.deeds.add(ctx.project.id, ctx.person.id, "gone", people=[person.id for person in leaving])
    return reply(
        "✅ {who} 已登记离职：从现在起不催、不计入，不能再派事；名下没完的事马上告诉管理员。"
        "登记错了：/成员 回来 @{first}，或请 TA 说句话。",
        "✅ {who}: left the company. From now on nobody prompts or counts them or gives them anything; the admins hear "
        "of their open work in a moment. If that is wrong: /members back @{first}, or let them write.",
        who=names(leaving), first=leaving[0].name,
    )  # fmt: skip


@command(
    "成员 回来", "成员 在职", "成员 没离职", "members back",
    usage=say("登记错了，或者又回来了", "They are here after all"),
    example=BACK,
    roles="admin",
)  # fmt: skip
def back(ctx: Ctx, team: Crew) -> Reply:
    """As before. Raises UserError: nobody, or nobody of them had left."""
    require(ctx, "members.add")
    refuse_unknown(team)
    if not team.everyone:
        raise UserError(say("谁回来了？例：{example}", "Who is back? Example: {example}", example=BACK))
    returned = [person for person in team.everyone if person.left_at is not None]
    if not returned:
        raise UserError(
            say("{who} 没有登记离职，没有改动。", "{who} had not left; nothing was changed.", who=names(team.everyone))
        )
    for person in returned:
        come_back(ctx.books, person)
        ctx.books.audit(ctx.project.id, "members.back", "done", f"person {person.id}")
    return reply(
        "✅ {who} 回来了，照常提醒、计入。", "✅ {who}: back, prompted and counted as before.", who=names(returned)
    )


def _members(ctx: Ctx, people: list[Person]) -> None:
    strangers = [person for person in people if not ctx.books.people.role(ctx.project.id, person.id)]
    if strangers:
        raise UserError(
            say("{names} 本来就不在项目里，没有改动。", "Not in the project: {names}. Nothing was changed.",
                names=names(strangers))
        )  # fmt: skip
