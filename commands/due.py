"""When a task is due.  ``T1 改到 周五18:00``  ``T5 改到 10-9 因为：供应商缺货``  ``T1 截止 未定``"""

from __future__ import annotations

import re
from datetime import date
from zoneinfo import ZoneInfo

from chat.cards import Button, Buttons, Card, Field, Form, Paragraph, text_card
from chat.errors import UserError
from chat.text import NOTHING, Text, listed, say
from commands.access import decides, open_by_id
from commands.context import Ctx
from commands.due_away import away_note, below, noted_away
from commands.grammar import button, command, hears
from commands.line import Line
from commands.plan_things import milestones_late, pushes, with_reckoning
from commands.remind_rest import rest_note
from commands.repeat_rule import repeated
from commands.reply import Pressed, Reply
from commands.task_change import change
from commands.task_forward import forward
from commands.task_lines import Subjects, leading, ref_then, the_task
from commands.task_make import moment
from commands.task_view import card_of, desk
from commands.times import apart, check, times
from planning.dates import find
from planning.due import END_OF_DAY, Meant, Point
from planning.zones import at_local
from reports.days import bare_day, clock
from reports.task_cards import doubt_card, due_buttons, head, undo_button
from storage.tasks import Task

LONGEST = 40
"""Characters of a time and nothing else."""
EXAMPLE = say("T1 改到 周五18:00", "T1 due Fri 6pm")
VERB = say("改期", "Reschedule")
WORDS = (
    r"(?:改到|改期到?|改截止到?|截止(?:日期|时间)?|加截止|延期到?|延到|推迟到?|提前到?)[:是改到为在\s]*"
    r"|(?:due(?: to| by| on)?|move to|postpone to|reschedule to)(?![a-z])[:\s]*"
)
_REASON = re.compile(r"[\s,]*(?:因为|原因|because)[:是\s]*(?P<why>\S.*)$", re.DOTALL)
_NONE = re.compile(r"\s*(?:未定|没有|无|不限|取消|清空|none|open)\s*$")
_CLOCK = re.compile(r"\s*(\d{1,2})(?:[:点时](\d{2})?)?\s*$")


@command(
    "改期",
    "改到",
    "due",
    usage=say("改截止时间", "Change a due date"),
    example=say("T1 改到 周五18:00", "T1 due Fri 6pm"),
)
def due(ctx: Ctx, numbers: Subjects) -> Reply:
    """Change, add or drop the due of one task; a doubtful date is asked about."""
    task = the_task(ctx, numbers, VERB, EXAMPLE)
    why = _reason(ctx)
    if _NONE.match(ctx.line.folded):
        return Reply(set_due(ctx, task, None, why))
    meant = times(ctx, ctx.line)
    if meant.rule is not None:
        return Reply(repeated(ctx, task, meant))
    if meant.remind and not meant.due and not meant.doubt:
        return Reply(set_reminder(ctx, task, meant.remind))
    if meant.due is None and not meant.doubt:
        check(ctx.line.rest, [], expected=True)
        raise _no_date(ctx, task)
    return _set_or_ask(ctx, task, meant, why)


