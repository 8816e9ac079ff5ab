"""What people send besides words: small text files are fetched, opened and read."""

from __future__ import annotations

from base64 import b64encode

import pytest

from adapters.reading import LARGEST
from adapters.wecom.media import opened
from chat.errors import Rejected
from chat.messages import File
from tests.platforms.wecom_office import Office, office

KEY = bytes(range(32))


async def sends(place: Office, name: str, content: bytes, *, kind: str = "file", key: bytes = KEY) -> File:
    """Somebody sends it directly; what the bot gets."""
    path, aes_key = place.fake.http.offer(name, content, KEY)
    spoilt = b64encode(key).decode().rstrip("=") if key != KEY else aes_key
    before = len(place.bot.things)
    place.fake.sends("zhangsan", kind, {"url": place.fake.http_url + path, "aeskey": spoilt})
    await place.heard(before + 1)
    return place.bot.things[-1].files[0]


@pytest.mark.parametrize("size", [0, 15, 16, 31, 32, 33])
async def test_a_text_file_is_read_whatever_its_padding(size: int) -> None:
    async with office() as place:
        content = "任务,谁\n" + "x" * size
        file = await sends(place, "周报 9月.csv", content.encode("utf-8-sig"))
        assert (file.name, file.text) == ("周报 9月.csv", content)


async def test_what_is_no_text_is_named_and_kept_by_reference() -> None:
    async with office() as place:
        file = await sends(place, "a.pdf", b"%PDF")
        assert (file.name, file.text) == ("a.pdf", "")
        assert file.ref.startswith(place.fake.http_url)
        assert (await sends(place, "a.txt", b"\xff\xfe")).text == ""
        picture = await sends(place, "b.json", b"{}", kind="image")
        assert picture.name == "b.json"


async def test_what_cannot_be_had_is_still_heard() -> None:
    async with office() as place:
        assert (await sends(place, "big.csv", b"x" * (LARGEST + 1))).text == ""
        assert (await sends(place, "c.csv", b"x", key=b"y" * 32)).text == ""
        before = len(place.bot.things)
        for part in ({"url": "ftp://x/y", "aeskey": "k"}, {"url": place.fake.http_url + "/media/none", "aeskey": "?"}):
            place.fake.sends("zhangsan", "file", part)
        await place.heard(before + 2)
        assert [thing.files[0].name for thing in place.bot.things[before:]] == ["文件", "文件"]


@pytest.mark.parametrize("key", ["", "x", "!" * 43, "A" * 40])
def test_a_key_that_does_not_fit_is_refused(key: str) -> None:
    with pytest.raises(Rejected):
        opened(b"x" * 32, key)
