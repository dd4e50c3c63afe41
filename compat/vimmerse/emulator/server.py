"""The emulator as users see it: :class:`Emulator`, two servers in a thread of their own."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self, Unpack, cast

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState
from vimmerse.emulator import app, forks, wire_v1
from vimmerse.emulator.app import TRANSPORT, Application, Front, Receive, Scope, Send
from vimmerse.emulator.bodies import Upload
from vimmerse.emulator.faults import Faults
from vimmerse.emulator.files import StoredFile
from vimmerse.emulator.lifecycle import Plan, Transition
from vimmerse.emulator.models import Charge, Media, Story
from vimmerse.emulator.records import RecordedRequest, RecordedWebhook
from vimmerse.emulator.settings import Options, Settings
from vimmerse.emulator.store import Store
from vimmerse.emulator.webhooks import deliver

_HOST = "127.0.0.1"
_BACKLOG = 512
_GRACE = 0.5  # seconds for requests under way when the server stops
_PATIENCE = 10.0  # seconds for starting and stopping; both take milliseconds


_logger = logging.getLogger("vimmerse.emulator")


class _Protocol(H11Protocol):
    """uvicorn's HTTP protocol, which tells the app about its connection: faults need it.

    It has a logger of its own: the emulator changes nothing about the logging of a program that it runs in.
    """

    def __init__(self, config: Config, state: ServerState) -> None:
        super().__init__(config, state, {})
        self.logger = _logger
        self.access_log = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        inner = cast(Application, self.app)

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            scope[TRANSPORT] = transport
            await inner(scope, receive, send)

        self.app = cast("Any", with_transport)


class Emulator:
    """A local server of both versions of the Vimmerse API, for tests and demonstrations.

        with Emulator() as emulator:
            client = AuthenticatedClient(base_url=emulator.base_url, token="any key")

    Every field of :class:`~vimmerse.emulator.settings.Settings` is a keyword argument. The server runs in a thread
    of its own, so it may be used from synchronous and asynchronous code alike; all methods are thread-safe.
    Needs the extra ``emulator``.
    """

    def __init__(self, settings: Settings | None = None, **options: Unpack[Options]) -> None:
        if settings is not None and options:
            raise TypeError("give a Settings object or keyword arguments, not both")
        self.settings = settings or Settings(**options)
        self.faults = Faults()
        """What goes wrong on the API; see :meth:`Faults.add`."""
        self.file_faults = Faults()
        """What goes wrong on the files' origin."""
        self._store = Store(self.settings)
        self._store.on_end = self._announce
        self._store.on_timed = self._set_timer
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._base_url = ""
        self._background: set[asyncio.Task[None]] = set()
        self._sockets: list[socket.socket] = []
        self._state = ServerState()

    # ---- starting and stopping

    def start(self) -> Self:
        """Start serving; the answer is the emulator itself."""
        if self._thread is not None:
            raise RuntimeError("the emulator is running already")
        started: Future[None] = Future()
        thread = threading.Thread(target=self._run, args=(started,), name="vimmerse-emulator", daemon=True)
        self._thread = thread
        forks.running.add(self)
        thread.start()
        try:
            started.result(_PATIENCE)
        except BaseException:
            thread.join(_PATIENCE)
            self._thread = None
            forks.running.discard(self)
            raise
        return self

    def stop(self) -> None:
        """Stop serving: connections are closed, requests under way end. Does nothing when stopped."""
        thread, loop, stop = self._thread, self._loop, self._stop
        if thread is None or loop is None or stop is None:
            return
        loop.call_soon_threadsafe(stop.set)
        thread.join(_PATIENCE)
        self._thread = self._loop = self._stop = None
        forks.running.discard(self)

    def after_fork(self) -> None:
        """In a forked child: the emulator stays the parent's. Its addresses and records can still be read."""
        connections = [one.transport.get_extra_info("socket") for one in list(self._state.connections)]
        forks.let_go(one.fileno() for one in (*self._sockets, *connections) if one is not None)
        self._thread = self._loop = self._stop = None
        self._sockets, self._state, self._background = [], ServerState(), set()
        self._store.new_locks()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.start)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)

    def _run(self, started: Future[None]) -> None:
        try:
            asyncio.run(self._serve(started))
        except Exception as error:
            if started.done():
                raise
            started.set_exception(error)

    async def _serve(self, started: Future[None]) -> None:
        loop = asyncio.get_running_loop()
        # Both ports first: results name the files' origin.
        sockets = self._sockets = []
        try:
            for port in (self.settings.port, self.settings.files_port):
                sockets.append(listen(port))
        except OSError:
            for one in sockets:
                one.close()
            raise
        api_url, files_url = (f"http://{_HOST}:{one.getsockname()[1]}" for one in sockets)
        self._base_url, self._store.files.base_url = api_url, files_url
        fronts = (
            Front(app.api(self._store), self._store, self.faults, self._store.note_request),
            Front(app.files(self._store), self._store, self.file_faults, self._store.note_file_request),
        )
        state = self._state = ServerState()
        servers = [
            await loop.create_server(_factory(front, state), sock=one, backlog=_BACKLOG)
            for front, one in zip(fronts, sockets, strict=True)
        ]
        self._loop, self._stop = loop, asyncio.Event()
        started.set_result(None)
        try:
            await self._stop.wait()
        finally:
            for server in servers:
                server.close()
            # Idle and hanging connections alike: nobody waits for them any more.
            for connection in list(state.connections):
                connection.transport.abort()
            # Requests that wait see their connection go and end by themselves; what is left is cancelled.
            if state.tasks:
                await asyncio.wait(list(state.tasks), timeout=_GRACE)
            tasks = [*state.tasks, *self._background]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for server in servers:
                await server.wait_closed()

    def _set_timer(self, seconds: float) -> None:
        """Notice a timed job that ends between requests. A timer may be early by the clock's resolution."""
        if self._loop is not None:
            self._loop.call_later(seconds + 0.002, self._store.tick)

    # ---- addresses

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

    # ---- what it saw and did

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """The API's requests so far, in the order of their arrival."""
        with self._store.lock:
            return tuple(self._store.requests)

    @property
    def file_requests(self) -> tuple[RecordedRequest, ...]:
        """The requests for result files so far."""
        with self._store.lock:
            return tuple(self._store.file_requests)

    @property
    def uploads(self) -> tuple[Upload, ...]:
        """The files of accepted requests, in order."""
        with self._store.lock:
            return tuple(self._store.uploads)

    @property
    def jobs(self) -> tuple[Charge, ...]:
        """The ledger: one entry for each paid job."""
        with self._store.lock:
            return tuple(self._store.charges)

    @property
    def credits_used(self) -> int:
        """What all jobs cost together."""
        with self._store.lock:
            return sum(charge.credits for charge in self._store.charges)

    @property
    def credits(self) -> int | None:
        """The balance left; None is unlimited. May be set."""
        return self._store.credits_left

    @credits.setter
    def credits(self, balance: int | None) -> None:
        with self._store.lock:
            self._store.credits_left = balance

    @property
    def webhooks(self) -> tuple[RecordedWebhook, ...]:
        """The webhook calls that have been made, or have failed; see :meth:`wait_for_webhooks`."""
        with self._store.lock:
            return tuple(self._store.webhooks)

    def wait_for_webhooks(self, count: int = 1, timeout: float = 5.0) -> tuple[RecordedWebhook, ...]:
        """Wait until ``count`` webhook calls are done. :exc:`TimeoutError` after ``timeout`` seconds."""
        with self._store.changed:
            if not self._store.changed.wait_for(lambda: len(self._store.webhooks) >= count, timeout):
                raise TimeoutError(f"{len(self._store.webhooks)} of {count} webhook calls in {timeout:g} seconds")
            return tuple(self._store.webhooks)

    def file(self, url: str) -> StoredFile | None:
        """The result, image or upload that is served at a URL."""
        return self._store.files.get(url)

    # ---- what it shall do

    def next_job(
        self,
        outcome: str = "success",
        *,
        transition: Transition | None = None,
        on_the_way: Sequence[str] = ("new", "processing"),
        times: int = 1,
    ) -> None:
        """Decide about the next ``times`` jobs, one after another.

        ``outcome``: ``success``, ``failed``, ``cancelled`` (each version shows its own word), or any other text.
        ``transition``: when it ends; None as in the settings. ``on_the_way``: the statuses before the end.
        """
        plan = Plan(transition or self.settings.transition, outcome, tuple(on_the_way))
        with self._store.lock:
            self._store.plans.extend([plan] * times)

    def finish(self, identifier: str, status: str = "success") -> None:
        """End a job now, by the id of its story or media."""
        self._store.finish(identifier, status)

    def tick(self) -> None:
        """Look at the clock: ends the timed jobs whose time has come. For a clock of your own."""
        self._store.tick()

    def reset(self) -> None:
        """Back to the beginning: nothing stored, recorded, planned or charged; the same ids will come again."""
        self._store.forget()
        self.faults.clear()
        self.file_faults.clear()

    # ---- webhooks

    def _announce(self, owner: Story | Media, status: str) -> None:
        if not owner.webhook_url or self._loop is None:
            return
        payload: dict[str, object] = {"customer_id": self.settings.customer_id}
        if isinstance(owner, Story):
            payload |= {"batch_id": owner.id, "status": status}
            if owner.origin == "v1":
                payload["status"] = wire_v1.story_status(status)
        else:
            payload |= {"media_id": owner.id, "status": status}
            if owner.origin == "v1":
                payload["status"] = wire_v1.media_status(status)
        self._loop.call_soon_threadsafe(self._start, lambda: self._deliver(owner.webhook_url, payload))

    def _start(self, make: Callable[[], Coroutine[Any, Any, None]]) -> None:
        task = asyncio.get_running_loop().create_task(make())
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _deliver(self, url: str, payload: dict[str, object]) -> None:
        record = await deliver(
            url,
            payload,
            anywhere=self.settings.webhooks_anywhere,
            patience=self.settings.webhook_timeout,
        )
        with self._store.changed:
            self._store.webhooks.append(record)
            self._store.changed.notify_all()


def listen(port: int) -> socket.socket:
    """A socket on a port of this machine; 0 is any free one."""
    # The protocol by its name: asyncio turns Nagle's algorithm off only then, else each answer waits 40 ms.
    plug = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        plug.bind((_HOST, port))
    except OSError as error:
        plug.close()
        raise OSError(error.errno, f"port {port} is not free on {_HOST}; choose another, or 0 for any") from error
    return plug


def _factory(front: Front, state: ServerState) -> Callable[[], _Protocol]:
    config = Config(
        cast("Any", front),
        log_config=None,
        lifespan="off",
        ws="none",
        server_header=False,
        date_header=False,
        timeout_keep_alive=60,
    )
    config.load()
    return lambda: _Protocol(config, state)