@hears(ref_then(WORDS), rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 改到 …``"""
    return due(ctx, leading(ctx, match))


@hears(ref_then(r"(?=\S)"), rank=50)
def only_a_time(ctx: Ctx, match: re.Match[str]) -> Reply | None:
    """``T1 周五18:00`` and nothing else"""
    words = Line(ctx.line.text[match.start("verb") :], ctx.line.people)
    return due(ctx, leading(ctx, match)) if is_time(ctx, words) else None


def _reason(ctx: Ctx) -> str:
    """Why, cut out; the day may stand behind it: ``因为：等素材 10-20``."""
    match = _REASON.search(ctx.line.folded)
    if match is None:
        return ""
    why = ctx.line.text[match.start("why") :].strip()
    ctx.line.cut(match.start(), len(ctx.line.text))
    said = find(apart(why), ctx.now, ctx.calendar) if not ctx.line else []
    if not said or said[-1].start == 0 or why[said[-1].stop :].strip(" ,，。."):
        return why
    ctx.line = Line(why[said[-1].start :], ctx.line.people)
    return why[: said[-1].start].strip(" ,，。;；")


def is_time(ctx: Ctx, line: Line) -> bool:
    """Is this one day or moment, and not a word besides?"""
    found = find(line.text, ctx.now, ctx.calendar) if len(line.text) <= LONGEST else []
    return len(found) == 1 and not line.text[: found[0].start].strip() and not line.text[found[0].stop :].strip()


def _no_date(ctx: Ctx, task: Task) -> UserError:
    words = ctx.line.rest
    if not words:
        return UserError(
            say(
                "{ref} 改到什么时候？例：{ref} 改到 周五18:00",
                "Move {ref} to when? Example: {ref} due Fri 6pm",
                ref=task.ref,
            ),
            *due_buttons(task, desk(ctx)),
        )
    return UserError(
        say(
            "没看懂时间「{words}」。例：{ref} 改到 周五18:00",
            "I do not understand the time “{words}”. Example: {ref} due Fri 6pm",
            words=words[:30],
            ref=task.ref,
        ),
        *due_buttons(task, desk(ctx)),
    )


def _set_or_ask(ctx: Ctx, task: Task, meant: Meant, why: str) -> Reply:
    if meant.doubt in ("which", "past"):
        return Reply(doubt_card(task, meant, desk(ctx)))
    card = set_due(ctx, task, meant.due, why)
    if meant.doubt and decides(ctx, task):
        return Reply(below(doubt_card(task, meant, desk(ctx)), away_note(ctx, ctx.tasks.get(task.id) or task)))
    return Reply(card)


def set_due(ctx: Ctx, task: Task, point: Point | None, why: str = "") -> Card:
    """Set it, or ask the owner to."""
    day, minute = (point.day, point.minute) if point else (None, None)
    shown: Text = desk(ctx).due(point.day, point.minute, task.owner_zone) if point else say("未定", "open")
    if not decides(ctx, task):
        args = (day.isoformat(), str(minute)) if day else ("", "")
        return text_card(
            forward(ctx, task, say("改到 {day}", "should move to {day}", day=shown), "task.due.set", *args)
        )
    if (task.due, task.due_minute) == (day, minute):
        return text_card(
            say(
                "{ref} 本来就是 {day}，没有改动。",
                "{ref} is already due {day}; nothing changed.",
                ref=task.ref,
                day=shown,
            )
        )
    if day is not None and not why:
        _need_reason(ctx, task, day)
    before = task
    task = change(ctx, task, why[:200], due=day, due_minute=minute)
    text = say("{head} 改到 {day}", "{head} moved to {day}", head=head(task), day=shown)
    if why:
        times_moved = sum(event.field == "due" and event.before != "" for event in ctx.tasks.history(task))
        text = say(
            "{text}，原因：{why}（第 {n} 次改期）",
            "{text}; reason: {why} (move {n})",
            text=text,
            why=why[:200],
            n=times_moved,
        )
    text = with_reckoning(ctx, say("{text}。", "{text}.", text=text), task)
    along = (
        (Button(say("后面的顺延", "Move what follows"), "plan.replan", (str(task.id),)),) if pushes(ctx, task) else ()
    )
    return below(text_card(text, undo_button(task, ctx.books.key), *along), noted_away(ctx, task, before))


def _need_reason(ctx: Ctx, task: Task, day: date) -> None:
    """Raises UserError: it makes a milestone late, and nobody says why."""
    late = milestones_late(ctx, task, day)
    if late:
        raise UserError(
            say("{ref} 改到 {day} 会让 {late}。请写一句原因：{ref} 改到 {day} 因为：…",
                "Moving {ref} to {day} makes {late}. Please say why: {ref} due {day} because: …",
                ref=task.ref, day=bare_day(day), late=listed(late[:3]))
        )  # fmt: skip


def set_reminder(ctx: Ctx, task: Task, point: Point) -> Card:
    """The reminder of a task; at that minute, on any day."""
    if not decides(ctx, task):
        what = say("提醒改到 {day}", "reminder should be {day}", day=ctx.day(point.day, point.minute))
        return text_card(forward(ctx, task, what, "task.remind.set", point.day.isoformat(), str(point.minute)))
    if point.before(ctx.now):
        raise UserError(
            say(
                "提醒时间已过去。例：{ref} 提醒 明天10点",
                "That time is in the past. Example: {ref} remind tomorrow 10am",
                ref=task.ref,
            )
        )
    task = change(ctx, task, remind_at=moment(ctx, point))
    mine = task.owner in (None, ctx.person.id)
    text = say(
        "{head} 会在 {day} 提醒{whom}{late}。", "{head}: reminder {day}{whom}{late}.", head=head(task),
        day=ctx.day(point.day, point.minute), late=_after_due(ctx, task),
        whom=NOTHING if mine else say("{who}", " for {who}", who=task.owner_name),
    )  # fmt: skip
    if (rested := rest_note(ctx, task)) is not None:
        text = say("{text}{rested}", "{text} {rested}", text=text, rested=rested)
    return text_card(text, undo_button(task, ctx.books.key))


def _after_due(ctx: Ctx, task: Task) -> Text:
    """A reminder that comes when it is too late is most likely a slip."""
    if task.due is None or task.remind_at is None:
        return NOTHING
    minute = END_OF_DAY if task.due_minute is None else task.due_minute
    if task.remind_at <= at_local(task.due, minute, ZoneInfo(ctx.project.zone)):
        return NOTHING
    return say("（在截止 {due} 之后）", " (after it is due, {due})", due=f"{bare_day(task.due)} {clock(minute)}")


# --- pressed -------------------------------------------------------------------------------------------------------


@button("task.due")
def ask(ctx: Ctx, number: int) -> Pressed:
    """[改时间] [加截止]: when?"""
    ctx, task = open_by_id(ctx, number, VERB)
    text = say(
        "{head} 改到什么时候？也可以回：{ref} 改到 周五18:00",
        "Move {head} to when? Or send: {ref} due Fri 6pm",
        head=head(task),
        ref=task.ref,
    )
    form = Form(
        "task.due.form",
        (
            Field("day", say("日期", "Date"), "date", required=True, value=task.due.isoformat() if task.due else ""),
            Field("time", say("时间", "Time"), value=clock(END_OF_DAY if task.due_minute is None else task.due_minute)),
            Field("why", say("原因", "Reason")),
        ),
        say("确定", "OK"),
        (str(task.id),),
        task.version,
        say("选日期…", "Pick a date…"),
    )
    blocks = (Paragraph(text), Buttons(due_buttons(task, desk(ctx))), *((form,) if ctx.can.input_in_card else ()))
    return Pressed(say("改到什么时候？", "To when?"), reply=Reply(Card(blocks)))


@button("task.due.set")
def chosen(ctx: Ctx, number: int, day: str, minute: str) -> Pressed:
    """``day``, ``minute``: "" and "" for none."""
    ctx, task = open_by_id(ctx, number, VERB)
    return _told(ctx, task, set_due(ctx, task, _point(day, minute)))


@button("task.remind.set")
def reminder_chosen(ctx: Ctx, number: int, day: str, minute: str) -> Pressed:
    ctx, task = open_by_id(ctx, number, VERB)
    point = _point(day, minute)
    if point is None:
        raise UserError(say("没看懂时间。", "I do not understand the time."))
    return _told(ctx, task, set_reminder(ctx, task, point))


@button("task.due.form")
def filled(ctx: Ctx, number: int) -> Pressed:
    """Fields day (a date, or words for one), time, why."""
    ctx, task = open_by_id(ctx, number, VERB)
    fields = ctx.action.fields
    said_day, said_time = fields.get("day", "").strip(), fields.get("time", "").strip()
    found = find(f"{said_day} {said_time}".strip(), ctx.now, ctx.calendar)
    match = _CLOCK.match(said_time.replace("：", ":"))
    try:
        day, minute = date.fromisoformat(said_day), END_OF_DAY
        if match:
            minute = int(match.group(1)) * 60 + int(match.group(2) or 0)
        elif found and found[0].readings[0].minute is not None:
            minute = found[0].readings[0].minute
    except ValueError:
        if not found:
            ctx.line.text = ctx.line.folded = f"{said_day} {said_time}".strip()
            check(ctx.line.text, [], expected=True)
            raise _no_date(ctx, task) from None
        reading = found[0].readings[0]
        day, minute = reading.day, END_OF_DAY if reading.minute is None else reading.minute
    card = set_due(ctx, task, Point(day, min(minute, 1439)), fields.get("why", "").strip())
    return _told(ctx, task, card)


def _told(ctx: Ctx, task: Task, card: Card) -> Pressed:
    """The answer as toast; the pressed card becomes the task's own, or says that the owner was asked."""
    text = next(block.text for block in card.blocks if isinstance(block, Paragraph))
    after = ctx.tasks.get(task.id) or task
    return Pressed(text, card=card if after.version == task.version else card_of(ctx, after))


def _point(day: str, minute: str) -> Point | None:
    """Raises UserError on what no button of ours carries."""
    if not day:
        return None
    try:
        return Point(date.fromisoformat(day), min(max(int(minute), 0), 1439))
    except ValueError:
        raise UserError(say("没看懂时间。", "I do not understand the time.")) from None
