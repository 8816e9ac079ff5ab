"""The table of rights is what ``/权限`` prints and what commands ask; nothing is refused under a name it lacks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import commands
from commands import grammar
from commands.rights import BY_ACTION, RIGHTS, ROLES, may
from tests.commands.conftest import Office


def audited() -> Iterator[tuple[str, str]]:
    """(file, action) of every refusal in the commands."""
    for path in sorted(Path(commands.__path__[0]).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            asked = node.args[1:2] if getattr(node.func, "id", "") == "require" else []
            for value in [*asked, *(keyword.value for keyword in node.keywords if keyword.arg == "audit")]:
                if isinstance(value, ast.Constant):
                    yield path.name, value.value


def test_every_refusal_has_its_right() -> None:
    assert [(name, action) for name, action in audited() if action not in BY_ACTION] == []


SHOWN = {"help.py", "weekly.py", "members.py"}
"""Where a role decides what is shown, or is what is being given; not what may be done."""


def test_nobody_else_asks_who_is_an_admin() -> None:
    """What an admin may is a row of the table; a check beside it would be one that ``/权限`` does not tell of."""
    found = []
    for path in sorted(Path(commands.__path__[0]).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            own = isinstance(node, ast.Attribute) and node.attr == "is_admin" and getattr(node.value, "id", "") == "ctx"
            roles = isinstance(node, ast.Compare) and any(
                isinstance(word, ast.Constant) and word.value == "admin" for word in ast.walk(node)
            )
            if (own or roles) and path.name not in SHOWN:
                found.append(f"{path.name}:{node.lineno}")
    assert found == []


def test_every_row_is_looked_at_somewhere() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(commands.__path__[0]).glob("*.py")]
    texts = [text for text in sources if "RIGHTS = (" not in text]
    idle = [right.action for right in RIGHTS if not any(f'"{right.action}"' in text for text in texts)]
    assert idle == ["task.make", "daily.hand_in", "look", "task.own"], "what everybody may needs no look"
    assert all(BY_ACTION[action].least == ROLES[0] for action in idle)


ADMINS_ONLY = {command.run: command for command in grammar.load().commands.values() if command.roles == "admin"}
SHOWS_ONLY = {"/模板 日汇总"}


async def test_what_is_for_admins_is_refused_to_others_and_changes_nothing(office: Office) -> None:
    """Every command whose help says so, by its own example; a new one is tried from its first day."""
    await office.hears("群 大促：张三 李四 王五 王总")
    await office.hears("张三> @进度助手 /项目 新建 双十一大促 11-11")
    await office.hears("张三> @进度助手 /日报 设置 17:30 18:30")
    await office.hears("张三> @进度助手 /成员 加 @李四 @王总")
    assert len(ADMINS_ONLY) > 30
    for command in ADMINS_ONLY.values():
        example = command.example.plain()
        if example not in SHOWS_ONLY:
            said = await office.hears(f"李四> @进度助手 {example}")
            assert said[0].startswith("只有管理员（张三）能"), (example, said)


def test_the_table_has_each_action_once() -> None:
    assert len(BY_ACTION) == len(RIGHTS)


def test_a_stronger_role_may_what_a_weaker_may() -> None:
    for right in RIGHTS:
        allowed = [may(role, right) for role in ROLES]
        assert allowed == sorted(allowed)


async def test_the_table_is_shown(office: Office) -> None:
    said = await office.hears("李四> @进度助手 /权限")
    assert said[0].startswith("谁能做什么（李四 是来访）：\n所有人：建任务、")
    assert "\n管理员：" in said[0]


async def test_refusals_can_be_read_by_admins_only(office: Office) -> None:
    assert await office.hears("张三> @进度助手 /权限 记录") == ["还没有人被拒绝过。"]
    await office.hears("李四> @进度助手 /成员 加 @王五")
    assert (await office.hears("李四> @进度助手 /权限 记录"))[0].startswith("只有管理员（张三）能看被拒记录。")
    assert await office.hears("张三> @进度助手 /权限 记录") == [
        "最近 2 次被拒：\n9-18 10:00 李四：看被拒记录\n9-18 10:00 李四：加成员"
    ]
