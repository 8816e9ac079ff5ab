"""Values that nobody changes, made and stored at a fraction of the price."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """As ``@dataclass(frozen=True, slots=True)``, but that the type checker alone keeps it from being changed.

    The standard library's way goes through ``object.__setattr__`` for each field, and orjson asks for each slot by
    name: a card made and written as JSON costs an eighth of that.
    """
    return dataclass(unsafe_hash=True)(cls)
