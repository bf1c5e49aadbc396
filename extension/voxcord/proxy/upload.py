"""A request body on its way to the service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator


class Upload:
    """Hands chunks over one at a time, so that a slow service slows the browser down and nothing piles up here.

    When the reader has lost interest (`abandon`), the rest of the body is read and dropped: a browser looks at the
    answer to an upload only after it could send all of it.
    """

    def __init__(self) -> None:
        self._chunks: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=1)
        self._abandoned = False
        self.complete = asyncio.Event()
        """Set when the browser has sent everything."""

    async def feed(self, chunk: bytes) -> None:
        """Returns when there is room for the next chunk."""
        if not self._abandoned:
            await self._chunks.put(chunk)

    async def finish(self) -> None:
        """That was the last chunk."""
        self.complete.set()
        if not self._abandoned:
            await self._chunks.put(None)

    def abandon(self) -> None:
        """Nobody reads any more."""
        self._abandoned = True
        while not self._chunks.empty():
            self._chunks.get_nowait()

    async def chunks(self) -> AsyncIterator[bytes]:
        """For the one reader."""
        while (chunk := await self._chunks.get()) is not None:
            yield chunk
