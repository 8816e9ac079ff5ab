"""Several processes on one database: nothing lost, nothing twice, order kept, whoever dies is taken over."""

from __future__ import annotations

import signal
from collections import Counter, defaultdict
from random import Random

import pytest

from bot.fleet import BEAT, FENCE
from storage.fleet import SILENCE
from tests.fleet.conftest import Bot, Fleet

CHATS = [f"群{n}" for n in range(12)]
TAKE_OVER = 10.0
"""Seconds that others wait for a process that is gone, at most: its silence, and the round that notices."""


def test_whoever_is_silent_is_missed_in_time() -> None:
    assert SILENCE / 1000 + 2 * BEAT < TAKE_OVER
    assert FENCE < SILENCE / 1000, "it delivers nothing any more before others do"


def held_by_the_gone(fleet: Fleet) -> list[tuple[object, ...]]:
    return fleet.rows(
        "SELECT leased_by FROM lane WHERE leased_by NOT IN (SELECT id FROM process UNION SELECT '') "
        "UNION SELECT holder FROM lease WHERE holder NOT IN (SELECT id FROM process UNION SELECT '')"
    )


def check(fleet: Fleet, count: int) -> None:
    """Each message had its effect once, numbers have no gaps, and every chat was answered in the order of its rows."""
    assert fleet.rows("SELECT count(*) FROM inbox WHERE kind = 'message' AND state = 'done'") == [(count,)]
    numbers = defaultdict(list)
    for project, number in fleet.rows("SELECT project_id, number FROM task ORDER BY id"):
        numbers[project].append(number)
    assert sum(map(len, numbers.values())) == count
    assert all(sorted(given) == list(range(1, len(given) + 1)) for given in numbers.values())
    keys = {key for (key,) in fleet.rows("SELECT key FROM outbox WHERE platform = 'post'")}
    delivered = fleet.delivered()
    assert {parcel["key"] for parcel in delivered} == keys
    assert fleet.rows("SELECT DISTINCT state FROM outbox WHERE platform = 'post'") == [("sent",)]


async def settled(fleet: Fleet) -> None:
    await fleet.until(lambda: fleet.rows("SELECT 1 FROM outbox WHERE state <> 'sent' LIMIT 1") == [])


def speak(fleet: Fleet, first: int, count: int, bots: list[Bot], chance: Random) -> None:
    for number in range(first, first + count):
        fleet.say(f"k{number}", chance.choice(CHATS), f"/任务 第 {number} 件事情要做完", chance.choice(bots))


async def test_two_processes_due_at_the_same_moment_say_it_once(fleet: Fleet) -> None:
    """J11 #5."""
    await fleet.start()
    await fleet.start()
    fleet.run(
        "INSERT INTO schedule (kind, owner, subject, next_fire_at, state, claimed_until) "
        "SELECT 'ring', 'test', '{\"chat\": \"c' || n % 7 || '\"}', "
        "(extract(epoch FROM clock_timestamp()) * 1000)::bigint + 1000, 'on', 0 FROM generate_series(1, 300) AS n"
    )
    third = await fleet.start()  # its first sweep arms its alarm; the others look again by themselves
    assert third
    await fleet.until(lambda: len(fleet.delivered()) >= 300)
    await settled(fleet)
    assert len(fleet.delivered()) == 300
    assert fleet.rows("SELECT count(*) FROM inbox WHERE kind = 'tick' AND key LIKE 'tick:%'") == [(300,)]
    assert fleet.rows("SELECT count(*) FROM schedule WHERE kind = 'ring'") == [(0,)]


async def test_a_killed_process_is_taken_over(fleet: Fleet) -> None:
    bots = [await fleet.start() for _ in range(3)]
    chance = Random(7)
    speak(fleet, 0, 150, bots, chance)
    await fleet.until(lambda: len(fleet.unanswered) < 75)
    bots[0].kill()
    speak(fleet, 150, 150, bots, chance)
    await bots[0].ended()
    fleet.again(bots[1])
    await fleet.until(lambda: not fleet.unanswered)
    await settled(fleet)
    assert not held_by_the_gone(fleet)
    check(fleet, 300)


