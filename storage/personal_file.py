"""All that the books hold about one person, to be read by them.

Whatever column points to a person is found by itself; what names them in another way is listed here. Of rows about
several people the others are left out.
"""

from __future__ import annotations

from functools import cache

import orjson
from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    String,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlmodel import SQLModel

from storage.statement import Statement, columns, position
from storage.tables.daily import DailyRow
from storage.tables.people import ChatPerson, Member
from storage.transaction import Tx

FORMAT = 2
WHO = frozenset({
    "person_id", "owner_id", "creator_id", "actor_id", "requester_id", "asker_id", "helper_id", "verifier_id",
    "giver_id", "taker_id", "maker_id", "delegate_id", "stands_for", "created_by", "made_by", "answered_by",
    "closed_by", "chosen_by", "owner_by", "verifier_by", "by",
})  # fmt: skip
"""Columns that hold a person's number, whatever the table."""
_NOT_SHOWN = frozenset({("mail", "code"), ("collection", "asked"), ("alarm", "told"), ("decision", "choosers")})
"""A secret; lists of other people."""
_TABLES = SQLModel.metadata.tables
_me: BindParameter[int] = bindparam("person", type_=BigInteger)
_number: BindParameter[str] = bindparam("number", type_=String)


def document(tx: Tx, person: int) -> str:
    """JSON: {"format": 2, table: [row as {column: value}]}: every row that names the person; codes are left out."""
    content: dict[str, object] = {"format": FORMAT}
    for name, (names, statement) in sorted(statements().items()):
        rows = tx.rows(statement, person=person, number=str(person))
        if rows:
            content[name] = [dict(zip(names, row, strict=True)) for row in rows]
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode()


@cache
def statements() -> dict[str, tuple[tuple[str, ...], Statement]]:
    """{table: (the columns shown, what reads them)}."""
    found: dict[str, tuple[tuple[str, ...], Statement]] = {}
    other = _otherwise()
    for table in SQLModel.metadata.sorted_tables:
        conditions = [column == _me for column in table.c if column.name in WHO]
        conditions += [other[table.name]] if table.name in other else []
        if conditions:
            found[str(table.name)] = _shown(table, or_(*conditions))
    return found


def _otherwise() -> dict[str, ColumnElement[bool]]:
    """Rows that name somebody neither by a column of ``WHO``."""
    whom = literal("person:").concat(_number)
    members, seen, dailies = columns(Member), columns(ChatPerson), columns(DailyRow)
    daily, chat, warning = _TABLES["daily_version"].c, _TABLES["chat"].c, _TABLES["warning"].c
    task, milestone, audit = _TABLES["task_event"].c, _TABLES["milestone_event"].c, _TABLES["audit"].c
    collection, alarm, schedule = _TABLES["collection"].c, _TABLES["alarm"].c, _TABLES["schedule"].c
    return {
        "person": _TABLES["person"].c.id == _me,
        "daily_version": exists().where(dailies.id == daily.daily_id, dailies.person_id == _me),
        "chat": and_(chat.kind == "direct", exists().where(seen.chat_id == chat.id, seen.person_id == _me)),
        "warning": and_(warning.scope == "person", warning.subject == _me),
        "notice": _TABLES["notice"].c.whom == whom,
        "schedule": or_(schedule.owner == whom, schedule.owner.like(literal("own:%:").concat(_number))),
        "task_event": and_(task.field == "owner", or_(task.before == _number, task.after == _number)),
        "milestone_event": and_(
            or_(milestone.field == "owner", milestone.field == "verifier"),
            or_(milestone.before == _number, milestone.after == _number),
        ),
        "audit": position(audit.detail.concat(" "), literal("person ").concat(_number).concat(literal(":"))) == 1,
        "decision": _listed(_TABLES["decision"].c.choosers),
        "collection": and_(
            exists().where(members.project_id == collection.project_id, members.person_id == _me),
            _listed(collection.asked),
        ),
        "alarm": and_(
            exists().where(members.project_id == alarm.project_id, members.person_id == _me), _listed(alarm.told)
        ),
    }  # fmt: skip


def _listed(column: ColumnElement[str]) -> ColumnElement[bool]:
    """Is their number in this JSON list of numbers?"""
    plain = func.replace(func.replace(func.replace(column, " ", ""), "[", ","), "]", ",")
    return position(plain, literal(",").concat(_number).concat(",")) > 0


def _shown(table: Table, which: ColumnElement[bool]) -> tuple[tuple[str, ...], Statement]:
    shown = [column for column in table.c if (str(table.name), column.name) not in _NOT_SHOWN]
    core = select(*shown).where(which).order_by(*table.primary_key.columns)
    return tuple(str(column.name) for column in shown), Statement(core)
