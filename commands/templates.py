"""Digests in one's own layout.  ``/模板``  ``/模板 预览 日汇总``  ``/模板 日汇总`` and the template below it"""

from __future__ import annotations

import re
from typing import Any

from chat.cards import Attachment, Button, Card, Paragraph, text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say, verbatim
from commands.access import require
from commands.context import Ctx
from commands.grammar import button, command
from commands.line import fold
from commands.press import STALE
from commands.reply import Pressed, Reply
from reports import digest, render, weekly_views
from reports.daily_desk import Desk
from reports.days import bare_day
from reports.own_render import BadTemplate
from reports.own_templates import KINDS, own
from reports.planning.week import gather
from storage.drafts import Draft

EXAMPLE = say("/模板 日汇总", "/template digest")
_KINDS = {"digest": ("日汇总", "日报", "汇总", "digest", "daily", "daily digest"),
          "weekly": ("周报", "周汇总", "weekly", "week", "weekly digest")}  # fmt: skip
_PREVIEW = re.compile(r"\s*(?:预览|preview)\s*")
_DEFAULT = re.compile(r"\s*(?:默认|恢复默认|恢复|default|reset)\s*")
_NAMES = "|".join(sorted((word for words in _KINDS.values() for word in words), key=len, reverse=True))
_ON_ONE_LINE = re.compile(rf"(?P<kind>(?:预览|preview)?\s*(?:{_NAMES}))\s+(?=\S*.*\{{)")
"""``周报 📈 {{ rate }}``: the template begins on the same line."""


@command(
    "模板",
    "template",
    usage=say("用自己的版式写日汇总和周报", "Digests in your own layout"),
    example=EXAMPLE,
    roles="admin",
)
def templates(ctx: Ctx) -> Reply:
    """What there is; one of them; or a new one, written below the first line and looked at first."""
    head, _, source = ctx.line.text.strip().partition("\n")
    if one_line := _ON_ONE_LINE.match(fold(head)):
        head, source = head[: one_line.end("kind")], f"{head[one_line.end() :]}\n{source}"
    folded = fold(head).strip()
    if match := _PREVIEW.match(folded):
        return _preview(ctx, _kind(folded[match.end() :]), source.strip("\n"))
    if match := _DEFAULT.match(folded):
        return _back(ctx, _kind(folded[match.end() :]))
    if not folded:
        return _all(ctx)
    kind = _kind(folded)
    return _new(ctx, kind, source.strip("\n")) if source.strip() else _show(ctx, kind)


def _kind(word: str) -> str:
    kind = next((kind for kind, words in _KINDS.items() if word.strip() in words), None)
    if kind is None:
        raise UserError(
            say("要写哪一种：{kinds}。例：{example}", "Which one: {kinds}? E.g. {example}",
                kinds=listed(KINDS.values()), example=EXAMPLE)
        )  # fmt: skip
    return kind


def _all(ctx: Ctx) -> Reply:
    lines = [say("模板：", "Templates:")]
    for kind, name in KINDS.items():
        mine = ctx.books.templates.of(ctx.project.id, kind)
        now: Text = say("内置的", "built in")
        if mine:
            now = say("自己的 v{n}（{who}，{day}）", "your own v{n} ({who}, {day})", n=mine[0].version,
                      who=ctx.books.people.get(mine[0].person).name,
                      day=bare_day(mine[0].at.astimezone(ctx.zone).date()))  # fmt: skip
        lines.append(say("{name}：{now}", "{name}: {now}", name=name, now=now))
    lines.append(
        say("看：/模板 日汇总　改：在它下面一行起写模板（Jinja）　预览：/模板 预览 日汇总　换回：/模板 默认 日汇总",
            "Show: /template digest. Change: write the template (Jinja) below it. Preview: /template preview digest. "
            "Back: /template default digest")
    )  # fmt: skip
    return Reply(text_card(join(lines, "\n")))


