"""A slow network: forwards bytes to a local port with a delay.

    python -m benchmarks.delay PORT ROUND_TRIP_MS

Data is delayed by half a round trip in each direction. The first data of a connection waits one round trip more, for
the TCP handshake, which takes no time over loopback. Prints its own port; ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable


class _Side(asyncio.Protocol):
    """One side of a connection; ``other`` is the other side."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._loop = asyncio.get_running_loop()
        self.free_at = 0.0  # keeps the data in order
        self.other: _Side | None = None
        self.transport: asyncio.Transport | None = None
        self._waiting: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        for data in self._waiting:
            transport.write(data)

    def data_received(self, data: bytes) -> None:
        self._later(lambda other: other.write(data))

    def connection_lost(self, error: Exception | None) -> None:
        self._later(lambda other: other.end())

    def write(self, data: bytes) -> None:
        if self.transport is None:
            self._waiting.append(data)
        else:
            self.transport.write(data)

    def end(self) -> None:
        if self.transport is not None:
            self.transport.close()

    def _later(self, action: Callable[[_Side], None]) -> None:
        assert self.other is not None
        when = max(self._loop.time() + self._delay, self.free_at)
        self.free_at = when
        self._loop.call_at(when, action, self.other)


class _ClientSide(_Side):
    """The client's side; opens the other one."""

    def __init__(self, port: int, round_trip: float) -> None:
        super().__init__(round_trip / 2)
        self.free_at = self._loop.time() + 1.5 * round_trip  # the handshake, and the first half
        self.other = server = _Side(round_trip / 2)
        server.other = self
        self._task = self._loop.create_task(self._loop.create_connection(lambda: server, "127.0.0.1", port))


async def _serve(port: int, round_trip: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _ClientSide(port, round_trip), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
