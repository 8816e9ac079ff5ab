"""The search index of tasks: what is written into it.

``渠道投放`` is kept as 渠道 道投 投放 放: two characters are a token, one character is the beginning of one. Project
and tags are tokens of their own, so that the index alone narrows to a project. Rows are written just before COMMIT,
one flush for the whole group: a few microseconds a task instead of 35.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import BigInteger, String, bindparam, text

from storage.statement import Statement
from storage.transaction import Tx

PROJECT, TAG = "\u2020", "\u2021"
"""Begin a project's and a tag's token: no run of a user's text can, as these characters are left out of runs."""
MOST = 2000
"""Characters of a text that are indexed."""
LONGEST = 400
"""Characters of one token: a word may be very long."""
_RUN = re.compile("[a-z0-9]+|[^\x00-\x7f\u2020\u2021]+")
_SPACE = re.compile(r"[\s\u3000-\u3003\uff01-\uff0f\uff1a-\uff20]+")
_ROW = (bindparam("id", type_=BigInteger), bindparam("words", type_=String))
_put = Statement(
    text("INSERT INTO task_search(rowid, words) VALUES (:id, :words)"),
    postgresql=text(
        "INSERT INTO task_search(id, words) VALUES (:id, array_to_tsvector(string_to_array(:words, ' '))) "
        "ON CONFLICT (id) DO UPDATE SET words = excluded.words"
    ).bindparams(*_ROW),
)
_drop = Statement(
    text("INSERT INTO task_search(task_search, rowid, words) VALUES ('delete', :id, :words)"),
    postgresql=text("DELETE FROM task_search WHERE id = :id").bindparams(_ROW[0]),
)


def runs(words: str) -> list[str]:
    """Latin words and stretches of other characters, lower case."""
    return _RUN.findall(_SPACE.sub(" ", words.lower()))


def tokens(words: str) -> list[str]:
    """What a text is found by, each once."""
    found: dict[str, None] = {}
    for run in runs(words):
        if run[0] < "\x80":
            found[run[:LONGEST]] = None
        else:
            found.update(dict.fromkeys([run[i : i + 2] for i in range(len(run))]))
    return list(found)


def document(project: int, words: str, tags: Iterable[str]) -> str:
    """The row of one task."""
    return " ".join([f"{PROJECT}{project}", *tokens(words[:MOST]), *map(tag_token, tags)])


def tag_token(tag: str) -> str:
    """One token whatever the tag contains."""
    return TAG + "".join(_RUN.findall(tag.lower()))[:LONGEST]


def put(tx: Tx, task_id: int, words: str) -> None:
    """words: a ``document``."""
    tx.late.append((_put, {"id": task_id, "words": words}))


def drop(tx: Tx, task_id: int, words: str) -> None:
    """words: exactly what was put."""
    tx.late.append((_drop, {"id": task_id, "words": words}))
