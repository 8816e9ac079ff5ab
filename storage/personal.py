"""What the books hold about one person: all of it to read, and all of it that can go when they want it gone.

History stays true without saying who: the person goes on as a number. Rows of the audit log stay, their details go.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import orjson
from sqlalchemy import BigInteger, BindParameter, String, Table, bindparam, delete, null, or_, select, update
from sqlmodel import SQLModel

from storage.statement import Statement, columns, position
from storage.tables.approvals import ApprovalDelegate
from storage.tables.audit import Audit
from storage.tables.daily import Away, BlockerRow, DailyRow, DailyVersion
from storage.tables.failed import FailedThing
from storage.tables.mail import MailRow, MailWaiting
from storage.tables.people import ChatPerson, ChatRow, Identity, PersonRow
from storage.tables.road import Draft, Outbox, Question
from storage.transaction import Tx

FORMAT = 1
_WHO = frozenset({
    "person_id", "owner_id", "creator_id", "actor_id", "requester_id", "asker_id", "helper_id", "verifier_id",
    "giver_id", "taker_id", "maker_id", "delegate_id", "stands_for", "created_by", "made_by", "answered_by",
    "closed_by", "chosen_by", "owner_by", "verifier_by", "by",
})  # fmt: skip
"""Columns that hold a person's number, whatever the table."""
_NOT_SHOWN = frozenset({("mail", "code")})
PERSONS, DAILY, VERSIONS, BLOCKERS = columns(PersonRow), columns(DailyRow), columns(DailyVersion), columns(BlockerRow)
_me: BindParameter[int] = bindparam("person", type_=BigInteger)
_theirs = select(DAILY.id).where(DAILY.person_id == _me)
_ASKED = SQLModel.metadata.tables["asked"]
_erase = (
    Statement(delete(MailRow).where(columns(MailRow).person_id == _me)),
    Statement(delete(MailWaiting).where(columns(MailWaiting).person_id == _me)),
    Statement(delete(ChatPerson).where(columns(ChatPerson).person_id == _me)),
    Statement(delete(Away).where(columns(Away).person_id == _me)),
    Statement(delete(Question).where(columns(Question).person_id == _me)),
    Statement(delete(Draft).where(columns(Draft).person_id == _me)),
    Statement(
        delete(ApprovalDelegate).where(
            or_(columns(ApprovalDelegate).person_id == _me, columns(ApprovalDelegate).delegate_id == _me)
        )
    ),
    Statement(
        update(DailyVersion).where(VERSIONS.daily_id.in_(_theirs)).values(done="", plan="", blocked="", change="")
    ),
    Statement(
        update(DailyRow)
        .where(DAILY.person_id == _me)
        .values(done="", plan="", blocked="", reason="", platform="", message_id="")
    ),
    Statement(update(BlockerRow).where(BLOCKERS.person_id == _me).values(words="—")),
    Statement(update(_ASKED).where(_ASKED.c.person_id == _me).values(answer="")),
    Statement(update(Audit).where(columns(Audit).person_id == _me).values(detail=null())),
    Statement(delete(Identity).where(columns(Identity).person_id == _me)),
)
_call = Statement(
    update(PersonRow)
    .where(PERSONS.id == _me)
    .values(name=bindparam("called"), locale="", zone="", country="", project_id=null())
)
_failures = Statement(
    delete(FailedThing).where(
        columns(FailedThing).platform == bindparam("on"),
        position(columns(FailedThing).body, bindparam("named", type_=String)) > 0,
    )
)
"""Things kept whole because they could not be handled, that the person said or is named in."""
_letters = Statement(
    delete(Outbox).where(
        columns(Outbox).platform == bindparam("on"),
        columns(Outbox).chat == bindparam("ext"),
        columns(Outbox).kind == "direct",
    )
)
_chat = Statement(
    update(ChatRow)
    .where(columns(ChatRow).id == bindparam("chat"), columns(ChatRow).kind == "direct")
    .values(external_id=bindparam("to"), name="", state="removed")
)


def called(person: int) -> str:
    """What history calls somebody who is gone."""
    return f"已离开成员#{person}"


def document(tx: Tx, person: int) -> str:
    """JSON: {"format": 1, table: [row as {column: value}]}: every row that names the person; codes are left out."""
    content: dict[str, object] = {"format": FORMAT}
    for name, (names, statement) in sorted(_statements().items()):
        rows = tx.rows(statement, person=person)
        if rows:
            content[name] = [dict(zip(names, row, strict=True)) for row in rows]
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode()


def erase(tx: Tx, person: int, addresses: Sequence[tuple[str, str]]) -> None:
    """addresses: (platform, the person's id there). Memberships and open work are the caller's to end first."""
    for platform, external in addresses:
        tx.run(_letters, on=platform, ext=external)
        tx.run(_failures, on=platform, named=orjson.dumps(external).decode())
    for statement in _erase:
        tx.run(statement, person=person)
    tx.run(_call, person=person, called=called(person))


def forget_chat(tx: Tx, chat: int) -> None:
    """A direct chat keeps no sign of whose it was."""
    tx.run(_chat, chat=chat, to=f"erased:{chat}")


@cache
def _statements() -> dict[str, tuple[tuple[str, ...], Statement]]:
    found: dict[str, tuple[tuple[str, ...], Statement]] = {}
    for table in SQLModel.metadata.sorted_tables:
        who = [column for column in table.c if column.name in _WHO]
        if who:
            found[str(table.name)] = _shown(table, or_(*(column == _me for column in who)))
    person, versions = SQLModel.metadata.tables["person"], SQLModel.metadata.tables["daily_version"]
    found["person"] = _shown(person, person.c.id == _me)
    found["daily_version"] = _shown(versions, versions.c.daily_id.in_(_theirs))
    return found


def _shown(table: Table, which: object) -> tuple[tuple[str, ...], Statement]:
    shown = [column for column in table.c if (str(table.name), column.name) not in _NOT_SHOWN]
    core = select(*shown).where(which).order_by(*table.primary_key.columns)  # type: ignore[arg-type]
    return tuple(str(column.name) for column in shown), Statement(core)
