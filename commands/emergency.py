"""A fire.  ``/应急 支付故障 48h @张三``  ``/应急 进展 已切备用通道``  ``/应急 结束 已恢复``"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from chat.cards import Button, text_card
from chat.errors import UserError
from chat.text import Text, join, say
from commands.access import allowed, require
from commands.arguments import Rest, Someone
from commands.context import Ctx
from commands.departed import here_still
from commands.focus import weighed
from commands.grammar import button, command
from commands.plan_things import sight_of
from commands.plan_undo import decided
from commands.reply import Pressed, Reply
from commands.task_change import change
from commands.task_view import redraw
from planning.due import END_OF_DAY
from reports import emergency, focus
from reports.days import stamp
from reports.emergency import Emergency, hours, running, time_left
from storage.tasks import Task

EXAMPLE = say("/应急 支付故障 48h @李四", "/emergency Payments down 48h @Li")
USUAL = 48
MOST_HOURS = 14 * 24
LONGEST = 100
_HEAD = {"zh": "应急：", "en": "Emergency: "}
AGAIN_DAYS = 3
"""Working days after its end until which it should have been looked back on."""
_SPAN = re.compile(r"(?<![\w.])(?P<n>\d{1,4})\s*(?P<unit>h|hours?|小时|个小时|d|days?|天)(?![a-z])")


@command(
    "应急", "emergency",
    usage=say("应急：定时、定人、别的暂停", "An emergency: a clock, a lead, the rest pauses"),
    example=EXAMPLE,
)  # fmt: skip
def preview(ctx: Ctx, lead: Someone) -> Reply:
    """What would begin, and what would rest. Nothing happens before [开始应急]."""
    standing = running(ctx.project)
    match = _SPAN.search(ctx.line.folded)
    words = ctx.line.rest
    if not words:
        if standing is None:
            raise UserError(say("出了什么事？例：{example}", "What happened? Example: {example}", example=EXAMPLE))
        return Reply(text_card(_how_it_stands(ctx, standing)))
    if standing is not None:
        raise UserError(
            say("应急「{title}」还没结束。进展：/应急 进展 …；结束：/应急 结束",
                "The emergency “{title}” is not over. Update: /emergency update …; end: /emergency end",
                title=standing.title)
        )  # fmt: skip
    span = USUAL
    if match is not None:
        span = int(match["n"]) * (1 if match["unit"].startswith(("h", "小", "个")) else 24)
        ctx.line.cut(match.start(), match.end())
    if not 1 <= span <= MOST_HOURS:
        raise UserError(
            say("时限 1–{most} 小时，收到 {n}。例：{example}", "1–{most} hours, not {n}. Example: {example}",
                most=MOST_HOURS, n=span,
                example=EXAMPLE)
        )  # fmt: skip
    title = " ".join(ctx.line.rest.split())
    if not title or len(title) > LONGEST:
        raise UserError(
            say("出了什么事？一句话，例：{example}", "What happened, in one line? Example: {example}", example=EXAMPLE)
        )
    here_still(lead)
    who = lead or ctx.person
    ends = ctx.at + timedelta(hours=span)
    pause = _to_pause(ctx, ends)
    key = ctx.books.drafts.keep(
        "emergency", ctx.chat.id, ctx.person.id, title=title, hours=span, lead=who.id, tasks=[task.id for task in pause]
    )
    text = say(
        "🚨 应急「{title}」：{n} 小时（到 {end}），{who} 负责，每 2 小时更新一次。\n{pause}",
        "🚨 Emergency “{title}”: {n} hours (until {end}), led by {who}, an update every 2 hours.\n{pause}",
        title=title, n=span, end=stamp(ends.astimezone(ctx.zone)), who=who.name,
        pause=say("将暂停 {n} 项不紧急的任务：{tasks}。", "What can wait will rest ({n}): {tasks}.", n=len(pause),
                  tasks=focus.names(pause)) if pause else say("没有需要暂停的任务。", "Nothing needs to rest."),
    )  # fmt: skip
    return Reply(
        text_card(
            text,
            Button(say("开始应急", "Begin"), "emergency.begin", (key,), style="danger"),
            Button(say("不用", "No"), "plan.drop", ("emergency", key)),
        )
    )


def _to_pause(ctx: Ctx, ends: datetime) -> list[Task]:
    """Everything that is neither a Must nor of high priority nor holds up a milestone."""
    sight = sight_of(ctx)
    until = _day_after(ctx, ends)
    found = [choice for choice in weighed(ctx, sight, set(), until, None) if choice.why == "pause"]
    tasks = [sight.things[choice.item] for choice in found]
    return [task for task in tasks if isinstance(task, Task) and task.owner is not None]


def _day_after(ctx: Ctx, ends: datetime) -> date:
    return ctx.calendar.next_working(ends.astimezone(ctx.zone).date())


@button("emergency.begin")
def begin(ctx: Ctx, key: str) -> Pressed:
    """[开始应急], by an admin: a task, the clock, one message to everybody."""
    require(ctx, "plan.focus")
    draft = decided(ctx, key, "emergency")
    if running(ctx.project) is not None:
        raise UserError(say("已经有一个应急在进行。", "There is an emergency already."))
    title, span, lead = (
        str(draft.subject["title"]),
        int(draft.subject["hours"]),
        ctx.books.people.get(draft.subject["lead"]),
    )
    ends = ctx.at + timedelta(hours=span)
    local = ends.astimezone(ctx.zone)
    made = ctx.tasks.add(
        ctx.project.id, ctx.books.projects.next_number(ctx.project.id, "T"), _HEAD[ctx.locale] + title,
        creator=ctx.person.id, owner=lead.id, owner_name=lead.name, due=local.date(),
        due_minute=local.hour * 60 + local.minute, priority="high", chat=ctx.chat.id,
    )  # fmt: skip
    begun = Emergency(title, lead.id, made.id, ctx.at, ends)
    tasks = [task for number in draft.subject["tasks"] if (task := ctx.tasks.get(number)) is not None]
    resting = [task for task in tasks if not task.closed and task.state != "paused"]
    ctx.project = emergency.keep(ctx.books, ctx.project, begun)
    if resting and not ctx.project.settings.get(focus.SETTING):
        focus.begin(ctx.books, ctx.speaker, ctx.project, f"应急 {title}", _day_after(ctx, ends), resting)
        for task in resting:
            redraw(ctx, ctx.tasks.get(task.id) or task)
    emergency.arm(ctx.books, ctx.project, begun)
    text = say(
        "🚨 应急开始：{title}\n负责人 {who}，任务 {ref}，到 {end}（{n} 小时）。\n"
        "暂停 {m} 项。每 2 小时更新：/应急 进展 …；结束：/应急 结束",
        "🚨 Emergency: {title}\nLed by {who}, task {ref}, until {end} ({n} hours).\n"
        "Tasks resting: {m}. Updates every 2 hours: /emergency update …; end: /emergency end",
        title=title, who=lead.name, ref=made.ref, end=stamp(local), n=span, m=len(resting),
    )  # fmt: skip
    ctx.speaker.to_groups(ctx.project, text_card(text))
    if lead.id != ctx.person.id:
        ctx.speaker.to_person(lead, ctx.project, text_card(text))
    return Pressed(
        say("应急开始。", "Begun."), card=text_card(say("🚨 已开始：{title}", "🚨 Begun: {title}", title=title))
    )


def _standing(ctx: Ctx) -> Emergency:
    standing = running(ctx.project)
    if standing is None:
        raise UserError(
            say("现在没有应急。开始：{example}", "No emergency is going on. To begin one: {example}", example=EXAMPLE)
        )
    return standing


def _how_it_stands(ctx: Ctx, standing: Emergency) -> Text:
    task = ctx.tasks.get(standing.task)
    return say(
        "🚨 应急「{title}」已 {gone} 小时，{left}；更新 {n} 次。负责人 {who}（{ref}）",
        "🚨 Emergency “{title}”: {gone} hours gone, {left}; {n} updates. Led by {who} ({ref})", title=standing.title,
        gone=hours(ctx.at - standing.began), left=time_left(standing, ctx.at, ctx.zone), n=standing.updates,
        who=ctx.books.people.get(standing.lead).name, ref=task.ref if task else "",
    )  # fmt: skip


@command(
    "应急 进展", "应急 更新", "emergency update",
    usage=say("应急中报一次进展，群里都看到", "An update on the emergency, for everybody"),
    example=say("/应急 进展 已切备用通道", "/emergency update switched to the spare line"),
)  # fmt: skip
def update(ctx: Ctx, words: Rest) -> Reply:
    """Kept with its task, told to the groups."""
    standing = _standing(ctx)
    if not words:
        raise UserError(
            say(
                "现在怎么样？例：/应急 进展 已切备用通道",
                "How is it? E.g. /emergency update switched to the spare line",
            )
        )
    standing = replace(standing, updates=standing.updates + 1)
    ctx.project = emergency.keep(ctx.books, ctx.project, standing)
    task = ctx.tasks.get(standing.task)
    if task is not None:
        ctx.tasks.comment(task, words[:500])
    emergency.arm(ctx.books, ctx.project, standing)
    text = say("🚨 {title} 进展 {n}（{who}）：{words}\n{left}", "🚨 {title}, update {n} ({who}): {words}\n{left}",
               title=standing.title,
               n=standing.updates, who=ctx.person.name, words=words[:500],
               left=time_left(standing, ctx.at, ctx.zone))  # fmt: skip
    others = [chat for chat in ctx.books.projects.groups(ctx.project.id) if chat.id != ctx.chat.id]
    for chat in others:
        ctx.speaker.in_chat(chat, ctx.project, text_card(text))
    return Reply(text_card(text))


@command(
    "应急 结束", "应急 恢复", "emergency end",
    usage=say("应急结束，暂停的任务恢复", "The emergency is over; what rests goes on"),
    example=say("/应急 结束 已恢复", "/emergency end all is well"),
)  # fmt: skip
def end(ctx: Ctx, words: Rest) -> Reply:
    """By its lead or an admin."""
    return Reply(text_card(_end(ctx, words)))


@button("emergency.end")
def end_pressed(ctx: Ctx) -> Pressed:
    text = _end(ctx, "")
    return Pressed(text, card=text_card(text))


@button("emergency.more")
def more(ctx: Ctx) -> Pressed:
    """[再 12 小时]."""
    standing = _standing(ctx)
    _may_end(ctx, standing)
    standing = replace(standing, ends=ctx.at + timedelta(hours=12), over=False)
    ctx.project = emergency.keep(ctx.books, ctx.project, standing)
    task = ctx.tasks.get(standing.task)
    local = standing.ends.astimezone(ctx.zone)
    if task is not None and not task.closed:
        change(ctx, task, due=local.date(), due_minute=local.hour * 60 + local.minute)
    emergency.arm(ctx.books, ctx.project, standing)
    text = say(
        "应急「{title}」延到 {end}。",
        "Emergency “{title}” goes on until {end}.",
        title=standing.title,
        end=stamp(local),
    )
    return Pressed(text, card=text_card(text))


def _may_end(ctx: Ctx, standing: Emergency) -> None:
    if ctx.person.id != standing.lead and not allowed(ctx, "plan.focus"):
        who = ctx.books.people.get(standing.lead).name
        raise UserError(say("请负责人 {who} 或管理员来定。", "That is for {who} or an admin.", who=who))


def _end(ctx: Ctx, words: str) -> Text:
    standing = _standing(ctx)
    _may_end(ctx, standing)
    ctx.project = emergency.keep(ctx.books, ctx.project, None)
    emergency.disarm(ctx.books, ctx.project)
    task = ctx.tasks.get(standing.task)
    if task is not None and not task.closed:
        change(
            ctx,
            task,
            words[:200],
            state="done",
            progress=100,
            closed_at=ctx.at,
            started_at=task.started_at or standing.began,
        )
    gone_on = _go_on(ctx)
    again = _look_back(ctx, standing)
    parts = [
        say("✅ 应急「{title}」结束：用时 {n} 小时，更新 {m} 次。",
            "✅ Emergency “{title}” is over: {n} hours, {m} updates.",
            title=standing.title, n=hours(ctx.at - standing.began), m=standing.updates),
        *([say("恢复 {n} 项任务。", "Going on: {n}.", n=len(gone_on))] if gone_on else []),
        say("复盘：{ref} {title}，{day}前。", "Looking back: {ref} {title}, by {day}.",
            ref=again.ref, title=again.title,
            day=ctx.short_day(again.due or date.min)),
    ]  # fmt: skip
    return join(parts, "\n")


def _go_on(ctx: Ctx) -> list[Task]:
    """Only what rests because of an emergency; a focus that was there before stays."""
    if not str(ctx.project.settings.get(focus.SETTING, {}).get("name", "")).startswith("应急 "):
        return []
    gone_on = focus.end(ctx.books, ctx.project)
    for task in gone_on:
        redraw(ctx, task)
    return gone_on


def _look_back(ctx: Ctx, standing: Emergency) -> Task:
    """A task for its lead: what happened, and why."""
    lead = ctx.books.people.get(standing.lead)
    title = f"复盘：{standing.title}" if ctx.locale == "zh" else f"Look back on: {standing.title}"
    due = ctx.calendar.add_working(ctx.today, AGAIN_DAYS)
    return ctx.tasks.add(
        ctx.project.id, ctx.books.projects.next_number(ctx.project.id, "T"), title, creator=ctx.person.id,
        owner=lead.id, owner_name=lead.name, due=due, due_minute=END_OF_DAY, chat=ctx.chat.id,
    )  # fmt: skip
