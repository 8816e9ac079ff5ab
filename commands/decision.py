"""Decisions with their options and numbers, who chose and why.

``/决策 双十一供应商：A厂 12万 7天 / B厂 9万 12天 @王五``, ``D1 选 2 交期够用``, ``/决策``
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.cards import Block, Button, Buttons, Card, Paragraph, text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say, verbatim
from commands.access import alone_for, require
from commands.approve_line import check_strangers
from commands.arguments import Everyone
from commands.context import Ctx
from commands.departed import here_still
from commands.grammar import button, command, hears, quoted
from commands.line import fold
from commands.reply import Pressed, Reply
from reports.days import bare_day
from storage.decisions import Decision

_SHOWN = say(
    "/决策 双十一供应商：A厂 12万 7天 / B厂 9万 12天 @王五", "/decide supplier: A 120k 7 days / B 90k 12 days @Wang"
)
_REF = re.compile(r"\s*d ?(\d{1,7})\s*")
_PICK = re.compile(
    r"\s*+(?:我?选|定|就|choose|pick|option)?\s*+(?:第|#)?\s*+(\d)(?!\d)(?=(?:\s*+[个号项])|[\s,，:：。.!]|$)"
)
_HEAD = re.compile(r"[:\n]")
_BETWEEN = re.compile(r"[｜|\n;；]|(?<=\s)/(?=\s)")
_TIGHT = re.compile(r"/|／|或者")
MOST_OPTIONS, MOST_SHOWN, LONGEST = 6, 10, 100


@command("决策", "decide", "decision", "decisions",
         usage=say("列出选项请人定，或看定过什么", "Let somebody choose among options; alone: what was decided"),
         example=_SHOWN)  # fmt: skip
def decide(ctx: Ctx, people: Everyone) -> Reply:
    """With options: a new one; ``D1``: its card; alone: the log. Without a person, who asks decides."""
    if not ctx.line:
        return _log(ctx)
    if match := _REF.fullmatch(ctx.line.folded):
        decision = _numbered(ctx, int(match.group(1)))
        return Reply(_card(ctx, decision), name=decision.card)
    require(ctx, "approval.make")
    check_strangers(ctx)
    title, options = _parts(ctx.line.rest)
    if not title or len(options) < 2:
        raise UserError(say("请写标题和至少两个选项，用 / 隔开。例：{example}",
                            "Please give a title and two options or more, with / between them. Example: {example}",
                            example=_SHOWN))  # fmt: skip
    if len(options) > MOST_OPTIONS:
        raise UserError(say("最多 {n} 个选项。", "At most {n} options.", n=MOST_OPTIONS))
    here_still(*people)
    choosers = list(dict.fromkeys(person.id for person in people)) or [ctx.person.id]
    number = ctx.books.projects.next_number(ctx.project.id, "D")
    decision = ctx.books.decisions.add(ctx.project.id, number, ctx.chat.id, title, options, choosers)
    return Reply(_card(ctx, decision), name=decision.card)


def _parts(words: str) -> tuple[str, list[str]]:
    """The title stands before the first colon or line break, the options after it."""
    match = _HEAD.search(words.replace("：", ":"))
    if match is None:
        return words[:LONGEST], []
    rest = words[match.end() :].strip()
    parts = _BETWEEN.split(rest)
    options = [part.strip()[:LONGEST] for part in (parts if len(parts) > 1 else _TIGHT.split(rest))]
    return words[: match.start()].strip()[:LONGEST], [option for option in options if option]


@hears(r"^\s*d ?(\d{1,7})\s*(?:选|定|就|choose|pick)\s*第?\s*(\d)(?!\d)", rank=10)
def chosen_in_words(ctx: Ctx, match: re.Match[str] | None) -> Reply:
    """``D1 选 2 交期够用``."""
    assert match is not None
    decision = _numbered(ctx, int(match.group(1)))
    ctx.line.cut(match.start(), match.end())
    return _picked(ctx, decision, int(match.group(2)))


@hears(r"^\s*d ?(\d{1,7})(?![a-z0-9])[^\d/]{0,8}$", rank=39)
def shown(ctx: Ctx, match: re.Match[str] | None) -> Reply | None:
    """``D1``, ``D1 结果``: its card."""
    assert match is not None
    decision = ctx.books.decisions.numbered(ctx.project.id, int(match.group(1)))
    return Reply(_card(ctx, decision), name=decision.card) if decision is not None else None


@quoted("decision")
def replied(ctx: Ctx, rest: str) -> Reply | None:
    """``2``, ``选 2 交期够用``, ``B厂`` to the card."""
    decision = ctx.books.decisions.get(int(rest))
    if decision is None or decision.project_id != ctx.project.id:
        return None
    if match := _PICK.match(ctx.line.folded):
        ctx.line.cut(0, match.end())
        return _picked(ctx, decision, int(match.group(1)))
    said = ctx.line.folded.strip()
    named = [number for number, option in enumerate(decision.options, 1) if said and said in fold(option)]
    if len(named) == 1:
        ctx.line.cut(0, len(ctx.line.text))
        return _picked(ctx, decision, named[0])
    raise UserError(
        say("{ref} 选哪个？回：{ref} 选 1 原因", "Which one for {ref}? Reply: {ref} choose 1 reason", ref=decision.ref)
    )


def _picked(ctx: Ctx, decision: Decision, option: int) -> Reply:
    """In words; the group hears of it where it was asked."""
    text = _choose(ctx, decision, option, ctx.line.rest.lstrip("个号 ,，:：。")[:LONGEST])
    if ctx.chat.id != decision.chat_id:
        _tell(ctx, decision, text)
    return Reply(text_card(text))


@button("decision")
def chosen(ctx: Ctx, decision_id: int, option: int) -> Pressed:
    decision = ctx.books.decisions.get(decision_id)
    if decision is None or not (
        decision.project_id == ctx.project.id or ctx.books.people.role(decision.project_id, ctx.person.id)
    ):
        raise UserError(say("没找到这个决策。", "This decision cannot be found."))
    alone_for(ctx, decision.project_id)
    text = _choose(ctx, decision, option, "")
    _tell(ctx, decision, text)
    after = ctx.books.decisions.get(decision.id) or decision
    return Pressed(say("已选 {n}", "Chosen: {n}", n=option), _card(ctx, after))


def _choose(ctx: Ctx, decision: Decision, option: int, reason: str) -> Text:
    """The one line of its outcome. Raises UserError: decided before, not theirs, or no such option."""
    if decision.chosen is not None:
        raise UserError(_outcome(decision))
    if ctx.person.id not in decision.choosers:
        raise UserError(
            say("{ref} 由 {who} 来定", "{ref} is for {who} to decide", ref=decision.ref, who=_who(ctx, decision)),
            audit="approval.vote",
        )
    if not 1 <= option <= len(decision.options):
        raise UserError(say("{ref} 只有 1 到 {n}。", "{ref} has options 1 to {n}.", ref=decision.ref,
                            n=len(decision.options)))  # fmt: skip
    chose = ctx.books.decisions.choose(decision, option, reason)
    assert chose, "one writer: nobody came between"
    ctx.books.deeds.add(decision.project_id, ctx.person.id, "choice", ref=decision.ref)
    after = ctx.books.decisions.get(decision.id)
    assert after is not None
    ctx.speaker.redraw(decision.card, _card(ctx, after))
    return _outcome(after)


def _tell(ctx: Ctx, decision: Decision, text: Text) -> None:
    chat = ctx.books.projects.chat_by_id(decision.chat_id)
    ctx.speaker.in_chat(chat, ctx.books.projects.get(decision.project_id), text_card(text))


def _numbered(ctx: Ctx, number: int) -> Decision:
    decision = ctx.books.decisions.numbered(ctx.project.id, number)
    if decision is None:
        raise UserError(say("没找到决策 D{n}。发「/决策」看看有哪些。",
                            "There is no decision D{n}. Send “/decide” to see them.", n=number))  # fmt: skip
    return decision


def _who(ctx: Ctx, decision: Decision) -> Text:
    return listed(ctx.books.people.get(person).name for person in decision.choosers)


def _outcome(decision: Decision) -> Text:
    """``✅ D1 双十一供应商：选 B厂 9万 12天（王五：交期够用）``."""
    assert decision.chosen is not None
    why = say("{who}：{why}", "{who}: {why}", who=decision.chosen_by, why=decision.reason)
    return say(
        "✅ {ref} {title}：选 {option}（{who}）", "✅ {ref} {title}: {option} ({who})", ref=decision.ref,
        title=decision.title, option=decision.options[decision.chosen - 1],
        who=why if decision.reason else decision.chosen_by,
    )  # fmt: skip


def _card(ctx: Ctx, decision: Decision) -> Card:
    """Every option stays on it after the choice, too."""
    lines: list[Text] = [say("🗳 {ref} {title}", "🗳 {ref} {title}", ref=decision.ref, title=decision.title)]
    lines += _options(decision.options, decision.chosen)
    if decision.chosen is not None:
        lines.append(_outcome(decision))
        return Card((Paragraph(join(lines, "\n")),), tone="good")
    people = [ctx.books.people.get(person) for person in decision.choosers]
    them = join([say("{m}", "{m}", m=ctx.speaker.mention(person, ctx.chat.platform)) for person in people], "、", ", ")
    lines.append(say("由 {who} 来定", "{who} decides", who=them))
    options = range(1, len(decision.options) + 1)
    picks = tuple(Button(say("选 {n}", "Choose {n}", n=n), "decision", (str(decision.id), str(n))) for n in options)
    hint = say("也可回：{ref} 选 1 原因", "Or reply: {ref} choose 1 reason", ref=decision.ref)
    blocks: list[Block] = [Paragraph(join(lines, "\n")), Buttons(picks), Paragraph(hint, quiet=True)]
    return Card(tuple(blocks))


def _options(options: Sequence[str], chosen: int | None) -> list[Text]:
    return [
        verbatim(f"{'☑ ' if number == chosen else ''}{number}. {option}") for number, option in enumerate(options, 1)
    ]


def _log(ctx: Ctx) -> Reply:
    found = ctx.books.decisions.newest(ctx.project.id, MOST_SHOWN)
    if not found:
        return Reply(
            text_card(say("还没有记过决策。例：{example}", "No decisions yet. Example: {example}", example=_SHOWN))
        )
    lines: list[Text] = [say("最近的决策", "Decisions, newest first")]
    for decision in found:
        if decision.chosen_at is None:
            lines.append(say("⏳ {ref} {title}（等 {who}）", "⏳ {ref} {title} (waits for {who})", ref=decision.ref,
                             title=decision.title, who=_who(ctx, decision)))  # fmt: skip
            continue
        day = bare_day(decision.chosen_at.astimezone(ctx.zone).date())
        lines.append(say("{day} {outcome}", "{day} {outcome}", day=day, outcome=_outcome(decision)))
    lines.append(say("看选项：/决策 D1", "The options: /decide D1"))
    return Reply(text_card(join(lines, "\n")))
