"""After somebody was erased: their name leaves what was already said, a little at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from reports.ticks import Occasion, tick
from storage import erasing
from storage.books import Books
from storage.erasing import Gone

KIND = "person.erased"
SOON = timedelta(minutes=1)
"""By then the last answer has reached them."""
PAUSE = timedelta(seconds=1)
"""Between two parts, for everybody else."""


def begin(books: Books, person: int, gone: Gone) -> None:
    """In the transaction that erases them."""
    books.schedules.replace(
        KIND, f"erased:{person}", books.at + SOON, name=gone.name, number=gone.number,
        addresses=[list(each) for each in gone.addresses], words=list(gone.words), after=0,
    )  # fmt: skip


@tick(KIND, None)
def erased(occasion: Occasion) -> datetime | None:
    """One part; the last one forgets who it was about. What was said by the first firing is all there is."""
    books, subject = occasion.books, occasion.entry.subject
    gone = Gone(subject["name"], subject["number"], _pairs(subject["addresses"]), tuple(subject["words"]))
    last = subject.get("last") or erasing.newest(books.tx)
    after = erasing.messages(books.tx, gone, subject["after"], last)
    part = subject.get("part", 0)
    if after < last or erasing.addressed(books.tx, gone, part):
        on = {"after": after, "last": last, "part": part + (after == last)}
        books.schedules.replace(KIND, occasion.entry.owner, occasion.at + PAUSE, **{**subject, **on})
        return None
    erasing.the_rest(books.tx, gone, last)
    return None


def _pairs(listed: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((platform, external) for platform, external in listed)
