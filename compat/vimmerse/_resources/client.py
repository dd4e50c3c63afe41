"""What ``Vimmerse`` and ``AsyncVimmerse`` have beside their resources: waiting, downloads, estimates."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from inspect import iscoroutine, unwrap
from typing import TYPE_CHECKING, Any, Generic, Literal, NoReturn, ParamSpec, Self, TypedDict, TypeVar, cast, overload

from vimmerse._resources.base import AnyResource
from vimmerse.v2.client import AuthenticatedClient

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncIterator, Awaitable, Iterable, Iterator
    from pathlib import Path
    from typing import Unpack

    import httpx
    from vimmerse._http.operations import ApiOperation
    from vimmerse._http.types import RequestOptions
    from vimmerse.jobs import DownloadProgress, Outcome, WebhookEvent
    from vimmerse.jobs.polling import JobSource
    from vimmerse.jobs.states import Kind
    from vimmerse.jobs.waiting import AsyncOptions, Options, SnapshotT
    from vimmerse.pricing import Estimate
    from vimmerse.v2.models import Media, Story

P = ParamSpec("P")
ClientT = TypeVar("ClientT")
Slept = TypeVar("Slept")


class DownloadArguments(TypedDict, Generic[ClientT, Slept], total=False):
    """The optional arguments of ``vimmerse.jobs.download``."""

    client: ClientT | None
    index: int
    on_progress: Callable[[DownloadProgress], object] | None
    overwrite: bool
    resume: bool
    expected_size: int | None
    timeout: float | None
    retries: int
    clock: Callable[[], float] | None
    sleep: Callable[[float], Slept] | None
    random: Callable[[], float] | None


class EstimatingClient(AuthenticatedClient):
    """What the two clients share."""

    _default_max_retries = 2

    def _copy_with(self, **attributes: object) -> Self:
        copy = super()._copy_with(**attributes)
        for name in [name for name, value in vars(copy).items() if isinstance(value, AnyResource)]:
            del vars(copy)[name]  # it belongs to this client
        return copy

    @overload
    def estimate(self, call: Callable[P, object], /, *args: P.args, **arguments: P.kwargs) -> Estimate: ...
    @overload
    def estimate(
        self, /, *, video_tool: str = ..., scene_count: int = ..., scene_duration: int = ..., native_audio: bool = ...
    ) -> Estimate: ...
    def estimate(self, call: Callable[..., object] | None = None, /, *args: Any, **arguments: Any) -> Estimate:
        """Return the estimated price of a call in credits. Nothing is sent.

            client.estimate(client.stories.create, idea="A paper boat", scene_count=3)
            client.estimate(scene_count=3, video_tool="KlingAI", native_audio=True)

        Args:
            call: A method of a resource; the other arguments are those of the call. Without it, they are
                ``video_tool``, ``scene_count``, ``scene_duration`` (seconds) and ``native_audio`` of a story.

        Returns:
            Estimate: ``credits``, and ``assumptions``, which is empty if every factor is known. Of a story that is
            passed as the object, the scenes are known.

        Raises:
            TypeError, ValueError: ``call`` is no method of a resource, or would reject its arguments.
        """
        from vimmerse import pricing
        from vimmerse._http.calls import Call
        from vimmerse._http.models import Model

        if call is None:
            return pricing.estimate(**arguments)
        resource = getattr(call, "__self__", None)
        if not isinstance(resource, AnyResource):
            raise TypeError(f"estimate() takes a method of a resource, such as client.stories.create, not {call!r}")
        stories = [value.to_dict() for value in (*args, *arguments.values()) if isinstance(value, Model)]
        storyboard = next((story["storyboard"] for story in stories if story.get("storyboard")), None)

        def price(
            client: AuthenticatedClient,
            operation: ApiOperation[Any, Any],
            request: Mapping[str, Any],
            options: RequestOptions,
        ) -> Estimate:
            call = Call(operation.method, operation.template, client, request, options)
            body = call.arguments.get("json", {})
            if storyboard is not None:
                body = {"storyboard": storyboard, **body}
            return pricing.estimate_call(f"{operation.method} {operation.template}", body)

        method = unwrap(getattr(type(resource), call.__name__))  # an estimate uses nothing that is deprecated
        estimate: Any = method(resource._performing(price), *args, **arguments)
        return cast("Estimate", _result(estimate) if iscoroutine(estimate) else estimate)


def _result(coroutine: Coroutine[Any, Any, object]) -> object:
    """Run a coroutine that waits for nothing, also where an event loop is running."""
    try:
        while True:
            coroutine.send(None)
    except StopIteration as end:
        return end.value


class ResourceClient(EstimatingClient):
    """The client of version 2, with a method for each operation.

        with Vimmerse() as client:  # the key from VIMMERSE_API_KEY
            story = client.stories.create(idea="A paper boat finds the sea", scene_count=3)
            story = client.wait(story)
            client.download(story, "boat.mp4")

    ``stories``, ``media`` and ``images`` have the operations. ``stories.with_raw_response`` has the same methods, which
    return the complete response. It is an ``AuthenticatedClient``, too, for the functions of ``vimmerse.v2.api`` and
    ``vimmerse.jobs``. ``AsyncVimmerse`` is its counterpart on asyncio.

    All arguments are optional keyword arguments.

    ``api_key``, ``token``: two names for the key; defaults to ``VIMMERSE_API_KEY``. It is sent as ``X-Api-Key`` to the
    base URL's origin and nowhere else.
    ``base_url``: where the API is; defaults to ``VIMMERSE_BASE_URL``, or else the service.
    ``timeout``: seconds, or an ``httpx.Timeout``; by default 10 seconds to connect and 180 of silence. None: no limit.
    ``max_retries``: how often a read (GET) that fails for a transient reason is sent again; by default 2. A call that
    creates something is sent once.
    ``retry_refused``: whether ``max_retries`` applies to other calls, too, if the service has surely not carried them
    out: no connection was made, or the response is 429. By default False.
    ``headers``, ``cookies``, ``verify_ssl``, ``follow_redirects``, ``transport``, ``async_transport``, ``httpx_args``,
    ``async_httpx_args``: how to connect; see ``AuthenticatedClient``.

    A client may serve many threads. It can't be pickled or copied: create one in each process.

    Raises:
        ValueError: there is no key, it can't be a header's value, or the base URL is unusable.
    """

    async def __aenter__(self) -> NoReturn:
        raise TypeError("Vimmerse is for `with`; for `async with` there is AsyncVimmerse")

    @overload
    def wait(self, job: SnapshotT, *, kind: Kind | None = None, **options: Unpack[Options]) -> SnapshotT: ...
    @overload
    def wait(self, job: WebhookEvent | str, *, kind: Literal["story"], **options: Unpack[Options]) -> Story: ...
    @overload
    def wait(self, job: WebhookEvent | str, *, kind: Literal["media"], **options: Unpack[Options]) -> Media: ...
    @overload
    def wait(self, job: JobSource, *, kind: Kind | None = None, **options: Unpack[Options]) -> Story | Media: ...
    def wait(self, job: JobSource, *, kind: Kind | None = None, **options: Unpack[Options]) -> Story | Media:
        """Wait until a story or media is finished, and return it in its final state. Waiting is free.

        Args:
            job: A story, a media, a webhook's event, or an id together with ``kind``, ``"story"`` or ``"media"``.
            options: ``timeout`` (seconds; by default an hour for a story and half an hour for a media),
                ``on_progress`` (is called after each lookup), ``interval`` and the others of
                :func:`vimmerse.jobs.wait`.

        Raises:
            JobFailedError, JobCancelledError: The job ended so on the server.
            JobTimeoutError: The deadline passed; the job is still running, and you can wait for it again.
            JobLookupError: The job can't be looked up: 401, 403, 404, 422, ...
            TypeError, ValueError: An argument is not usable; nothing was sent.
        """
        from vimmerse import jobs

        return jobs.wait(self, job, kind=kind, **options)

    def wait_all(
        self, jobs: Iterable[JobSource], *, kind: Kind | None = None, concurrency: int = 8, **options: Unpack[Options]
    ) -> Iterator[Outcome]:
        """Wait for many jobs. Yield an ``Outcome`` for each, in the order in which they end.

        ``outcome.result()`` returns the story or media, or raises its error; ``outcome.index`` is its place in
        ``jobs``. An error of one job does not end the others.

        Args:
            jobs: Stories, medias, webhooks' events, and ids, which must all be of the one ``kind``.
            concurrency: Lookups at a time.
            options: Those of :meth:`wait`, for all jobs. See :func:`vimmerse.jobs.wait_all`.
        """
        from vimmerse.jobs import wait_all

        return wait_all(self, jobs, kind=kind, concurrency=concurrency, **options)

    def download(
        self,
        source: Story | Media | str,
        path: str | os.PathLike[str],
        **options: Unpack[DownloadArguments[httpx.Client, object]],
    ) -> Path:
        """Download a story's video, a media's file or a URL to the file ``path``, and return its absolute path.

        The file appears when it is complete, or not at all. The API key is not sent to the file's host.

        Args:
            source: What :meth:`wait` returned, or a URL.
            path: The file. Its directory must exist.
            options: ``overwrite`` an existing file, ``index`` of a media's file, ``on_progress``, ``timeout`` (seconds)
                and the others of :func:`vimmerse.jobs.download`.

        Raises:
            FileExistsError: The file exists, and ``overwrite`` is false; nothing was requested.
            FileNotFoundError, IsADirectoryError: ``path`` has no directory, or is one; nothing was requested.
            DownloadError: The host does not send the file, or it can't be written.
            TypeError, ValueError: An argument is not usable; nothing was requested.
        """
        from vimmerse.jobs import download

        return download(source, path, **options)


class AsyncResourceClient(EstimatingClient):
    """The client of version 2 on asyncio, with a coroutine function for each operation.

        async with AsyncVimmerse() as client:  # the key from VIMMERSE_API_KEY
            story = await client.stories.create(idea="A paper boat finds the sea", scene_count=3)
            story = await client.wait(story)
            await client.download(story, "boat.mp4")

    Its methods and arguments are those of ``Vimmerse``; each that sends something has to be awaited. A client belongs
    to one event loop. Without ``async with``, close it with ``await client.aclose()``.

    Raises:
        ValueError: there is no key, it can't be a header's value, or the base URL is unusable.
    """

    def __enter__(self) -> NoReturn:
        raise TypeError("AsyncVimmerse is for `async with`; for `with` there is Vimmerse")

    @overload
    async def wait(self, job: SnapshotT, *, kind: Kind | None = None, **options: Unpack[AsyncOptions]) -> SnapshotT: ...
    @overload
    async def wait(
        self, job: WebhookEvent | str, *, kind: Literal["story"], **options: Unpack[AsyncOptions]
    ) -> Story: ...
    @overload
    async def wait(
        self, job: WebhookEvent | str, *, kind: Literal["media"], **options: Unpack[AsyncOptions]
    ) -> Media: ...
    @overload
    async def wait(
        self, job: JobSource, *, kind: Kind | None = None, **options: Unpack[AsyncOptions]
    ) -> Story | Media: ...
    async def wait(self, job: JobSource, *, kind: Kind | None = None, **options: Unpack[AsyncOptions]) -> Story | Media:
        """Like :meth:`Vimmerse.wait`, on asyncio. ``on_progress`` may be a coroutine function."""
        from vimmerse import jobs

        return await jobs.wait_async(self, job, kind=kind, **options)

    def wait_all(
        self,
        jobs: Iterable[JobSource],
        *,
        kind: Kind | None = None,
        concurrency: int = 8,
        **options: Unpack[AsyncOptions],
    ) -> AsyncIterator[Outcome]:
        """Like :meth:`Vimmerse.wait_all`, on asyncio: ``async for outcome in client.wait_all(jobs)``.

        If you leave the loop early, close the iterator (``contextlib.aclosing``): that cancels the lookups in progress.
        """
        from vimmerse.jobs import wait_all_async

        return wait_all_async(self, jobs, kind=kind, concurrency=concurrency, **options)

    async def download(
        self,
        source: Story | Media | str,
        path: str | os.PathLike[str],
        **options: Unpack[DownloadArguments[httpx.AsyncClient, Awaitable[object]]],
    ) -> Path:
        """Like :meth:`Vimmerse.download`, on asyncio. ``on_progress`` may be a coroutine function."""
        from vimmerse.jobs import download_async

        return await download_async(source, path, **options)
