"""What I know about somebody, or nothing of it any more.  ``/我的数据``  ``/删除我的数据``  ``/成员 清除数据``"""

from __future__ import annotations

from chat.cards import Attachment, Button, Card, Paragraph, text_card
from chat.errors import UserError
from chat.text import Text, say, verbatim
from commands.access import allowed_in, require
from commands.context import Ctx
from commands.crew import Crew
from commands.grammar import button, command
from commands.leave_bot import MOST
from commands.reply import Pressed, Reply, reply
from reports import approval_gone, erasing
from storage import personal, personal_file
from storage.people import Person

ERASE = "person.erase"


@command(
    "我的数据",
    "my data",
    "导出我的数据",
    usage=say("我记了你什么：一份文件（私聊）", "Everything I know about you, as a file"),
    example=say("/我的数据", "/my data"),
    roles="guest",
)
def show(ctx: Ctx) -> Reply:
    """A file, to the person alone."""
    _alone(ctx)
    content = personal_file.document(ctx.books.tx, ctx.person.id)
    if len(content) > MOST:
        raise UserError(
            say("内容太多，消息里放不下。请找管理员从备份里导出。", "Too big for a message. Please ask an admin.")
        )
    ctx.books.audit(ctx.project.id, "person.export", "done")
    text = say(
        "我记着的关于 {who} 的全部（JSON）。不想留了，发：/删除我的数据",
        "All I know about {who} (JSON). To have it erased: /erase me",
        who=ctx.person.name,
    )
    return Reply(Card((Paragraph(text), Attachment(f"jindu-my-data-{ctx.today:%Y%m%d}.json", content))))


@command(
    "删除我的数据",
    "erase me",
    usage=say("删掉我的身份、日报内容和邮箱", "Erase my identity, reports and mail address"),
    example=say("/删除我的数据", "/erase me"),
    roles="guest",
)
def erase_me(ctx: Ctx) -> Reply:
    """Nothing happens before the button is pressed. Raises UserError: the last admin of a project."""
    _alone(ctx)
    _replaceable(ctx, ctx.person)
    return _asked(ctx, ctx.person)


@command(
    "成员 清除数据",
    "members erase",
    usage=say("删掉一个离开的人的个人数据", "Erase the personal data of somebody who left"),
    example=say("/成员 清除数据 @李四", "/members erase @Li"),
    roles="admin",
)
def erase_other(ctx: Ctx, team: Crew) -> Reply:
    """Only by an admin of every project that the person is in. Nothing happens before the button is pressed."""
    require(ctx, "members.erase")
    if len(team.everyone) != 1 or team.unknown:
        raise UserError(say("一次清除一个人。例：/成员 清除数据 @李四", "One person at a time: /members erase @Li"))
    (person,) = team.everyone
    _replaceable(ctx, person)
    _in_charge(ctx, person)
    return _asked(ctx, person)


@button(ERASE)
def erase_pressed(ctx: Ctx, person_id: int) -> Pressed:
    """args: person id. All is looked at again: the card may be old, or nobody's."""
    if person_id != ctx.person.id:
        require(ctx, "members.erase")
        if not ctx.books.people.role(ctx.project.id, person_id):
            raise UserError(say("没找到这个人。", "This person cannot be found."))
    else:
        _alone(ctx)
    person = ctx.books.people.get(person_id)
    _replaceable(ctx, person)
    if person.id != ctx.person.id:
        _in_charge(ctx, person)
    done = _erased(ctx, person)
    return Pressed(say("已清除。", "Erased."), text_card(done))


@button("person.keep")
def kept(_: Ctx) -> Pressed:
    text = say("好的，一切照旧。", "OK, everything stays.")
    return Pressed(text, text_card(text))


# --- inside ----------------------------------------------------------------------------------------------------------


def _alone(ctx: Ctx) -> None:
    if ctx.in_group:
        raise UserError(say("这是你自己的事，请私聊我发。", "This is your own affair: please send it to me directly."))


def _replaceable(ctx: Ctx, person: Person) -> None:
    """Raises UserError: a project would be left without an admin."""
    for project in ctx.books.projects.of(person.id):
        members = ctx.books.people.members(project.id)
        admins = [m.person.id for m in members if m.is_admin]
        if admins == [person.id] and len(members) > 1:
            raise UserError(
                say(
                    "{who} 是「{project}」最后的管理员，没有改动。先请别人当管理员：/成员 管理员 @某人",
                    "{who} is the last admin of “{project}”; nothing was changed. First appoint another: "
                    "/members admin @name",
                    who=person.name,
                    project=project.name,
                )
            )


def _in_charge(ctx: Ctx, person: Person) -> None:
    """Raises UserError: they are in a project, too, that is not this admin's."""
    for project in ctx.books.projects.of(person.id):
        if not allowed_in(ctx, project.id, "members.erase"):
            raise UserError(
                say(
                    "{who} 还在别的项目里，不能由你清除。请 {who} 自己私聊我发：/删除我的数据",
                    "{who} is in other projects, too, so it is not for you to erase them. They can send me: /erase me",
                    who=person.name,
                ),
                audit="members.erase",
            )


def _asked(ctx: Ctx, person: Person) -> Reply:
    mine = len(ctx.tasks.open_of(person.id))
    return reply(
        "要清除 {who} 的个人数据吗？不能恢复。\n会删：平台身份、邮箱、日报和阻塞的内容、请假、私聊消息；"
        "历史里的名字换成「{called}」；{n} 项未完成的任务变成待指派。\n会留：任务、审批结果和它们的时间。",
        "Erase the personal data of {who}? It cannot be undone.\nGone: platform identities, mail address, the words of "
        "reports and blockers, leave, direct messages; history says “{called}”; {n} open tasks lose their owner.\n"
        "Stays: tasks, outcomes of approvals, and when they happened.",
        Button(say("清除", "Erase"), ERASE, (str(person.id),), style="danger"),
        Button(say("不清除", "Keep"), "person.keep"),
        who=person.name,
        called=personal.called(person.id),
        n=mine,
    )


def _erased(ctx: Ctx, person: Person) -> Text:
    books = ctx.books
    for task in ctx.tasks.open_of(person.id):
        ctx.tasks.change(task, owner=None)
    for project in books.projects.of(person.id):
        books.people.dismiss(project.id, person.id)
    approval_gone.hand_on(books, person, erased=True)
    erasing.begin(books, person.id, personal.erase(books.tx, person.id))
    books.audit(ctx.project.id, "person.erase", "done", f"person {person.id}")
    return say(
        "✅ 已清除。历史里从此写作「{called}」。备份里的要等备份过期（7 天）。",
        "✅ Erased. History says “{called}” from now on. Copies made before are kept for 7 days.",
        called=verbatim(personal.called(person.id)),
    )
