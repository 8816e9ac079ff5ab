"""Tasks in plain words. Who says 任务 gets it; of everything else a task is offered and made by a button only."""

from __future__ import annotations

import re
from datetime import timedelta

from chat.cards import Button, Card, Field, Form, Paragraph, text_card
from chat.errors import UserError
from chat.messages import TOKEN
from chat.text import Text, join, say, verbatim
from commands.arguments import Priority, Someone, Tags, take
from commands.context import Ctx
from commands.grammar import answers, button, hears
from commands.line import Line
from commands.names import Owner, beginning, called
from commands.reply import Again, Pressed, Reply
from commands.task_make import Wish, keep, kept, make
from commands.task_view import desk
from commands.task_wishes import decided
from commands.times import times
from planning.wishes import asked, deed, instructs, plans, title_of
from storage.people import Person

WAIT = timedelta(minutes=30)
REMIND = re.compile(r"提醒(?:一下)?(?:我|大家|我们)|remind (?:me|us)(?: to)?|(?:叫|喊)我(?:一下)?")
TO = re.compile(r"^to (?=[a-z])", re.IGNORECASE)
_AT_ONCE = re.compile(r"提醒|remind")
_PLEASE = re.compile(r"(?:[\s@]|请|麻烦|让|叫|安排|通知)*")
_MENTION = re.compile(rf"\s*{TOKEN}\s*")


@hears(r"(?:建|加|添|开|安排|记|新增)|^\s*(?:待办|todo|任务)|(?:task|todo)(?![a-z])", rank=40)
def wished(ctx: Ctx, _: re.Match[str]) -> Reply | None:
    """``帮我建个客户回访任务，明天上午10点提醒``"""
    found = asked(ctx.line.folded)
    if found is None:
        return None
    line = _fresh(ctx)
    ctx.line.cut(0, found.start)
    owner = take(Owner, ctx)
    if owner is None and found.whom:
        owner = called(ctx, found.whom)
    wish = wish_of(ctx, owner or (ctx.person if found.mine else None))
    if not wish.words:
        if not found.sure:
            ctx.line = line
            return None
        raise UserError(
            say(
                "任务叫什么？例：帮我建个任务：写周报，周五前",
                "What is the task called? Example: add a task: write the report by Friday",
            )
        )
    return make(ctx, wish) if found.sure and not ctx.thing.voice else _offer(ctx, wish)


@hears(REMIND.pattern, rank=41)
def reminded(ctx: Ctx, _: re.Match[str]) -> Reply | None:
    """``明天9点提醒我交周报``"""
    line = _fresh(ctx)
    owner = take(Someone, ctx) or ctx.person
    wish = wish_of(ctx, owner)
    words = TO.sub("", REMIND.sub(" ", wish.words).strip(" ,，。:："))
    if not words and wish.meant.remind is not None:
        raise UserError(
            say(
                "提醒什么？例：明天9点提醒我交周报",
                "Remind of what? Example: remind me to send the report tomorrow 9am",
            )
        )
    if words and wish.meant.remind is not None:
        wish = Wish(words, wish.owner, wish.meant, wish.priority, wish.tags)
        return _offer(ctx, wish) if ctx.thing.voice else make(ctx, wish)
    if words and _AT_ONCE.match(line.folded.lstrip()):
        raise UserError(
            say(
                "什么时候提醒？例：明天9点提醒我{words}",
                "Remind you when? Example: remind me to {words} tomorrow 9am",
                words=words[:30],
            )
        )
    ctx.line = line
    return None


@hears(None, rank=42)
def instructed(ctx: Ctx, _: re.Match[str] | None) -> Reply | None:
    """``王五下周三前交主图素材``: a person, a time and something to do."""
    if "\n" in ctx.line.text or len(ctx.line.text) > 200 or not instructs(ctx.line.folded):
        return None
    line = _fresh(ctx)
    owner = first_person(ctx)
    if owner is None:
        return None
    wish = wish_of(ctx, owner)
    words = deed(wish.words)
    if len(words) < 2 or (wish.meant.due is None and wish.meant.doubt != "which"):
        ctx.line = line
        return None
    return _offer(ctx, Wish(words, owner, wish.meant, wish.priority, wish.tags))


@hears(None, rank=43)
def planned(ctx: Ctx, _: re.Match[str] | None) -> Reply | None:
    """``明天下午3点前把方案发给客户``: a time ahead and something to do, whoever is to do it."""
    if "\n" in ctx.line.text or len(ctx.line.text) > 100 or not plans(ctx.line.folded):
        return None
    line = _fresh(ctx)
    wish = wish_of(ctx, take(Owner, ctx))
    words = deed(wish.words)
    if len(words) < 2 or wish.meant.due is None or wish.meant.doubt == "past":
        ctx.line = line
        return None
    return _offer(ctx, Wish(words, wish.owner, wish.meant, wish.priority, wish.tags))


