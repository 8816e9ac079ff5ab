"""What every table is: declared with SQLModel, moved with Core.

Rows leave as frozen dataclasses, so nothing is ever mapped to objects or validated on its way: the mappers and the
validators of sixty tables are not made, which is half of what declaring them costs.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import String, Table
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

TEXT = String()
"""SQLModel's own string type differs on MySQL only, and makes a class for every column it is compared in."""


class Declared(SQLModel):
    """``class Thing(Declared, table=True)``. In a statement the class stands for its table."""

    __table__: ClassVar[Table]
    model_config = {"defer_build": True}

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        cls.__abstract__ = True  # SQLAlchemy's word for a class that is not to be mapped

    @classmethod
    def __clause_element__(cls) -> Table:
        return cls.__table__


def make_tables() -> None:
    """Once all are declared."""
    for model in Declared.__subclasses__():
        columns = [vars(model)[name] for name in model.model_fields]
        for name, column in zip(model.model_fields, columns, strict=True):
            column.name = column.key = name
            if isinstance(column.type, AutoString):
                column.type = TEXT
        arguments = getattr(model, "__table_args__", ())
        model.__table__ = Table(str(model.__tablename__), SQLModel.metadata, *columns, *arguments)
        model.model_fields.clear()  # all that was said of them is in the columns: 0.5 MB
