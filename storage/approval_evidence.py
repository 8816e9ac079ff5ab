"""What cards of an approval said, word for word: evidence of what somebody saw who pressed one of them."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import bindparam, select

from chat.frozen import frozen
from chat.text import Locale
from storage.statement import Statement, columns, upsert
from storage.tables.approvals import ApprovalShown
from storage.transaction import Tx

ROWS = columns(ApprovalShown)
_show = Statement(upsert(ApprovalShown).values({c.name: bindparam(c.name) for c in ROWS}).on_conflict_do_nothing())
_cards = select(ROWS.version, ROWS.words, ROWS.english).where(ROWS.approval_id == bindparam("approval"))
_newest = Statement(_cards.where(ROWS.version <= bindparam("up_to")).order_by(ROWS.version.desc()).limit(1))
_every = Statement(_cards.order_by(ROWS.version))
_ANY = 2**31 - 1


@frozen
class Shown:
    """``version``: counts whatever was shown about one approval; its buttons carry it."""

    version: int
    words: str
    english: str

    def hash(self, locale: Locale) -> str:
        return _hash(self.english if locale == "en" else self.words)

    def hashed(self, digest: str) -> str | None:
        """What was seen: the words with this hash. None: somebody named in them was erased since."""
        return next((words for words in (self.words, self.english) if _hash(words) == digest), None)


_NOTHING = Shown(0, "", "")


class Evidence:
    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def shows(self, approval_id: int, words: str, english: str) -> int:
        """Something with buttons says this: the version it goes by. The same words again are no other version."""
        newest = self._newest(approval_id)
        while (newest.words, newest.english) != (words, english):
            shown = Shown(newest.version + 1, words, english)
            if self._tx.run(_show, approval_id=approval_id, version=shown.version, words=words, english=english):
                self._tx.change(_key(approval_id), shown)
                return shown.version
            newest = self._read(approval_id, _ANY)
        return newest.version

    def seen(self, approval_id: int, version: int, locale: Locale) -> tuple[int, str]:
        """(version, hash) of what was looked at; of the newest where nobody knows better. (0, ""): nothing was."""
        key = (*_key(approval_id), version, locale)
        kept: tuple[Shown, tuple[int, str]] | None = self._tx.kept(key)
        newest = self._newest(approval_id)
        if kept is None or kept[0] is not newest:
            shown = newest if version in (0, newest.version) else self._read(approval_id, version)
            kept = (newest, (shown.version, shown.hash(locale)) if shown.version else (0, ""))
            self._tx.keep(key, kept)  # fifty presses at once are on the same card
        return kept[1]

    def every(self, approval_id: int) -> dict[int, Shown]:
        """By version."""
        return {row[0]: Shown(*row) for row in self._tx.rows(_every, approval=approval_id)}

    def _newest(self, approval_id: int) -> Shown:
        kept: Shown | None = self._tx.kept(_key(approval_id))
        if kept is None:
            kept = self._read(approval_id, _ANY)
            self._tx.keep(_key(approval_id), kept)
        return kept

    def _read(self, approval_id: int, up_to: int) -> Shown:
        row = self._tx.row(_newest, approval=approval_id, up_to=up_to)
        return Shown(*row) if row else _NOTHING


def _hash(words: str) -> str:
    """SHA-256 of the words in UTF-8, lines ended by LF."""
    return sha256(words.encode()).hexdigest()


def _key(approval_id: int) -> tuple[str, int]:
    return "approval shown", approval_id
