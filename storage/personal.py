"""What the books hold about one person, and can go when they want it gone. To be read, it is ``storage.personal_file``.

History stays true without saying who: the person goes on as a number. Rows of the audit log stay, their details go.
"""

from __future__ import annotations

import orjson
from sqlalchemy import BigInteger, BindParameter, String, bindparam, delete, null, or_, select, update
from sqlmodel import SQLModel

from chat.ports import MAIL
from storage.erasing import SHORTEST, Gone
from storage.statement import Statement, columns, position
from storage.tables.approvals import ApprovalDelegate
from storage.tables.audit import Audit
from storage.tables.daily import Away, BlockerRow, DailyRow, DailyVersion
from storage.tables.deeds import DeedRow
from storage.tables.failed import FailedThing
from storage.tables.leave import LeaveImport
from storage.tables.mail import MailRow, MailWaiting
from storage.tables.notices import Notice
from storage.tables.parts import PartRow
from storage.tables.people import ChatPerson, ChatRow, Identity, PersonRow, Project
from storage.tables.road import Draft, Outbox, Question, Schedule
from storage.tables.saved import SavedRow
from storage.tables.time import MuteRow, PushRow, WarningRow
from storage.tables.work import TaskEvent
from storage.transaction import Tx

MOST_VERSIONS = 1000
"""Newest reports whose words are looked for in messages; those are kept for 400 days at most."""
PERSONS, DAILY, VERSIONS, BLOCKERS = columns(PersonRow), columns(DailyRow), columns(DailyVersion), columns(BlockerRow)
_me: BindParameter[int] = bindparam("person", type_=BigInteger)
_theirs = select(DAILY.id).where(DAILY.person_id == _me)
_ASKED = SQLModel.metadata.tables["asked"]
_erase = (
    Statement(delete(MailRow).where(columns(MailRow).person_id == _me)),
    Statement(delete(MailWaiting).where(columns(MailWaiting).person_id == _me)),
    Statement(delete(ChatPerson).where(columns(ChatPerson).person_id == _me)),
    Statement(delete(Away).where(columns(Away).person_id == _me)),
    Statement(delete(LeaveImport).where(columns(LeaveImport).person_id == _me)),
    Statement(delete(Question).where(columns(Question).person_id == _me)),
    Statement(delete(Draft).where(columns(Draft).person_id == _me)),
    Statement(delete(DeedRow).where(columns(DeedRow).person_id == _me)),
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
    Statement(update(BlockerRow).where(BLOCKERS.answered_by == _me).values(answer="")),
    Statement(update(TaskEvent).where(columns(TaskEvent).actor_id == _me).values(message_id="")),
    Statement(delete(MuteRow).where(columns(MuteRow).person_id == _me)),
    Statement(delete(SavedRow).where(columns(SavedRow).person_id == _me)),
    Statement(delete(PartRow).where(columns(PartRow).person_id == _me)),
    Statement(delete(PushRow).where(columns(PushRow).person_id == _me)),
    Statement(update(_ASKED).where(_ASKED.c.person_id == _me).values(answer="")),
    Statement(update(Audit).where(columns(Audit).person_id == _me).values(detail=null())),
    Statement(delete(Identity).where(columns(Identity).person_id == _me)),
)
_call = Statement(
    update(PersonRow)
    .where(PERSONS.id == _me)
    .values(name=bindparam("called"), locale="", zone="", country="", project_id=null(), left_at=null())
)
_failures = Statement(
    delete(FailedThing).where(
        columns(FailedThing).platform == bindparam("on"),
        position(columns(FailedThing).body, bindparam("named", type_=String)) > 0,
    )
)
"""Things kept whole because they could not be handled, that the person said or is named in."""
CHATS = columns(ChatRow)
_own_chats = Statement(
    select(CHATS.id, CHATS.platform, CHATS.external_id)
    .join(ChatPerson, columns(ChatPerson).chat_id == CHATS.id)
    .where(columns(ChatPerson).person_id == _me, CHATS.kind == "direct")
    .order_by(CHATS.id)
)
_addresses = Statement(
    select(columns(Identity).platform, columns(Identity).external_id).where(columns(Identity).person_id == _me)
)
_mail = Statement(select(columns(MailRow).address).where(columns(MailRow).person_id == _me))
_letters = Statement(
    delete(Outbox).where(columns(Outbox).platform == bindparam("on"), columns(Outbox).chat == bindparam("ext"))
)
_chat = Statement(
    update(ChatRow)
    .where(CHATS.id == bindparam("chat"), CHATS.kind == "direct")
    .values(external_id=bindparam("to"), name="", state="removed")
)
_told = Statement(delete(Notice).where(columns(Notice).whom == bindparam("whom")))
_warned = Statement(delete(WarningRow).where(columns(WarningRow).scope == "person", columns(WarningRow).subject == _me))
_planned = Statement(
    delete(Schedule).where(columns(Schedule).owner == bindparam("whom"), columns(Schedule).kind != "person.gone")
)
"""What waits for them is still handed on by that one."""
_own_project = Statement(
    update(Project)
    .where(columns(Project).created_by == _me, columns(Project).name == bindparam("named"))
    .values(name=bindparam("called"))
)
"""The one that a direct chat began with is called as they were."""
_worded = (
    Statement(
        select(VERSIONS.done, VERSIONS.plan, VERSIONS.blocked)
        .where(VERSIONS.daily_id.in_(_theirs))
        .order_by(VERSIONS.at.desc())
        .limit(MOST_VERSIONS)
    ),
    Statement(select(DAILY.done, DAILY.plan, DAILY.blocked, DAILY.reason).where(DAILY.person_id == _me)
              .order_by(DAILY.day.desc()).limit(MOST_VERSIONS)),
    Statement(select(BLOCKERS.words).where(BLOCKERS.person_id == _me)
              .order_by(BLOCKERS.id.desc()).limit(MOST_VERSIONS)),
    Statement(select(BLOCKERS.answer).where(BLOCKERS.answered_by == _me)),
    Statement(select(_ASKED.c.answer).where(_ASKED.c.person_id == _me)),
)  # fmt: skip
"""What they said that is erased: it also stands in messages as they were sent."""
_name = Statement(select(PERSONS.name).where(PERSONS.id == _me))


