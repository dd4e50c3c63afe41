"""What error reporters see of a failure: the local variables of the library's frames, as each reporter reads them."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import Any

import vimmerse
from _pytest._code import ExceptionInfo
from rich.traceback import Traceback

Texts = Iterator[tuple[str, str]]  # the frame, and what is shown of it


def chain(error: BaseException) -> Iterator[BaseException]:
    """An error and those that led to it."""
    seen: set[int] = set()
    pending: list[BaseException | None] = [error]
    while pending:
        each = pending.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            yield each
            pending += [each.__cause__, each.__context__]


#: Where the library is installed. A clone may be called vimmerse too, so its name in a path says nothing.
PACKAGES = tuple(f"{folder}/" for folder in vimmerse.__path__)


def ours(file: str) -> bool:
    return file.startswith(PACKAGES)


def frames(error: BaseException) -> Iterator[FrameType]:
    """The frames of this library in the tracebacks of an error."""
    for each in chain(error):
        for frame, _ in traceback.walk_tb(each.__traceback__):
            if ours(frame.f_code.co_filename):
                yield frame


def walked(value: object, depth: int = 8) -> str:
    """As Sentry serializes: into mappings, sequences and sets; the ``repr`` of all else. Only further."""
    if depth and isinstance(value, Mapping):
        return " ".join(f"{key!r}: {walked(item, depth - 1)}" for key, item in value.items())
    if depth and isinstance(value, Sequence | Set) and not isinstance(value, str | bytes | bytearray):
        return " ".join(walked(item, depth - 1) for item in value)
    try:
        return repr(value)
    except Exception as error:  # an object whose constructor has failed
        return f"<broken repr: {error}>"


def by_walking(error: BaseException) -> Texts:
    for frame in frames(error):
        yield frame.f_code.co_qualname, walked(dict(frame.f_locals))


def by_rich(error: BaseException) -> Texts:
    created = Traceback.from_exception(
        type(error),
        error,
        error.__traceback__,
        show_locals=True,
        locals_max_length=1000,
        locals_max_string=100_000,
        locals_hide_dunder=False,
    )
    for stack in created.trace.stacks:
        for frame in stack.frames:
            if ours(frame.filename):
                yield frame.name, " ".join(str(node) for node in (frame.locals or {}).values())


def by_pytest(error: BaseException) -> Texts:
    for each in chain(error):
        if each.__traceback__ is None:
            continue
        shown: Any = ExceptionInfo.from_exception(each).getrepr(
            showlocals=True, style="long", tbfilter=False, truncate_locals=False, chain=False
        )
        for entry in shown.reprtraceback.reprentries:
            if ours(str(Path(entry.reprfileloc.path).absolute())):
                yield str(entry.reprfileloc), "\n".join(entry.reprlocals.lines if entry.reprlocals else ())


def by_sentry(error: BaseException) -> Texts:
    """The event of sentry-sdk with its default options."""
    import sentry_sdk
    from sentry_sdk.transport import Transport
    from sentry_sdk.utils import event_from_exception

    sent: list[Any] = []

    class Kept(Transport):
        def capture_envelope(self, envelope: Any) -> None:
            sent.extend(item.payload.json for item in envelope.items)

    client = sentry_sdk.Client("http://public@127.0.0.1:9/1", transport=Kept, default_integrations=False)
    event, hint = event_from_exception(error, client_options=client.options)
    client.capture_event(event, hint)
    for each in sent:
        for exception in each["exception"]["values"]:
            for frame in (exception.get("stacktrace") or {}).get("frames", ()):
                if str(frame.get("module")).startswith("vimmerse."):
                    yield str(frame.get("function")), repr(frame.get("vars"))


REPORTERS: dict[str, Callable[[BaseException], Texts]] = {"walk": by_walking, "rich": by_rich, "pytest": by_pytest}
if find_spec("sentry_sdk"):
    REPORTERS["sentry"] = by_sentry
