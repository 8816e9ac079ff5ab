"""Digests in a team's own words, and what happens when those no longer work."""

from __future__ import annotations

from typing import Any

from chat.cards import text_card
from chat.text import Text, say
from reports import render
from reports.daily_desk import Desk
from reports.own_render import BadTemplate, fill
from storage.templates import Template

KINDS = {"digest": say("日汇总", "daily digest"), "weekly": say("周报", "weekly digest")}


def words(desk: Desk, kind: str, **values: Any) -> Text:
    """From the team's own template; from the last good one when that fails; else from the built-in one."""
    for template in desk.books.templates.of(desk.project.id, kind):
        try:
            return own(template.source, values)
        except BadTemplate as error:
            _tell(desk, template, error)
    return render.text(kind, **values)


def own(source: str, values: dict[str, Any]) -> Text:
    """What a template makes of these values, in both languages: words, never markup. Raises BadTemplate."""
    lines: dict[str, str] = {}
    zh, en = (_placed(fill(source, values, locale), lines, locale) for locale in ("zh", "en"))
    return Text(zh, en, lines)


def _placed(whole: str, lines: dict[str, str], locale: str) -> str:
    """Each line as data, so that it is escaped; at least two, the first being a card's title."""
    named = []
    for number, line in enumerate([*whole.split("\n"), ""] if "\n" not in whole else whole.split("\n")):
        name = f"{locale}{number}"
        lines[name] = line
        named.append("{" + name + "}" if line else "")
    return "\n".join(named)


def _tell(desk: Desk, template: Template, error: BadTemplate) -> None:
    """Its admins, once a day."""
    today = desk.rhythm.local(desk.books.at).date().isoformat()
    if template.told == today:
        return
    desk.books.templates.told(desk.project.id, template, today)
    text = say(
        "「{kind}」模板 v{n} 出错，{why}。这次用了上一个好的版本。改好再发：/模板 {kind}",
        "The template “{kind}” v{n} failed. {why}. The last good one was used. Correct it: /template {kind}",
        kind=KINDS[template.kind], n=template.version, why=error.text,
    )  # fmt: skip
    desk.tell_admins(text_card(text))
