"""[开始设置]: project name, launch day, people, report times; a question a step, stopped at any by 取消."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from chat.cards import Button, Card, text_card
from chat.errors import UserError
from chat.text import Text, say
from commands.access import require
from commands.context import Ctx
from commands.crew import Newcomers, Team
from commands.grammar import answers, button
from commands.line import fold
from commands.members import enrol, roster
from commands.project import LONGEST_NAME, launch_said, named
from commands.reply import Again, Pressed, Reply, reply

LASTS = timedelta(hours=2)
"""How long a step waits for its answer."""
DEFAULT_TIMES = "17:30 收 18:30 截止"
CANCEL = Button(say("取消", "Cancel"), "wizard.cancel")
_STOP = ("取消", "算了", "退出", "不设了", "cancel", "quit", "stop")
_OPEN = ("没定", "还没定", "未定", "待定", "跳过", "不知道", "没有", "无", "暂无", "skip", "none", "open", "later")
_crew = Newcomers.__metadata__[0]  # type: ignore[attr-defined]


@button("wizard.start")
def start(ctx: Ctx) -> Pressed:
    """The first step. Pressed again it begins again; nothing is lost."""
    require(ctx, "project.setup")
    ctx.books.questions.ask(ctx.chat.id, ctx.person.id, "wizard.name", lasts=LASTS)
    return Pressed(say("开始设置，共 3 步。", "Let us set up: 3 steps."), reply=Reply(_ask_name(ctx)))


def _ask_name(ctx: Ctx) -> Card:
    text = say(
        "① 项目叫什么？{how}，例：双十一大促", "① What is the project called? {how}, e.g. Summer sale", how=_how(ctx)
    )
    name = ctx.chat.name if ctx.project.state == "new" and ctx.chat.name else ctx.project.name
    use = Button(say("就叫「{called}」", "Call it “{called}”", called=name[:20]), "wizard.name", style="primary")
    return text_card(text, use, CANCEL)


@button("wizard.name")
def keep_name(ctx: Ctx) -> Pressed:
    """The group's own name will do."""
    require(ctx, "project.setup")
    name = ctx.chat.name if ctx.project.state == "new" and ctx.chat.name else ctx.project.name
    return Pressed(say("好的。", "OK."), reply=_to_launch(ctx, named(name[:LONGEST_NAME])))


@answers("wizard.name", eager=True)
def name_said(ctx: Ctx, _: Mapping[str, Any]) -> Reply:
    """Whatever is said is the name."""
    if _stopped(ctx):
        return cancelled(ctx)
    require(ctx, "project.setup")
    return _to_launch(ctx, named(ctx.line.rest))


def _to_launch(ctx: Ctx, name: str) -> Reply:
    ctx.books.questions.ask(ctx.chat.id, ctx.person.id, "wizard.launch", lasts=LASTS, name=name)
    text = say(
        "① 「{called}」哪天上线？{how}，例：11-11",
        "① When does “{called}” launch? {how}, e.g. 11-11",
        called=name,
        how=_how(ctx),
    )
    return Reply(text_card(text, Button(say("还没定", "Not decided"), "wizard.launch", (name, "")), CANCEL))


@answers("wizard.launch")
def launch_answered(ctx: Ctx, subject: Mapping[str, Any]) -> Reply | None:
    """A date; 没定 leaves it open. A long line without a date is somebody talking of something else."""
    if _stopped(ctx):
        return cancelled(ctx)
    words = fold(ctx.line.rest)
    if words.strip(" .,!") in _OPEN:
        return _launched(ctx, subject["name"], None)
    said = launch_said(ctx, lambda day: Button(ctx.day(day), "wizard.launch", (subject["name"], day.isoformat())))
    if said is None:
        if len(words) > 20:
            return None
        raise UserError(
            say(
                "没看懂日期「{words}」。例：11-11；没定就回「没定」",
                "I cannot read the day “{words}”. Example: 11-11, or “skip”",
                words=words,
            ),
        )
    return _launched(ctx, subject["name"], said)


@button("wizard.launch")
def launch_pressed(ctx: Ctx, name: str, day: date | None) -> Pressed:
    require(ctx, "project.setup")
    return Pressed(say("好的。", "OK."), reply=_launched(ctx, named(name), day))


def _launched(ctx: Ctx, name: str, day: date | None) -> Reply:
    """Write the project down, say so, and ask for the people."""
    require(ctx, "project.setup")
    ctx.project = ctx.books.projects.change(ctx.project, name=name, launch=day, state="active")
    _first(ctx, project_made(ctx, name, day))
    ctx.books.questions.ask(ctx.chat.id, ctx.person.id, "wizard.people", lasts=LASTS)
    text = say(
        "② 谁参与日报和任务？{how}，例：@李四 @王五 只看 @王总\n（只看的人不催、不计入提交率）",
        "② Who takes part? {how}, e.g. @Li @Wang watch @Boss\n(Who only watches is not reminded or counted.)",
        how=_how(ctx, at=True),
    )
    here = len(ctx.books.people.in_chat(ctx.chat.id)) if ctx.in_group else 0
    everyone = [Button(say("群里的人都参与", "Everybody here"), "wizard.people", ("all",))] if here > 1 else []
    return Reply(text_card(text, *everyone, Button(say("先跳过", "Skip"), "wizard.people", ("skip",)), CANCEL))


