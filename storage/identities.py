"""Whose identity on a platform is whose: one person may have several, and takes them along."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select, update

from chat.frozen import frozen
from storage.people import AWAITED, CHAT_PERSONS, IDENTITIES, MEMBERS, PERSONS, People
from storage.statement import Statement
from storage.tables.people import ChatPerson, Identity, Member, PersonRow
from storage.transaction import Tx

ROLES = ("guest", "observer", "member", "admin", "owner")
"""The weakest first."""
_move = Statement(
    update(Identity)
    .where(IDENTITIES.platform == bindparam("on"), IDENTITIES.external_id == bindparam("ext"))
    .values(person_id=bindparam("to"))
)
_remove = Statement(
    delete(Identity).where(IDENTITIES.platform == bindparam("on"), IDENTITIES.external_id == bindparam("ext"))
)
_memberships = Statement(
    select(MEMBERS.project_id, MEMBERS.role)
    .where(MEMBERS.person_id == bindparam("person"))
    .order_by(MEMBERS.project_id)
)
_chats = Statement(
    select(CHAT_PERSONS.chat_id).where(CHAT_PERSONS.person_id == bindparam("person")).order_by(CHAT_PERSONS.chat_id)
)
_leave_projects = Statement(delete(Member).where(MEMBERS.person_id == bindparam("person")))
_leave_chats = Statement(delete(ChatPerson).where(CHAT_PERSONS.person_id == bindparam("person")))
_call = Statement(update(PersonRow).where(PERSONS.id == bindparam("person")).values(name=bindparam("called")))


@frozen
class Left:
    """What a person had before they were joined to another: (project, role) and chats."""

    roles: list[tuple[int, str]]
    chats: list[int]


class Identities:
    """Joins two persons into one, and parts them again."""

    def __init__(self, tx: Tx, people: People) -> None:
        self._tx = tx
        self._people = people

    def join(self, platform: str, external_id: str, old: int, new: int) -> Left:
        """The identity is ``new``'s from now on, with ``old``'s chats and projects; the stronger role holds."""
        left = Left([(p, r) for p, r in self._tx.rows(_memberships, person=old)],
                    [chat for (chat,) in self._tx.rows(_chats, person=old)])  # fmt: skip
        self._tx.run(_move, on=platform, ext=external_id, to=new)
        for project, role in left.roles:
            mine = self._people.role(project, new)
            if not mine or ROLES.index(role) > ROLES.index(mine):
                self._people.enrol(project, new, role)
        for chat in left.chats:
            self._people.seen_in(chat, new)
        self._tx.run(_leave_projects, person=old)
        self._tx.run(_leave_chats, person=old)
        return left

    def part(self, platform: str, external_id: str, old: int, left: Left) -> None:
        """The identity is ``old``'s again, and so are its places; what ``new`` has stays ``new``'s, too."""
        self._tx.run(_move, on=platform, ext=external_id, to=old)
        for project, role in left.roles:
            self._people.enrol(project, old, role)
        for chat in left.chats:
            self._people.seen_in(chat, old)

    def awaited(self, platform: str, name: str) -> int | None:
        """Who was entered under this name and has not written on this platform yet."""
        person = self._people.known(platform, AWAITED + name)
        return person.id if person else None

    def arrived(self, platform: str, name: str) -> None:
        """Nobody is awaited under this name any more."""
        self._tx.run(_remove, on=platform, ext=AWAITED + name)

    def call(self, person: int, name: str) -> None:
        """By this name, where platforms tell none."""
        self._tx.run(_call, person=person, called=name)
