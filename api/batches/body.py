"""The body of a batch on its way in: short ones stay in memory, long ones wait in a nameless file.

It is taken whole before its first row is located, for most clients do not read before they have
sent everything: an answer that began earlier would wait for them, and they for us.
"""

import mmap
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from anyio import to_thread
from fastapi import Request
from starlette.exceptions import HTTPException

# Bytes of a body, and how many of them are kept in memory.
BODY_MAX = 1 << 30
KEPT_MAX = 4 << 20
# The extension of the scope by which a connection is told that its body is a long one.
LONG = "wangge.long"


async def received(request: Request, folder: Path) -> memoryview:
    """Return the body of a request.

    Parameters
    ----------
    folder : where a long one waits

    Raises
    ------
    HTTPException
        413 as soon as more than ``BODY_MAX`` bytes have come.
    starlette.requests.ClientDisconnect
        When the client leaves before the end.
    """
    tell = request.scope.get("extensions", {}).get(LONG)
    if tell is not None:
        tell()
    pieces: list[bytes] = []
    waiting = size = 0
    file: IO[bytes] | None = None
    async for piece in request.stream():
        pieces.append(piece)
        size += len(piece)
        waiting += len(piece)
        if size > BODY_MAX:
            raise HTTPException(413)
        if waiting > KEPT_MAX:
            if file is None:
                file = await to_thread.run_sync(_file, folder)
            await to_thread.run_sync(file.writelines, pieces)
            pieces, waiting = [], 0
    if file is None:
        return memoryview(b"".join(pieces))
    return await to_thread.run_sync(_mapped, file, pieces)


def _file(folder: Path) -> IO[bytes]:
    folder.mkdir(parents=True, exist_ok=True)
    return TemporaryFile(dir=folder)


def _mapped(file: IO[bytes], pieces: list[bytes]) -> memoryview:
    """Return what is in a file, mapped: its pages are the system's to keep or to drop."""
    with file:
        file.writelines(pieces)
        file.flush()
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
