"""Whatever the clock says of its own accord ends with its name and how to turn it off; who did so hears it no more."""

from __future__ import annotations

import pytest
from clerk import START, Clerk

from chat.cards import Buttons, Card, text_card
from chat.plain import plain
from chat.text import say
from reports import rules, ticks
from reports.speaker import Speaker
from storage.people import Person

NOT_TURNED_OFF = {
    "approval": "what became of a request, for who asked; its reminders have the way out on their own card",
    "approval.away": "somebody must stand in, or the request hangs",
    "ask.look": "asks a platform who has read a question; says nothing",
    "ask.due": "the result of a question, for who asked it",
    "calendar.year": "its own buttons settle it",
    "calendar.stop": "says nothing",
    "daily.choice": "answers somebody's own message",
    "emergency": "ends with the words that end the emergency",
    "focus.end": "said once, of what somebody began",
    "import.rows": "answers somebody's own command",
    "import.undo": "answers somebody's own command",
    "mail.together": "what was said elsewhere, each with its own way out",
    "person.gone": "somebody must stand in, or the request hangs",
    "person.left": "somebody must take over",
    "person.erased": "says nothing",
    "repeat": "makes a task; what reminds of it has its own rule",
    "zone.switch": "says nothing",
}
"""Why a new firing should be one of them has to be written down here."""
WORDS = text_card(say("有事。", "Something."))


def speaker(clerk: Clerk, rule: str | None) -> Speaker:
    return Speaker(clerk.books(START), lambda _: clerk.can, unasked=True, rule=rule)


def reader(clerk: Clerk) -> Person:
    return clerk.person("赵六")


def last(clerk: Clerk) -> Card:
    return clerk.tx.parcels[-1].card


def test_every_firing_has_a_rule_or_a_reason() -> None:
    assert ticks.without_a_rule() <= set(NOT_TURNED_OFF)
    assert ticks.without_a_rule() == set(NOT_TURNED_OFF) & set(ticks.load()), "no longer so: take it off the list"


def test_a_firing_cannot_be_made_without_saying() -> None:
    with pytest.raises(TypeError, match="rule"):
        ticks.tick("something new")  # type: ignore[call-arg]


@pytest.mark.parametrize("rule", rules.WORDS)
def test_what_one_person_hears_ends_with_the_way_out(clerk: Clerk, rule: str) -> None:
    who, says = reader(clerk), speaker(clerk, rule)
    assert says.to_person(who, clerk.project, WORDS)
    off = last(clerk).blocks[-1]
    assert isinstance(off, Buttons)
    assert (off.buttons[0].verb, off.buttons[0].args) == ("push.mute", (rule,))
    assert plain(last(clerk)).splitlines()[1] == rules.NAMES[rule].plain()
    clerk.books(START).pushes.mute(who.id, rule)
    said = len(clerk.tx.parcels)
    assert says.to_person(who, clerk.project, WORDS), "they were not forgotten: it is what they want"
    assert len(clerk.tx.parcels) == said


def test_what_has_its_own_way_out_is_left_alone(clerk: Clerk) -> None:
    own = Card((*WORDS.blocks, *rules.foot(rules.SILENT)))
    who = reader(clerk)
    speaker(clerk, rules.OVERDUE).to_person(who, clerk.project, own)
    assert last(clerk) == own


def test_an_answer_has_none(clerk: Clerk) -> None:
    who = reader(clerk)
    speaker(clerk, None).to_person(who, clerk.project, WORDS)
    assert last(clerk) == WORDS


def test_what_somebody_must_decide_has_none_and_is_heard_by_who_turned_the_rule_off(clerk: Clerk) -> None:
    who = reader(clerk)
    clerk.books(START).pushes.mute(who.id, rules.PROMPT)
    speaker(clerk, rules.PROMPT).for_a_decision().to_person(who, clerk.project, WORDS)
    assert last(clerk) == WORDS


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (rules.AGENDA, "晨会议程 · 关闭此类：/晨会 设置 关"),
        (rules.WEEKLY, "周报 · 关闭此类：/周报 设置 关"),
        (rules.DAILY, "日报催交 · 关闭此类：/设置 我的提醒 日报 关"),
        (rules.ASK, "请回复提醒 · 关闭此类：/设置 我的提醒 请回复 关"),
    ],
)
def test_what_a_group_hears_ends_with_the_words_that_turn_it_off(rule: str, words: str) -> None:
    signed = rules.signed_in_group(WORDS, rule)
    assert plain(signed).splitlines()[-1] == words
    assert rules.signed_in_group(signed, rule) == signed


def test_the_teams_own_report_stays_as_it_is() -> None:
    assert rules.signed_in_group(WORDS, rules.PROMPT) == rules.signed_in_group(WORDS, rules.DIGEST) == WORDS
