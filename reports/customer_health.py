"""The health of customers in words: each point explained, what is not known grey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from chat.cards import Card, text_card
from chat.text import NOTHING, Text, join, say
from planning.health import (
    AHEAD,
    CERTAIN,
    FAIR,
    FRESH,
    GOOD,
    STALE,
    TICKET_DAYS,
    WEEKS,
    WEIGHTS,
    Factor,
    Health,
    health,
)
from reports.customer_cards import head
from reports.days import stamp
from storage.books import Books
from storage.customers import Customer
from storage.projects import ProjectInfo

SETTING = "health"
"""The project's own weights."""
MOST_LINES = 20
NAMES = {
    "activity": say("活跃", "Activity"),
    "tickets": say("工单", "Tickets"),
    "visits": say("回访", "Visits"),
    "renewal": say("续费期", "Renewal"),
}
_UNKNOWN = {
    "activity": say("建了不到一周", "less than a week old"),
    "tickets": say("近 90 天没有工单。记一个：/客户 工单 {name} 登录失败",
                   "no tickets in 90 days. To note one: /customer ticket {name} login fails"),
    "visits": say("没有回访记录。记一次：/客户 回访 {name} 聊了什么",
                  "no visit on record. To note one: /customer visit {name} what was said"),
    "renewal": say("没有续费日期。定：/客户 续费 {name} 2028-09-15",
                   "no date of renewal. To set one: /customer renew {name} 2028-09-15"),
}  # fmt: skip


def weights_of(project: ProjectInfo) -> tuple[int, ...]:
    return tuple(project.settings.get(SETTING, WEIGHTS))


def all_of(books: Books, project: ProjectInfo, customers: Sequence[Customer], now: datetime) -> dict[int, Health]:
    """{customer: how they are}, from history. now: local."""
    roots = {each.id: _renewal(each) for each in customers}
    return health(roots, books.customers.facts(project.id), now, weights_of(project)) if roots else {}


def _renewal(customer: Customer) -> int | None:
    part = customer.parts.get("renewal")
    return part.node[1] if part is not None else None


def mark(found: Health) -> Text:
    """``🔴 45``; ``⚪ 灰``: too little is known."""
    score = found.score
    if score is None or found.grey:
        return say("⚪ 灰", "⚪ grey")
    return say("{light} {n}", "{light} {n}", light="🟢" if score >= GOOD else "🟡" if score >= FAIR else "🔴", n=score)


def list_card(customers: Sequence[Customer], found: Mapping[int, Health]) -> Card:
    """The worst first, the grey ones last."""
    here = sorted((each for each in customers if each.id in found), key=lambda each: _order(each, found[each.id]))
    lines = [say("客户健康 {n} 个", "Health of {n} customers", n=len(here)), *_listed(here, found)]
    lines.append(say("看怎么算的：/客户 健康 {name}", "How it is reckoned: /customer health {name}", name=here[0].name))
    return text_card(join(lines, "\n"))


def risk_lines(customers: Sequence[Customer], found: Mapping[int, Health]) -> list[Text]:
    """Of those that may be lost, the worst first."""
    here = sorted(customers, key=lambda each: _order(each, found[each.id]))
    title = say("流失风险：{n} 个客户健康分不到 {fair}", "May be lost: {n} customers with a health below {fair}",
                n=len(here), fair=FAIR)  # fmt: skip
    return [title, *_listed(here, found)]


def _listed(here: Sequence[Customer], found: Mapping[int, Health]) -> list[Text]:
    """Each with what costs it most."""
    lines: list[Text] = []
    for each in here[:MOST_LINES]:
        worst = found[each.id].worst
        told = worst is not None and worst.share != 1 and not found[each.id].grey
        why = say("｜{what}", " | {what}", what=_words(worst)) if worst and told else NOTHING
        lines.append(
            say("{mark} {ref} {name}{why}", "{mark} {ref} {name}{why}", mark=mark(found[each.id]), ref=each.ref,
                name=each.name, why=why)
        )  # fmt: skip
    if len(here) > MOST_LINES:
        lines.append(say("还有 {n} 个", "{n} more", n=len(here) - MOST_LINES))
    return lines


