"""A parcel as a letter: pure."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256

from adapters.mail.config import MailConfig
from chat.cards import Attachment
from chat.messages import Outgoing
from chat.plain import plain

SUBJECT = 70
_FOOT = {
    "zh": "在聊天里说不到你，所以发到这个邮箱。请在聊天里回复，这里收不到回信。不想再收：私聊我发「/邮箱 取消」。",
    "en": "You could not be reached in chat, so this comes by e-mail. Please answer in chat: replies to this are not "
    "read. To stop: send me “/mail off”.",
}


def letter(parcel: Outgoing, config: MailConfig, at: datetime) -> EmailMessage:
    """The same parcel gives the same Message-ID: who gets it twice all the same sees it once."""
    words = plain(parcel.card, parcel.locale).strip()
    message = EmailMessage()
    message["Subject"] = _subject(words, config.name)
    message["From"] = Address(config.name, addr_spec=config.sender)
    message["To"] = Address(addr_spec=parcel.chat)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id(parcel.key, config.sender)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{words}\n\n-- \n{_FOOT[parcel.locale]}\n", charset="utf-8", cte="base64")
    for block in parcel.card.blocks:
        if isinstance(block, Attachment):
            message.add_attachment(block.content.encode(), "text", "plain", filename=_printable(block.name))
    return message


def message_id(key: str, sender: str) -> str:
    """``<…@jindu.example.com>``."""
    return f"<{sha256(key.encode()).hexdigest()[:32]}@jindu.{sender.rpartition('@')[2]}>"


def _subject(words: str, name: str) -> str:
    first = _printable(words.partition("\n")[0]) or "…"
    cut = first if len(first) <= SUBJECT else first[: SUBJECT - 1] + "…"
    return f"[{name}] {cut}" if name else cut


def _printable(words: str) -> str:
    """A header has one line."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())
