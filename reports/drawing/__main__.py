"""The drawing process: a chart as one JSON line in, ``<length in 4 bytes><PNG>`` out; length 0: it could not be drawn.

It ends when its standard input does, so it cannot outlive the bot.
"""

from __future__ import annotations

import json
import sys
import traceback
from typing import BinaryIO

from reports.drawing.frame import Plan, png
from reports.drawing.rows import bars, board, heat, ranges
from reports.drawing.times import areas, lines

SHAPES = {"ranges": ranges, "bars": bars, "heat": heat, "board": board, "lines": lines, "areas": areas}


def draw(plan: Plan) -> bytes:
    return png(SHAPES[plan.shape](plan))


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    for line in source:
        try:
            picture = draw(Plan.read(json.loads(line)))
        except Exception:
            traceback.print_exc(limit=4)
            picture = b""
        sink.write(len(picture).to_bytes(4, "big") + picture)
        sink.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
