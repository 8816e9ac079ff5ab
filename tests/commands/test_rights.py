"""The table of rights is what ``/权限`` prints and what commands ask; nothing is refused under a name it lacks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import commands
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
