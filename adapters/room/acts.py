"""What each ``op`` of a page does. See ``frames.py`` for the words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from adapters.room import render
from adapters.room.frames import Frame, Request
from adapters.room.ports import Page
from adapters.room.things import BOT_ID
from chat.errors import UserError
from chat.text import say

HISTORY = 60
BACKLOG = 2_000
"""So many things waiting for the bot, and nothing more is taken."""
OK: Frame = {"ev": "ok"}

Act = Callable[[Page, Request], Awaitable[Frame | None]]
ACTS: dict[str, Act] = {}


def act(function: Act) -> Act:
    ACTS[function.__name__.strip("_")] = function
    return function


@act
async def view(page: Page, request: Request) -> Frame:
    room = page.room
    wanted = request.text("as", "")
    page.become(wanted if wanted in room.people else next(iter(room.people), ""))
    return {
        "ev": "state",
        "me": page.person,
        "bot": {"id": BOT_ID, "name": room.bot_name},
        "people": render.people(room),
        "chats": [render.chat(room, page.person, one) for one in room.chats_of(page.person)],
        "clock": page.server.clockwork.frame(),
        **page.server.greeting.frame(),
    }


@act
async def open_(page: Page, request: Request) -> Frame:
    chat, person = request.text("chat"), request.text("as")
    if chat not in {one.id for one in page.room.chats_of(person)}:
        raise UserError(say("这个会话已经不在了。", "This chat is no longer there."))
    log, before = page.room.messages(chat), request.number("before")
    if before is not None:
        log = [one for one in log if one.n < before]
    messages = [render.message(page.room, person, one) for one in log[-HISTORY:]]
    return {"ev": "history", "chat": chat, "messages": messages, "more": len(log) > HISTORY}


@act
async def read(page: Page, request: Request) -> Frame:
    page.room.read(request.text("as"), request.text("chat"))
    return OK


@act
async def say_(page: Page, request: Request) -> Frame:
    _not_too_busy(page)
    files = [page.server.files[ref] for ref in request.texts("files") if ref in page.server.files]
    message = page.room.say(
        request.text("as"),
        request.text("chat"),
        request.text("text", ""),
        quote=request.text("quote", "") or None,
        files=files,
        voice=request.flag("voice"),
        once=request.text("once", ""),
    )
    await page.room.store.flush()
    return {"ev": "ok", "id": message}


@act
async def press(page: Page, request: Request) -> Frame | None:
    _not_too_busy(page)
    message, button = request.text("message"), (request.text("verb"), request.texts("args"))
    version = int(request.number("version") or 0)
    return _pressed(page, request, lambda once: page.room.press(request.text("as"), message, button, version, once))


@act
async def form(page: Page, request: Request) -> Frame | None:
    _not_too_busy(page)
    message, verb, fields = request.text("message"), request.text("verb"), request.words("fields")
    return _pressed(page, request, lambda once: page.room.send_form(request.text("as"), message, fields, verb, once))


def _pressed(page: Page, request: Request, press: Callable[[str], str]) -> Frame | None:
    """The answer at once when this very press was answered before the connection was lost; else it comes later."""
    key = press(request.text("once", ""))
    if key in page.room.waiting.answers:
        return page.answer_frame(request.ref, request.text("message"), page.room.answer(key))
    page.presses[key] = request.ref
    return None


@act
async def recall(page: Page, request: Request) -> Frame:
    page.room.recall(request.text("as"), request.text("message"))
    return OK


@act
async def retry(page: Page, request: Request) -> Frame:
    message = page.room.log.get(request.text("message"))
    if message and message.key and message.sender == request.text("as"):
        page.server.hurry(message.key)
    return OK


@act
async def person(page: Page, request: Request) -> Frame:
    return {"ev": "ok", "id": page.room.add_person(request.text("name"))}


@act
async def group(page: Page, request: Request) -> Frame:
    members, by = request.texts("people"), request.text("as")
    return {"ev": "ok", "id": page.room.create_group(request.text("name"), members, by, bot=request.flag("bot"))}


@act
async def add(page: Page, request: Request) -> Frame:
    for one in request.texts("people"):
        page.room.add_member(request.text("chat"), one, request.text("as"))
    return OK


@act
async def remove(page: Page, request: Request) -> Frame:
    page.room.remove_member(request.text("chat"), request.text("person"), request.text("as"))
    return OK


@act
async def bot(page: Page, request: Request) -> Frame:
    change = page.room.add_bot if request.flag("here") else page.room.remove_bot
    change(request.text("chat"), request.text("as"))
    return OK


@act
async def rename(page: Page, request: Request) -> Frame:
    page.room.rename(request.text("chat"), request.text("name"), request.text("as"))
    return OK


@act
async def dissolve(page: Page, request: Request) -> Frame:
    page.room.dissolve(request.text("chat"), request.text("as"))
    return OK


@act
async def time(page: Page, request: Request) -> Frame:
    page.server.clockwork.go(request.number("seconds"))
    return OK


def _not_too_busy(page: Page) -> None:
    if len(page.room.pending) > BACKLOG:
        raise UserError(say("机器人忙不过来了，等一会儿再发。", "The bot cannot keep up; send it again in a while."))
