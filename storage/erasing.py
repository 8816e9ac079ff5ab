"""Who is gone is still named in copies: messages as they were sent, answers to presses, cards kept as evidence.

There their name becomes a number, some rows at a time, so that nobody has to wait for it. In what people wrote
themselves it does so where it was addressed (``@name``); anything else there is its writer's word.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson
from sqlalchemy import String, and_, bindparam, delete, func, literal, null, or_, select, update
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from chat.frozen import frozen
from storage.statement import Statement, columns, position
from storage.tables.approvals import ApprovalShown
from storage.tables.audit import Audit
from storage.tables.daily import Collection
from storage.tables.failed import FailedThing
from storage.tables.imports import ImportRow
from storage.tables.road import Draft, Inbox, Lane, Outbox, Question
from storage.transaction import Tx

CHUNK = 2000
"""Messages looked at in one transaction."""
SHORTEST = 2
"""Characters of words that are looked for: a single one would be found anywhere."""
OUTBOX, INBOX, SHOWN, LANES = columns(Outbox), columns(Inbox), columns(ApprovalShown), columns(Lane)
IMPORTS, DRAFTS, QUESTIONS = columns(ImportRow), columns(Draft), columns(Question)
_name = bindparam("named", type_=String)
_id = bindparam("called_there", type_=String)
_last = Statement(select(func.max(OUTBOX.id)))
_answered = and_(OUTBOX.platform == bindparam("on"), OUTBOX.asker == bindparam("ext"))
_carries = position(OUTBOX.body, literal('"kind":"attachment"')) > 0
_messages = Statement(
    select(OUTBOX.id, OUTBOX.body)
    .where(OUTBOX.id > bindparam("after"), OUTBOX.id <= bindparam("upto"))
    .where(or_(position(OUTBOX.body, _name) > 0, position(OUTBOX.body, _id) > 0, _answered, _carries))
    .order_by(OUTBOX.id)
)
"""Those that name them, answered them, or carry a file: in somebody's own file their words may stand without a name."""
_message = Statement(update(Outbox).where(OUTBOX.id == bindparam("row")).values(body=bindparam("to_body")))
_askers = Statement(
    update(Outbox)
    .where(OUTBOX.id > bindparam("after"), OUTBOX.id <= bindparam("upto"))
    .where(_answered)
    .values(asker="")
)
_letters = Statement(
    delete(Outbox).where(
        OUTBOX.platform == bindparam("on"), OUTBOX.chat == bindparam("ext"), OUTBOX.id <= bindparam("upto"),
    )
)  # fmt: skip
_lanes = Statement(delete(Lane).where(LANES.platform == bindparam("on"), LANES.chat == bindparam("ext")))
_answers = Statement(
    select(INBOX.key, INBOX.answer)
    .where(INBOX.answer.is_not(None))
    .where(or_(position(INBOX.answer, _name) > 0, position(INBOX.answer, _id) > 0))
)
_answer = Statement(update(Inbox).where(INBOX.key == bindparam("row")).values(answer=bindparam("to_body")))
_evidence = Statement(
    update(ApprovalShown)
    .where(or_(position(SHOWN.words, _name) > 0, position(SHOWN.english, _name) > 0))
    .values(
        words=func.replace(SHOWN.words, _name, bindparam("number", type_=String)),
        english=func.replace(SHOWN.english, _name, bindparam("number", type_=String)),
    )
)
_notes = Statement(
    update(Collection)
    .where(position(columns(Collection).note, _name) > 0)
    .values(note=func.replace(columns(Collection).note, _name, bindparam("number", type_=String)))
)
_details = Statement(update(Audit).where(position(columns(Audit).detail, _name) > 0).values(detail=null()))
_imported = Statement(select(IMPORTS.batch, IMPORTS.number, IMPORTS.body).where(position(IMPORTS.body, _name) > 0))
_import = Statement(
    update(ImportRow)
    .where(IMPORTS.batch == bindparam("first"), IMPORTS.number == bindparam("second"))
    .values(body=bindparam("to_body"))
)
_failures = Statement(
    delete(FailedThing).where(
        or_(position(columns(FailedThing).body, _name) > 0, position(columns(FailedThing).body, _id) > 0)
    )
)
_drafts = Statement(delete(Draft).where(or_(position(DRAFTS.subject, _name) > 0, position(DRAFTS.subject, _id) > 0)))
_questions = Statement(delete(Question).where(position(QUESTIONS.subject, _name) > 0))


_HANDLED = frozenset({"outbox", "inbox", "audit", "failed_thing", "draft", "question", "schedule", "person"})
"""Tables that are gone through in a way of their own, or name nobody."""


