"""Where the bodies of requests are, from when they arrive until their calls end.

* A small body is in memory, of which all bodies share a limited amount. Any other is in a temporary file. It has no
  name, so that no other user can open it, and it is gone as soon as it is closed, or when the process ends.
* Threads write the files, so that a slow disk does not stop other calls.
* A text is in memory while it is translated and sent: large texts share the same amount, and wait for their turn.
"""

import asyncio
import errno
from collections.abc import Iterator
from contextlib import contextmanager

from vimmerse.compat.core.messages import Body
from vimmerse.compat.gateway.config import GatewayConfig
from vimmerse.compat.gateway.connection import ClientConnection
from vimmerse.compat.gateway.responses import RequestRejected
from vimmerse.compat.runtime.bodies import BodyWriter, MakeReader, StoredFile

SMALL = 64 * 1024  # bytes of a body; a larger one is not kept in memory


class BodyStorage:
    """Stores bodies. ``free``: how much of ``config.max_body_memory`` is left; see :meth:`release`."""

    def __init__(self, config: GatewayConfig) -> None:
        self.free = self._size = config.max_body_memory
        self._timeout = config.pool_timeout
        self._turn = asyncio.Lock()  # of the calls that wait for memory
        self._released = asyncio.Event()

    async def store(self, client: ClientConnection, make_reader: MakeReader = lambda: None) -> Body:
        """Receive a client's body. Raises :class:`RequestRejected` and :class:`ClientDisconnected`."""
        with BodyWriter(SMALL, make_reader) as writer:
            async for chunk in client.body():
                with _rejecting_failed_writes():
                    if writer.in_memory and client.record.bytes_in <= SMALL and self._take(client, len(chunk)):
                        writer.write(chunk)
                    else:
                        await asyncio.to_thread(writer.write_to_disk, chunk)
                        self.release(client)
                del chunk  # not kept while the next one is awaited
            with _rejecting_failed_writes():
                return writer.finish()

    def _take(self, client: ClientConnection, size: int) -> bool:
        if size > self.free or self._turn.locked():
            return False
        self.free -= size
        client.memory += size
        return True

    async def wait_for_text(self, client: ClientConnection, body: Body) -> None:
        """If a body has much text, wait until there is memory for it. Raises :class:`RequestRejected`."""
        if not isinstance(body, StoredFile) or body.size <= SMALL or (body.reader and not body.reader.gave_up):
            return
        size = min(body.size, self._size)
        try:
            async with asyncio.timeout(self._timeout), self._turn:
                while size > self.free:
                    self._released.clear()
                    await self._released.wait()
                self.free -= size
                client.memory += size
        except TimeoutError:
            detail = "The gateway has no memory left for this text. The request was not sent."
            raise RequestRejected(503, "GATEWAY_BUSY", detail, [("Retry-After", "5")]) from None

    def release(self, client: ClientConnection) -> None:
        """Give back the memory that a client's body has taken: its call has ended."""
        self.free += client.memory
        client.memory = 0
        self._released.set()


@contextmanager
def _rejecting_failed_writes() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            detail = "The gateway has reached its limit of open files. The request was not sent."
            raise RequestRejected(503, "GATEWAY_BUSY", detail, [("Retry-After", "5")]) from error
        detail = f"The gateway has no space for this upload ({error.strerror}); nothing was sent."
        raise RequestRejected(507, "NO_SPACE", detail) from error
