"""The way out: all data in a file, and silence.  ``/退出`` asks, ``/退出 导出`` does both, ``/项目 导出`` the file."""

from __future__ import annotations

from chat.cards import Attachment, Button, Card, Paragraph
from chat.errors import UserError
from chat.text import Text, say
from commands.access import require
from commands.context import Ctx
from commands.grammar import button, command
from commands.reply import Pressed, Reply, reply
from reports import presence

MOST = 20_000_000
"""Characters of a document that fit into one message."""
BACK = Button(say("恢复定时", "Resume the schedules"), "presence.resume")


@command(
    "退出",
    "quit",
    "停用",
    usage=say("停用，或导出全部数据", "Stop using it, or export everything"),
    example=say("/退出 导出", "/quit export"),
    roles="admin",
)
def ask(ctx: Ctx) -> Reply:
    """Nothing happens before a button is pressed."""
    require(ctx, "project.export")
    return reply(
        "要停用「{project}」吗？停用后不再提示和汇总，数据保留，随时可恢复。",
        "Stop using me for “{project}”? Nothing is asked or sent any more; the data stays and you can come back.",
        Button(say("导出并停用", "Export and stop"), "project.quit", style="danger"),
        Button(say("只导出", "Export only"), "project.export"),
        Button(say("不用", "No"), "project.stay"),
        project=ctx.project.name,
    )


@command(
    "退出 导出",
    "quit export",
    usage=say("导出全部数据并停用", "Export everything and stop"),
    example=say("/退出 导出", "/quit export"),
    roles="admin",
)
def export_and_stop(ctx: Ctx) -> Reply:
    """All data to the admin, then the project's clock stands still."""
    require(ctx, "project.export")
    return _stop(ctx)


@command(
    "退出 只导出",
    "项目 导出",
    "project export",
    usage=say("导出全部数据", "Export everything"),
    example=say("/项目 导出", "/project export"),
    roles="admin",
)
def export_only(ctx: Ctx) -> Reply:
    """All data to the admin; everything goes on."""
    require(ctx, "project.export")
    _send(ctx)
    return reply("✅ 「{project}」的全部数据已私聊发出。", "✅ All data of “{project}” was sent directly.",
                 project=ctx.project.name)  # fmt: skip


@button("project.quit")
def quit_pressed(ctx: Ctx) -> Pressed:
    require(ctx, "project.export")
    return Pressed(say("已停用。", "Stopped."), reply=_stop(ctx))


@button("project.export")
def export_pressed(ctx: Ctx) -> Pressed:
    require(ctx, "project.export")
    return Pressed(say("已导出。", "Exported."), reply=export_only(ctx))


@button("project.stay")
def stay(_: Ctx) -> Pressed:
    text: Text = say("好的，一切照旧。", "OK, everything goes on.")
    return Pressed(text, Card((Paragraph(text),)))


def _stop(ctx: Ctx) -> Reply:
    _send(ctx)
    count = presence.stand_still(ctx.books, ctx.project)
    ctx.books.audit(ctx.project.id, "project.quit", "done")
    return reply(
        "✅ 「{project}」的全部数据已私聊发出，{n} 个定时已停。以后不再主动发消息；说话我仍会答。",
        "✅ All data of “{project}” was sent directly and {n} schedules are stopped. "
        "From now on I write to nobody unasked; spoken to, I still answer.",
        BACK,
        project=ctx.project.name,
        n=count,
    )


def _send(ctx: Ctx) -> None:
    """The file goes to the admin alone. Raises UserError: it would not arrive, or is too big; nothing was changed."""
    if not ctx.speaker.reaches(ctx.person):
        raise UserError(
            say(
                "数据只私聊发。请先私聊我一句，再发一次「/退出」。",
                "The data is sent directly only: say hello to me first, then try again.",
            )
        )
    content = ctx.books.export(ctx.project.id)
    if len(content) > MOST:
        raise UserError(
            say(
                "数据太大，消息里放不下。请从数据目录的 backup 文件夹取备份。",
                "Too big for a message. Take the copy in the folder “backup”.",
            )
        )
    ctx.books.audit(ctx.project.id, "project.export", "done")
    text = say("「{project}」的全部数据（JSON）", "All data of “{project}” (JSON)", project=ctx.project.name)
    file = Attachment(f"jindu-{ctx.project.id}-{ctx.today:%Y%m%d}.json", content)
    ctx.speaker.to_person(ctx.person, ctx.project, Card((Paragraph(text), file)))
