"""Pictures and files go up over the long connection in pieces; a message then names them. What people send comes as an

address, good for five minutes, of something sealed with a key of its own.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from hashlib import md5
from pathlib import Path
from urllib.parse import unquote

from adapters.http import Http
from adapters.reading import LARGEST as READ_BYTES
from adapters.wecom.connection import Line
from adapters.wecom.render import Media
from chat.errors import InDoubt, Rejected, Unreachable
from chat.messages import File

CHUNK = 512 << 10
BLOCK = 32
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


async def download(http: Http, file: File) -> tuple[str, bytes]:
    """(name, content) of what somebody sent; file.ref: address#key. Raises Rejected: larger than what is read, no

    longer there, or not sealed with this key.
    """
    url, _, key = file.ref.rpartition("#")
    if not url.startswith(("https://", "http://")):
        raise Rejected("wecom file: no address")
    reply, sealed = await http.fetch("wecom file", url, READ_BYTES + BLOCK)
    if reply.status != 200:
        raise Rejected(f"wecom file: HTTP {reply.status}")
    named = reply.headers.get("Content-Disposition", "").partition("filename*=UTF-8''")[2]
    return unquote(named.partition(";")[0].strip()), opened(sealed, key) if key else sealed


def opened(sealed: bytes, key: str) -> bytes:
    """AES-256-CBC; the key's beginning is the IV, the padding goes up to 32. Raises Rejected for what does not fit."""
    from Crypto.Cipher import AES  # for those who get files

    try:
        secret = b64decode(key + "=" * (-len(key) % 4), validate=True)
        plain = AES.new(secret, AES.MODE_CBC, secret[:16]).decrypt(sealed)
    except (binascii.Error, ValueError) as error:
        raise Rejected("wecom file: the key does not fit") from error
    padding = plain[-1] if plain else 0
    if not 1 <= padding <= BLOCK or plain[-padding:] != bytes([padding]) * padding:
        raise Rejected("wecom file: the key does not fit")
    return plain[:-padding]
