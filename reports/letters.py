"""What could not be said directly goes by e-mail to who gave an address for that."""

from __future__ import annotations

from datetime import datetime

from chat.messages import Outgoing
from chat.ports import MAIL
from storage.books import Books
from storage.transaction import Tx


def instead(tx: Tx, parcel: Outgoing, at: datetime) -> bool:
    """Post it as a letter, in the transaction in which the parcel itself is given up. False: nobody to write to."""
    if parcel.kind != "direct" or parcel.platform == MAIL:
        return False
    books = Books(tx, f"{MAIL}:{parcel.key}", at)
    person = books.people.known(parcel.platform, parcel.chat)
    address = books.mails.confirmed(person.id) if person is not None else ""
    if not address:
        return False
    books.outbox.post(MAIL, address, parcel.card, kind="direct", locale=parcel.locale)
    return True