@cache
def _tables() -> list[tuple[Statement, ...]]:
    """One by one: every text that somebody may have written."""
    return [
        tuple(
            Statement(
                update(table)
                .where(position(column, _name) > 0)
                .values({column: func.replace(column, _name, bindparam("number", type_=String))})
            )
            for column in table.columns
            if isinstance(column.type, (String, AutoString)) and not column.primary_key
        )
        for table in SQLModel.metadata.sorted_tables
        if table.name not in _HANDLED
    ]


@frozen
class Gone:
    """``name``: as copies have it. ``number``: what it becomes. ``addresses``: (platform, the person or their chat).

    ``words``: what they reported and answered.
    """

    name: str
    number: str
    addresses: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(external for _, external in self.addresses)


def newest(tx: Tx) -> int:
    """The last message so far: what comes later knows the number only."""
    return int(tx.value(_last) or 0)


def messages(tx: Tx, gone: Gone, after: int, last: int) -> int:
    """Rename within the next messages behind ``after``; where to go on. ``last``: that was the last."""
    upto = min(after + CHUNK, last)
    found: dict[int, str] = {}
    for platform, external in gone.addresses or (("", gone.name),):
        there = {"named": _in_json(gone.name), "called_there": _quoted(external), "on": platform, "ext": external}
        found.update(tx.rows(_messages, after=after, upto=upto, **there))
    for row, body in found.items():
        tx.run(_message, row=row, to_body=_written(body, gone))
    for platform, external in gone.addresses:
        tx.run(_askers, on=platform, ext=external, after=after, upto=upto)
    return upto


def addressed(tx: Tx, gone: Gone, part: int) -> bool:
    """In what people wrote, one table at a time. False: that was the last."""
    tables = _tables()
    for statement in tables[part]:
        tx.run(statement, named=f"@{gone.name}", number=f"@{gone.number}")
    return part + 1 < len(tables)


def the_rest(tx: Tx, gone: Gone, last: int) -> None:
    """Everywhere else; and what was said to them alone, until a moment ago."""
    for platform, external in gone.addresses:
        tx.run(_letters, on=platform, ext=external, upto=last)
        tx.run(_lanes, on=platform, ext=external)
    for key, answer in _found(tx, _answers, gone):
        tx.run(_answer, row=key, to_body=_written(answer, gone))
    for batch, number, body in tx.rows(_imported, named=_in_json(gone.name)):
        tx.run(_import, first=batch, second=number, to_body=orjson.dumps(_exactly(orjson.loads(body), gone)).decode())
    tx.run(_evidence, named=gone.name, number=gone.number)
    tx.run(_notes, named=gone.name, number=gone.number)
    tx.run(_details, named=gone.name)
    tx.run(_questions, named=_in_json(gone.name))
    for external in gone.ids or {gone.name}:
        tx.run(_failures, named=_in_json(gone.name), called_there=_quoted(external))
        tx.run(_drafts, named=_in_json(gone.name), called_there=_quoted(external))


def _found(tx: Tx, statement: Statement, gone: Gone, **where: int) -> list[tuple[Any, ...]]:
    """Rows that name them in any way, once."""
    rows: dict[Any, tuple[Any, ...]] = {}
    for external in gone.ids or {gone.name}:
        for row in tx.rows(statement, named=_in_json(gone.name), called_there=_quoted(external), **where):
            rows[row[0]] = row
    return list(rows.values())


def _written(body: str, gone: Gone) -> str:
    return orjson.dumps(_renamed(orjson.loads(body), gone)).decode()


def _renamed(node: Any, gone: Gone, said: bool = False) -> Any:
    """A stored card. ``said``: within what fills a sentence; sentences themselves, verbs and kinds name nobody."""
    if isinstance(node, list):
        return [_renamed(each, gone, said) for each in node]
    if isinstance(node, Mapping):
        sentence = "zh" in node and "en" in node
        return {
            key: _renamed(value, gone, key in ("data", "content", "value") or (said and not sentence))
            for key, value in node.items()
        }
    return _unsaid(node, gone) if isinstance(node, str) and said else node


def _unsaid(words: str, gone: Gone) -> str:
    """What fills a sentence, without them. Long words may have been cut short there."""
    if words in gone.ids:
        return ""
    for theirs in gone.words:
        if theirs in words:
            words = words.replace(theirs, "—")
        elif words.endswith("…") and len(words) > SHORTEST and theirs.startswith(words[:-1]):
            return "—"
    return words.replace(gone.name, gone.number)


def _exactly(node: Any, gone: Gone) -> Any:
    """What is nothing but their name."""
    if isinstance(node, list):
        return [_exactly(each, gone) for each in node]
    if isinstance(node, Mapping):
        return {key: _exactly(value, gone) for key, value in node.items()}
    return gone.number if isinstance(node, str) and node.strip().lstrip("@") == gone.name else node


def _in_json(words: str) -> str:
    return orjson.dumps(words).decode()[1:-1]


def _quoted(words: str) -> str:
    return orjson.dumps(words).decode()