def project_made(ctx: Ctx, name: str, day: date | None) -> Text:
    return say(
        "✅ 项目「{called}」已建，上线日 {day}。",
        "✅ Project “{called}” is set up, launch day {day}.",
        called=name,
        day=ctx.day(day) if day else say("未定", "open"),
    )


@answers("wizard.people")
def people_said(ctx: Ctx, _: Mapping[str, Any]) -> Reply | None:
    """Names and nothing else; any other line is not an answer."""
    if _stopped(ctx):
        return cancelled(ctx)
    if fold(ctx.line.rest) in _OPEN:
        return _ask_times(ctx)
    before = ctx.line.text, list(ctx.line.people)
    team: Team = _crew.take(ctx)
    if team.unknown or not team.everyone:
        ctx.line = type(ctx.line)(*before)
        return None
    require(ctx, "members.add")
    enrol(ctx, team)
    _first(ctx, roster(ctx))
    return _ask_times(ctx)


@button("wizard.people")
def people_pressed(ctx: Ctx, who: str) -> Pressed:
    """``who``: all or skip."""
    require(ctx, "members.add")
    if who == "all":
        enrol(ctx, Team(ctx.books.people.in_chat(ctx.chat.id), [], []))
        _first(ctx, roster(ctx))
    return Pressed(say("好的。", "OK."), reply=_ask_times(ctx))


def _ask_times(ctx: Ctx) -> Reply:
    ctx.books.questions.ask(ctx.chat.id, ctx.person.id, "wizard.times", lasts=LASTS)
    text = say(
        "③ 日报几点收、几点截止？{how}，例：17:30 收 18:30 截止",
        "③ When are reports asked for, and due by? {how}, e.g. 17:30 due 18:30",
        how=_how(ctx),
    )
    return Reply(
        text_card(
            text,
            Button(say("就用 17:30–18:30", "Use 17:30–18:30"), "wizard.times", ("default",), style="primary"),
            Button(say("先不收日报", "No reports yet"), "wizard.times", ("skip",)),
        )
    )


@answers("wizard.times")
def times_said(ctx: Ctx, _: Mapping[str, Any]) -> Reply | Again | None:
    """Anything with a time of day in it is the times; ``/日报 设置`` reads them."""
    if _stopped(ctx):
        return cancelled(ctx)
    words = ctx.line.rest
    if fold(words) in _OPEN:
        return _finished(ctx)
    if len(words) > 40 or not any(c.isdigit() for c in fold(words)):
        return None
    ctx.books.questions.close(ctx.chat.id, ctx.person.id)
    return Again(f"/日报 设置 {words}")


@button("wizard.times")
def times_pressed(ctx: Ctx, which: str) -> Pressed:
    """``which``: default or skip."""
    require(ctx, "daily.times")
    if which == "skip":
        return Pressed(say("好的。", "OK."), reply=_finished(ctx))
    ctx.books.questions.close(ctx.chat.id, ctx.person.id)
    return Pressed(say("好的。", "OK."), again=Again(f"/日报 设置 {DEFAULT_TIMES}"))


def _finished(ctx: Ctx) -> Reply:
    ctx.books.questions.close(ctx.chat.id, ctx.person.id)
    return reply(
        "设置完成，日报先不收。要收时发「/日报 设置 {times}」，别的设置见「/设置」。",
        "All set, without reports. To start them send “/daily set {times}”; for the rest see “/set”.",
        times=DEFAULT_TIMES,
    )


@button("wizard.cancel")
def cancel(ctx: Ctx) -> Pressed:
    return Pressed(say("已取消。", "Cancelled."), reply=cancelled(ctx))


def cancelled(ctx: Ctx) -> Reply:
    """Stop asking; what was set stays."""
    asked = ctx.books.questions.open(ctx.chat.id, ctx.person.id)
    if asked is None or not asked.kind.startswith("wizard."):
        raise UserError(say("设置没在进行。要开始请发「/设置」。", "Nothing is being set up. Send “/set” to begin."))
    ctx.books.questions.close(ctx.chat.id, ctx.person.id)
    return reply(
        "已取消设置，填过的都保留。要接着设置请发「/设置」。",
        "Setup stopped; what was answered is kept. Send “/set” to go on.",
    )


def _stopped(ctx: Ctx) -> bool:
    return fold(ctx.line.rest) in _STOP


def _how(ctx: Ctx, *, at: bool = False) -> Text:
    """A group hears only what is said to the bot."""
    if not ctx.in_group:
        return say("直接回我", "Just answer")
    return say("@我 再 @ 他们", "@ me and them") if at else say("@我 回一句", "@ me and answer")


def _first(ctx: Ctx, text: Text) -> None:
    """Said before the reply of this step."""
    ctx.books.outbox.post(
        ctx.chat.platform, ctx.chat.external_id, text_card(text), locale=ctx.locale, reply_to=ctx.thing.message_id
    )