async def test_a_rolling_restart_loses_and_doubles_nothing(fleet: Fleet) -> None:
    bots = [await fleet.start() for _ in range(2)]
    chance = Random(11)
    for turn in range(3):
        speak(fleet, turn * 80, 80, bots, chance)
        oldest = bots.pop(0)
        oldest.kill(signal.SIGTERM)
        assert await oldest.ended() == 0
        assert not held_by_the_gone(fleet), "what a process that left had to deliver is not waited for"
        bots.append(await fleet.start())
        fleet.again(bots[0])
    await fleet.until(lambda: not fleet.unanswered)
    await settled(fleet)
    check(fleet, 240)


async def test_one_process_holds_a_platforms_only_connection(fleet: Fleet) -> None:
    first = await fleet.start()
    second = await fleet.start()
    await fleet.until(lambda: first.listening)
    assert not second.listening
    first.kill()
    await fleet.until(lambda: second.listening)


async def test_a_process_that_hangs_is_taken_over_and_lets_go_when_it_wakes(fleet: Fleet) -> None:
    first = await fleet.start()
    second = await fleet.start()
    await fleet.until(lambda: first.listening)
    speak(fleet, 0, 40, [first, second], Random(3))
    await fleet.until(lambda: not fleet.unanswered)
    first.kill(signal.SIGSTOP)
    speak(fleet, 40, 40, [first, second], Random(5))
    await fleet.until(lambda: second.listening)
    fleet.again(second)
    first.kill(signal.SIGCONT)
    await fleet.until(lambda: not first.listening and not fleet.unanswered)
    assert second.listening
    await settled(fleet)
    check(fleet, 80)


async def test_order_is_kept_within_a_chat(fleet: Fleet) -> None:
    bots = [await fleet.start() for _ in range(2)]
    for number in range(120):
        chat = number % 4
        fleet.say(f"k{number}", CHATS[chat], f"/任务 第 {number} 件事情要做完", bots[chat % 2])
    await fleet.until(lambda: not fleet.unanswered)
    await settled(fleet)
    for chat in range(4):
        said = [
            parcel["words"] for parcel in fleet.delivered() if parcel["chat"] == CHATS[chat] and "第" in parcel["words"]
        ]
        assert [int(words.split("第 ")[1].split(" ")[0]) for words in said] == list(range(chat, 120, 4))
    check(fleet, 120)


@pytest.mark.parametrize(("mode", "wanted"), [("会签", 20), ("或签", 1)])
async def test_fifty_presses_in_three_processes_give_one_outcome(fleet: Fleet, mode: str, wanted: int) -> None:
    """Twenty people, two or three presses each, every press in another process than the one before."""
    bots = [await fleet.start() for _ in range(3)]
    people = [f"审批人{n}" for n in range(20)]
    fleet.say("ask", "群", f"/审批 预算追加3万元 {mode}", bots[0], who="张三", named=people)
    await fleet.until(lambda: not fleet.unanswered)
    for number in range(50):
        button = ("approval.yes", "1", "1")
        fleet.press(f"p{number}", "群", people[number % 20], button, bots[number % 3])
    await fleet.until(lambda: not fleet.unanswered)
    await settled(fleet)
    outcomes = [parcel["words"] for parcel in fleet.delivered() if parcel["words"].startswith("✅ P1")]
    assert len(outcomes) == 1
    assert fleet.rows("SELECT state FROM approval") == [("approved",)]
    assert fleet.rows("SELECT count(*) FROM approval_vote") == [(wanted,)]
    assert len(fleet.toasts) == 51
    said = Counter(fleet.toasts[f"p{number}"][:3] for number in range(50))
    assert said["已同意"] == wanted
    assert said.total() == 50
    assert set(said) == {"已同意", "你已于"} | ({"已由 "} if mode == "或签" else set())
