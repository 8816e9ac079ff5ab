"""Values compare, hash and tell themselves by their fields, as dataclasses do."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

import pytest

from chat.frozen import frozen
from storage.lazy import lazy


@frozen
class Door:
    house: str
    number: int = 1
    key: str = field(default="", repr=False)
    seen: int = field(default=0, compare=False)

    @lazy
    def sign(self) -> str:
        return f"{self.house} {self.number}"


@frozen
class Gate(Door):
    wide: bool = False


@frozen
class One:
    name: str


@frozen
class Nothing:
    pass


@frozen
class Told:
    name: str

    def __repr__(self) -> str:
        return "told"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Told)


@dataclass(unsafe_hash=True)
class Plain:
    house: str
    number: int = 1
    key: str = field(default="", repr=False)
    seen: int = field(default=0, compare=False)


@pytest.mark.parametrize("other", [Door("A"), Door("A", seen=3), Door("A", key=""), replace(Door("B"), house="A")])
def test_equal_values_are_one_in_a_set(other):
    assert other == Door("A")
    assert len({other, Door("A")}) == 1


@pytest.mark.parametrize("other", [Door("B"), Door("A", 2), Door("A", key="k"), Gate("A"), Plain("A"), "A", None])
def test_other_values_are_other(other):
    assert other != Door("A")
    assert len({other, Door("A")}) == 2


def test_what_was_worked_out_counts_for_nothing():
    door = Door("A")
    before = hash(door)
    assert door.sign == "A 1"
    assert door == Door("A")
    assert hash(door) == before


def test_it_tells_what_a_dataclass_tells():
    assert repr(Door("A", 2, "secret", 3)) == repr(Plain("A", 2, "secret", 3)).replace("Plain", "Door")
    assert repr(Gate("A", wide=True)) == "Gate(house='A', number=1, seen=0, wide=True)"
    assert [each.name for each in fields(Gate)] == ["house", "number", "key", "seen", "wide"]


def test_one_field_or_none():
    assert One("a") == One("a") != One("b")
    assert len({One("a"), One("a")}) == 1
    assert Nothing() == Nothing()
    assert len({Nothing(), Nothing()}) == 1
    assert repr(Nothing()) == "Nothing()"


def test_what_a_class_says_itself_stays():
    assert repr(Told("x")) == "told"
    assert Told("x") == Told("y")