def called(person: int) -> str:
    """What history calls somebody who is gone."""
    return f"已离开成员#{person}"


def erase(tx: Tx, person: int) -> Gone:
    """What may go at once; the rest (``storage.erasing``) is about who this returns.

    Memberships and open work are the caller's to end first.
    """
    name, number = str(tx.value(_name, person=person) or ""), called(person)
    chats = tx.rows(_own_chats, person=person)
    letters = [(MAIL, address) for (address,) in tx.rows(_mail, person=person)]
    people = [(platform, external) for platform, external in tx.rows(_addresses, person=person)]
    words = _said(tx, person)
    everywhere = [*people, *letters, *((platform, external) for _, platform, external in chats)]
    for platform, external in everywhere:
        tx.run(_letters, on=platform, ext=external)
        tx.run(_failures, on=platform, named=orjson.dumps(external).decode())
    for whom in (f"person:{person}", *(f"mail:{address}" for _, address in letters)):
        tx.run(_told, whom=whom)
    tx.run(_planned, whom=f"person:{person}")
    tx.run(_warned, person=person)
    tx.run(_own_project, person=person, named=name, called=number)
    for chat, _, _ in chats:
        tx.run(_chat, chat=chat, to=f"erased:{chat}")
    for statement in _erase:
        tx.run(statement, person=person)
    tx.run(_call, person=person, called=number)
    return Gone(name, number, tuple(everywhere), words)


def _said(tx: Tx, person: int) -> tuple[str, ...]:
    """Whole and line by line, the longest first: a digest may show either."""
    whole = {words for statement in _worded for row in tx.rows(statement, person=person) for words in row}
    parts = {line.strip() for words in whole for line in words.splitlines()}
    return tuple(sorted((each for each in whole | parts if len(each) >= SHORTEST), key=len, reverse=True))