def _show(ctx: Ctx, kind: str) -> Reply:
    mine = ctx.books.templates.of(ctx.project.id, kind)
    source = mine[0].source if mine else render.source(kind, ctx.locale)
    text = say(
        "「{name}」现在的模板在附件里。要改，把改好的贴在「/模板 {name}」下面一行起。能用的名字：{names}",
        "The template “{name}” is attached. To change it, paste yours below “/template {name}”. Names: {names}",
        name=KINDS[kind], names=verbatim(" ".join(sorted(_values(ctx, kind)))),
    )  # fmt: skip
    return Reply(Card((Paragraph(text), Attachment(f"{kind}.j2.txt", source))))


def _new(ctx: Ctx, kind: str, source: str) -> Reply:
    """Looked at before anything changes."""
    require(ctx, "settings.templates")
    shown = _filled(ctx, kind, source)
    key = ctx.books.drafts.keep("template", ctx.chat.id, ctx.person.id, template=kind, source=source)
    return Reply(
        text_card(
            join([say("预览（现在的数据）：", "Preview (today's figures):"), shown], "\n"),
            Button(say("启用", "Use it"), "template.use", (key,), style="primary"),
            Button(say("不用", "No"), "template.drop", (key,)),
        )
    )


def _preview(ctx: Ctx, kind: str, source: str) -> Reply:
    """Of what is pasted, else of what is used now."""
    mine = ctx.books.templates.of(ctx.project.id, kind)
    if not source and not mine:
        return Reply(text_card(render.text(kind, **_values(ctx, kind))))
    return Reply(text_card(_filled(ctx, kind, source or mine[0].source)))


def _filled(ctx: Ctx, kind: str, source: str) -> Text:
    """Raises UserError: where in the template what is wrong."""
    try:
        return own(source, _values(ctx, kind))
    except BadTemplate as error:
        raise UserError(
            say("{why}\n没有改动。改好再发一次。", "{why}\nNothing was changed. Correct it and send it again.",
                why=error.text)
        ) from None  # fmt: skip


def _values(ctx: Ctx, kind: str) -> dict[str, Any]:
    desk = Desk(ctx.books, ctx.speaker, ctx.project)
    if kind == "weekly":
        return weekly_views.values(ctx.project.name, gather(desk, ctx.today), 0)
    return digest.values_now(desk, ctx.today)


def _back(ctx: Ctx, kind: str) -> Reply:
    require(ctx, "settings.templates")
    if not ctx.books.templates.drop(ctx.project.id, kind):
        raise UserError(say("「{name}」用的就是内置的。", "“{name}” is the built-in one.", name=KINDS[kind]))
    ctx.books.audit(ctx.project.id, "settings.templates", "done", f"{kind} default")
    return Reply(text_card(say("「{name}」换回内置的了。", "“{name}” is the built-in one again.", name=KINDS[kind])))


@button("template.use")
def use(ctx: Ctx) -> Pressed:
    require(ctx, "settings.templates")
    draft = _mine(ctx)
    kind, source = draft.subject["template"], draft.subject["source"]
    _filled(ctx, kind, source)
    version = ctx.books.templates.add(ctx.project.id, kind, source, ctx.person.id)
    ctx.books.audit(ctx.project.id, "settings.templates", "done", f"{kind} v{version}")
    done = say(
        "「{name}」从下次起用 v{n}。换回：/模板 默认 {name}",
        "“{name}” uses v{n} from now on. Back: /template default {name}", name=KINDS[kind], n=version,
    )  # fmt: skip
    return Pressed(done, text_card(done))


@button("template.drop")
def drop(ctx: Ctx) -> Pressed:
    _mine(ctx)
    done = say("好的，没有改动。", "OK, nothing was changed.")
    return Pressed(done, text_card(done))


def _mine(ctx: Ctx) -> Draft:
    """Raises UserError: it was decided already, or is somebody else's."""
    draft = ctx.books.drafts.get(ctx.action.args[0]) if ctx.action.args else None
    if draft is None or draft.kind != "template":
        raise UserError(STALE)
    if not ctx.books.drafts.use(draft):
        raise UserError(say("已经定过了。发「/模板」看现在用哪个。", "It is decided. Send “/template” to see."))
    return draft
