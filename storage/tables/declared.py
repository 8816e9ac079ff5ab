"""What every table is: declared with SQLModel, moved with Core.

Rows leave as frozen dataclasses, so nothing is ever mapped to objects or validated on its way: the mappers and the
validators of sixty tables are not made, which is a third of what declaring them costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sqlalchemy.ext.declarative import DeferredReflection
from sqlmodel import SQLModel

if TYPE_CHECKING:
    from sqlalchemy import Table


class Declared(DeferredReflection, SQLModel):
    """``class Thing(Declared, table=True)``. In a statement the class stands for its table."""

    __table__: ClassVar[Table]
    model_config = {"defer_build": True}

    @classmethod
    def __clause_element__(cls) -> Table:
        return cls.__table__
