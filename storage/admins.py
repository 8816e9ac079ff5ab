"""Who looks after a chat: for the moment when nothing can be written."""

from __future__ import annotations

from sqlalchemy import bindparam, or_, select

from chat.text import Locale
from storage.statement import Statement, columns
from storage.tables.people import ChatRow, Identity, Member, Project
from storage.transaction import Tx

CHATS = columns(ChatRow)
MEMBERS = columns(Member)
PROJECTS = columns(Project)
IDENTITIES = columns(Identity)

_admins = Statement(
    select(IDENTITIES.external_id)
    .select_from(ChatRow)
    .join(Member, MEMBERS.project_id == CHATS.project_id)
    .join(Identity, IDENTITIES.person_id == MEMBERS.person_id)
    .where(CHATS.platform == bindparam("platform"), CHATS.external_id == bindparam("chat"))
    .where(IDENTITIES.platform == CHATS.platform, or_(MEMBERS.role == "owner", MEMBERS.role == "admin"))
)
_language = Statement(
    select(CHATS.locale, PROJECTS.locale)
    .select_from(ChatRow)
    .outerjoin(Project, PROJECTS.id == CHATS.project_id)
    .where(CHATS.platform == bindparam("platform"), CHATS.external_id == bindparam("chat"))
)


def admins_of(tx: Tx, platform: str, chat: str) -> list[str]:
    """Platform ids of the owners and admins of the chat's project."""
    return [row[0] for row in tx.rows(_admins, platform=platform, chat=chat)]


def language_of(tx: Tx, platform: str, chat: str) -> Locale:
    """What the chat is spoken to in."""
    row = tx.row(_language, platform=platform, chat=chat)
    return "en" if row and (row[0] or row[1]) == "en" else "zh"
