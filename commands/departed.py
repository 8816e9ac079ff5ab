"""Somebody who left the company is given nothing more to do: nobody would read it."""

from __future__ import annotations

from chat.errors import UserError
from chat.text import listed, say
from storage.people import Person


def here_still(*people: Person | None) -> None:
    """Raises UserError: somebody of them left the company."""
    gone = list({person.id: person.name for person in people if person and person.left_at is not None}.values())
    if not gone:
        return
    raise UserError(
        say(
            "{who} 已离职，没有改动。请换一个人再发一次；其实还在的话，请 TA 先给我发一句话。",
            "{who} has left the company; nothing was changed. Please send it again with somebody else, or, if they are "
            "still here, let them write to me first.",
            who=listed(gone),
        )
    )
