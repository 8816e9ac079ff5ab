"""No table is forgotten: whatever holds something about a person is in their file, and goes or says why it stays."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, Table
from sqlmodel import SQLModel

from storage import erasing, personal
from storage.personal_file import WHO, statements
from storage.statement import Statement
from tests.commands.conftest import Office
from tests.commands.test_leaving import prepared
from tests.commands.test_personal import file_of

TABLES: dict[str, Table] = {str(table.name): table for table in SQLModel.metadata.sorted_tables}
_BY_NUMBER = "by number alone, which tells nobody's name once they are erased; the project's history stays true"
_DELIVERY = "copies on their way, for some days; their name and words leave them when they are erased"
_NOBODY = "about projects and days, not about people"

NOT_IN_THE_FILE = {
    "inbox": _DELIVERY,
    "outbox": _DELIVERY,
    "failed_thing": _DELIVERY,
    "lane": _DELIVERY,
    "skip": "a firing of the clock that did not happen, for some months; no words",
    "import_row": "rows of a file somebody else handed in; names leave them when somebody is erased",
    "import_key": _NOBODY,
    "approval_shown": "evidence of what was shown to several; names leave it when somebody is erased",
    "audit_head": "the seal of the whole chain",
    "baseline_item": _NOBODY,
    "calendar_year": _NOBODY,
    "counter": _NOBODY,
    "customer": "about a task, as a team calls who it is for; its members are in it by the task",
    "customer_part": _NOBODY,
    "daily_plan": _NOBODY,
    "lease": "processes of this program",
    "link": _NOBODY,
    "process": "processes of this program",
    "pulse": "whether the bot was on",
    "repeat_copy": _NOBODY,
    "spent": "how many calls of a platform were used",
    "task_tag": "of a task, which is in the file",
    "weekly": _NOBODY,
}  # fmt: skip
STAYS = {
    "alarm": _BY_NUMBER,
    "approval": _BY_NUMBER,
    "approval_event": _BY_NUMBER,
    "approval_seat": _BY_NUMBER,
    "approval_vote": _BY_NUMBER,
    "ask": _BY_NUMBER,
    "baseline": _BY_NUMBER,
    "calendar_day": _BY_NUMBER,
    "collection": _BY_NUMBER,
    "criterion": _BY_NUMBER,
    "decision": _BY_NUMBER,
    "handover": _BY_NUMBER,
    "member": "the caller ends memberships before anything is erased",
    "milestone": _BY_NUMBER,
    "milestone_event": _BY_NUMBER,
    "moscow": _BY_NUMBER,
    "number": _BY_NUMBER,
    "repeat": _BY_NUMBER,
    "task": "open ones lose their owner first; " + _BY_NUMBER,
    "task_check": _BY_NUMBER,
    "template": _BY_NUMBER,
}
OTHER_NUMBERS = frozenset({
    "project_id", "chat_id", "task_id", "daily_id", "approval_id", "ask_id", "milestone_id", "baseline_id",
    "repeat_id", "parent_id", "subject_id", "root_id", "after_id", "before_id", "late_by",
})  # fmt: skip
"""Columns that look like people and are not."""


def test_every_table_is_in_the_file_or_says_why_not() -> None:
    assert not TABLES.keys() - statements().keys() - NOT_IN_THE_FILE.keys()
    assert not statements().keys() & NOT_IN_THE_FILE.keys()


def test_a_column_that_points_to_a_person_is_looked_at() -> None:
    """``…_id`` and ``…by`` are people unless they are known to be something else; so is what refers to ``person``."""
    unknown = []
    for table in TABLES.values():
        for column in table.c:
            number = isinstance(column.type, Integer | BigInteger)
            refers = any(key.column.table.name == "person" for key in column.foreign_keys)
            if refers or (number and column.name.endswith(("_id", "by"))):
                unknown += [f"{table.name}.{column.name}"] if column.name not in WHO | OTHER_NUMBERS else []
    assert not unknown, "add them to storage.personal_file.WHO, or to OTHER_NUMBERS here"
    assert not WHO & OTHER_NUMBERS
    assert {column.name for table in TABLES.values() for column in table.c} >= WHO


def test_whatever_is_in_the_file_goes_or_says_why_it_stays() -> None:
    cores = [each.core for value in vars(personal).values() for each in _statements(value)]
    gone = {core.table.name for core in cores if hasattr(core, "table")}
    assert not statements().keys() - gone - STAYS.keys()
    assert not gone & STAYS.keys()


def test_names_are_looked_for_in_every_text() -> None:
    """What stays names people in its words at most, and every table with words is gone through."""
    worded = {str(table.core.table.name) for part in erasing._tables() for table in part}  # type: ignore[attr-defined]
    assert worded | erasing._HANDLED == TABLES.keys() - _wordless()


def _wordless() -> set[str]:
    texts = {
        name: [c for c in table.c if not c.primary_key and str(c.type) == "VARCHAR"] for name, table in TABLES.items()
    }
    return {name for name, found in texts.items() if not found} - erasing._HANDLED


def _statements(value: object) -> list[Statement]:
    parts = value if isinstance(value, tuple) else (value,)
    return [part for part in parts if isinstance(part, Statement)]


async def test_what_no_column_says(office: Office) -> None:
    """Wishes, entries of the clock, lists they are on, and history that others made of their work."""
    await prepared(office)
    await office.hears("张三> @进度助手 /决策 用哪版：A版 / B版 @李四 @王五")
    await office.hears("张三> @进度助手 /指派 T1 @王五")
    await office.hears("李四@私聊> /设置 我的提醒 预警 3")
    await office.hears("李四@私聊> /我的数据")
    found = await file_of(office, "李四")
    assert [row["title"] for row in found["decision"]] == ["用哪版"]
    assert "choosers" not in found["decision"][0]
    assert [row["scope"] for row in found["warning"]] == ["person"]
    assert [row["kind"] for row in found["chat"]] == ["direct"]
    roles = [row["detail"] for row in found["audit"] if row["action"] == "members.role"]
    assert [detail.partition(": ")[2] for detail in roles] == ["none -> member"], "what others did with them"
    assert [row["field"] for row in found["task_event"]] == ["owner"]
