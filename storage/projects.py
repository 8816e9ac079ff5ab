"""Projects, the chats they live in, and who is where: the scene of every thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import and_, bindparam, func, select, update

from chat.frozen import frozen
from storage.people import PERSON, Person
from storage.statement import Statement, columns, day, inserting, ms, upsert
from storage.tables.people import CalendarYear, ChatRow, Identity, Member, PersonRow, Project
from storage.tables.work import Counter
from storage.transaction import Told, Tx

PERSONS = columns(PersonRow)
IDENTITIES = columns(Identity)
MEMBERS = columns(Member)
CHATS = columns(ChatRow)
PROJECTS = columns(Project)
COUNTERS = columns(Counter)
YEARS = columns(CalendarYear)


@frozen
class Chat:
    """A group or direct chat. ``state``: active, removed, dissolved.

    ``heard_at``: when somebody first talked to the bot there (ms); None: some platforms take no message to it yet.
    ``returned``: it was removed, and this very thing tells that it is there again.
    """

    id: int
    platform: str
    external_id: str
    kind: str
    name: str
    project_id: int | None
    locale: str
    state: str = "active"
    heard_at: int | None = None
    returned: bool = False


@frozen
class ProjectInfo:
    """``state``: new (nobody set it up yet), active, archived. ``settings``: a few switches by name."""

    id: int
    name: str
    launch: date | None
    zone: str
    country: str
    locale: str
    state: str
    created_by: int | None
    calendar_version: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stands_still(self) -> bool:
        """The bot was removed from its last group, or told to stop: the clock says nothing of its own accord."""
        return self.settings.get("paused_at") is not None


_CHAT = (
    CHATS.id, CHATS.platform, CHATS.external_id, CHATS.kind, CHATS.name, CHATS.project_id, CHATS.locale,
    CHATS.state, CHATS.heard_at,
)  # fmt: skip
_PROJECT = (
    PROJECTS.id, PROJECTS.name, PROJECTS.launch, PROJECTS.zone, PROJECTS.country, PROJECTS.locale, PROJECTS.state,
    PROJECTS.created_by, PROJECTS.calendar_version, PROJECTS.settings,
)  # fmt: skip
_scene = Statement(
    select(*_CHAT, *_PROJECT, *PERSON, IDENTITIES.name, MEMBERS.role)
    .select_from(ChatRow)
    .outerjoin(Project, PROJECTS.id == CHATS.project_id)
    .outerjoin(Identity, and_(IDENTITIES.platform == bindparam("on"), IDENTITIES.external_id == bindparam("who")))
    .outerjoin(PersonRow, PERSONS.id == IDENTITIES.person_id)
    .outerjoin(Member, and_(MEMBERS.project_id == PROJECTS.id, MEMBERS.person_id == PERSONS.id))
    .where(CHATS.platform == bindparam("on"), CHATS.external_id == bindparam("chat"))
)
_chat = Statement(select(*_CHAT).where(CHATS.platform == bindparam("on"), CHATS.external_id == bindparam("chat")))
_chat_by_id = Statement(select(*_CHAT).where(CHATS.id == bindparam("chat")))
_add_chat = Statement(inserting(ChatRow, "id").returning(CHATS.id))
_bind = Statement(update(ChatRow).where(CHATS.id == bindparam("chat")).values(project_id=bindparam("to")))
_chat_state = Statement(update(ChatRow).where(CHATS.id == bindparam("chat")).values(state=bindparam("to")))
_chat_locale = Statement(update(ChatRow).where(CHATS.id == bindparam("chat")).values(locale=bindparam("to")))
_heard = Statement(
    update(ChatRow).where(CHATS.id == bindparam("chat")).values(state="active", heard_at=bindparam("at"))
)
_chat_name = Statement(update(ChatRow).where(CHATS.id == bindparam("chat")).values(name=bindparam("to")))
_everywhere = Statement(
    select(*_CHAT).where(CHATS.kind == "group", CHATS.state == "active").order_by(CHATS.platform, CHATS.id)
)
_groups = Statement(
    select(*_CHAT)
    .where(CHATS.project_id == bindparam("project"), CHATS.kind == "group", CHATS.state == "active")
    .order_by(CHATS.id)
)
_project = Statement(select(*_PROJECT).where(PROJECTS.id == bindparam("project")))
_projects_of = Statement(
    select(*_PROJECT)
    .join(Member, MEMBERS.project_id == PROJECTS.id)
    .where(MEMBERS.person_id == bindparam("person"), PROJECTS.state != "archived")
    .order_by(PROJECTS.id)
)
_all = Statement(select(*_PROJECT).where(PROJECTS.state != "archived").order_by(PROJECTS.id))
_imported = Statement(select(func.count()).select_from(CalendarYear).where(YEARS.country == bindparam("land")))
_add = Statement(inserting(Project, "id").returning(PROJECTS.id))
_change = Statement(
    update(Project)
    .where(PROJECTS.id == bindparam("project"))
    .values({name: bindparam("to_" + name) for name in ("name", "launch", "zone", "country", "locale", "state")})
    .values(calendar_version=PROJECTS.calendar_version + 1)
)
_settings = Statement(update(Project).where(PROJECTS.id == bindparam("project")).values(settings=bindparam("to")))
_COUNTING = (
    upsert(Counter)
    .values(project_id=bindparam("project_id"), letter=bindparam("letter"), value=1)
    .on_conflict_do_update(index_elements=["project_id", "letter"], set_={"value": COUNTERS.value + 1})
)
_count = Statement(_COUNTING)
_counted = Statement(
    select(COUNTERS.value).where(
        COUNTERS.project_id == bindparam("project_id"), COUNTERS.letter == bindparam("letter")
    ),
    postgresql=_COUNTING.returning(COUNTERS.value),
)
KEPT = 2000
"""Scenes that are kept until anything about who and where changes."""
_CHAT_END = len(_CHAT)
_PROJECT_END = _CHAT_END + len(_PROJECT)


@frozen
class Scene:
    """Who spoke where, read in one statement. ``role``: "" for a stranger to the project."""

    chat: Chat
    project: ProjectInfo | None
    person: Person | None
    name: str | None
    role: str


def scene_ahead(tx: Tx, platform: str, chat: str, sender: str) -> None:
    """``Projects.scene`` will be asked for soon."""
    tx.ahead(_scene, on=platform, chat=chat, who=sender)


class Projects:
    """Projects and their chats. ``told``: hears of every change of a project and its settings."""

    def __init__(self, tx: Tx, at: datetime, told: Told) -> None:
        self._tx = tx
        self._at = ms(at)
        self._told = told

    def scene(self, platform: str, chat: str, sender: str) -> Scene | None:
        """None: the bot has never been in this chat."""
        kept, key = self._tx.settled, (platform, chat, sender)
        if kept is None:
            return self._scene(*key)
        scene: Scene | None = kept.get(key)
        if scene is None and (scene := self._scene(*key)) is not None:
            if len(kept) >= KEPT:
                del kept[next(iter(kept))]
            kept[key] = scene
        return scene

    def _scene(self, platform: str, chat: str, sender: str) -> Scene | None:
        row = self._tx.row(_scene, on=platform, chat=chat, who=sender)
        if row is None:
            return None
        if row[_CHAT_END] is not None:
            self._tx.hold(row[_CHAT_END])
        return Scene(
            Chat(*row[:_CHAT_END]),
            _read(row[_CHAT_END:_PROJECT_END]) if row[_CHAT_END] is not None else None,
            Person(*row[_PROJECT_END:-2]) if row[_PROJECT_END] is not None else None,
            row[-2],
            row[-1] or "",
        )

    def get(self, project_id: int) -> ProjectInfo:
        """Raises KeyError."""
        self._tx.hold(project_id)
        row = self._tx.row(_project, project=project_id)
        if row is None:
            raise KeyError(project_id)
        return _read(row)

    def all(self) -> list[ProjectInfo]:
        return [_read(row) for row in self._tx.rows(_all)]

    def of(self, person_id: int) -> list[ProjectInfo]:
        """Every project the person belongs to."""
        return [_read(row) for row in self._tx.rows(_projects_of, person=person_id)]

    def focused(self, person: Person) -> ProjectInfo | None:
        """What a direct chat with this person is about: the project last focused, else their first."""
        projects = self.of(person.id)
        return next((p for p in projects if p.id == person.project_id), projects[0] if projects else None)

    def add(self, name: str, created_by: int | None) -> ProjectInfo:
        number = self._tx.value(
            _add, name=name, launch=None, zone="Asia/Shanghai", country="CN", locale="zh",
            calendar_version=self._tx.value(_imported, land="CN"), settings="{}", state="new",
            created_by=created_by, created_at=self._at,
        )  # fmt: skip
        return self.get(number)

    def change(self, project: ProjectInfo, **values: Any) -> ProjectInfo:
        """Change any of name, launch (date or None), zone, country, locale, state."""
        fields = ("name", "launch", "zone", "country", "locale", "state")
        merged = {name: values.get(name, getattr(project, name)) for name in fields}
        self._tell(project, {name: value for name, value in merged.items() if value != getattr(project, name)})
        if merged["launch"] is not None:
            merged["launch"] = merged["launch"].isoformat()
        self._tx.run(_change, project=project.id, **{"to_" + name: value for name, value in merged.items()})
        return self.get(project.id)

    def set(self, project: ProjectInfo, **switches: Any) -> ProjectInfo:
        """Change some settings; None removes one."""
        settings = {k: v for k, v in {**project.settings, **switches}.items() if v is not None}
        self._tell(project, {k: v for k, v in switches.items() if v != project.settings.get(k)})
        self._tx.run(_settings, project=project.id, to=orjson.dumps(settings).decode())
        return self.get(project.id)

    def _tell(self, project: ProjectInfo, changed: dict[str, Any]) -> None:
        if changed:
            self._told(project.id, "project.settings", orjson.dumps(changed).decode())

    def next_number(self, project_id: int, letter: str) -> int:
        """The next T, M, B, P or R number of the project, from 1.

        SQLite builds a table for what an upsert returns; a server would rather be asked once.
        """
        if not self._tx.shared:
            self._tx.do(_count, project_id=project_id, letter=letter)
        number: int = self._tx.value(_counted, project_id=project_id, letter=letter)
        return number

    # --- chats --------------------------------------------------------------------------------------------------

    def chat(self, platform: str, external_id: str) -> Chat | None:
        row = self._tx.row(_chat, on=platform, chat=external_id)
        return Chat(*row) if row else None

    def chat_by_id(self, chat_id: int) -> Chat:
        """Raises KeyError."""
        row = self._tx.row(_chat_by_id, chat=chat_id)
        if row is None:
            raise KeyError(chat_id)
        return Chat(*row)

    def everywhere(self) -> list[Chat]:
        """Every group the bot is in."""
        return [Chat(*row) for row in self._tx.rows(_everywhere)]

    def groups(self, project_id: int) -> list[Chat]:
        """The active groups the project lives in."""
        return [Chat(*row) for row in self._tx.rows(_groups, project=project_id)]

    def add_chat(self, platform: str, external_id: str, kind: str, name: str, project_id: int | None) -> Chat:
        number = self._tx.value(
            _add_chat, platform=platform, external_id=external_id, kind=kind, name=name, project_id=project_id,
            locale="", state="active", heard_at=None,
        )  # fmt: skip
        return Chat(number, platform, external_id, kind, name, project_id, "")

    def heard(self, chat: Chat) -> Chat:
        """Somebody talks to the bot there: it can be written to, whatever was believed of it."""
        self._tx.run(_heard, chat=chat.id, at=self._at)
        return replace(chat, state="active", heard_at=self._at, returned=chat.state != "active")

    def bind(self, chat_id: int, project_id: int) -> None:
        """From now on the group belongs to this project."""
        self._tx.run(_bind, chat=chat_id, to=project_id)

    def chat_state(self, chat_id: int, state: str) -> None:
        self._tx.run(_chat_state, chat=chat_id, to=state)

    def chat_speaks(self, chat_id: int, locale: str) -> None:
        """The language of a group, "" for the project's."""
        self._tx.run(_chat_locale, chat=chat_id, to=locale)

    def chat_renamed(self, chat_id: int, name: str) -> None:
        self._tx.run(_chat_name, chat=chat_id, to=name)


def _read(row: tuple[Any, ...]) -> ProjectInfo:
    number, name, launch, zone, country, locale, state, created_by, calendar, settings = row
    return ProjectInfo(
        number, name, day(launch), zone, country, locale, state, created_by, calendar, orjson.loads(settings)
    )
