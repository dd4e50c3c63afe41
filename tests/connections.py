"""A server that counts the connections that clients make."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress

_STORY = {"id": "s1", "status": "success", "video_url": "https://files.example/v.mp4", "progress_percentage": 100}
_BODY = json.dumps(_STORY).encode()
_RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)


class Server:
    """Answers every request with a finished story, as soon as ``together`` requests have come, or after a while.

    Paths: ``/cut`` gets half a response, ``/silent`` none, ``/never`` none and an open connection. After ``/last`` the
    server closes the connection.
    """

    def __init__(self, together: int) -> None:
        self.connections = 0
        self.requests = 0
        self.most = 0  #: requests at a time
        self.base_url = ""
        self.closed = threading.Semaphore(0)  #: released for each connection that has ended
        self._together = together
        self._waiting: set[asyncio.Future[None]] = set()

    async def _answer(self) -> None:
        arrived = asyncio.get_running_loop().create_future()
        self._waiting.add(arrived)
        self.most = max(self.most, len(self._waiting))
        if len(self._waiting) == self._together:
            for each in self._waiting:
                each.set_result(None)
            self._waiting.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(arrived, 1)
        self._waiting.discard(arrived)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.requests += 1
                path = head.split()[1]
                if path == b"/never":
                    await reader.read()
                await self._answer()
                writer.write({b"/silent": b"", b"/cut": _RESPONSE[:-9]}.get(path, _RESPONSE))
                await writer.drain()
                if path != b"/" and path.count(b"/") == 1:
                    break
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client has gone, or the test has ended
        finally:
            writer.close()
            self.closed.release()

    async def run(self, started: Future[Callable[[], object]]) -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        async with await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1000) as server:
            self.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            started.set_result(lambda: loop.call_soon_threadsafe(stop.set))
            await stop.wait()
            server.close()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others)


@contextmanager
def counting_server(together: int = 1) -> Iterator[Server]:
    """A :class:`Server` in a thread."""
    server = Server(together)
    started: Future[Callable[[], object]] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(server.run(started)))
    thread.start()
    stop = started.result(20)
    try:
        yield server
    finally:
        stop()
        thread.join()
