"""Groups of people within a project: 投放组, 设计组. Figures are split by them; nothing else depends on them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from storage.projects import ProjectInfo

SETTING = "teams"
"""Of a project: {person: the group they were put into, "" for none}."""
_DEPARTMENT = re.compile(r"[（(]([^（）()]{1,20})[）)]\s*$")


def said_teams(project: ProjectInfo) -> dict[int, str]:
    """{person: group} as admins said."""
    return {int(person): team for person, team in (project.settings.get(SETTING) or {}).items()}


def teams_of(project: ProjectInfo, names: Mapping[int, str]) -> dict[int, str]:
    """The same; else the department in brackets behind a name (李四（投放部）)."""
    found = {person: match[1].strip() for person, name in names.items() if (match := _DEPARTMENT.search(name))}
    return {person: team for person, team in (found | said_teams(project)).items() if team}
