"""Do presses on cards arrive?  ``/体检 按钮``: a card to press. No platform tells this without a press."""

from __future__ import annotations

from chat.cards import Button, Buttons, Card, Paragraph
from chat.findings import Finding
from chat.text import NOTHING, Text, say
from commands import conditions
from commands.context import Ctx
from commands.grammar import button, command
from commands.reply import Pressed, Reply

ENOUGH = 3
"""Presses after which nothing more is to be learnt."""


@command(
    "体检 按钮",
    "doctor buttons",
    usage=say("试试卡片上的按钮能不能用", "See whether buttons on cards work"),
    example=say("/体检 按钮", "/doctor buttons"),
)
def show(ctx: Ctx) -> Reply:
    """A card whose number grows by one with every press that arrives."""
    name = f"buttons:{ctx.thing.key}"
    return Reply(_card(name, 0, _remedy(ctx)), name=name)


@button("doctor.press")
def pressed(ctx: Ctx) -> Pressed:
    """The number travels on the card itself: whoever else answers presses makes it jump or stop."""
    name, before = (*ctx.action.args, "", "")[:2]
    count = int(before) + 1 if before.isdecimal() and len(before) < 4 else 1
    card = _card(name, count, NOTHING)
    ctx.speaker.redraw(name, card)
    return Pressed(say("收到，第 {n} 次。", "Got it, number {n}.", n=count), card)


def _remedy(ctx: Ctx) -> Text:
    """What is known of presses on this platform already."""
    topics = ("callback", conditions.UNSURE)
    found: list[Finding] = [one for one in ctx.health(ctx.chat.platform).findings if one.topic in topics]
    wrong = [one for one in found if one.mark != "✓"]
    return say("\n{what}", "\n{what}", what=wrong[0].text) if wrong else NOTHING


def _card(name: str, count: int, remedy: Text) -> Card:
    if count >= ENOUGH:
        return Card((Paragraph(say("✅ 收到 {n} 次点击，按钮能用。", "✅ {n} presses came, buttons work.", n=count)),))
    text = say(
        "请慢慢点 3 次下面的按钮，我收到一次数一次：现在 {n} 次。\n"
        "提示出错或没反应，是卡片回调没订阅；点了不数，是有别的程序在用同一个应用。{remedy}",
        "Press the button three times, slowly; I count what arrives: {n} so far.\n"
        "An error or nothing at all: the card callback is not subscribed. Not counted: another program uses the same "
        "app.{remedy}",
        n=count, remedy=remedy,
    )  # fmt: skip
    return Card((Paragraph(text), Buttons((Button(say("点我", "Press me"), "doctor.press", (name, str(count))),))))
