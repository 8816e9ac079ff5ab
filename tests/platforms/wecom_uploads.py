"""Uploads over the long connection: begun, filled in any order, finished; checked as WeCom checks them."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import md5

from tests.platforms.wecom_rules import Json, Window, need

CHUNK = 512 << 10


@dataclass(slots=True)
class Upload:
    kind: str
    name: str
    size: int
    chunks: int
    digest: str
    parts: dict[int, bytes] = field(default_factory=dict)


class Uploads:
    """``done``: {media id: (kind, name, bytes)}."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.done: dict[str, tuple[str, str, bytes]] = {}
        self._open: dict[str, Upload] = {}
        self._limit = Window(now, (30, 60.0), (1000, 3600.0))

    def take(self, cmd: str, body: Json) -> Json | None:
        match cmd.removeprefix("aibot_upload_media_"):
            case "init":
                return self._begin(body)
            case "chunk":
                upload = self._open[body["upload_id"]]
                data = b64decode(body["base64_data"], validate=True)
                need(0 <= body["chunk_index"] < upload.chunks and len(data) <= CHUNK, 40058, "chunk")
                upload.parts[body["chunk_index"]] = data
                return None
        upload = self._open[body["upload_id"]]
        need(len(upload.parts) == upload.chunks, 40058, "missing chunk")
        data = b"".join(part for _, part in sorted(upload.parts.items()))
        need(len(data) == upload.size, 40058, "total_size")
        need(not upload.digest or md5(data).hexdigest() == upload.digest, 40058, "md5")
        media = f"media{len(self.done) + 1}"
        self.done[media] = (upload.kind, upload.name, data)
        return {"type": upload.kind, "media_id": media, "created_at": "1"}

    def _begin(self, body: Json) -> Json:
        self._limit.count("bot")
        need(body.get("type") in ("file", "image", "voice", "video"), 40058, "type")
        need(0 < len(str(body.get("filename", "")).encode()) <= 256, 40058, "filename")
        need(body.get("total_size", 0) >= 5 and 1 <= body.get("total_chunks", 0) <= 100, 40058, "size")
        name = f"upload{len(self._open) + 1}"
        self._open[name] = Upload(
            body["type"], body["filename"], body["total_size"], body["total_chunks"], body.get("md5", "")
        )
        return {"upload_id": name}
