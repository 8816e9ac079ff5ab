"""Approvals: asked once per round, voted once per seat, decided once by compare-and-set."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import String, Table, and_, bindparam, exists, func, null, or_, select, update

from chat.text import NOTHING, Text, read_text
from planning.approval import Choice, Mode
from storage.approval_sheet import ELSEWHERE, Approval, Said, Seat, Sheet, Step
from storage.statement import Statement, columns, inserting, moment, ms, position, upsert
from storage.tables.approvals import ApprovalEvent, ApprovalRow, ApprovalSeat, ApprovalVote
from storage.tables.people import PersonRow
from storage.transaction import Tx

ROWS = columns(ApprovalRow)
SEATS = columns(ApprovalSeat)
VOTES = columns(ApprovalVote)
EVENTS = columns(ApprovalEvent)
_PEOPLE: Table = PersonRow.__table__
_REQUESTERS = _PEOPLE.alias("requester")
_SITTERS = _PEOPLE.alias("sitter")
_REPLACED = _PEOPLE.alias("replaced")
_ACTORS = _PEOPLE.alias("actor")
_approvals = (
    select(
        ROWS.id, ROWS.project_id, ROWS.number, ROWS.chat_id, ROWS.requester_id, _REQUESTERS.c.name, ROWS.title,
        ROWS.detail, ROWS.mode, ROWS.round, ROWS.state, ROWS.opened_at, ROWS.deadline, ROWS.closed_at, ROWS.changes,
        _REQUESTERS.c.zone,
    )
    .select_from(ApprovalRow)
    .join(_REQUESTERS, _REQUESTERS.c.id == ROWS.requester_id)
)  # fmt: skip
_sits = exists().where(SEATS.approval_id == ROWS.id, SEATS.round == ROWS.round, SEATS.person_id == bindparam("person"))
_get = Statement(_approvals.where(ROWS.id == bindparam("approval")))
_numbered = Statement(_approvals.where(ROWS.project_id == bindparam("project"), ROWS.number == bindparam("n")))
_sitting = Statement(
    _approvals.join(ApprovalSeat, and_(SEATS.approval_id == ROWS.id, SEATS.round == ROWS.round))
    .where(SEATS.person_id == bindparam("person"), ROWS.state == "open")
    .distinct()
    .order_by(ROWS.deadline, ROWS.id)
)
_open_in = Statement(
    _approvals.where(ROWS.project_id == bindparam("project"), ROWS.state == "open").order_by(ROWS.deadline, ROWS.id)
)
_title = position(func.lower(ROWS.title.concat(" ").concat(ROWS.detail)), bindparam("word", type_=String))
_saying = Statement(
    _approvals.where(ROWS.project_id == bindparam("project"), _title > 0)
    .order_by(ROWS.number.desc()).limit(bindparam("most"))
)  # fmt: skip
_asked_by = Statement(
    _approvals.where(ROWS.requester_id == bindparam("person"), ROWS.state == "open").order_by(ROWS.deadline, ROWS.id)
)
_returned_to = Statement(
    _approvals.where(
        ROWS.requester_id == bindparam("person"), ROWS.state == "returned", ROWS.closed_at >= bindparam("since")
    ).order_by(ROWS.closed_at, ROWS.id)
)
_called = Statement(
    _approvals.where(ROWS.number == bindparam("n"), or_(_sits, ROWS.requester_id == bindparam("person"))).order_by(
        ROWS.id
    )
)
_seats = Statement(
    select(
        SEATS.seat, SEATS.person_id, _SITTERS.c.name, SEATS.stands_for, _REPLACED.c.name, SEATS.apart, _SITTERS.c.zone
    )
    .select_from(ApprovalSeat)
    .join(_SITTERS, _SITTERS.c.id == SEATS.person_id)
    .outerjoin(_REPLACED, _REPLACED.c.id == SEATS.stands_for)
    .where(SEATS.approval_id == bindparam("approval"), SEATS.round == bindparam("in_round"))
    .order_by(SEATS.place, SEATS.seat)
)
_VOTE = (
    VOTES.seat, VOTES.choice, VOTES.round, VOTES.person_id, _SITTERS.c.name, VOTES.reason, VOTES.at, VOTES.via,
    VOTES.platform, VOTES.message_id, VOTES.version, VOTES.shown,
)  # fmt: skip
_votes = Statement(
    select(*_VOTE)
    .select_from(ApprovalVote)
    .join(_SITTERS, _SITTERS.c.id == VOTES.person_id)
    .where(VOTES.approval_id == bindparam("approval"))
    .order_by(VOTES.id)
)
_history = Statement(
    select(EVENTS.round, EVENTS.what, EVENTS.detail, _ACTORS.c.name, EVENTS.at)
    .select_from(ApprovalEvent)
    .outerjoin(_ACTORS, _ACTORS.c.id == EVENTS.actor_id)
    .where(EVENTS.approval_id == bindparam("approval"))
    .order_by(EVENTS.id)
)
_add = Statement(inserting(ApprovalRow, "id").returning(ROWS.id))
_sit = Statement(inserting(ApprovalSeat))
_vote = Statement(
    upsert(ApprovalVote).values({c.name: bindparam(c.name) for c in VOTES if c.name != "id"}).on_conflict_do_nothing()
)
_close = Statement(
    update(ApprovalRow)
    .where(ROWS.id == bindparam("approval"), ROWS.round == bindparam("in_round"), ROWS.state == bindparam("from_state"))
    .values(state=bindparam("to_state"), closed_at=bindparam("when"))
)
_again = Statement(
    update(ApprovalRow)
    .where(ROWS.id == bindparam("approval"), ROWS.round == bindparam("in_round"))
    .values(
        title=bindparam("to_title"), detail=bindparam("to_detail"), mode=bindparam("to_mode"),
        deadline=bindparam("to_deadline"), opened_at=bindparam("when"), state="open", closed_at=null(),
        round=ROWS.round + 1, changes=bindparam("differs"),
    )
)  # fmt: skip
_seat_is = and_(
    SEATS.approval_id == bindparam("approval"), SEATS.round == bindparam("in_round"), SEATS.seat == bindparam("which")
)
_reseat = Statement(
    update(ApprovalSeat)
    .where(_seat_is)
    .values(person_id=bindparam("who"), stands_for=bindparam("whose"), apart=bindparam("is_apart"))
)
_apart = Statement(update(ApprovalSeat).where(_seat_is).values(apart=bindparam("is_apart")))
_note = Statement(inserting(ApprovalEvent, "id"))
_place = Statement(select(SEATS.place).where(_seat_is))
_top = Statement(
    select(func.max(SEATS.seat)).where(SEATS.approval_id == bindparam("approval"), SEATS.round == bindparam("in_round"))
)


class Approvals:
    """Approvals, changed by one thing (``key``) in the name of one actor."""

    def __init__(self, tx: Tx, key: str, actor: int | None, at: datetime) -> None:
        self._tx = tx
        self._key = key
        self._actor = actor
        self._at = ms(at)

    # --- reading ------------------------------------------------------------------------------------------------

    def get(self, approval_id: int) -> Approval | None:
        if (kept := self._tx.kept(_sheet_of(approval_id))) is not None:
            now: Approval = kept.approval
            return now
        row = self._tx.row(_get, approval=approval_id)
        return _read(row) if row else None

    def numbered(self, project_id: int, number: int) -> Approval | None:
        row = self._tx.row(_numbered, project=project_id, n=number)
        return _read(row) if row else None

    def called(self, number: int, person_id: int) -> list[Approval]:
        """With this number in any project, asked by this person or of them."""
        return [_read(row) for row in self._tx.rows(_called, n=number, person=person_id)]

    def sitting(self, person_id: int) -> list[Approval]:
        """Open ones with a seat of this person, whether it is their turn or not; the most urgent first."""
        return [_read(row) for row in self._tx.rows(_sitting, person=person_id)]

    def open_in(self, project_id: int) -> list[Approval]:
        """The most urgent first."""
        return [_read(row) for row in self._tx.rows(_open_in, project=project_id)]

    def saying(self, project_id: int, word: str, most: int) -> list[Approval]:
        """With this word in title or detail, newest first. ``word``: lower case."""
        return [_read(row) for row in self._tx.rows(_saying, project=project_id, word=word, most=most)]

    def asked_by(self, person_id: int) -> list[Approval]:
        """Open ones that this person wants."""
        return [_read(row) for row in self._tx.rows(_asked_by, person=person_id)]

    def returned_to(self, person_id: int, since: datetime) -> list[Approval]:
        """Sent back to this person since then, and neither changed nor withdrawn."""
        return [_read(row) for row in self._tx.rows(_returned_to, person=person_id, since=ms(since))]

    def sheet(self, approval: Approval) -> Sheet:
        """As it is now."""
        if (kept := self._tx.kept(_sheet_of(approval.id))) is not None:
            found: Sheet = kept
            return found
        row = self._tx.row(_get, approval=approval.id)
        assert row is not None
        now = _read(row)
        votes = [vote for vote in self.votes(now) if vote.round == now.round]
        sheet = Sheet(now, tuple(self.seats(now, now.round)), tuple(votes))
        self._tx.keep(_sheet_of(approval.id), sheet)  # fifty presses at once read it once
        return sheet

    def seats(self, approval: Approval, in_round: int) -> list[Seat]:
        """In order."""
        rows = self._tx.rows(_seats, approval=approval.id, in_round=in_round)
        return [
            Seat(seat, person, name, whose, whose_name or "", apart, zone)
            for seat, person, name, whose, whose_name, apart, zone in rows
        ]

    def votes(self, approval: Approval) -> list[Said]:
        """Of every round, in order."""
        return [
            Said(seat, choice, in_round, person, name, reason, moment(at), via, on, message, version, shown)
            for seat, choice, in_round, person, name, reason, at, via, on, message, version, shown in self._tx.rows(
                _votes, approval=approval.id
            )
        ]

    def history(self, approval: Approval) -> list[Step]:
        return [
            Step(in_round, what, detail, who or "", moment(at))
            for in_round, what, detail, who, at in self._tx.rows(_history, approval=approval.id)
        ]

    # --- asking -------------------------------------------------------------------------------------------------

    def add(
        self, project_id: int, number: int, chat_id: int, requester: int, title: str, detail: str, mode: Mode,
        deadline: datetime,
    ) -> Approval:  # fmt: skip
        approval_id = self._tx.value(
            _add, project_id=project_id, number=number, chat_id=chat_id, requester_id=requester, title=title,
            detail=detail, mode=mode.value, round=1, state="open", opened_at=self._at, deadline=ms(deadline),
            closed_at=None, changes="",
        )  # fmt: skip
        added = self.get(approval_id)
        assert added is not None
        self.note(added, "asked", title)
        return added

    def again(
        self, approval: Approval, title: str, detail: str, mode: Mode, deadline: datetime, what: str, changes: Text
    ) -> Approval:  # fmt: skip
        """A new round: whatever was said before is void. ``what``: changed or again; see ``note``.

        changes: what is different.
        """
        self._tx.change(_sheet_of(approval.id))
        self._tx.run(
            _again, approval=approval.id, in_round=approval.round, to_title=title, to_detail=detail,
            to_mode=mode.value, to_deadline=ms(deadline), when=self._at, differs=orjson.dumps(changes).decode(),
        )  # fmt: skip
        now = self.get(approval.id)
        assert now is not None
        self.note(now, what, title)
        return now

    def seat(
        self, approval: Approval, person_id: int, *, apart: int, stands_for: int | None = None, after: int = 0
    ) -> None:
        """One more seat, at the end, or right after seat ``after``."""
        self._tx.change(_sheet_of(approval.id))
        number = (self._tx.value(_top, approval=approval.id, in_round=approval.round) or 0) + 1
        place = float(number)
        if after:
            place = self._tx.value(_place, approval=approval.id, in_round=approval.round, which=after) + 1 / (
                1 + number
            )
        self._tx.run(
            _sit, approval_id=approval.id, round=approval.round, seat=number, place=place, person_id=person_id,
            stands_for=stands_for, apart=apart,
        )  # fmt: skip

    def hand_over(self, approval: Approval, seat: Seat, person_id: int, *, apart: int) -> None:
        """Somebody else sits there now; whose seat it was stays known."""
        self._tx.change(_sheet_of(approval.id))
        self._tx.run(
            _reseat, approval=approval.id, in_round=approval.round, which=seat.seat, who=person_id,
            whose=seat.stands_for or seat.person, is_apart=apart,
        )  # fmt: skip

    def set_apart(self, approval: Approval, seat: Seat) -> None:
        """They are not in the group any more."""
        self._tx.change(_sheet_of(approval.id))
        self._tx.run(_apart, approval=approval.id, in_round=approval.round, which=seat.seat, is_apart=ELSEWHERE)

    # --- deciding -----------------------------------------------------------------------------------------------

    def vote(
        self, approval: Approval, seat: Seat, choice: Choice, reason: str, *, via: str, platform: str, message_id: str,
        seen: tuple[int, str],
    ) -> bool:  # fmt: skip
        """False: somebody spoke for this seat before; that stands. The actor is who sits there.

        seen: version and hash of what they looked at.
        """
        version, shown = seen
        counted = self._tx.run(
            _vote, approval_id=approval.id, round=approval.round, seat=seat.seat, person_id=self._actor, choice=choice,
            reason=reason, at=self._at, via=via, platform=platform, message_id=message_id, version=version, shown=shown,
            key=self._key,
        ) == 1  # fmt: skip
        if counted and (kept := self._tx.kept(_sheet_of(approval.id))) is not None:
            said = Said(seat.seat, choice, approval.round, seat.person, seat.name, reason, moment(self._at), via,
                        platform, message_id, version, shown)  # fmt: skip
            self._tx.change(_sheet_of(approval.id), Sheet(kept.approval, kept.seats, (*kept.votes, said)))
        return counted

    def close(self, approval: Approval, state: str) -> bool:
        """Compare and set: only the first to close this round gets True, and may say so.

        What is open is closed; what was returned may be withdrawn.
        """
        before = "returned" if approval.state == "returned" and state == "withdrawn" else "open"
        done = self._tx.run(
            _close, approval=approval.id, in_round=approval.round, from_state=before, to_state=state, when=self._at
        ) == 1  # fmt: skip
        self._tx.change(_sheet_of(approval.id))
        if done:
            self.note(approval, state if state in ("expired", "withdrawn") else "decided", state)
        return done

    def note(self, approval: Approval, what: str, detail: str) -> None:
        self._tx.run(
            _note, approval_id=approval.id, round=approval.round, what=what, detail=detail, actor_id=self._actor,
            at=self._at, key=self._key,
        )  # fmt: skip


def _sheet_of(approval_id: int) -> tuple[str, int]:
    return "approval", approval_id


def _read(row: tuple[Any, ...]) -> Approval:
    (approval_id, project, number, chat, requester, name, title, detail, mode, in_round, state, opened, deadline,
     closed, changes, zone) = row  # fmt: skip
    return Approval(
        approval_id, project, number, chat, requester, name, title, detail, Mode(mode), in_round, state, moment(opened),
        moment(deadline), moment(closed) if closed else None,
        read_text(orjson.loads(changes)) if changes else NOTHING, zone,
    )  # fmt: skip
