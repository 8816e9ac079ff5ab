"""The digest of a day: who counts, what is shown, how it costs little."""

from __future__ import annotations

from datetime import timedelta
from time import process_time

import orjson
from clerk import START, Clerk

from chat.cards import decode
from chat.plain import plain
from reports.digest import amend, digest, publish
from storage.daily import Words


def shown(clerk: Clerk, minutes: int = 60) -> str:
    desk = clerk.desk(START + timedelta(minutes=minutes))
    collection = desk.books.collections.of(clerk.project.id, START.date())
    assert collection is not None
    return plain(digest(desk, collection)[0])


def test_who_is_away_does_not_count_unless_they_report(clerk: Clerk) -> None:
    people = [clerk.person(name) for name in ("张三", "李四", "王五")]
    clerk.collection()
    books = clerk.books(START)
    for person in people[:2]:
        books.leaves.put(clerk.project.id, person.id, {START.date(): "day"})
    clerk.hand_in(people[0], Words("a", "b", ""))
    assert "交 1/2（休 1）" in shown(clerk)


def test_observers_and_guests_do_not_count(clerk: Clerk) -> None:
    person = clerk.person("张三")
    clerk.person("王总", "observer")
    clerk.person("路人", "guest")
    clerk.collection()
    clerk.hand_in(person, Words("a", "b", ""))
    assert "交 1/1" in shown(clerk)


def test_who_joins_later_was_not_missing_before(clerk: Clerk) -> None:
    person = clerk.person("张三")
    collection = clerk.collection()
    clerk.hand_in(person, Words("a", "b", ""))
    publish(clerk.desk(START + timedelta(hours=1)), collection)
    clerk.person("新人")
    assert "交 1/1" in shown(clerk, 24 * 60)


def test_five_names_then_a_number(clerk: Clerk) -> None:
    people = [clerk.person(f"人{n}") for n in range(8)]
    desk = clerk.desk(START)
    plan = desk.books.collections.plan(clerk.project.id)
    assert plan is not None
    desk.books.collections.set_plan(clerk.project.id, type(plan)(plan.window, True, True))
    clerk.collection()
    clerk.hand_in(people[0], Words("a", "b", ""))
    assert "未交：人1、人2、人3、人4、人5 等 7 人" in shown(clerk)


def test_names_are_words(clerk: Clerk) -> None:
    person = clerk.person("{{7*7}}")
    clerk.rename("<at id=all></at>")
    clerk.collection()
    clerk.hand_in(person, Words("@所有人 {x}", "%s", ""))
    text = shown(clerk)
    assert text.startswith("📊 <at id=all></at> 9-21（周一）日汇总　交 1/1")
    assert "{{7*7}}：@所有人 {x} → 明日 %s" in text


def test_a_stored_digest_reads_back(clerk: Clerk) -> None:
    person = clerk.person("张三")
    collection = clerk.collection()
    clerk.hand_in(person, Words("a", "b", ""))
    card, _ = digest(clerk.desk(START), collection)
    assert decode(orjson.loads(orjson.dumps(card))) == card


def test_amending_where_nothing_can_change_asks_for_one_line(clerk: Clerk) -> None:
    person = clerk.person("张三")
    collection = clerk.collection()
    clerk.hand_in(person, Words("a", "b", ""))
    closed = publish(clerk.desk(START + timedelta(hours=1)), collection)
    clerk.can = type(clerk.can)(edit_seconds=0)
    desk = clerk.desk(START + timedelta(hours=1, minutes=5))
    for _ in range(3):
        amend(desk, closed, None)
    entries = desk.books.schedules.of(f"collection:{closed.id}")
    assert [entry.at.astimezone(START.tzinfo).hour for entry in entries] == [19]


def test_two_hundred_people_are_counted_and_cut(clerk: Clerk) -> None:
    people = [clerk.person(f"同事{n}") for n in range(200)]
    collection = clerk.collection()
    for person in people:
        clerk.hand_in(person, Words("做完了第一版主图和详情页" * 3, "明天继续", ""))
    started = process_time()
    card, _ = digest(clerk.desk(START), collection)
    assert process_time() - started < 0.5
    text = plain(card)
    assert "交 200/200" in text
    assert "还有 160 人，点 [看全部]" in text
