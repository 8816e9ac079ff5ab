"""Who takes part.  ``/成员``  ``/成员 加 @李四 @王五 只看 @王总``  ``/成员 移除 @李四``  ``/成员 管理员 @李四``"""

from __future__ import annotations

from collections.abc import Iterable

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say, verbatim
from commands.access import require
from commands.context import Ctx
from commands.crew import Crew, Newcomers, Team, refuse_unknown
from commands.departed import here_still
from commands.grammar import command
from commands.reply import Reply, reply
from storage.people import ADMINS, Person

EXAMPLE = say("/成员 加 @李四 @王五 只看 @王总", "/members add @Li @Wang watch @Boss")
MOST_NAMES = 40
"""Names shown in one line; more are counted."""


@command(
    "成员",
    "members",
    usage=say("谁参与、谁只看、谁是管理员", "Who takes part, who watches, who is an admin"),
    example=say("/成员", "/members"),
    help_rank=8,
)
def show(ctx: Ctx) -> Reply:
    """Everyone by role."""
    members = ctx.books.people.members(ctx.project.id)
    rows = [
        (say("管理员", "Admins"), [m.person for m in members if m.is_admin]),
        (say("参与", "Taking part"), [m.person for m in members if m.takes_part]),
        (say("只看", "Watching"), [m.person for m in members if m.role == "observer" and m.here]),
        (say("没加入", "Not added"), [m.person for m in members if m.role == "guest" and m.here]),
        (say("已离职", "Left the company"), [m.person for m in members if not m.here]),
    ]
    lines = [_row(what, people) for what, people in rows if people]
    return reply(
        "{lines}\n加人：/成员 加 @李四 @王五 只看 @王总",
        "{lines}\nAdd people: /members add @Li @Wang watch @Boss",
        lines=join(lines, "\n"),
    )


@command(
    "成员 加",
    "成员 添加",
    "成员 增加",
    "members add",
    usage=say("加参与的人，「只看」后面的人不催", "Add people; those after “watch” are not reminded"),
    example=EXAMPLE,
    roles="admin",
    help_rank=1,
)
def add(ctx: Ctx, team: Newcomers) -> Reply:
    """Enrol members and observers; says who takes part now."""
    require(ctx, "members.add")
    _somebody(
        team, say("加谁？例：/成员 加 @李四 @王五 只看 @王总", "Add whom? Example: /members add @Li @Wang watch @Boss")
    )
    enrol(ctx, team)
    return Reply(text_card(roster(ctx)))


@command(
    "成员 移除",
    "成员 删除",
    "成员 删",
    "成员 移出",
    "members remove",
    usage=say("把人移出项目", "Take people out of the project"),
    example=say("/成员 移除 @李四", "/members remove @Li"),
    roles="admin",
)
def remove(ctx: Ctx, team: Crew) -> Reply:
    """Take people out. Their tasks and reports stay."""
    require(ctx, "members.remove")
    _somebody(team, say("移除谁？例：/成员 移除 @李四", "Remove whom? Example: /members remove @Li"))
    roles = _roles(ctx)
    strangers = [person for person in team.everyone if person.id not in roles]
    if strangers:
        raise UserError(
            say(
                "{names} 本来就不在项目里，没有改动。",
                "Not in the project: {names}. Nothing was changed.",
                names=names(strangers),
            )
        )
    keep_an_admin(ctx, team.everyone)
    for person in team.everyone:
        ctx.books.people.dismiss(ctx.project.id, person.id)
    return reply(
        "✅ 已移除 {names}，他们的任务和日报都保留。",
        "✅ Removed {names}. Their tasks and reports stay.",
        names=names(team.everyone),
    )


@command(
    "成员 管理员",
    "成员 设管理员",
    "members admin",
    usage=say("请人一起当管理员", "Make somebody an admin"),
    example=say("/成员 管理员 @李四", "/members admin @Li"),
    roles="admin",
)
def promote(ctx: Ctx, team: Crew) -> Reply:
    """Give the admin role. Where every admin left the company, any member may."""
    if any(m.is_admin for m in ctx.books.people.members(ctx.project.id)) or ctx.role in ("", "guest", "observer"):
        require(ctx, "members.admin")
    _somebody(team, say("让谁当管理员？例：/成员 管理员 @李四", "Whom? Example: /members admin @Li"))
    here_still(*team.everyone)
    roles = _roles(ctx)
    for person in team.everyone:
        if roles.get(person.id) not in ADMINS:
            ctx.books.people.enrol(ctx.project.id, person.id, "admin")
    admins = [m.person for m in ctx.books.people.members(ctx.project.id) if m.is_admin]
    return reply("✅ 管理员：{names}。", "✅ Admins: {names}.", names=names(admins))


