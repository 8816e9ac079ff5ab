"""Who looks after a chat, asked outside any transaction: for the moment when nothing can be written."""

from __future__ import annotations

from sqlalchemy import bindparam, or_, select

from storage.database import Connection
from storage.statement import Statement, columns
from storage.tables.people import ChatRow, Identity, Member

CHATS = columns(ChatRow)
MEMBERS = columns(Member)
IDENTITIES = columns(Identity)

_admins = Statement(
    select(IDENTITIES.external_id)
    .select_from(ChatRow)
    .join(Member, MEMBERS.project_id == CHATS.project_id)
    .join(Identity, IDENTITIES.person_id == MEMBERS.person_id)
    .where(CHATS.platform == bindparam("platform"), CHATS.external_id == bindparam("chat"))
    .where(IDENTITIES.platform == CHATS.platform, or_(MEMBERS.role == "owner", MEMBERS.role == "admin"))
)


def admins_of(connection: Connection, platform: str, chat: str) -> list[str]:
    """Platform ids of the owners and admins of the chat's project. Raises sqlite3.Error."""
    return [row[0] for row in connection.execute(_admins, {"platform": platform, "chat": chat})]
