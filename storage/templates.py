"""Own templates of a project, every version kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from chat.frozen import frozen
from storage.statement import Statement, columns, inserting, moment, ms
from storage.tables.templates import TemplateRow
from storage.transaction import Tx

ROWS = columns(TemplateRow)
_mine = (ROWS.project_id == bindparam("project"), ROWS.kind == bindparam("what"))
_add = Statement(inserting(TemplateRow))
_on = Statement(
    select(ROWS.kind, ROWS.version, ROWS.source, ROWS.person_id, ROWS.at, ROWS.told)
    .where(*_mine, ROWS.state == "on")
    .order_by(ROWS.version.desc())
)
_last = Statement(select(func.max(ROWS.version)).where(*_mine))
_off = Statement(update(TemplateRow).where(*_mine, ROWS.state == "on").values(state="off"))
_told = Statement(update(TemplateRow).where(*_mine, ROWS.version == bindparam("n")).values(told=bindparam("day")))


@frozen
class Template:
    """``told``: the local day on which its admins heard that it failed, "" for never."""

    kind: str
    version: int
    source: str
    person: int
    at: datetime
    told: str


class Templates:
    def __init__(self, tx: Tx, at: datetime) -> None:
        self._tx = tx
        self._at = ms(at)

    def of(self, project_id: int, kind: str) -> list[Template]:
        """Those that may be used, the newest first; none: the built-in one is."""
        return [
            Template(what, version, source, person, moment(at), told)
            for what, version, source, person, at, told in self._tx.rows(_on, project=project_id, what=kind)
        ]

    def add(self, project_id: int, kind: str, source: str, person: int) -> int:
        """Use it from now on; its version."""
        version = int(self._tx.value(_last, project=project_id, what=kind) or 0) + 1
        self._tx.run(
            _add, project_id=project_id, kind=kind, version=version, source=source, state="on", person_id=person,
            at=self._at, told="",
        )  # fmt: skip
        return version

    def drop(self, project_id: int, kind: str) -> int:
        """Back to the built-in one; how many versions are put away."""
        return self._tx.run(_off, project=project_id, what=kind)

    def told(self, project_id: int, template: Template, day: str) -> None:
        self._tx.run(_told, project=project_id, what=template.kind, n=template.version, day=day)
