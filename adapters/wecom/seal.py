"""Signed and sealed: how WeCom's HTTP callbacks are checked, opened and answered."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import field
from typing import TYPE_CHECKING

from Crypto.Cipher import AES

from adapters.listening import as_bytes, same
from chat.frozen import frozen

if TYPE_CHECKING:
    from Crypto.Cipher._mode_cbc import CbcMode

BLOCK = 32


class Forged(Exception):
    """Not from WeCom, or not for us. Why is for the log alone."""


@frozen
class Seal:
    """receive_id: "" for an AI bot of the company itself, the corpid for an app."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    receive_id: str = ""

    def signature(self, timestamp: str, nonce: str, sealed: str) -> str:
        return hashlib.sha1(as_bytes("".join(sorted((self.token, timestamp, nonce, sealed))))).hexdigest()

    def opened(self, signature: str, timestamp: str, nonce: str, sealed: str) -> str:
        """The words inside; the signature is looked at before anything is deciphered. Raises Forged."""
        if not same(self.signature(timestamp, nonce, sealed), signature):
            raise Forged("signature")
        try:
            plain = self._cipher().decrypt(base64.b64decode(sealed, validate=True))
        except (binascii.Error, ValueError) as error:
            raise Forged("not whole blocks of base64") from error
        pad = plain[-1] if plain else 0
        if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
            raise Forged("padding")
        plain = plain[:-pad]
        size = int.from_bytes(plain[16:20], "big")
        words, receiver = plain[20 : 20 + size], plain[20 + size :]
        if len(plain) < 20 or len(words) != size or receiver != self.receive_id.encode():
            raise Forged("length or receiver")
        try:
            return words.decode()
        except UnicodeDecodeError as error:
            raise Forged("not UTF-8") from error

    def sealed(self, words: str, salt: bytes | None = None) -> str:
        """salt: 16 bytes, random unless a test says otherwise."""
        body = words.encode()
        plain = (salt or os.urandom(16)) + len(body).to_bytes(4, "big") + body + self.receive_id.encode()
        pad = BLOCK - len(plain) % BLOCK
        return base64.b64encode(self._cipher().encrypt(plain + bytes([pad]) * pad)).decode()

    def answer(self, words: str, timestamp: str, nonce: str) -> dict[str, object]:
        sealed = self.sealed(words)
        signature = self.signature(timestamp, nonce, sealed)
        return {"encrypt": sealed, "msgsignature": signature, "timestamp": int(timestamp), "nonce": nonce}

    def _cipher(self) -> CbcMode:
        key = base64.b64decode(self.aes_key + "=")
        return AES.new(key, AES.MODE_CBC, key[:16])
