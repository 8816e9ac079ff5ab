"""Pictures and files go up over the long connection in pieces; a message then names them."""

from __future__ import annotations

from base64 import b64encode
from hashlib import md5
from pathlib import Path

from adapters.wecom.connection import Line
from adapters.wecom.render import Media
from chat.errors import InDoubt, Rejected, Unreachable

CHUNK = 512 << 10
SMALLEST, NAME_BYTES = 5, 256
LARGEST = {"image": 10 << 20, "file": 20 << 20}


def load(media: Media, folder: Path) -> bytes:
    """Raises Rejected: not there, or a size WeCom does not take."""
    try:
        data = media.content or (folder / media.path).read_bytes()
    except OSError as error:
        raise Rejected(f"wecom: {media.name} cannot be read: {type(error).__name__}") from error
    if not SMALLEST <= len(data) <= LARGEST[media.kind]:
        raise Rejected(f"wecom: {media.name} has {len(data)} bytes")
    return data


async def upload(connection: Line, media: Media, data: bytes) -> str:
    """Returns the media id, good for three days. Raises Refused, or Unreachable: nothing was said in any chat yet."""
    chunks = range(0, len(data), CHUNK)
    start = {
        "type": media.kind,
        "filename": media.name.encode()[-NAME_BYTES:].decode("utf-8", "ignore"),
        "total_size": len(data),
        "total_chunks": len(chunks),
        "md5": md5(data, usedforsecurity=False).hexdigest(),
    }
    try:
        begun = await connection.request("aibot_upload_media_init", start)
        handle = begun.get("upload_id")
        for number, at in enumerate(chunks):
            piece = b64encode(data[at : at + CHUNK]).decode()
            body = {"upload_id": handle, "chunk_index": number, "base64_data": piece}
            await connection.request("aibot_upload_media_chunk", body)
        done = await connection.request("aibot_upload_media_finish", {"upload_id": handle})
    except InDoubt as error:
        raise Unreachable(str(error)) from error
    return str(done.get("media_id", ""))
