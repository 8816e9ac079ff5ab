"""The project of this group.  ``/项目``  ``/项目 改名 大促``  ``/项目 上线日 11-11``  ``/项目 切换 大促``"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from chat.cards import Button
from chat.errors import UserError
from chat.text import join, listed, say, verbatim
from commands.access import require
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import button, command
from commands.line import fold
from commands.reply import Pressed, Reply, reply
from commands.times import check
from planning.dates import find, past

LONGEST_NAME = 50
_OPEN = ("没定", "未定", "待定", "取消", "none", "open")


@command(
    "项目",
    "project",
    usage=say("项目名、上线日、在哪些群", "The project's name, launch day and groups"),
    example=say("/项目", "/project"),
    help_rank=9,
)
def show(ctx: Ctx) -> Reply:
    """Name, launch day, people, groups, and the other projects of the writer."""
    project = ctx.project
    members = [m for m in ctx.books.people.members(project.id) if m.takes_part]
    where = [verbatim(g.name or g.external_id) for g in ctx.books.projects.groups(project.id)] or [verbatim("—")]
    lines = [
        say("📁 {called}", "📁 {called}", called=project.name),
        say("上线日 {day}", "Launch day {day}", day=ctx.day(project.launch) if project.launch else say("未定", "open")),
        say("参与 {n} 人，进行中任务 {m} 项", "{n} people, {m} open tasks", n=len(members),
            m=len(ctx.tasks.open_in(project.id))),
        say("群：{names}", "Groups: {names}", names=listed(where)),
    ]  # fmt: skip
    others = [p.name for p in ctx.books.projects.of(ctx.person.id) if p.id != project.id]
    if others and not ctx.in_group:
        lines.append(
            say("换一个聊：/项目 切换 {other}", "Talk of another one: /project switch {other}", other=others[0])
        )
    return reply("{lines}", "{lines}", lines=join(lines, "\n"))


@command(
    "项目 改名",
    "项目 名称",
    "项目 名字",
    "project rename",
    usage=say("给项目改名", "Rename the project"),
    example=say("/项目 改名 双十一大促", "/project rename Autumn sale"),
    roles="admin",
)
def rename(ctx: Ctx, name: Rest) -> Reply:
    require(ctx, "project.change")
    _need(name, "/项目 改名 双十一大促")
    old = ctx.project.name
    ctx.books.projects.change(ctx.project, name=named(name), state="active")
    return reply("✅ 「{old}」改名为「{new}」。", "✅ “{old}” is now called “{new}”.", old=old, new=named(name))


@command(
    "项目 上线日",
    "项目 上线",
    "project launch",
    usage=say("改上线日", "Change the launch day"),
    example=say("/项目 上线日 11-11", "/project launch 11-11"),
    roles="admin",
    help_rank=4,
)
def launch(ctx: Ctx) -> Reply:
    """The day is inferred and echoed with its weekday; in doubt buttons ask."""
    require(ctx, "project.change")
    words = fold(ctx.line.rest)
    if words in _OPEN:
        ctx.books.projects.change(ctx.project, launch=None)
        return reply("✅ 上线日改为未定。", "✅ The launch day is open now.")
    day = launch_said(ctx, lambda day: Button(ctx.day(day), "project.launch", (day.isoformat(),)))
    if day is None:
        raise UserError(
            say(
                "没看懂日期「{words}」。例：/项目 上线日 11-11",
                "I cannot read the day “{words}”. Example: /project launch 11-11",
                words=words[:40],
            ),
        )
    return _launch_on(ctx, day)


@button("project.launch")
def launch_pressed(ctx: Ctx, day: date) -> Pressed:
    require(ctx, "project.change")
    said = _launch_on(ctx, day)
    return Pressed(say("好的。", "OK."), said.card, said)


def _launch_on(ctx: Ctx, day: date) -> Reply:
    ctx.books.projects.change(ctx.project, launch=day, state="active")
    return reply("✅ 上线日 {day}。", "✅ Launch day {day}.", day=ctx.day(day))


@command(
    "项目 新建",
    "project new",
    usage=say("给这个群建项目", "Make this group's project"),
    example=say("/项目 新建 双十一大促 11-11", "/project new Autumn sale 11-11"),
    roles="admin",
)
def make(ctx: Ctx) -> Reply:
    """Name and launch day in one line. A group has one project: later ones are refused."""
    require(ctx, "project.setup")
    if ctx.project.state != "new":
        raise UserError(
            say(
                "本群已有项目「{called}」。改名：/项目 改名 新名字",
                "This group already has “{called}”. Rename it: /project rename …",
                called=ctx.project.name,
            ),
        )
    day = launch_said(ctx, lambda day: Button(ctx.day(day), "project.launch", (day.isoformat(),)))
    name = named(ctx.line.rest)
    ctx.books.projects.change(ctx.project, name=name, launch=day, state="active")
    return reply(
        "✅ 项目「{called}」已建，上线日 {day}。",
        "✅ Project “{called}” is set up, launch day {day}.",
        called=name,
        day=ctx.day(day) if day else say("未定", "open"),
    )


@command(
    "项目 切换",
    "project switch",
    usage=say("私聊里谈哪个项目", "Which project a direct chat is about"),
    example=say("/项目 切换 双十一大促", "/project switch Autumn sale"),
)
def switch(ctx: Ctx, name: Rest) -> Reply:
    """From now on the writer's direct chat is about another of their projects."""
    _alone(ctx)
    mine = ctx.books.projects.of(ctx.person.id)
    fits = [p for p in mine if fold(name) == fold(p.name)] or [p for p in mine if name and fold(name) in fold(p.name)]
    if len(fits) != 1:
        buttons = [Button(verbatim(p.name[:20]), "project.switch", (str(p.id),)) for p in (fits or mine)[:6]]
        raise UserError(say("换到哪个项目？", "Which project?"), *buttons)
    return _switched(ctx, fits[0].id, fits[0].name)