@command(
    "成员 取消管理员",
    "成员 撤管理员",
    "members demote",
    usage=say("不再当管理员", "No longer an admin"),
    example=say("/成员 取消管理员 @李四", "/members demote @Li"),
    roles="admin",
)
def demote(ctx: Ctx, team: Crew) -> Reply:
    """Back to an ordinary member; the last admin stays."""
    require(ctx, "members.admin")
    people = team.everyone or [ctx.person]
    refuse_unknown(team)
    keep_an_admin(ctx, people)
    roles = _roles(ctx)
    for person in people:
        if roles.get(person.id) in ADMINS:
            ctx.books.people.enrol(ctx.project.id, person.id, "member")
    admins = [m.person for m in ctx.books.people.members(ctx.project.id) if m.is_admin]
    return reply("✅ 管理员：{names}。", "✅ Admins: {names}.", names=names(admins))


@command(
    "成员 退出",
    "members leave",
    usage=say("自己退出项目", "Leave the project"),
    example=say("/成员 退出", "/members leave"),
)
def leave(ctx: Ctx) -> Reply:
    """The writer leaves; the last admin cannot."""
    if ctx.role in ("", "guest"):
        raise UserError(say("没有加入这个项目，不用退出。", "Not in this project: nothing to leave."))
    keep_an_admin(ctx, [ctx.person])
    ctx.books.people.dismiss(ctx.project.id, ctx.person.id)
    return reply(
        "✅ {who} 已退出「{project}」，任务和日报都保留。",
        "✅ {who} has left “{project}”. Tasks and reports stay.",
        who=ctx.person.name,
        project=ctx.project.name,
    )


def enrol(ctx: Ctx, team: Team) -> None:
    """Make them members and observers; admins stay what they are. Raises UserError and changes nothing."""
    refuse_unknown(team)
    here_still(*team.everyone)
    keep_an_admin(ctx, team.watchers)
    roles = _roles(ctx)
    for person in team.people:
        if roles.get(person.id) not in ("owner", "admin", "member"):
            ctx.books.people.enrol(ctx.project.id, person.id, "member")
    for person in team.watchers:
        ctx.books.people.enrol(ctx.project.id, person.id, "observer")


def roster(ctx: Ctx) -> Text:
    """``✅ 参与 5 人：…；只看 1 人：…`` and who cannot be written to directly yet."""
    members = ctx.books.people.members(ctx.project.id)
    part = [m.person for m in members if m.takes_part]
    watch = [m.person for m in members if m.role == "observer"]
    silent = [person for person in part if not ctx.speaker.reaches(person)]
    line = _taking_part(part, watch)
    return join([line, _unreachable(silent)], "\n") if silent else line


def _unreachable(people: list[Person]) -> Text:
    return say(
        "以下 {n} 人还没和我说过话，私聊提醒发不到：{names}。请他们点开我发一句“你好”；在那之前我只在群里提醒。",
        "{n} have not talked to me yet, so direct reminders do not reach them: {names}. "
        "Please ask them to open a chat with me and say hello; until then I remind them in the group only.",
        n=len(people),
        names=names(people),
    )


def _taking_part(part: list[Person], watch: list[Person]) -> Text:
    if not watch:
        return say("✅ 参与 {n} 人：{names}。", "✅ Taking part ({n}): {names}.", n=len(part), names=names(part))
    return say(
        "✅ 参与 {n} 人：{names}；只看 {m} 人：{others}（不催、不计入提交率）。",
        "✅ Taking part ({n}): {names}; watching ({m}): {others} (no reminders, not counted).",
        n=len(part), names=names(part), m=len(watch), others=names(watch),
    )  # fmt: skip


def names(people: Iterable[Person]) -> Text:
    """``张三、李四``; a very long list ends with the number of the others."""
    called = [verbatim(person.name) for person in people]
    shown = listed(called[:MOST_NAMES])
    if len(called) <= MOST_NAMES:
        return shown
    return say("{names} 等 {n} 人", "{names} and others, {n} in all", names=shown, n=len(called))


def _row(what: Text, people: list[Person]) -> Text:
    return say("{what} {n} 人：{names}", "{what} ({n}): {names}", what=what, n=len(people), names=names(people))


def _roles(ctx: Ctx) -> dict[int, str]:
    return {m.person.id: m.role for m in ctx.books.people.members(ctx.project.id)}


def _somebody(team: Team, ask: Text) -> None:
    refuse_unknown(team)
    if not team.everyone:
        raise UserError(ask)


def keep_an_admin(ctx: Ctx, losing: Iterable[Person]) -> None:
    """Raises UserError when nobody could manage the project any more."""
    admins = {m.person.id: m.person for m in ctx.books.people.members(ctx.project.id) if m.is_admin}
    staying = set(admins) - {person.id for person in losing}
    if admins and not staying:
        raise UserError(
            say(
                "{names} 是最后的管理员，没有改动。先请别人当管理员：/成员 管理员 @某人",
                "{names}: the last admin; nothing was changed. First make somebody else an admin: /members admin @name",
                names=names(admins.values()),
            )
        )
