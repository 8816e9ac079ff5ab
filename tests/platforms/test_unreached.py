"""Why a platform was not reached, told from the last words of whoever tried."""

from __future__ import annotations

import pytest

from adapters.examine import of_link

UNRESOLVED = (
    "HTTPSConnectionPool(host='{host}', port={port}): Max retries exceeded with url: /v1.0/gateway/connections/open "
    "(Caused by NameResolutionError(\"HTTPSConnection(host='{host}', port={port}): Failed to resolve '{host}' "
    '([Errno -3] Temporary failure in name resolution)"))'
)


@pytest.mark.parametrize(
    ("said", "host", "finding"),
    [
        (UNRESOLVED.format(host="api.dingtalk.com", port=40712), "api.dingtalk.com", "查不到"),
        (UNRESOLVED.format(host="api.dingtalk.com", port=407), "api.dingtalk.com", "查不到"),
        (UNRESOLVED.format(host="proxy.corp.example", port=443), "proxy.corp.example", "查不到"),
        ("NewConnectionError(<HTTPSConnection object at 0x7f840715f490>: dnserror)", "open.feishu.cn", "查不到"),
        ("ClientConnectorError", "ssl.corp.example", "连不上"),
        ("ssl.SSLCertVerificationError: unable to get local issuer certificate", "open.feishu.cn", "证书没通过"),
        ("WSServerHandshakeError: 407, message='', url=…", "openws.work.weixin.qq.com", "代理"),
        ("OSError('Tunnel connection failed: 407 Proxy Authentication Required')", "api.dingtalk.com", "代理"),
    ],
)
def test_a_number_or_a_name_in_the_last_words_is_no_cause(said: str, host: str, finding: str) -> None:
    assert finding in of_link(said, host).text.plain()
