"""The vendor's own client, as anybody would use it, against the fake. Run by ``test_feishu_oracle.py`` as a process.

Arguments: the domain, app id and secret, a chat, a person. Prints one JSON line per finding.
"""

from __future__ import annotations

import io
import json
import random
import sys
from typing import Any

import lark_oapi as lark
from lark_oapi.api.im import v1 as im
from lark_oapi.event.callback.model.p2_card_action_trigger import P2CardActionTriggerResponse
from lark_oapi.ws.pb.pbbp2_pb2 import Frame

CARD = {"schema": "2.0", "body": {"elements": [{"tag": "markdown", "content": "好"}]}}


def tell(what: str, **data: Any) -> None:
    print(json.dumps({"what": what, **data}, ensure_ascii=False), flush=True)  # noqa: T201


def frames() -> None:
    """Random frames as the SDK's protobuf writes them."""
    dice = random.Random(5)
    for _ in range(100):
        frame = Frame()
        frame.SeqID, frame.LogID = dice.getrandbits(63), dice.getrandbits(40)
        frame.service, frame.method = dice.getrandbits(31), dice.getrandbits(1)
        for n in range(dice.randrange(4)):
            header = frame.headers.add()
            header.key, header.value = f"k{n}", "值" * dice.randrange(90)
        frame.payload = dice.randbytes(dice.randrange(400))
        tell("frame", raw=frame.SerializeToString().hex())


def rest(client: lark.Client, chat: str, person: str) -> None:
    """Send, reply, edit, upload, members, and one refusal."""

    def send(id_type: str, to: str, kind: str, content: Any, uuid: str = "") -> Any:
        body = (
            im.CreateMessageRequestBody.builder().receive_id(to).msg_type(kind).content(json.dumps(content)).uuid(uuid)
        )
        request = im.CreateMessageRequest.builder().receive_id_type(id_type).request_body(body.build()).build()
        return client.im.v1.message.create(request)

    sent = send("chat_id", chat, "text", {"text": "你好"}, "same")
    again = send("chat_id", chat, "text", {"text": "你好"}, "same")
    tell("send", ok=sent.success(), again=again.data.message_id == sent.data.message_id, chat=sent.data.chat_id)
    tell("direct", ok=send("open_id", person, "text", {"text": "嗨"}).success())
    card = send("chat_id", chat, "interactive", CARD)
    body = im.PatchMessageRequestBody.builder().content(json.dumps(CARD)).build()
    patch = im.PatchMessageRequest.builder().message_id(card.data.message_id).request_body(body).build()
    tell("patch", ok=client.im.v1.message.patch(patch).success())
    answer = im.ReplyMessageRequestBody.builder().content(json.dumps({"text": "答"})).msg_type("text").build()
    reply = im.ReplyMessageRequest.builder().message_id(sent.data.message_id).request_body(answer).build()
    tell("reply", ok=client.im.v1.message.reply(reply).success())
    file = io.BytesIO(b"1,2")
    file.name = "a.csv"
    upload = im.CreateFileRequestBody.builder().file_type("stream").file_name("a.csv").file(file).build()
    key = client.im.v1.file.create(im.CreateFileRequest.builder().request_body(upload).build())
    tell("upload", ok=key.success())
    members = im.GetChatMembersRequest.builder().chat_id(chat).member_id_type("open_id").build()
    tell("members", names=[one.name for one in client.im.v1.chat_members.get(members).data.items])
    seen = im.ReadUsersMessageRequest.builder().message_id(card.data.message_id).user_id_type("open_id").page_size(100)
    readers = client.im.v1.message.read_users(seen.build()).data
    tell("readers", names=[one.user_id for one in readers.items], more=readers.has_more)
    wrong = send("chat_id", chat, "interactive", {"schema": "2.0", "body": {"elements": [{"tag": "note"}]}})
    tell("refused", code=wrong.code, ok=wrong.success())


def listen(app_id: str, secret: str, domain: str) -> None:
    """Typed handlers, as in the vendor's samples."""

    def heard(event: im.P2ImMessageReceiveV1) -> None:
        message = event.event.message
        tell("heard", text=json.loads(message.content)["text"], sender=event.event.sender.sender_id.open_id)

    def pressed(event: Any) -> P2CardActionTriggerResponse:
        tell("pressed", value=event.event.action.value)
        card = {"type": "raw", "data": CARD}
        return P2CardActionTriggerResponse({"toast": {"type": "info", "content": "收到"}, "card": card})

    builder = lark.EventDispatcherHandler.builder("", "")
    builder.register_p2_im_message_receive_v1(heard).register_p2_card_action_trigger(pressed)
    lark.ws.Client(app_id, secret, event_handler=builder.build(), domain=domain, log_level=lark.LogLevel.ERROR).start()


def main() -> None:
    domain, app_id, secret, chat, person = sys.argv[1:]
    frames()
    rest(lark.Client.builder().app_id(app_id).app_secret(secret).domain(domain).build(), chat, person)
    listen(app_id, secret, domain)


if __name__ == "__main__":
    main()
