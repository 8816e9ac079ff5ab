"""Whoever calls a platform trusts whom the machine trusts, though the room was there first and read nothing of it."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.certificates import self_signed

KNOWN = """
import adapters.room.adapter
from aiohttp import connector
contexts = connector._SSL_CONTEXT_VERIFIED, connector._SSL_CONTEXT_UNVERIFIED
print([each.cert_store_stats()["x509"] for each in contexts])
import adapters.http
print([each.cert_store_stats()["x509"] for each in contexts], contexts[0].check_hostname, contexts[0].verify_mode.name)
import ssl
print("set_default_verify_paths" in vars(ssl.SSLContext), ssl.create_default_context().cert_store_stats()["x509"])
"""


def test_certificates_are_read_when_somebody_is_to_be_called(tmp_path):
    certificate, _ = self_signed(tmp_path, "platform.test")
    environment = {**os.environ, "SSL_CERT_FILE": str(certificate), "SSL_CERT_DIR": str(tmp_path / "none")}
    told = subprocess.run(
        [sys.executable, "-c", KNOWN], env=environment, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert told == ["[0, 0]", "[1, 1] True CERT_REQUIRED", "False 1"]
