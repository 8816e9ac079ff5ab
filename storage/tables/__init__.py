"""Schema and constraints only. Importing this package declares every table on ``SQLModel.metadata``."""

from sqlmodel import SQLModel

from storage.tables import collation

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""Constraints need names before a later migration can change them; set before the first table is declared."""

from storage.tables import (  # noqa: E402
    approvals,
    audit,
    checks,
    customers,
    daily,
    declared,
    deeds,
    failed,
    handover,
    imports,
    insight,
    leave,
    mail,
    notices,
    parts,
    people,
    plan,
    quota,
    repeats,
    road,
    saved,
    templates,
    time,
    work,
)

declared.make_tables()

__all__ = [
    "approvals",
    "audit",
    "checks",
    "collation",
    "customers",
    "daily",
    "declared",
    "deeds",
    "failed",
    "handover",
    "imports",
    "insight",
    "leave",
    "mail",
    "notices",
    "parts",
    "people",
    "plan",
    "quota",
    "repeats",
    "road",
    "saved",
    "templates",
    "time",
    "work",
]
