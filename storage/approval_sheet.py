"""An approval as it is read: who asks, who sits where, what was said, and what that amounts to."""

from __future__ import annotations

from datetime import datetime

from chat.frozen import frozen
from chat.text import Text
from planning.approval import Decision, Mode, Vote, decide

HERE, ELSEWHERE, UNSEEN = 0, 1, 2
"""Where somebody is asked: in the chat; directly, because they are not in it, or because nobody saw them there yet."""
_TO_COUNT = Decision("open")


@frozen
class Seat:
    """``stands_for``: who sat there first, None when nobody else did. ``apart``: see ``HERE``."""

    seat: int
    person: int
    name: str
    stands_for: int | None
    stands_for_name: str
    apart: int
    zone: str = ""


@frozen
class Said(Vote):
    """A vote with its evidence. ``shown``: hash of the card of that ``version``; ``via``: button or words."""

    round: int
    person: int
    name: str
    reason: str
    at: datetime
    via: str
    platform: str
    message_id: str
    version: int
    shown: str


@frozen
class Step:
    """One line of an approval's history. ``who``: "" for the clock."""

    round: int
    what: str
    detail: str
    who: str
    at: datetime


@frozen
class Approval:
    """``changes``: what is different from the round before, or NOTHING."""

    id: int
    project_id: int
    number: int
    chat_id: int
    requester: int
    requester_name: str
    title: str
    detail: str
    mode: Mode
    round: int
    state: str
    opened_at: datetime
    deadline: datetime
    closed_at: datetime | None
    changes: Text
    requester_zone: str = ""

    @property
    def ref(self) -> str:
        return f"P{self.number}"

    @property
    def owner(self) -> str:
        """Of its entries on the clock."""
        return f"approval:{self.id}"


@frozen
class Sheet:
    """An approval with the seats and votes of its present round. ``decision``: by the votes alone."""

    approval: Approval
    seats: tuple[Seat, ...]
    votes: tuple[Said, ...]
    decision: Decision = _TO_COUNT

    def __post_init__(self) -> None:
        if self.decision is _TO_COUNT:
            decision = decide(self.approval.mode, [seat.seat for seat in self.seats], self.votes)
            object.__setattr__(self, "decision", decision)

    @property
    def asked(self) -> list[Seat]:
        """Whose turn it is; nobody's once it is closed."""
        if self.approval.state != "open":
            return []
        turn = set(self.decision.asked)
        return [seat for seat in self.seats if seat.seat in turn]

    @property
    def silent(self) -> list[Seat]:
        """Who has not said anything, whether it is their turn or not."""
        spoken = {vote.seat for vote in self.votes}
        return [seat for seat in self.seats if seat.seat not in spoken]

    def seated(self, person: int) -> list[Seat]:
        return [seat for seat in self.seats if seat.person == person]

    def said_by(self, person: int) -> Said | None:
        """Their newest vote of this round."""
        return next((vote for vote in reversed(self.votes) if vote.person == person), None)
