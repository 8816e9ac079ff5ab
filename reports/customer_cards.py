"""Customers: all of them by renewal, one with its four parts, and what the customer themselves may be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from chat.cards import Button, Buttons, Card, Paragraph
from chat.text import NOTHING, Text, join, say
from planning.calendar import Calendar
from planning.customers import PARTS
from reports.days import long_day
from storage.customers import Customer, Part

MOST_LINES = 20
LABELS = {
    "signing": say("签约", "Signing"),
    "training": say("培训", "Training"),
    "renewal": say("续费", "Renewal"),
    "survey": say("满意度调研", "Survey"),
}
UNDATED = say("日期未定", "no date yet")
_DONE = {"signing": say("已签", "signed"), "renewal": say("已续", "renewed")}


def state_of(part: Part) -> Text:
    if part.finished:
        return _DONE.get(part.name, say("已完成", "done"))
    if part.state == "cancelled":
        return say("已取消", "cancelled")
    if part.state in ("todo", "open"):
        return say("待办", "to do")
    return say("进行中", "under way")


def _when(day: date | None, calendar: Calendar) -> Text:
    """With its year: renewals are one ahead."""
    return long_day(day, calendar) if day is not None else UNDATED


def customer_card(customer: Customer, calendar: Calendar, today: date, more: Sequence[Text] = ()) -> Card:
    """For the team: numbers to work with. ``more``: lines below the parts."""
    lines = [head(customer)]
    for name in PARTS:
        part = customer.parts.get(name)
        if part is not None:
            lines.append(_part(part, calendar, today))
    renewal = customer.parts.get("renewal")
    if not customer.ended and not (renewal and renewal.open):
        lines.append(
            say("下次续费未定：/客户 续费 {name}", "No next renewal: /customer renew {name}", name=customer.name)
        )
    text = Paragraph(join([*lines, *more], "\n"))
    if customer.ended:
        return Card((text,))
    args = (str(customer.id),)
    buttons = (
        Button(say("给客户看", "For the customer"), "customer.outward", args),
        Button(say("健康分", "Health"), "customer.health", args),
    )
    return Card((text, Buttons(buttons)))


def head(customer: Customer) -> Text:
    """``🤝 某某（T5，张三）``."""
    over = {"done": say("｜已结束", " | ended"), "cancelled": say("｜已流失", " | lost")}.get(customer.state, NOTHING)
    who = customer.owner_name or say("负责人未定", "nobody yet")
    return say("🤝 {name}（{ref}，{who}）{over}", "🤝 {name} ({ref}, {who}){over}", name=customer.name,
               ref=customer.ref, who=who, over=over)  # fmt: skip


def _part(part: Part, calendar: Calendar, today: date) -> Text:
    note: Text = NOTHING
    if part.open and part.due is not None:
        left = (part.due - today).days
        if left < 0:
            note = say("，过了 {n} 天", ", {n} days ago", n=-left)
        elif part.name == "renewal":
            note = say("，还有 {n} 天", ", in {n} days", n=left)
    return say(
        "{label} {ref}｜{day}{note}｜{state}", "{label} {ref} | {day}{note} | {state}", label=LABELS[part.name],
        ref=part.ref, day=_when(part.due, calendar), note=note, state=state_of(part),
    )  # fmt: skip


def outward_card(customer: Customer) -> Card:
    """For the customer: their own name, what is done for them and when. No number, title, person, note or day off."""
    lines: list[Text] = [say("{name} 服务进度", "{name}: where we are", name=customer.name)]
    for name in PARTS:
        part = customer.parts.get(name)
        if part is not None and part.state != "cancelled":
            lines.append(
                say("{label}｜{day}｜{state}", "{label} | {day} | {state}", label=LABELS[name],
                    day=part.due.isoformat() if part.due else UNDATED, state=state_of(part))
            )  # fmt: skip
    return Card((Paragraph(join(lines, "\n")),))


def list_card(customers: Sequence[Customer], today: date, marks: Mapping[int, Text]) -> Card:
    """The nearest renewal first; ended ones are counted. ``marks``: {customer: their health}."""
    here = sorted((c for c in customers if not c.ended), key=_by_renewal)
    lines: list[Text] = [say("客户 {n} 个", "Customers: {n}", n=len(here))]
    if len(here) < len(customers):
        lines = [say("{first}（另有 {n} 个已结束）", "{first} ({n} more have ended)", first=lines[0],
                     n=len(customers) - len(here))]  # fmt: skip
    lines += [_line(each, today, marks.get(each.id)) for each in here[:MOST_LINES]]
    if len(here) > MOST_LINES:
        lines.append(
            say("还有 {n} 个，发「/客户 名字」看一个", "{n} more: send “/customer name”", n=len(here) - MOST_LINES)
        )
    return Card((Paragraph(join(lines, "\n")),))


def _by_renewal(customer: Customer) -> tuple[date, int]:
    part = customer.parts.get("renewal")
    return (part.due if part and part.open and part.due else date.max, customer.number)


def _line(customer: Customer, today: date, mark: Text | None) -> Text:
    """``T5 某某｜续费 2027-09-15（还有 60 天）｜🟢 85``."""
    renewal = customer.parts.get("renewal")
    words = say("续费日期未定", "no renewal date")
    if renewal is not None and not renewal.open:
        words = say("续费 {state}", "renewal {state}", state=state_of(renewal))
    elif renewal is not None and renewal.due is not None:
        left = (renewal.due - today).days
        how = say("还有 {n} 天", "in {n} days", n=left) if left >= 0 else say("过了 {n} 天", "{n} days ago", n=-left)
        words = say("续费 {day}（{how}）", "renewal {day} ({how})", day=renewal.due.isoformat(), how=how)
    health = say("｜{mark}", " | {mark}", mark=mark) if mark is not None else NOTHING
    return say("{ref} {name}｜{words}{health}", "{ref} {name} | {words}{health}", ref=customer.ref,
               name=customer.name, words=words, health=health)  # fmt: skip
