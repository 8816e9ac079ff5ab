"""Tasks that come again.  ``/重复``  ``/重复 1 提前``  ``/重复 暂停 1``  ``/重复 恢复 1``  ``/重复 停 1``"""

from __future__ import annotations

import re

from chat.cards import Block, Buttons, Card, Paragraph, text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say, verbatim
from commands.access import allowed
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import button, command, hears
from commands.line import Line, fold
from commands.repeat_rule import changed, remember, repeated
from commands.reply import Pressed, Reply, reply
from commands.task_lines import leading, ref_then, the_task
from commands.task_view import desk, redraw
from commands.times import times
from planning.repeats import Choice, choice_of
from reports.days import bare_day
from reports.repeats import CALLED, Shelf, advance, arm, choose, comes, holiday_buttons, shown
from reports.task_cards import STATE
from storage.repeats import Copy, Repeat
from storage.tasks import Task

EXAMPLE = say("/任务 交周报 @李四 每周五17:00", "/task weekly report @Li every Friday 5pm")
TASK_EXAMPLE = say("T5 重复 每周四17:00", "T5 repeat every Thursday 5pm")
VERB = say("重复", "repeat")
MOST = 20
"""Rules in one list."""
HISTORY = 10
_NUMBER = re.compile(r"(?<![\w-])(t)?\s?(\d{1,6})(?!\d)", re.IGNORECASE)
_CHOICES: dict[Choice, re.Pattern[str]] = {
    "after": re.compile(r"顺延|延后|推后|之后|later|after|postpone"),
    "before": re.compile(r"提前|之前|earlier|before|advance"),
    "skip": re.compile(r"跳过|不做|略过|skip"),
}


@command(
    "重复", "repeat", "重复任务", "repeats",
    usage=say("重复任务：有哪些、遇放假怎么办", "Tasks that repeat: list, what a holiday does"),
    example=say("/重复 1 提前", "/repeat 1 earlier"),
)  # fmt: skip
def repeats(ctx: Ctx, words: Rest) -> Reply:
    """Without words the list; with a number one of them; with 顺延, 提前 or 跳过 what a holiday does to it; with a
    rule, when it comes from now on."""
    meant = times(ctx, Line(_NUMBER.sub(" ", words, count=1)))
    if meant.rule is not None:
        repeat = _named(ctx, words, "1 每周四17:00", "1 every Thursday 5pm")
        _may(ctx, repeat)
        if repeat.state == "stopped":
            raise UserError(_state(repeat))
        return Reply(changed(ctx, repeat, meant))
    folded = fold(words)
    chosen = next((choice for choice, pattern in _CHOICES.items() if pattern.search(folded)), None)
    if not words or (chosen is None and not _NUMBER.search(folded)):
        return _listed(ctx, unclear=words)
    repeat = _named(ctx, words, "1 提前", "1 earlier")
    return _settle(ctx, repeat, chosen) if chosen else _one(ctx, repeat)


@command(
    "重复 暂停", "repeat pause", "暂停 重复",
    usage=say("暂停一个重复任务", "Pause a task that repeats"),
    example=say("/重复 暂停 1", "/repeat pause 1"),
)  # fmt: skip
def pause(ctx: Ctx, words: Rest) -> Reply:
    """No new copies until it is resumed; what is open stays open."""
    repeat = _named(ctx, words, "暂停 1", "pause 1")
    _may(ctx, repeat)
    if repeat.state != "on":
        raise UserError(_state(repeat))
    arm(Shelf(ctx.books, ctx.project), _change(ctx, repeat, "paused"))
    return reply(
        "✅ 重复 {n} 已暂停，不再自动新建。恢复：/重复 恢复 {n}",
        "✅ Repeat {n} is paused; no new copies. To resume: /repeat resume {n}",
        n=repeat.number,
    )


@command(
    "重复 恢复", "重复 继续", "repeat resume", "恢复 重复",
    usage=say("恢复暂停的重复任务", "Resume a paused one"),
    example=say("/重复 恢复 1", "/repeat resume 1"),
)  # fmt: skip
def resume(ctx: Ctx, words: Rest) -> Reply:
    """From now on; what was missed meanwhile is not made up for."""
    repeat = _named(ctx, words, "恢复 1", "resume 1")
    _may(ctx, repeat)
    if repeat.state not in ("paused", "stopped"):
        raise UserError(_state(repeat))
    shelf = Shelf(ctx.books, ctx.project)
    repeat = _change(ctx, repeat, "on")
    advance(shelf, repeat, ctx.speaker)
    arm(shelf, repeat)
    newest = next(iter(ctx.books.repeats.copies(repeat, 1)), None)
    return reply(
        "✅ 重复 {n} 已恢复。{next}", "✅ Repeat {n} goes on. {next}", n=repeat.number,
        next=_next(shelf, repeat, newest) if newest else say("", ""),
    )  # fmt: skip


