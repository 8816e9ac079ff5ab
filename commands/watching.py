"""Only watching, by one's own choice: the digest, no prompts, no place in the rate.  ``/成员 只看``  ``/成员 参与``"""

from __future__ import annotations

from chat.errors import UserError
from chat.text import say
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import command
from commands.members import keep_an_admin
from commands.reply import Reply, reply

_OTHERS = say("替别人设：/成员 加 只看 @王总", "For others: /members add watch @Boss")


@command(
    "成员 只看", "members watch", "日报 退出", "日报 退订", "日报 不参加", "daily opt out",
    usage=say("自己只看汇总，不被催日报", "Only read the digest, without being asked"),
    example=say("/成员 只看", "/members watch"),
)  # fmt: skip
def watch(ctx: Ctx, words: Rest) -> Reply:
    """The writer alone; the last admin cannot."""
    if words:
        raise UserError(_OTHERS)
    if ctx.role == "observer":
        raise UserError(say("本来就是只看，没有改动。", "Only watching already; nothing changed."))
    keep_an_admin(ctx, [ctx.person])
    ctx.books.people.enrol(ctx.project.id, ctx.person.id, "observer")
    return reply(
        "✅ {who} 改为只看：收日汇总，不催、不计入提交率。要回来：/成员 参与",
        "✅ {who} only watches from now on: the digest, no reminders, not counted. To come back: /members join",
        who=ctx.person.name,
    )


@command(
    "成员 参与", "members join",
    usage=say("从只看改回参与", "Take part again"),
    example=say("/成员 参与", "/members join"),
)  # fmt: skip
def join_in(ctx: Ctx, words: Rest) -> Reply:
    """The writer alone, who only watched until now; a guest is let in by an admin."""
    if words:
        raise UserError(_OTHERS)
    if ctx.role != "observer":
        raise UserError(
            say("只有「只看」的人能这样改回来。加入项目请找管理员。",
                "This is for who only watches. To join the project, ask an admin.")
        )  # fmt: skip
    ctx.books.people.enrol(ctx.project.id, ctx.person.id, "member")
    return reply(
        "✅ {who} 参与：按时收日报提示。", "✅ {who} takes part and is asked for reports.", who=ctx.person.name
    )