def _fresh(ctx: Ctx) -> Line:
    """The line as it is, while ``ctx.line`` becomes a copy to be taken apart."""
    line = ctx.line
    ctx.line = Line(line.text, line.people)
    return line


def first_person(ctx: Ctx) -> Person | None:
    """Whose name or mention the line begins with; it is cut out."""
    please = _PLEASE.match(ctx.line.folded)
    start = please.end() if please else 0
    if _MENTION.match(ctx.line.folded, start):
        person: Person | None = take(Someone, ctx)
        ctx.line.cut(0, start)
        return person
    found = beginning(ctx, ctx.line.folded[start:])
    if found is None:
        return None
    ctx.line.cut(0, start + found[1])
    return found[0]


def wish_of(ctx: Ctx, owner: Person | None) -> Wish:
    """What is left in the line, as a task of ``owner``'s."""
    priority, tags, meant = take(Priority, ctx), take(Tags, ctx), times(ctx, ctx.line)
    return Wish(title_of(ctx.line.rest), owner, meant, priority, tags)


def _offer(ctx: Ctx, wish: Wish) -> Reply:
    """What would be made, with [建] [改] [不用]; nothing is stored but the offer."""
    key = keep(ctx, wish)
    line = _line(ctx, wish)
    heard = ctx.thing.text.replace(TOKEN, "").strip()
    text = (
        say("听到：“{heard}”→ {line}", "Heard: “{heard}” → {line}", heard=heard[:100], line=line)
        if ctx.thing.voice
        else say("要建任务吗？{line}", "Shall I make a task? {line}", line=line)
    )
    return Reply(
        text_card(
            text,
            Button(say("建", "Create"), "task.anyway", (key,), style="primary"),
            Button(say("改", "Change"), "task.reword", (key,)),
            Button(say("不用", "No"), "task.drop", (key,)),
        )
    )


def _line(ctx: Ctx, wish: Wish) -> Text:
    """``主图素材｜王五｜截止 2026-09-23（周三）18:00``."""
    parts = [verbatim(wish.title)]
    if wish.owner is not None and wish.owner.id != ctx.person.id:
        parts.append(verbatim(wish.owner.name))
    due, remind = wish.meant.due, wish.meant.remind
    if remind is not None:
        parts.append(say("提醒 {at}", "Reminder {at}", at=ctx.day(remind.day, remind.minute)))
    if wish.meant.rule is not None:
        parts.append(say("🔁 {words}", "🔁 {words}", words=wish.meant.words))
    if due is not None:
        first = say("首次截止 {day}", "first due {day}", day=desk(ctx).due(due.day, due.minute))
        plain = say("截止 {day}", "Due {day}", day=desk(ctx).due(due.day, due.minute))
        parts.append(first if wish.meant.rule else plain)
    elif remind is None:
        parts.append(say("截止 未定", "Due open"))
    return join(parts, "｜", " | ")


# --- [改] ----------------------------------------------------------------------------------------------------------


@button("task.reword")
def reword(ctx: Ctx, key: str) -> Pressed:
    """The next line, or the form, is the task."""
    wish = kept(ctx, decided(ctx, key).subject)[0]
    due, said = wish.meant.due, wish.meant.words
    words = " ".join(
        part
        for part in (
            wish.title,
            f"@{wish.owner.name}" if wish.owner else "",
            said if wish.meant.rule else f"{due.day} {due.minute // 60:02d}:{due.minute % 60:02d}" if due else "",
        )
        if part
    )
    ctx.books.questions.ask(ctx.chat.id, ctx.person.id, "task_words", lasts=WAIT)
    text = say("把它改好发给我，例：{words}", "Send me how it should be, e.g. {words}", words=words)
    form = Form(
        "task.words", (Field("words", say("任务", "Task"), required=True, value=words),), say("建", "Create"),
        opener=say("填写…", "Edit…"),
    )  # fmt: skip
    blocks = (Paragraph(text), *((form,) if ctx.can.input_in_card else ()))
    return Pressed(say("怎么改？", "How should it be?"), card=Card(blocks), reply=Reply(Card(blocks)))


@answers("task_words")
def reworded(ctx: Ctx, _: object) -> Again | None:
    """The next plain line is the task's line."""
    ctx.books.questions.close(ctx.chat.id, ctx.person.id)
    if not ctx.line or "\n" in ctx.line.text:
        return None
    return Again("/任务 " + ctx.thing.text, ctx.thing.mentions)


@button("task.words")
def filled(ctx: Ctx) -> Pressed:
    """field words: a task's line."""
    ctx.books.questions.close(ctx.chat.id, ctx.person.id)
    words = ctx.action.fields.get("words", "").replace(TOKEN, "").strip()
    return Pressed(say("收到", "Got it"), again=Again("/任务 " + words))
