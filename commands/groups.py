"""Groups of people, by which figures are split.  ``/成员 组``  ``/成员 组 投放组 @李四``  ``/成员 组 无 @李四``"""

from __future__ import annotations

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, join, say, verbatim
from commands.access import require
from commands.arguments import Everyone, Rest
from commands.context import Ctx
from commands.grammar import command
from commands.line import fold
from commands.members import names
from commands.reply import Reply
from reports.off_plan import EXAMPLE
from reports.teams import SETTING, said_teams, teams_of
from storage.people import Person

LONGEST = 12
MOST = 20
"""Groups of a project."""
_NONE = ("无", "没有", "未定", "不分组", "none")


@command(
    "成员 组", "成员 分组", "成员 小组", "members group", "members groups",
    usage=say("谁在哪个组：偏差率按组分开看", "Who is in which group: deviation is shown by group"),
    example=EXAMPLE,
)  # fmt: skip
def group(ctx: Ctx, people: Everyone, words: Rest) -> Reply:
    """Puts people into a group, 无 takes them out; without people: all groups. Raises UserError."""
    name = words.strip("：:，,、。 ")
    if not people and not name:
        return Reply(text_card(_listed(ctx)))
    require(ctx, "members.group")
    if not people or not name or len(name) > LONGEST or "\n" in name:
        raise UserError(
            say("写组名（最多 {most} 字）和 @ 谁，例：{example}；移出组：/成员 组 无 @李四",
                "Name the group (at most {most} characters) and @ its people, e.g. {example}; out of a group: "
                "/members group none @Li", most=LONGEST, example=EXAMPLE)
        )  # fmt: skip
    strangers = [person for person in people if not ctx.books.people.role(ctx.project.id, person.id)]
    if strangers:
        raise UserError(
            say("{names} 不在本项目，没有改动。先加进来：/成员 加 @{name}",
                "Not in this project: {names}. Nothing was changed. Add them first: /members add @{name}",
                names=names(strangers), name=strangers[0].name)
        )  # fmt: skip
    team = "" if fold(name) in _NONE else _as_known(ctx, name)
    said = said_teams(ctx.project) | {person.id: team for person in people}
    if len(set(said.values()) - {""}) > MOST:
        raise UserError(say("最多 {n} 个组，没有改动。", "At most {n} groups; nothing was changed.", n=MOST))
    ctx.project = ctx.books.projects.set(ctx.project, **{SETTING: {str(person): name for person, name in said.items()}})
    return Reply(text_card(join([say("✅ 已分组。", "✅ Done."), _listed(ctx)], "\n")))


def _as_known(ctx: Ctx, name: str) -> str:
    """As the group is written already, where it differs in case or width only."""
    return next((team for team in said_teams(ctx.project).values() if fold(team) == fold(name)), name)


def _listed(ctx: Ctx) -> Text:
    """``投放组：李四、王五``, a line a group; who is in none last."""
    people = [m.person for m in ctx.books.people.members(ctx.project.id) if m.takes_part]
    teams = teams_of(ctx.project, {person.id: person.name for person in people})
    if not teams:
        return say("还没分组。例：{example}", "There are no groups yet. E.g. {example}", example=EXAMPLE)
    by_team: dict[str, list[Person]] = {}
    for person in sorted(people, key=lambda person: not teams.get(person.id)):
        by_team.setdefault(teams.get(person.id, ""), []).append(person)
    rows = [
        say("{team}：{names}", "{team}: {names}", team=verbatim(team) if team else say("没分组", "no group"),
            names=names(each))
        for team, each in by_team.items()
    ]  # fmt: skip
    return join(rows, "\n")
