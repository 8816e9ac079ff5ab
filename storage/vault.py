"""Words that whoever reads the books, or a copy of them, may not read: sealed, or only compared.

AES-256-GCM and HMAC-SHA-256 under keys drawn from one that is kept elsewhere (``use``). Without it, in tests and
demonstrations, there is one for as long as the process lasts.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from hashlib import sha256

NONCE, TAG = 12, 16


class Unreadable(Exception):
    """It was sealed under another key, for another place, or somebody changed it."""


class _Keys:
    def __init__(self) -> None:
        self.use(secrets.token_bytes(32))

    def use(self, material: bytes) -> None:
        self.sealing = hmac.digest(material, b"jindu sealing 1", sha256)
        self.hashing = hmac.digest(material, b"jindu hashing 1", sha256)


_keys = _Keys()


def use(material: bytes) -> None:
    """From now on, in this process."""
    _keys.use(material)


def hashed(words: str, about: str) -> str:
    """Says nothing of the words, however few there could be; equal words about something else look different."""
    return hmac.digest(_keys.hashing, f"{about}\n{words}".encode(), sha256).hex()


def fits(words: str, about: str, known: str) -> bool:
    """Is ``known`` the hash of these words? In a time that tells nothing."""
    return hmac.compare_digest(hashed(words, about), known)


def sealed(words: str, about: str) -> str:
    """about: where it belongs; nowhere else can it be opened."""
    from Crypto.Cipher import AES  # for the few who seal

    nonce = secrets.token_bytes(NONCE)
    cipher = AES.new(_keys.sealing, AES.MODE_GCM, nonce=nonce, mac_len=TAG)
    cipher.update(about.encode())
    content, tag = cipher.encrypt_and_digest(words.encode())
    return base64.b64encode(nonce + tag + content).decode()


def opened(blob: str, about: str) -> str:
    """Raises Unreadable."""
    from Crypto.Cipher import AES

    try:
        raw = base64.b64decode(blob, validate=True)
        cipher = AES.new(_keys.sealing, AES.MODE_GCM, nonce=raw[:NONCE], mac_len=TAG)
        cipher.update(about.encode())
        return cipher.decrypt_and_verify(raw[NONCE + TAG :], raw[NONCE : NONCE + TAG]).decode()
    except (binascii.Error, ValueError) as error:
        raise Unreadable from error
