"""One project in several groups.  ``/项目 绑定`` gives a code, ``/项目 绑定 482913`` in the other group joins."""

from __future__ import annotations

import re
from datetime import timedelta
from hashlib import sha256

from chat.cards import Button, text_card
from chat.errors import UserError
from chat.text import Text, listed, say, verbatim
from commands.access import require
from commands.context import Ctx
from commands.grammar import button, command
from commands.reply import Pressed, Reply, reply
from reports import presence
from reports.rhythm import rhythm_of
from storage.people import PARTICIPANTS
from storage.projects import Chat, ProjectInfo
from storage.statement import ms

VALID = timedelta(minutes=10)
_CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")


@command(
    "项目 绑定",
    "项目 加群",
    "project bind",
    usage=say("几个群共用一个项目", "Several groups, one project"),
    example=say("/项目 绑定", "/project bind"),
    roles="admin",
    help_rank=5,
)
def bind(ctx: Ctx) -> Reply:
    """Without a code: get one. With it: this group joins the project that gave it."""
    if not ctx.in_group:
        raise UserError(
            say("请在要绑定的群里 @我 发「/项目 绑定」。", "Please @ me with “/project bind” in the group itself.")
        )
    require(ctx, "project.bind")
    code = _CODE.search(ctx.line.folded)
    if code is not None:
        return _join(ctx, code.group(1), sure=False)
    if ctx.line:
        raise UserError(
            say(
                "绑定码是 6 位数字。没有码先在项目的群里发「/项目 绑定」。",
                "A code has 6 digits. For one, send “/project bind” in the project's group.",
            )
        )
    return reply(
        "在另一个群里 @我 发「/项目 绑定 {code}」，10 分钟内有效。那个群会加入「{project}」，任务、日报、成员共用。",
        "In the other group @ me with “/project bind {code}” within 10 minutes. "
        "That group joins “{project}”: tasks, reports and people are shared.",
        code=_new_code(ctx),
        project=ctx.project.name,
    )


@button("project.bind")
def bind_pressed(ctx: Ctx, code: str) -> Pressed:
    """``code``: "" to leave everything as it is."""
    require(ctx, "project.bind")
    if not code:
        done = say("好的，没有绑定。", "OK, nothing was changed.")
        return Pressed(done, text_card(done))
    return Pressed(say("已绑定。", "Joined."), reply=_join(ctx, code, sure=True))


@command(
    "项目 解绑",
    "project unbind",
    usage=say("这个群退出项目", "This group leaves the project"),
    example=say("/项目 解绑", "/project unbind"),
    roles="admin",
)
def unbind(ctx: Ctx) -> Reply:
    """The group gets a project of its own; the shared one stays in the other groups."""
    require(ctx, "project.bind")
    groups = ctx.books.projects.groups(ctx.project.id)
    if not ctx.in_group or len(groups) < 2:
        raise UserError(
            say("这个项目只在一个群里，不用解绑。", "The project lives in one group only; there is nothing to leave.")
        )
    fresh = ctx.books.projects.add(ctx.chat.name or ctx.person.name, ctx.person.id)
    ctx.books.projects.bind(ctx.chat.id, fresh.id)
    ctx.books.people.welcome(fresh.id, ctx.person.id, "owner")
    ctx.books.audit(ctx.project.id, "project.bind", "done", f"unbind {ctx.chat.id}")
    return reply(
        "✅ 本群已退出「{project}」，那边的任务和日报照旧。要在这里用，发「/设置」。",
        "✅ This group has left “{project}”; nothing changes there. To use me here send “/set”.",
        project=ctx.project.name,
    )


def _new_code(ctx: Ctx) -> str:
    """Six digits, the same for the same message."""
    for number in range(100):
        digest = sha256(f"{ctx.thing.key}/{number}".encode()).digest()
        code = f"{int.from_bytes(digest[:4]) % 1_000_000:06d}"
        if ctx.books.drafts.get(_key(code)) is None:
            ctx.books.drafts.keep(
                "bind", ctx.chat.id, ctx.person.id, under=_key(code), project=ctx.project.id, until=ms(ctx.at + VALID)
            )
            return code
    raise UserError(say("现在给不出绑定码，请过几分钟再试。", "No code is free right now; please try later."))


def _key(code: str) -> str:
    return f"bind:{code}"


def _join(ctx: Ctx, code: str, *, sure: bool) -> Reply:
    """Raises UserError: the code is wrong or old, the group is there already, or it would lose sight of something."""
    draft = ctx.books.drafts.get(_key(code))
    if draft is None or draft.subject["until"] < ms(ctx.at) or draft.used:
        raise UserError(
            say(
                "绑定码 {code} 不对或已过期。请在项目的群里再发一次「/项目 绑定」。",
                "The code {code} is wrong or too old. Send “/project bind” in the project's group again.",
                code=code,
            )
        )
    target = ctx.books.projects.get(draft.subject["project"])
    if target.id == ctx.project.id:
        raise UserError(
            say("本群已经在「{project}」里了。", "This group is in “{project}” already.", project=target.name)
        )
    if not sure and (loses := _would_lose(ctx)) is not None:
        raise UserError(
            loses,
            Button(say("绑定", "Join"), "project.bind", (code,), style="primary"),
            Button(say("不绑", "Do not"), "project.bind", ("",)),
        )
    ctx.books.drafts.use(draft)
    _move(ctx, target)
    groups = ctx.books.projects.groups(target.id)
    for chat in groups:
        if chat.id != ctx.chat.id:
            news = say(
                "「{chat}」加入了项目「{project}」。", "“{chat}” has joined “{project}”.",
                chat=_called(ctx.chat), project=target.name,
            )  # fmt: skip
            ctx.speaker.in_chat(chat, target, text_card(news))
    return reply(
        "✅ 本群加入「{project}」，共 {n} 个群：{names}。任务、日报、成员共用。",
        "✅ This group has joined “{project}”, now in {n} groups: {names}. Tasks, reports and people are shared.",
        project=target.name,
        n=len(groups),
        names=listed(_called(chat) for chat in groups),
    )


def _called(chat: Chat) -> Text:
    """Some platforms do not tell what a group is called."""
    return verbatim(chat.name) if chat.name else say("没有名字的群", "a group without a name")


def _would_lose(ctx: Ctx) -> Text | None:
    tasks = len(ctx.tasks.open_in(ctx.project.id))
    if not tasks and not rhythm_of(ctx.books, ctx.project).plan.on:
        return None
    return say(
        "本群现在的项目「{project}」有 {n} 项进行中的任务，绑定后在这里看不到它们，日报也改用新项目的（数据保留）。",
        "This group's own project “{project}” has {n} open tasks. After joining they are not seen here any more, and "
        "reports follow the new project (the data is kept).",
        project=ctx.project.name,
        n=tasks,
    )


def _move(ctx: Ctx, target: ProjectInfo) -> None:
    """The group and its people go over; a project left without a group is archived."""
    people, old = ctx.books.people, ctx.project
    ctx.books.projects.bind(ctx.chat.id, target.id)
    for member in people.members(old.id):
        if member.role == "guest":
            continue
        if people.role(target.id, member.person.id) in ("", "guest"):
            people.enrol(target.id, member.person.id, "member" if member.role in PARTICIPANTS else member.role)
        if member.person.project_id == old.id:
            people.focus(member.person.id, target.id)
    if not ctx.books.projects.groups(old.id):
        presence.stand_still(ctx.books, old)
        ctx.books.projects.change(old, state="archived")
    ctx.books.audit(target.id, "project.bind", "done", f"bind {ctx.chat.id}")