def _order(customer: Customer, found: Health) -> tuple[int, int]:
    return (101 if found.score is None or found.grey else found.score, customer.number)


def one_card(customer: Customer, found: Health, refs: Mapping[int, str], now: datetime) -> Card:
    """refs: {task: ``T7``}, of those behind the points."""
    title = say("{head}｜健康 {mark}", "{head} | health {mark}", head=head(customer), mark=mark(found))
    lines = [title, *(_factor(each, customer.name, refs) for each in found.factors)]
    if found.grey:
        lines.append(
            say("有数据的只有 {n} 分，不到 {least} 不打分。",
                "Only {n} points are known; below {least} there is no score.", n=found.known, least=CERTAIN)
        )  # fmt: skip
    elif found.known < 100:
        lines.append(
            say("灰的不算 0 分：只按有数据的 {n} 分折成百分。",
                "Grey is not nought: the score is of the {n} points that are known.", n=found.known)
        )  # fmt: skip
    lines.append(say("公式：{formula}", "Formula: {formula}", formula=formula()))
    lines.append(
        say("按 {at} 前的变更记录重算。改权重：/客户 权重 活跃30 工单25 回访25 续费期20",
            "Reckoned from all changes up to {at}. Weights: /customer weights activity 30 tickets 25 visits 25 "
            "renewal 20",
            at=stamp(now))
    )  # fmt: skip
    return text_card(join(lines, "\n"))


def formula() -> Text:
    return say(
        "活跃＝近 {weeks} 周有进展的周数占比；工单＝近 {days} 天没逾期、没重开、不是客诉的占比；"
        "回访＝{fresh} 天内满分，{stale} 天减到 0；续费期＝{ahead} 天以上满分，到期日 0",
        "activity: weeks of the last {weeks} with progress; tickets: share of {days} days' not late, reopened or "
        "complained about; visits: full within {fresh} days, 0 after {stale}; renewal: full {ahead} days ahead, 0 on "
        "the day",
        weeks=WEEKS, days=TICKET_DAYS, fresh=FRESH, stale=STALE, ahead=AHEAD,
    )  # fmt: skip


def _factor(factor: Factor, name: str, refs: Mapping[int, str]) -> Text:
    """``工单 17/25：近 90 天 3 个，1 个逾期、重开或客诉（T9）``."""
    label = NAMES[factor.name]
    if factor.share is None:
        why = _UNKNOWN[factor.name]
        return say("⚪ {label} —/{weight}：{why}", "⚪ {label} —/{weight}: {why}", label=label, weight=factor.weight,
                   why=Text(why.zh, why.en, {"name": name}))  # fmt: skip
    behind = [refs[number] for number in factor.refs[:5] if number in refs]
    rows = (
        say("（{refs}）", " ({refs})", refs=join([say("{r}", "{r}", r=r) for r in behind], "、", ", "))
        if behind
        else NOTHING
    )
    return say("{label} {points}/{weight}：{why}{rows}", "{label} {points}/{weight}: {why}{rows}", label=label,
               points=factor.points, weight=factor.weight, why=_why(factor), rows=rows)  # fmt: skip


def _words(factor: Factor) -> Text:
    return say("{label} {points}/{weight}，{why}", "{label} {points}/{weight}, {why}", label=NAMES[factor.name],
               points=factor.points, weight=factor.weight, why=_why(factor))  # fmt: skip


def _why(factor: Factor) -> Text:
    n = factor.count
    if factor.name == "activity":
        return say("近 {of} 周里 {n} 周有进展", "progress in {n} of {of} weeks", n=n, of=factor.of)
    if factor.name == "tickets":
        return say("近 90 天 {of} 个，{n} 个逾期、重开或客诉",
                   "{of} in 90 days, {n} late, reopened or complained about", of=factor.of, n=n)  # fmt: skip
    if factor.name == "visits":
        return say("上次是 {n} 天前", "the last was {n} days ago", n=n)
    if n is None:
        return say("已续", "renewed")
    return say("还有 {n} 天", "in {n} days", n=n) if n >= 0 else say("过了 {n} 天", "{n} days ago", n=-n)
