"""What our own buttons carry: ``verb/arg/arg~version.``, percent-encoded so that it survives JSON within JSON within

JSON, and digits that DingTalk may append. It comes back when somebody presses; it is our data but never authority, and
is read as carefully as a stranger's. Where a card is not possible, the same code stands in a line that the person's own
client sends for them.
"""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import quote, unquote

from chat.messages import Action

_CODE = re.compile(r"([A-Za-z0-9_.%-]*(?:/[A-Za-z0-9_.%-]*)*)~(\d{1,18})\.\d*")
_TYPED = re.compile(r"\S[^\n#]{0,60}#(\S+)")
_TRACK = re.compile(r"(j([gd])_[0-9a-f]{40})(?:-\d+)?")


def code(verb: str, args: tuple[str, ...], version: int) -> str:
    path = "/".join(quote(word, safe="").replace("~", "%7E") for word in (verb, *args))
    return f"{path}~{version}."


def read(words: str) -> Action | None:
    """None: not a code of ours."""
    found = _CODE.fullmatch(words)
    if found is None:
        return None
    verb, *args = (unquote(word) for word in found[1].split("/"))
    return Action(verb, tuple(args), int(found[2]))


def typed(label: str, words: str) -> str:
    """The line that stands for a press."""
    return f"{' '.join(label.replace('#', ' ').split())[:40] or '•'} #{words}"


def read_typed(line: str) -> Action | None:
    found = _TYPED.fullmatch(line.strip())
    return read(found[1]) if found else None


def track(key: str, part: int = 0, *, direct: bool = False) -> str:
    """A card's outTrackId, from its parcel's key: the same parcel always has the same.

    direct: for one person's chat with the bot; DingTalk tells where a card was pressed, not which kind of chat that is.
    """
    base = f"j{'d' if direct else 'g'}_{sha256(key.encode()).hexdigest()[:40]}"
    return f"{base}-{part}" if part else base


def track_of(out_track: str) -> str:
    """The message that a card belongs to; a stranger's id is itself."""
    found = _TRACK.fullmatch(out_track)
    return found[1] if found else out_track


def is_card(message_id: str) -> bool:
    return _TRACK.fullmatch(message_id) is not None


def is_direct(out_track: str) -> bool:
    found = _TRACK.fullmatch(out_track)
    return found is not None and found[2] == "d"
