"""Forged and misshapen input: turned away or acknowledged, never obeyed, never fatal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.contract.platform import Platform

WRONG: tuple[Any, ...] = (None, 7, "", "x", [], {}, True, [None], {"x": None}, "\x00", -1, 1e308)


@pytest.mark.needs("signatures")
async def test_a_bad_signature_is_turned_away_and_floods_no_log(
    platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    turned_away = await platform.forged()
    assert turned_away
    assert all(turned_away)
    assert not platform.ledger.things
    assert [record.message for record in caplog.records].count("turned away") == 1


@pytest.mark.needs("wire")
async def test_strange_shapes_never_stop_the_link(platform: Platform) -> None:
    """Every value of a message in turn is missing, null or of a wrong type; after that a proper one is heard."""
    count = 0
    for path in await _paths(platform):
        for wrong in (*WRONG[count % len(WRONG) :][:3], ...):
            await platform.strange(_put(path, wrong))
        count += 1
    assert count > 5
    key = await platform.say("还在吗")
    await platform.acked(key)


@pytest.mark.needs("wire")
async def test_a_megabyte_of_text_is_taken_or_turned_away_and_the_next_message_is_heard(platform: Platform) -> None:
    def grow(event: Any) -> Any:
        for path in _walk(event, ()):
            if isinstance(_get(event, path), str) and "奇怪" in _get(event, path):
                return _put(path, _get(event, path).replace("奇怪", "奇" * 350_000))(event)
        return event

    await platform.strange(grow)
    key = await platform.say("还在吗")
    await platform.acked(key)


async def _paths(platform: Platform) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []

    def look(event: Any) -> Any:
        found.extend(_walk(event, ()))
        return event

    await platform.strange(look)
    return found


def _walk(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inside:
        yield (*path, name)
        yield from _walk(one, (*path, name))


def _get(value: Any, path: tuple[Any, ...]) -> Any:
    for name in path:
        value = value[name]
    return value


def _put(path: tuple[Any, ...], wrong: Any) -> Callable[[Any], Any]:
    """The event with ``wrong`` at ``path``; ``...``: with nothing there."""

    def change(event: Any) -> Any:
        *above, name = path
        place = _get(event, tuple(above))
        if wrong is ...:
            del place[name]
        else:
            place[name] = wrong
        return event

    return change
