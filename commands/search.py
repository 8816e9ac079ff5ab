"""Find tasks, reports, decisions and approvals by any words.  ``/查 投放 负责人:李四 本周 #双十一``"""

from __future__ import annotations

import re
from datetime import date

import orjson

from chat.cards import Block, Button, Buttons, Card, Paragraph
from chat.errors import UserError
from chat.frozen import frozen
from chat.text import Text, join, say, verbatim
from commands.arguments import Someone, Tags, take
from commands.context import Ctx
from commands.grammar import button, command
from commands.line import fold
from commands.names import called
from commands.reply import Pressed, Reply
from commands.search_more import beside
from planning.dates import find
from reports.days import bare_day
from reports.task_cards import head, state_of
from storage.tasks import Task

PAGE = 10
LOOKED_AT = 200
"""Characters in which times are looked for."""
_OWNER = re.compile(r"(?:负责人|owner)\s*[:=]\s*(?:@)?(?P<name>[^\s,，#!\ufffc]*)")
_INITIALS = re.compile(r"[a-z]{2,12}")
"""First letters of Chinese words."""
EXAMPLE = say("/查 投放 负责人:李四 本周", "/find banner owner:Li this week")


@frozen
class _Wanted:
    """A search as a button carries it on."""

    words: str
    tags: list[str]
    owner: int | None
    since: str | None
    until: str | None


@command(
    "查",
    "搜索",
    "find",
    "search",
    usage=say("查任务、日报、决策、审批：词、负责人:某人、本周、#标签", "Find tasks, reports, decisions, approvals"),
    example=say("/查 投放 负责人:李四 本周", "/find banner owner:Li this week"),
    help_rank=6,
)
def search(ctx: Ctx) -> Reply:
    """Ten tasks, newest first, and a button for more; below them what else has the words."""
    if not ctx.line:
        raise UserError(say("查什么？例：{example}", "Find what? Example: {example}", example=EXAMPLE))
    return found(ctx)


def found(ctx: Ctx) -> Reply:
    """What the words of the line find."""
    said = ctx.line.shown()
    return Reply(_page(ctx, _wanted(ctx), 0, said))


def _wanted(ctx: Ctx) -> _Wanted:
    owner = _owner(ctx)
    tags = list(take(Tags, ctx))
    since, until = _days(ctx)
    return _Wanted(ctx.line.rest[:60], tags, owner, since, until)


def _owner(ctx: Ctx) -> int | None:
    match = ctx.line.take(_OWNER)
    name = match["name"] if match else ""
    if name in ("我", "me"):
        return ctx.person.id
    if name:
        person = called(ctx, name)
        if person is None:
            raise UserError(say("没找到叫「{name}」的人。", "There is no “{name}” here.", name=name))
        return person.id
    mentioned = take(Someone, ctx)
    return mentioned.id if mentioned else None


def _days(ctx: Ctx) -> tuple[str | None, str | None]:
    """First and last due of the time words that stand alone (本周, 9月)."""
    for said in find(ctx.line.text[:LOOKED_AT], ctx.now, ctx.calendar):
        before = ctx.line.text[: said.start]
        after = ctx.line.text[said.stop :]
        if (before and not before.endswith(" ")) or (after and not after.startswith(" ")):
            continue
        reading = said.readings[0]
        ctx.line.cut(said.start, said.stop)
        last = reading.end_day or reading.day
        return None if said.role == "deadline" else reading.day.isoformat(), last.isoformat()
    return None, None


def _page(ctx: Ctx, wanted: _Wanted, skip: int, said: str) -> Card:
    places = [ctx.project.id] if ctx.in_group else [project.id for project in ctx.books.projects.of(ctx.person.id)]
    places = places or [ctx.project.id]
    hits = _found(ctx, places, wanted, skip)
    others = [] if skip or wanted.tags else beside(ctx, places, wanted.words, wanted.owner, *_span(wanted))
    if not hits and others:
        text = say("「{said}」没有任务，别处有：", "No task for “{said}”; elsewhere:", said=said[:40])
        return Card((Paragraph(text), *map(Paragraph, others)))
    if not hits:
        text = say(
            "没找到「{said}」。换个词，或发「/进度」看全部。",
            "Nothing found for “{said}”. Try another word, or “/status” for everything.",
            said=said[:40],
        )
        return Card((Paragraph(text),))
    more = len(hits) > PAGE
    whole = say("「{said}」找到 {n} 项：", "“{said}”: {n}", said=said[:40], n=len(hits))
    part = say("「{said}」第 {a}–{b} 项：", "“{said}”, {a}–{b}:", said=said[:40], a=skip + 1, b=skip + len(hits[:PAGE]))
    first = part if more or skip else whole
    blocks: list[Block] = [Paragraph(join([first, *(_hit(ctx, task) for task in hits[:PAGE])], "\n"))]
    if more:
        args = (orjson.dumps(wanted).decode(), str(skip + PAGE), said[:40])
        blocks.append(Buttons((Button(say("更多", "More"), "search.more", args),)))
    blocks += map(Paragraph, others)
    return Card(tuple(blocks))


def _found(ctx: Ctx, places: list[int], wanted: _Wanted, skip: int) -> list[Task]:
    """One more than a page. Where nothing has these letters, they may be how words begin: hbsj for 海报设计."""
    since, until = _span(wanted)
    found = ctx.books.search.find(
        places, wanted.words, tags=wanted.tags, owner=wanted.owner, since=since, until=until, most=PAGE + 1, skip=skip
    )
    typed = fold(wanted.words).strip()
    if found or wanted.tags or not _INITIALS.fullmatch(typed):
        return found
    return ctx.books.search.sounding(
        places, typed, owner=wanted.owner, since=since, until=until, most=PAGE + 1, skip=skip
    )


def _span(wanted: _Wanted) -> tuple[date | None, date | None]:
    return (
        date.fromisoformat(wanted.since) if wanted.since else None,
        date.fromisoformat(wanted.until) if wanted.until else None,
    )


def _hit(ctx: Ctx, task: Task) -> Text:
    parts: list[Text] = [head(task), verbatim(task.owner_name) if task.owner_name else say("待指派", "unassigned")]
    if task.due is not None:
        parts.append(verbatim(bare_day(task.due)))
    parts.append(say("{p}%", "{p}%", p=task.progress) if task.state == "doing" and task.progress else state_of(task))
    return join(parts, "｜", " | ")


@button("search.more")
def more(ctx: Ctx, raw: str, skip: int, said: str) -> Pressed:
    """``raw``: the search; ``said``: its words."""
    try:
        wanted = _Wanted(**orjson.loads(raw))
        card = _page(ctx, wanted, min(skip, 10_000), said)
    except (ValueError, TypeError):
        raise UserError(
            say("这个按钮已失效，请重新查。", "This button no longer works; please search again.")
        ) from None
    return Pressed(say("下一页", "Next page"), reply=Reply(card))
