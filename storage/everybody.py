"""Everybody whose name may stand in what a project wrote, also of those who left it."""

from __future__ import annotations

from sqlalchemy import BigInteger, bindparam, select, union

from storage.statement import Statement, columns
from storage.tables.daily import DailyRow
from storage.tables.people import ChatPerson, ChatRow, Member, PersonRow
from storage.tables.work import TaskRow
from storage.transaction import Tx

_project = bindparam("project", type_=BigInteger)
_people = union(
    select(columns(Member).person_id).where(columns(Member).project_id == _project),
    select(columns(ChatPerson).person_id)
    .join(ChatRow, columns(ChatRow).id == columns(ChatPerson).chat_id)
    .where(columns(ChatRow).project_id == _project),
    select(columns(TaskRow).owner_id).where(columns(TaskRow).project_id == _project),
    select(columns(TaskRow).creator_id).where(columns(TaskRow).project_id == _project),
    select(columns(DailyRow).person_id).where(columns(DailyRow).project_id == _project),
).subquery("one")
_named = Statement(
    select(columns(PersonRow).id, columns(PersonRow).name)
    .join(_people, _people.c.person_id == columns(PersonRow).id)
    .order_by(columns(PersonRow).id)
)


def everybody(tx: Tx, project_id: int) -> list[tuple[int, str]]:
    """(number, name), by number: members, whoever was seen in its chats, has or made a task, or reported."""
    return [(number, name) for number, name in tx.rows(_named, project=project_id)]