@button("project.switch")
def switch_pressed(ctx: Ctx, project_id: int) -> Pressed:
    _alone(ctx)
    found = next((p for p in ctx.books.projects.of(ctx.person.id) if p.id == project_id), None)
    if found is None:
        raise UserError(say("已经不在这个项目里了。", "No longer in this project."))
    return Pressed(say("好的。", "OK."), reply=_switched(ctx, found.id, found.name))


def _alone(ctx: Ctx) -> None:
    """A group need not know in which other projects its people are."""
    if ctx.in_group:
        raise UserError(
            say("群里谈的就是本群的项目。换项目请私聊我发「/项目 切换」。",
                "A group talks of its own project. To switch, send me “/project switch” directly.")
        )  # fmt: skip


def _switched(ctx: Ctx, project_id: int, name: str) -> Reply:
    ctx.books.people.focus(ctx.person.id, project_id)
    return reply("✅ 私聊里现在谈「{called}」。", "✅ Our direct chat is about “{called}” now.", called=name)


def named(words: str) -> str:
    """A project's name as said: its first line. Raises UserError when there is none or it is too long."""
    name = " ".join(words.strip().split("\n", 1)[0].split()).strip("「」“”\"' ")
    if not name:
        raise UserError(say("没看到项目名。例：双十一大促", "There is no name. Example: Summer sale"))
    if len(name) > LONGEST_NAME:
        raise UserError(
            say(
                "项目名最多 {most} 字，收到 {n} 字。短一点再发一次。",
                "A name has {most} characters at most, got {n}. Shorter, please.",
                most=LONGEST_NAME,
                n=len(name),
            ),
        )
    return name


def launch_said(ctx: Ctx, choose: Callable[[date], Button]) -> date | None:
    """The day in the line, cut out of it; None: there is none. Raises UserError when it is past or ambiguous."""
    found = find(ctx.line.text, ctx.now, ctx.calendar)
    check(ctx.line.text, found, expected=True)
    if not found:
        return None
    words = found[0].words
    days = list(dict.fromkeys(reading.day for reading in found[0].readings))
    if len(days) > 1:
        raise UserError(
            say("「{words}」指哪天？", "Which day is “{words}”?", words=words), *[choose(d) for d in days[:3]]
        )
    if past(found[0].readings[0], ctx.now):
        raise UserError(
            say(
                "{day}已过去。就记这天吗？不是的话请重发日期。",
                "{day} is past. Keep it? Otherwise send another day.",
                day=ctx.day(days[0]),
            ),
            choose(days[0]),
        )
    ctx.line.cut(found[0].start, found[0].stop)
    return days[0]


def _need(words: str, example: str) -> None:
    if not words:
        raise UserError(say("还差内容。例：{example}", "Something is missing. Example: {example}", example=example))
