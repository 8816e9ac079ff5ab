"""The frames of Feishu's long connection: protobuf (proto2) ``pbbp2.Frame``, written by hand.

Frame { 1 SeqID, 2 LogID: uint64; 3 service, 4 method: int32; 5 headers: {1 key, 2 value}; 6 payload_encoding,
7 payload_type: string; 8 payload: bytes; 9 LogIDNew: string }. The first four must be on the wire.
"""

from __future__ import annotations

from dataclasses import dataclass, field

CONTROL, DATA = 0, 1


@dataclass
class Frame:
    method: int
    headers: dict[str, str] = field(default_factory=dict)
    payload: bytes | None = None
    service: int = 33
    sequence: int = 0
    log: int = 0


def encode(frame: Frame) -> bytes:
    out = bytearray()
    for number, value in ((1, frame.sequence), (2, frame.log), (3, frame.service), (4, frame.method)):
        out += _varint(number << 3) + _varint(value)
    for key, value in frame.headers.items():
        out += _bytes(5, _bytes(1, key.encode()) + _bytes(2, value.encode()))
    if frame.payload is not None:
        out += _bytes(8, frame.payload)
    return bytes(out)


def decode(raw: bytes) -> Frame:
    """Raises ValueError for a frame without one of the four required numbers."""
    numbers: dict[int, int] = {}
    headers: dict[str, str] = {}
    payload: bytes | None = None
    for number, value in _fields(raw):
        if isinstance(value, int):
            numbers[number] = value
        elif number == 5:
            pair = dict(_fields(value))
            headers[_text(pair[1])] = _text(pair[2])
        elif number == 8:
            payload = value
    if not {1, 2, 3, 4} <= numbers.keys():
        raise ValueError("a required field is missing")
    return Frame(numbers[4], headers, payload, numbers[3], numbers[1], numbers[2])


def _text(value: int | bytes) -> str:
    assert isinstance(value, bytes)
    return value.decode()


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _bytes(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _fields(raw: bytes) -> list[tuple[int, int | bytes]]:
    found: list[tuple[int, int | bytes]] = []
    at = 0
    while at < len(raw):
        tag, at = _read(raw, at)
        value, at = _read(raw, at)
        if tag & 7 == 2:
            found.append((tag >> 3, raw[at : at + value]))
            at += value
        elif tag & 7 == 0:
            found.append((tag >> 3, value))
        else:
            raise ValueError("an unknown wire type")
    return found


def _read(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at
