"""Who comes and goes: people in a group, and the bot itself."""

from __future__ import annotations

from chat.cards import text_card
from chat.text import Text, say
from commands.approve_seats import left_group
from commands.context import Ctx
from commands.grammar import event
from commands.reply import Reply, reply
from reports.person_left import come_back
from reports.presence import pause


@event("member_joined")
def joined(ctx: Ctx) -> None:
    """Known from now on; takes part only when an admin says so."""
    who = ctx.thing.data
    if who.get("id"):
        person = ctx.books.people.meet(ctx.chat.platform, who["id"], who.get("name", ""))
        ctx.books.people.seen_in(ctx.chat.id, person.id)
        if person.left_at is not None:
            come_back(ctx.books, person)


@event("member_left")
def left(ctx: Ctx) -> Reply | None:
    """Leaving a group is not leaving the project. The last admin is asked to hand over."""
    person = ctx.books.people.known(ctx.chat.platform, ctx.thing.data.get("id", ""))
    if person is None:
        return None
    ctx.books.people.left(ctx.chat.id, person.id)
    left_group(ctx, person)
    if ctx.books.people.role(ctx.project.id, person.id) == "guest" and not ctx.books.people.around(
        ctx.project.id, person.id
    ):
        ctx.books.people.dismiss(ctx.project.id, person.id)  # who only spoke there sees nothing of it from now on
    admins = [m.person for m in ctx.books.people.members(ctx.project.id) if m.is_admin]
    if [admin.id for admin in admins] != [person.id]:
        return None
    return reply(
        "{who} 退群了，仍是唯一的管理员。要交接，请 {who} 私聊我发「/成员 管理员 某人」。",
        "{who} left and is still the only admin. To hand over, {who} can send me “/members admin name” directly.",
        who=person.name,
    )


@event("renamed")
def renamed(ctx: Ctx) -> None:
    """The group's new name; a project nobody set up yet is called like its group."""
    name = str(ctx.thing.data.get("name", ""))
    ctx.books.projects.chat_renamed(ctx.chat.id, name)
    if name and ctx.project.state == "new":
        ctx.books.projects.change(ctx.project, name=name)


@event("bot_removed")
def removed(ctx: Ctx) -> None:
    """Nothing is sent there any more; the admins are told directly."""
    if ctx.chat.state != "active":
        return
    paused = pause(ctx.books, ctx.chat, ctx.project, "removed")
    what = say("已暂停 {n} 个定时", "{n} schedules are paused", n=paused)
    if not paused:
        others = bool(ctx.books.projects.groups(ctx.project.id))
        what = say("其他群照常", "the other groups go on") if others else say("没有定时要停", "there was no schedule")
    _tell_admins(
        ctx,
        say(
            "我被移出「{chat}」，{what}。数据保留。",
            "I was removed from “{chat}”: {what}. The data is kept.",
            chat=ctx.chat.name or ctx.project.name,
            what=what,
        ),
    )


@event("dissolved")
def dissolved(ctx: Ctx) -> None:
    """The group is no more; without another group its project is archived."""
    if ctx.chat.state == "dissolved":
        return
    paused = pause(ctx.books, ctx.chat, ctx.project, "dissolved")
    if ctx.books.projects.groups(ctx.project.id):
        what = say("项目在其他群照常", "the project goes on in its other groups")
    else:
        ctx.books.projects.change(ctx.project, state="archived")
        what = say("项目已归档，停了 {n} 个定时，数据保留 90 天",
                   "the project is archived, {n} schedules stopped, the data kept for 90 days", n=paused)  # fmt: skip
    _tell_admins(
        ctx,
        say("「{chat}」群已解散，{what}。", "“{chat}” was dissolved: {what}.", chat=ctx.chat.name, what=what),
    )


def _tell_admins(ctx: Ctx, text: Text) -> None:
    for member in ctx.books.people.members(ctx.project.id):
        if member.is_admin:
            ctx.speaker.to_person(member.person, ctx.project, text_card(text))
