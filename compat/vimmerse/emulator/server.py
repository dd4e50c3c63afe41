"""The emulator as users see it: :class:`Emulator`, two servers in a thread of their own."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Self, Unpack
from weakref import WeakSet

import starlette  # noqa: F401  # here so that its absence is noticed at once; its parser is imported with the first upload
from vimmerse._server import BACKLOG, listen
from vimmerse.emulator import app, wire_v1
from vimmerse.emulator.connection import ASGIApp, Connection
from vimmerse.emulator.faults import Faults
from vimmerse.emulator.files import ServedFile
from vimmerse.emulator.lifecycle import Plan, Transition
from vimmerse.emulator.models import Charge, Media, Story
from vimmerse.emulator.records import RecordedRequest, RecordedWebhook, Upload
from vimmerse.emulator.settings import Options, Settings
from vimmerse.emulator.store import Store

_HOST = "127.0.0.1"
_GRACE = 0.5  # seconds for requests under way when the server stops
_STOP_TIMEOUT = 10.0  # seconds; stopping takes milliseconds


class _ServerThread(threading.Thread):
    """Serves apps, each on a listener of its own, until :meth:`stop`."""

    def __init__(self, apps: Sequence[tuple[socket.socket, ASGIApp]]) -> None:
        super().__init__(name="vimmerse-emulator", daemon=True)
        self.loop = asyncio.new_event_loop()
        self._apps = apps
        self._connections: dict[asyncio.Task[object] | None, asyncio.StreamWriter] = {}
        self._stopping = asyncio.Event()

    def run(self) -> None:
        # At the end the runner cancels what is left: requests that outlast the grace, webhooks.
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(self._serve())

    def stop(self) -> None:
        """Close the connections, let requests under way end, and wait for the thread."""
        self.loop.call_soon_threadsafe(self._stopping.set)
        self.join(_STOP_TIMEOUT)

    def release_sockets(self) -> None:
        connections = [writer.get_extra_info("socket") for writer in list(self._connections.values())]
        listeners = [listener for listener, _ in self._apps]
        release(one.fileno() for one in (*listeners, *connections) if one is not None)

    async def _serve(self) -> None:
        servers = [
            await asyncio.start_server(partial(self._connected, app), sock=listener, backlog=BACKLOG)
            for listener, app in self._apps
        ]
        await self._stopping.wait()
        for server in servers:
            server.close()
        # Idle and hanging connections alike: requests that wait for the client see that it is gone, and end.
        for writer in self._connections.values():
            writer.transport.abort()
        if self._connections:
            await asyncio.wait([task for task in self._connections if task], timeout=_GRACE)

    async def _connected(self, app: ASGIApp, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._connections[task] = writer
        try:
            await Connection(app, reader, writer).serve()
        finally:
            del self._connections[task]


class Emulator:
    """A local server of both versions of the Vimmerse API, for tests and demonstrations.

        with Emulator() as emulator:
            client = Vimmerse(base_url=emulator.base_url, api_key="any key")

    The server runs in a thread of its own, so it may be used from synchronous and asynchronous code alike; all methods
    are thread-safe. Needs the extra ``emulator``.

    ``settings``: how the server behaves; by default as the options say.
    ``options``: the fields of :class:`~vimmerse.emulator.settings.Settings`, as keyword arguments.

    Raises:
        TypeError: both were given.
    """

    def __init__(self, settings: Settings | None = None, **options: Unpack[Options]) -> None:
        if settings is not None and options:
            raise TypeError("pass a Settings object or keyword arguments, not both")
        self.settings: Settings = settings or Settings(**options)
        self.faults: Faults = Faults()
        """The faults of the API; see :meth:`Faults.add`."""
        self.file_faults: Faults = Faults()
        """The faults of the files' origin."""
        self._store = Store(self.settings)
        self._store.on_end = self._announce
        self._store.on_timed = self._set_timer
        self._server: _ServerThread | None = None
        self._base_url = ""
        self._deliveries: set[Future[None]] = set()

    # ---- starting and stopping

    def start(self) -> Self:
        """Start serving; returns the emulator itself."""
        if self._server is not None:
            raise RuntimeError("the emulator is running already")
        store = self._store
        api = app.RecordingApp(app.api(store), store, self.faults, lambda new: store.requests.append(new))
        files = app.RecordingApp(
            store.files.serve, store, self.file_faults, lambda new: store.file_requests.append(new)
        )
        # They listen before the thread runs, so a client may connect at once.
        listeners = _listen(self.settings.port, self.settings.files_port)
        urls = [f"http://{_HOST}:{listener.getsockname()[1]}" for listener in listeners]
        self._base_url, store.files.base_url = urls
        self._server = _ServerThread(list(zip(listeners, (api, files), strict=True)))
        _running.add(self)
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop serving: connections are closed, requests under way end. Does nothing when stopped."""
        if self._server is not None:
            self._server.stop()
            self._server = None
            _running.discard(self)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.start)

    async def __aexit__(self, *error: object) -> None:
        await asyncio.to_thread(self.stop)

    def _set_timer(self, seconds: float) -> None:
        """End a timed job between requests. A timer may be early by the clock's resolution."""
        if self._server is not None:
            self._server.loop.call_later(seconds + 0.002, self.tick)

    @property
    def base_url(self) -> str:
        """Where both versions are: ``http://127.0.0.1:<port>``."""
        return self._started(self._base_url)

    @property
    def files_url(self) -> str:
        """The origin of the results: another port, as the real results are on another host."""
        return self._started(self._store.files.base_url)

    def _started(self, url: str) -> str:
        if not url:
            raise RuntimeError("the emulator has not been started: use it in a with statement")
        return url

    # ---- what it recorded

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """The API's requests so far, in the order of their arrival."""
        return tuple(self._store.requests)

    @property
    def file_requests(self) -> tuple[RecordedRequest, ...]:
        """The requests for result files so far."""
        return tuple(self._store.file_requests)

    @property
    def uploads(self) -> tuple[Upload, ...]:
        """The files of accepted requests, in order."""
        return tuple(self._store.uploads)

    @property
    def jobs(self) -> tuple[Charge, ...]:
        """The ledger: one entry for each paid job."""
        return tuple(self._store.charges)

    @property
    def credits_used(self) -> int:
        """The credits of all jobs together."""
        return sum(charge.credits for charge in self.jobs)

    @property
    def credits(self) -> int | None:
        """The balance left; None is unlimited. May be set."""
        return self._store.credits_left

    @credits.setter
    def credits(self, balance: int | None) -> None:
        self._store.credits_left = balance

    @property
    def webhooks(self) -> tuple[RecordedWebhook, ...]:
        """The webhook calls so far, failed ones too; see :meth:`wait_for_webhooks`."""
        return tuple(self._store.webhooks)

    def wait_for_webhooks(self, count: int = 1, timeout: float = 5.0) -> tuple[RecordedWebhook, ...]:
        """Wait until ``count`` webhook calls are done. :exc:`TimeoutError` after ``timeout`` seconds."""
        with self._store.changed:
            if not self._store.changed.wait_for(lambda: len(self._store.webhooks) >= count, timeout):
                raise TimeoutError(f"{len(self._store.webhooks)} of {count} webhook calls in {timeout:g} seconds")
            return tuple(self._store.webhooks)

    def file(self, url: str) -> ServedFile | None:
        """The result, image or upload that is served at ``url``, or None."""
        return self._store.files.get(url)

    # ---- control

    def next_job(
        self,
        outcome: str = "success",
        *,
        transition: Transition | None = None,
        on_the_way: Sequence[str] = ("new", "processing"),
        times: int = 1,
    ) -> None:
        """Plan the next ``times`` jobs.

        ``outcome``: ``success``, ``failed``, ``cancelled`` (shown as each version names it), or any other text.
        ``transition``: when it ends; None as in the settings. ``on_the_way``: the statuses before the end.
        """
        plan = Plan(transition or self.settings.transition, outcome, tuple(on_the_way))
        with self._store.lock:
            self._store.plans.extend([plan] * times)

    def finish(self, identifier: str, status: str = "success") -> None:
        """End a job now.

        ``identifier``: the id of its story or media.
        ``status``: how it ends: ``success``, ``failed``, ``cancelled``, or any other text.
        """
        with self._store.lock:
            self._store.finish(identifier, status)

    def tick(self) -> None:
        """Read the clock, and end the timed jobs that are due. For a clock of your own."""
        with self._store.lock:
            self._store.tick()

    def reset(self) -> None:
        """Forget everything stored, recorded, planned and charged. The same ids come again."""
        with self._store.lock:
            self._store.reset()
        self.faults.clear()
        self.file_faults.clear()

    def _announce(self, owner: Story | Media, status: str) -> None:
        if not owner.webhook_url or self._server is None:
            return
        payload: dict[str, object] = {
            "customer_id": self.settings.customer_id,
            "batch_id" if isinstance(owner, Story) else "media_id": owner.id,
            "status": wire_v1.status_of(owner, status) if owner.origin == "v1" else status,
        }
        delivery = asyncio.run_coroutine_threadsafe(self._deliver(owner.webhook_url, payload), self._server.loop)
        self._deliveries.add(delivery)
        delivery.add_done_callback(self._deliveries.discard)

    async def _deliver(self, url: str, payload: dict[str, object]) -> None:
        from vimmerse.emulator.webhooks import deliver  # httpx takes long to import

        settings = self.settings
        record = await deliver(url, payload, anywhere=settings.webhooks_anywhere, limit=settings.webhook_timeout)
        with self._store.changed:
            self._store.webhooks.append(record)
            self._store.changed.notify_all()


def _listen(*ports: int) -> list[socket.socket]:
    listeners: list[socket.socket] = []
    for port in ports:
        try:
            listeners.append(listen(_HOST, port))
        except OSError as error:
            for listener in listeners:
                listener.close()
            raise OSError(error.errno, f"port {port} is not free on {_HOST}; choose another, or 0 for any") from error
    return listeners


# A listening socket stays open while any process holds it: without this a forked worker would keep the port after its
# parent has stopped the emulator. Programs started by exec inherit nothing, as Python closes its sockets there.
_running: WeakSet[Emulator] = WeakSet()


def release(descriptors: Iterable[int]) -> None:
    """Close what the descriptors refer to, but keep their numbers taken.

    If the numbers were free, the Python objects that own them would later close someone else's files.
    """
    null = os.open(os.devnull, os.O_RDWR)
    try:
        for descriptor in descriptors:
            if descriptor >= 0:
                os.dup2(null, descriptor, inheritable=False)
    finally:
        os.close(null)


def _after_fork() -> None:
    """In a forked child: the emulators stay the parent's. Their addresses and records can still be read."""
    for emulator in list(_running):
        if emulator._server is not None:
            emulator._server.release_sockets()
        emulator._server = None
        emulator._store.new_locks()
    _running.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