@command(
    "重复 停", "重复 停止", "重复 取消", "重复 删除", "repeat stop",
    usage=say("不再重复", "Repeat no more"),
    example=say("/重复 停 1", "/repeat stop 1"),
)  # fmt: skip
def stop(ctx: Ctx, words: Rest) -> Reply:
    """For good; the copies that were made stay."""
    repeat = _named(ctx, words, "停 1", "stop 1")
    _may(ctx, repeat)
    if repeat.state == "stopped":
        raise UserError(_state(repeat))
    arm(Shelf(ctx.books, ctx.project), _change(ctx, repeat, "stopped"))
    still = [copy.task for copy in ctx.books.repeats.copies(repeat, HISTORY) if not copy.task.closed]
    rest = say("还没做完的 {refs} 留着。", "{refs} stays open.", refs=listed(t.ref for t in still)) if still else ""
    return reply("✅ 重复 {n} 已停，不再新建。{rest}", "✅ Repeat {n} is stopped. {rest}", n=repeat.number, rest=rest)


@hears(ref_then(r"(?:改成|改为|设为|设成|开始)?(?:重复|循环)(?:改为|改成)?[:\s]*|repeats?(?![a-z])[:\s]*"), rank=10)
def of_task(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T5 重复 每周四``: a task that is there comes again from now on."""
    numbers = leading(ctx, match)
    task = the_task(ctx, numbers, VERB, TASK_EXAMPLE)
    meant = times(ctx, ctx.line)
    if meant.rule is None:
        raise UserError(
            say(
                "多久一次？例：{ref} 重复 每周四17:00",
                "How often? Example: {ref} repeat every Thursday 5pm",
                ref=task.ref,
            )
        )
    return Reply(repeated(ctx, task, meant))


@hears(ref_then(r"(?:不再|不用|不要|停止|取消|别再?)(?:重复|循环)|no repeat"), rank=9)
def no_more(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T5 不再重复``"""
    task = the_task(ctx, leading(ctx, match), VERB, TASK_EXAMPLE, closed=True)
    if ctx.books.repeats.of_task(task.id) is None:
        raise UserError(
            say("{ref} 不是重复任务，没有改动。", "{ref} does not repeat; nothing was changed.", ref=task.ref)
        )
    return stop(ctx, task.ref)


@button("repeat.holiday")
def chosen(ctx: Ctx, number: int, choice: str) -> Pressed:
    """``choice``: after, before, skip."""
    repeat = ctx.books.repeats.get(number)
    if repeat is None or repeat.project_id != ctx.project.id or choice not in _CHOICES:
        raise UserError(say("这张卡片已经过期。", "This card has expired."))
    if repeat.state not in ("on", "paused"):
        raise UserError(_state(repeat))
    said = _settle(ctx, repeat, choice)
    text = said.card.blocks[0]
    assert isinstance(text, Paragraph)
    return Pressed(text.text, card=None, reply=said)


# --- inside ---------------------------------------------------------------------------------------------------------


def _named(ctx: Ctx, words: str, zh: str, en: str) -> Repeat:
    """By its number, or by the T number of any copy; the only one needs none. Raises UserError."""
    found = _NUMBER.search(fold(words))
    every = ctx.books.repeats.of(ctx.project.id)
    if found is None and len(every) == 1 and not any(letter.isdigit() for letter in words):
        return every[0]
    if found is None:
        example = say("/重复 {zh}", "/repeat {en}", zh=zh, en=en)
        raise UserError(
            say("哪一个？发「/重复」看编号。例：{example}",
                "Which one? Send “/repeat” for the numbers. Example: {example}", example=example)
        )  # fmt: skip
    number = int(found.group(2))
    if found.group(1):
        task = ctx.tasks.numbered(ctx.project.id, number)
        repeat = ctx.books.repeats.of_task(task.id) if task else None
    else:
        repeat = ctx.books.repeats.numbered(ctx.project.id, number)
    if repeat is None or repeat.state == "undone":
        raise UserError(
            say("没找到重复任务 {n}。发「/重复」看有哪些。",
                "There is no repeating task {n}. Send “/repeat” to see them.", n=found.group(0).strip().upper())
        )  # fmt: skip
    return repeat


def _may(ctx: Ctx, repeat: Repeat) -> None:
    """Who made the rule, who has the newest copy, and admins. Raises UserError."""
    newest = next(iter(ctx.books.repeats.copies(repeat, 1)), None)
    if ctx.person.id in (repeat.creator, newest.task.owner if newest else None) or allowed(ctx, "repeat.others"):
        return
    maker = ctx.books.people.get(repeat.creator)
    raise UserError(
        say("重复 {n} 由 {who} 或管理员来改。", "Repeat {n} is {who}'s or an admin's to change.", n=repeat.number,
            who=maker.name),
        audit="repeat.others",
    )  # fmt: skip


def _change(ctx: Ctx, repeat: Repeat, state: str) -> Repeat:
    ctx.books.audit(ctx.project.id, "repeat.change", "done", f"{repeat.number}={state}")
    after = ctx.books.repeats.change(repeat, state=state)
    remember(ctx, repeat, after, None)
    return after


def _state(repeat: Repeat) -> Text:
    if repeat.state == "on":
        return say("重复 {n} 没有暂停，没有改动。", "Repeat {n} is not paused; nothing was changed.", n=repeat.number)
    if repeat.state == "paused":
        return say(
            "重复 {n} 已经暂停了。恢复：/重复 恢复 {n}",
            "Repeat {n} is paused already. To resume: /repeat resume {n}",
            n=repeat.number,
        )
    return say(
        "重复 {n} 已经停了。再开：/重复 恢复 {n}",
        "Repeat {n} is stopped. To start it again: /repeat resume {n}",
        n=repeat.number,
    )


def _settle(ctx: Ctx, repeat: Repeat, choice: Choice | str) -> Reply:
    """What a day off does from now on."""
    _may(ctx, repeat)
    shelf = Shelf(ctx.books, ctx.project)
    if choice == repeat.holiday:
        raise UserError(
            say("重复 {n} 遇放假本来就{what}，没有改动。",
                "Holidays: {what} already for repeat {n}; nothing was changed.", n=repeat.number, what=CALLED[choice])
        )  # fmt: skip
    ctx.books.audit(ctx.project.id, "repeat.change", "done", f"{repeat.number}={choice}")
    known = choice_of(choice)
    newest = next(iter(ctx.books.repeats.copies(repeat, 1)), None)
    before = repeat
    repeat, moved = choose(shelf, repeat, known)
    remember(ctx, before, repeat, newest if moved is not None else None)
    lines = [say("✅ 重复 {n} 遇放假{what}。", "✅ Repeat {n}, holidays: {what}.", n=repeat.number, what=CALLED[known])]
    if moved is not None:
        redraw(ctx, moved)
        lines.append(_moved(ctx, moved))
    return Reply(text_card(join(lines, "")))


def _moved(ctx: Ctx, task: Task) -> Text:
    if task.due is None:
        return say("", "")
    day = desk(ctx).due(task.due, task.due_minute)
    return say("{ref} 改到 {day}。", " {ref} moved to {day}.", ref=task.ref, day=day)


def _listed(ctx: Ctx, unclear: str = "") -> Reply:
    shelf = Shelf(ctx.books, ctx.project)
    found = ctx.books.repeats.of(ctx.project.id)
    lines: list[Text] = []
    if unclear:
        lines.append(say("没看懂「{words}」。", "“{words}” is not clear.", words=unclear[:30]))
    if not found:
        lines.append(say("还没有重复任务。例：{example}", "Nothing repeats yet. Example: {example}", example=EXAMPLE))
        return Reply(text_card(join(lines, "\n")))
    for repeat in found[:MOST]:
        newest = next(iter(ctx.books.repeats.copies(repeat, 1)), None)
        if newest is not None:
            lines.append(_line(shelf, repeat, newest))
    if len(found) > MOST:
        lines.append(say("还有 {n} 个", "{n} more", n=len(found) - MOST))
    n = found[0].number
    lines.append(
        say(
            "要改：/重复 {n} 提前 · /重复 暂停 {n} · /重复 停 {n}",
            "To change: /repeat {n} earlier · /repeat pause {n} · /repeat stop {n}",
            n=n,
        )
    )
    return Reply(text_card(join(lines, "\n")))


def _line(shelf: Shelf, repeat: Repeat, newest: Copy) -> Text:
    """``1 交周报｜李四｜每周五17:00｜顺延｜T9 9-25（周五）``."""
    parts: list[Text] = [
        say("{n} {title}", "{n} {title}", n=repeat.number, title=newest.task.title),
        verbatim(newest.task.owner_name) if newest.task.owner_name else say("待指派", "unassigned"),
        verbatim(repeat.words),
        *([CALLED[repeat.holiday]] if repeat.holiday else []),
        say("已暂停", "paused") if repeat.state == "paused" else _next(shelf, repeat, newest),
    ]
    return join(parts, "｜", " | ")


def _next(shelf: Shelf, repeat: Repeat, newest: Copy) -> Text:
    minute = repeat.due_minute if repeat.due_minute is not None else repeat.remind
    return say("{ref} {day}", "{ref} {day}", ref=newest.task.ref, day=shown(shelf, newest.when.day, minute))


def _one(ctx: Ctx, repeat: Repeat) -> Reply:
    """Its rule and what became of its copies, newest first."""
    shelf = Shelf(ctx.books, ctx.project)
    copies = ctx.books.repeats.copies(repeat, HISTORY)
    lines = [comes(shelf, repeat)]
    if repeat.state != "on":
        lines.append(_state(repeat))
    for copy in copies:
        task = copy.task
        closed = task.closed_at.astimezone(shelf.zone).date() if task.closed_at else None
        lines.append(
            say(
                "{ref} {title}｜{day}｜{state}{when}", "{ref} {title} | {day} | {state}{when}", ref=task.ref,
                title=task.title, day=bare_day(copy.when.day), state=STATE[task.state],
                when=f" {bare_day(closed)}" if closed else "",
            )
        )  # fmt: skip
    blocks: list[Block] = [Paragraph(join(lines, "\n"))]
    if repeat.state == "on" and not repeat.holiday and repeat.rule.unit != "workday":
        blocks.append(Buttons(holiday_buttons(repeat).buttons))
    return Reply(Card(tuple(blocks)))
