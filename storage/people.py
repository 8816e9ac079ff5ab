"""Persons and their identities on platforms; members of projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import String, bindparam, delete, exists, or_, select, update

from chat.frozen import frozen
from storage.statement import Statement, columns, inserting, ms, upsert
from storage.tables.people import ChatPerson, ChatRow, Identity, Member, PersonRow
from storage.transaction import Told, Tx

PERSONS = columns(PersonRow)
IDENTITIES = columns(Identity)
MEMBERS = columns(Member)
CHAT_PERSONS = columns(ChatPerson)
CHATS = columns(ChatRow)


@frozen
class Person:
    """``locale``, ``zone``, ``country``: "" means the project's. ``project_id``: what a direct chat is about.

    ``left_at``: since when they are not in the company any more (ms).
    """

    id: int
    name: str
    locale: str = ""
    zone: str = ""
    country: str = ""
    project_id: int | None = None
    left_at: int | None = None


AWAITED = "@"
"""Before the name, in place of an id that is not known yet. No platform's ids begin so."""
PARTICIPANTS = ("owner", "admin", "member")
"""Roles that are asked for reports and counted."""
ADMINS = ("owner", "admin")


@frozen
class Membership:
    person: Person
    role: str

    @property
    def here(self) -> bool:
        """Have they not left the company?"""
        return self.person.left_at is None

    @property
    def takes_part(self) -> bool:
        return self.role in PARTICIPANTS and self.here

    @property
    def is_admin(self) -> bool:
        return self.role in ADMINS and self.here


@frozen
class Address:
    """Where a direct message to a person goes."""

    platform: str
    external_id: str
    reachable: bool


PERSON = (
    PERSONS.id, PERSONS.name, PERSONS.locale, PERSONS.zone, PERSONS.country, PERSONS.project_id, PERSONS.left_at,
)  # fmt: skip
_called = bindparam("called", type_=String)
_by_id = Statement(select(*PERSON).where(PERSONS.id == bindparam("person")))
_by_identity = Statement(
    select(*PERSON, IDENTITIES.name)
    .join(Identity, IDENTITIES.person_id == PERSONS.id)
    .where(IDENTITIES.platform == bindparam("on"), IDENTITIES.external_id == bindparam("ext"))
)
_add = Statement(inserting(PersonRow, "id").returning(PERSONS.id))
_identify = Statement(inserting(Identity))
_rename = Statement(
    update(Identity)
    .where(IDENTITIES.platform == bindparam("on"), IDENTITIES.external_id == bindparam("ext"))
    .values(name=bindparam("called"))
)
_rename_person = Statement(update(PersonRow).where(PERSONS.id == bindparam("person")).values(name=bindparam("called")))
_arrive = Statement(
    update(Identity)
    .where(IDENTITIES.platform == bindparam("on"), IDENTITIES.external_id == bindparam("expected"))
    .values(external_id=bindparam("ext"))
)
_called_so = Statement(
    select(*PERSON)
    .join(Identity, IDENTITIES.person_id == PERSONS.id)
    .where(PERSONS.name == _called, IDENTITIES.platform == bindparam("on"))
    .order_by(PERSONS.id)
    .limit(2)
)
_addresses = Statement(
    select(IDENTITIES.platform, IDENTITIES.external_id, IDENTITIES.reachable)
    .where(IDENTITIES.person_id == bindparam("person"))
    .order_by(IDENTITIES.platform)
)
_external = Statement(
    select(IDENTITIES.external_id).where(
        IDENTITIES.person_id == bindparam("person"), IDENTITIES.platform == bindparam("on")
    )
)
_reachable = Statement(
    update(Identity)
    .where(
        IDENTITIES.platform == bindparam("on"), IDENTITIES.external_id == bindparam("ext"), IDENTITIES.reachable == 0
    )
    .values(reachable=1)
)
_named = Statement(
    select(*PERSON)
    .where(
        or_(
            PERSONS.name == _called,
            PERSONS.name.between(_called.op("||")("（"), _called.op("||")("）")),
            PERSONS.name.between(_called.op("||")("("), _called.op("||")(")")),
        ),
        or_(
            exists().where(MEMBERS.person_id == PERSONS.id, MEMBERS.project_id == bindparam("on")),
            exists().where(CHAT_PERSONS.person_id == PERSONS.id, CHAT_PERSONS.chat_id == bindparam("chat")),
        ),
    )
    .order_by(PERSONS.id)
)
_prefer = Statement(
    update(PersonRow)
    .where(PERSONS.id == bindparam("person"))
    .values(locale=bindparam("to_locale"), zone=bindparam("to_zone"), country=bindparam("to_country"))
)
_focus = Statement(update(PersonRow).where(PERSONS.id == bindparam("person")).values(project_id=bindparam("on")))
_leave = Statement(update(PersonRow).where(PERSONS.id == bindparam("person")).values(left_at=bindparam("since")))
_see = Statement(
    upsert(ChatPerson).values(chat_id=bindparam("chat_id"), person_id=bindparam("person_id")).on_conflict_do_nothing()
)
_unsee = Statement(
    delete(ChatPerson).where(CHAT_PERSONS.chat_id == bindparam("chat"), CHAT_PERSONS.person_id == bindparam("person"))
)
_around = Statement(
    select(CHATS.id)
    .join(ChatPerson, CHAT_PERSONS.chat_id == CHATS.id)
    .where(CHATS.project_id == bindparam("on"), CHAT_PERSONS.person_id == bindparam("person"))
    .limit(1)
)
_present = Statement(
    select(*PERSON)
    .join(ChatPerson, CHAT_PERSONS.person_id == PERSONS.id)
    .where(CHAT_PERSONS.chat_id == bindparam("chat"))
    .order_by(PERSONS.id)
)
_enrol = Statement(
    upsert(Member)
    .values({name: bindparam(name) for name in ("project_id", "person_id", "role", "joined_at")})
    .on_conflict_do_update(
        index_elements=["project_id", "person_id"],
        set_={"role": bindparam("role"), "joined_at": bindparam("joined_at")},
    )
)
_meet = Statement(
    upsert(Member)
    .values({name: bindparam(name) for name in ("project_id", "person_id", "role", "joined_at")})
    .on_conflict_do_nothing()
)
_dismiss = Statement(
    delete(Member).where(MEMBERS.project_id == bindparam("on"), MEMBERS.person_id == bindparam("person"))
)
_role = Statement(
    select(MEMBERS.role).where(MEMBERS.project_id == bindparam("on"), MEMBERS.person_id == bindparam("person"))
)
_joined = Statement(
    select(MEMBERS.joined_at).where(
        MEMBERS.project_id == bindparam("on"), MEMBERS.person_id == bindparam("person"), MEMBERS.role != "guest"
    )
)
_members = Statement(
    select(*PERSON, MEMBERS.role)
    .join(Member, MEMBERS.person_id == PERSONS.id)
    .where(MEMBERS.project_id == bindparam("on"))
    .order_by(MEMBERS.joined_at, PERSONS.id)
)
_some = Statement(
    select(*PERSON, MEMBERS.role)
    .join(Member, MEMBERS.person_id == PERSONS.id)
    .where(MEMBERS.project_id == bindparam("on"), MEMBERS.person_id > bindparam("after"))
    .order_by(MEMBERS.person_id)
    .limit(bindparam("most"))
)
_admins = Statement(
    select(MEMBERS.person_id)
    .where(or_(MEMBERS.role == "owner", MEMBERS.role == "admin"))
    .group_by(MEMBERS.person_id)
    .order_by(MEMBERS.person_id)
    .limit(50)
)


