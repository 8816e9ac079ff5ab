"""Values that nobody changes, made and stored at a fraction of the price."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


def _repr(self: Any) -> str:
    told = ", ".join([f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr])
    return f"{type(self).__qualname__}({told})"


def _eq(self: Any, other: Any) -> bool:
    return bool(self._compared(self) == other._compared(other)) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(self._compared(self))


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """As ``@dataclass(frozen=True, slots=True)``, but that the type checker alone keeps it from being changed.

    The standard library's way goes through ``object.__setattr__`` for each field, and orjson asks for each slot by
    name: a card made and written as JSON costs an eighth of that. And what tells, compares and hashes a value is one
    for all of them, not compiled for each of 250 classes: 1 MB.
    """
    made = dataclass(repr=False, eq=False)(cls)
    compared = [each.name for each in fields(made) if each.compare]  # type: ignore[arg-type]
    own = {"_compared": attrgetter(*compared or ["__class__"]), "__repr__": _repr, "__eq__": _eq, "__hash__": _hash}
    for name, value in own.items():
        if vars(made).get(name) is None:
            setattr(made, name, value)
    return made