class People:
    """Everyone the bot has met. ``told``: hears of every role that is given or taken."""

    def __init__(self, tx: Tx, at: datetime, told: Told) -> None:
        self._tx = tx
        self._at = ms(at)
        self._told = told

    def get(self, person_id: int) -> Person:
        """Raises KeyError: there is no such person."""
        row = self._tx.row(_by_id, person=person_id)
        if row is None:
            raise KeyError(person_id)
        return Person(*row)

    def known(self, platform: str, external_id: str) -> Person | None:
        row = self._tx.row(_by_identity, on=platform, ext=external_id)
        return Person(*row[:-1]) if row else None

    def meet(self, platform: str, external_id: str, name: str) -> Person:
        """The person behind a platform identity, made when new; a changed display name is taken over."""
        row = self._tx.row(_by_identity, on=platform, ext=external_id) or self._expected(platform, external_id, name)
        if row is None:
            person_id = self._tx.value(
                _add, name=name or external_id, locale="", zone="", country="", project_id=None, created_at=self._at,
                left_at=None,
            )  # fmt: skip
            self._tx.run(
                _identify, platform=platform, external_id=external_id, person_id=person_id, name=name, reachable=0
            )
            return Person(person_id, name or external_id)
        if name and row[-1] != name:
            self._tx.run(_rename, on=platform, ext=external_id, called=name)
            self._tx.run(_rename_person, person=row[0], called=name)
            return Person(row[0], name, *row[2:-1])
        return Person(*row[:-1])

    def expect(self, platform: str, name: str) -> Person:
        """The only one of that name on the platform; else somebody new, known by name alone until they write there."""
        known = self._tx.rows(_called_so, called=name, on=platform)
        return Person(*known[0]) if len(known) == 1 else self.meet(platform, AWAITED + name, name)

    def _expected(self, platform: str, external_id: str, name: str) -> Sequence[Any] | None:
        """Somebody new who was expected under this name: from now on it is they."""
        expected = AWAITED + name
        if not name or expected == external_id or self._tx.row(_by_identity, on=platform, ext=expected) is None:
            return None
        self._tx.run(_arrive, on=platform, expected=expected, ext=external_id)
        return self._tx.row(_by_identity, on=platform, ext=external_id)

    def addresses(self, person_id: int) -> list[Address]:
        return [Address(on, ext, bool(ok)) for on, ext, ok in self._tx.rows(_addresses, person=person_id)]

    def external_id(self, person_id: int, platform: str) -> str:
        """The person's id on one platform, "" when they are not there."""
        return self._tx.value(_external, person=person_id, on=platform) or ""

    def talked(self, platform: str, external_id: str) -> None:
        """They wrote to the bot directly: direct messages arrive from now on."""
        self._tx.run(_reachable, on=platform, ext=external_id)

    def prefer(
        self, person: Person, *, locale: str | None = None, zone: str | None = None, country: str | None = None
    ) -> None:
        """Keep a personal language, zone or calendar; "" goes back to the project's."""
        self._tx.run(
            _prefer, person=person.id, to_locale=person.locale if locale is None else locale,
            to_zone=person.zone if zone is None else zone, to_country=person.country if country is None else country,
        )  # fmt: skip

    def focus(self, person_id: int, project_id: int) -> None:
        """From now on the person's direct chat is about this project."""
        self._tx.run(_focus, person=person_id, on=project_id)

    def leave(self, person_id: int) -> None:
        """They are not in the company any more."""
        self._tx.run(_leave, person=person_id, since=self._at)

    def come_back(self, person: Person) -> Person:
        """They are here after all."""
        self._tx.run(_leave, person=person.id, since=None)
        return replace(person, left_at=None)

    # --- chats --------------------------------------------------------------------------------------------------

    def seen_in(self, chat_id: int, person_id: int) -> None:
        self._tx.run(_see, chat_id=chat_id, person_id=person_id)

    def left(self, chat_id: int, person_id: int) -> None:
        self._tx.run(_unsee, chat=chat_id, person=person_id)

    def in_chat(self, chat_id: int) -> list[Person]:
        """Everyone ever seen in the chat and not seen leaving."""
        return [Person(*row) for row in self._tx.rows(_present, chat=chat_id)]

    def around(self, project_id: int, person_id: int) -> bool:
        """Are they in any chat of the project?"""
        return self._tx.value(_around, on=project_id, person=person_id) is not None

    def named(self, project_id: int, chat_id: int, name: str) -> list[Person]:
        """Members, and people seen in the chat, called exactly so, with or without a department in brackets."""
        return [Person(*row) for row in self._tx.rows(_named, called=name, on=project_id, chat=chat_id)]

    # --- projects -----------------------------------------------------------------------------------------------

    def enrol(self, project_id: int, person_id: int, role: str) -> None:
        """Add a member, or change a member's role; who only spoke here before joins now."""
        before = self.role(project_id, person_id)
        if before != role:
            self._told(project_id, "members.role", f"person {person_id}: {before or 'none'} -> {role}")
        joined = self._tx.value(_joined, on=project_id, person=person_id) or self._at
        self._tx.run(_enrol, project_id=project_id, person_id=person_id, role=role, joined_at=joined)

    def welcome(self, project_id: int, person_id: int, role: str) -> None:
        """Add as ``role`` unless they are a member already."""
        self._tx.run(_meet, project_id=project_id, person_id=person_id, role=role, joined_at=self._at)

    def dismiss(self, project_id: int, person_id: int) -> None:
        self._told(project_id, "members.remove", f"person {person_id}: {self.role(project_id, person_id) or 'none'}")
        self._tx.run(_dismiss, on=project_id, person=person_id)

    def role(self, project_id: int, person_id: int) -> str:
        """owner, admin, member, observer, guest; "" for a stranger."""
        return self._tx.value(_role, on=project_id, person=person_id) or ""

    def admins(self) -> list[int]:
        """Who looks after any project at all; fifty at most."""
        return [person for (person,) in self._tx.rows(_admins)]

    def members(self, project_id: int) -> list[Membership]:
        """In the order they joined."""
        return [Membership(Person(*row[:-1]), row[-1]) for row in self._tx.rows(_members, on=project_id)]

    def some_members(self, project_id: int, after: int, most: int) -> list[Membership]:
        """By number, from behind that one on: a large project is gone through in parts."""
        rows = self._tx.rows(_some, on=project_id, after=after, most=most)
        return [Membership(Person(*row[:-1]), row[-1]) for row in rows]
