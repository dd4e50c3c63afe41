"""``vimmerse demo``: a program that was written for v1, running on v2 before your eyes.

The program is ``examples/v1_story.py``, unmodified. It runs as ``vimmerse run`` runs it, against an emulator on this
machine, or with ``--live`` and ``VIMMERSE_API_KEY`` against the service itself, where it costs credits. Each of its
calls is shown beside the v2 call that it became, with the warnings that it gave.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import textwrap
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from vimmerse.compat.core.messages import Notice
from vimmerse.compat.core.policy import API_KEY_VARIABLE, BASE_URL_VARIABLE, DEFAULT_BASE_URL

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session
    from vimmerse.compat.runtime.driver import CallRecord

EMULATED_KEY = "any-key-will-do"
IDEA = "A paper boat sails down a rainy street and finds the sea"
POLL_VARIABLE = "STORY_POLL_SECONDS"  # the program's own setting
_ID = re.compile(r"(?<=/[0-9a-f]{8})-[0-9a-f-]{27}")  # all but the beginning of an id
NEEDED = ("requests", "starlette", "uvicorn", "jsonschema_rs")


def program() -> Path:
    """The v1 program: from the package, or from the repository that this file is part of."""
    here = Path(__file__).resolve()
    packed = here.parent / "examples" / "v1_story.py"
    return packed if packed.is_file() else here.parents[3] / "examples" / "v1_story.py"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the demo and return its exit status: 0 when the video is there."""
    parser = argparse.ArgumentParser(prog="vimmerse demo", description="Run a v1 program, unmodified, on v2.")
    parser.add_argument(
        "--live", action="store_true", help="on the real service; needs VIMMERSE_API_KEY, costs credits"
    )
    parser.add_argument("--idea", default=IDEA, help="what the video is about")
    parser.add_argument("--out", type=Path, default=Path("out"), help="the directory for the video (default: out)")
    options = parser.parse_args(argv)

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        print(f"The demo needs {', '.join(missing)}: pip install 'vimmerse[all]'", file=sys.stderr)
        return 1
    if options.live and not os.environ.get(API_KEY_VARIABLE, "").strip():
        print(f"--live needs your key: {API_KEY_VARIABLE}=... vimmerse demo --live", file=sys.stderr)
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    video = (options.out / "v1_story.mp4").resolve()
    try:
        with _live() if options.live else _emulated():
            status = _play(options.idea, video)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    if status == 0:
        print(f"\nThe video: {video}")
        print("Next, your own program, unchanged: vimmerse run YOUR_PROGRAM.py   (what to change: vimmerse check .)")
    return status


@contextmanager
def _emulated() -> Iterator[None]:
    """A local service, and the program's settings for it; the environment is as before afterwards."""
    from vimmerse.emulator import AfterPolls, Emulator

    with Emulator(transition=AfterPolls(4)) as emulator:
        print(f"Service   an emulator on this machine, {emulator.base_url}")
        with _environment({API_KEY_VARIABLE: EMULATED_KEY, BASE_URL_VARIABLE: emulator.base_url, POLL_VARIABLE: "0.2"}):
            yield


@contextmanager
def _live() -> Iterator[None]:
    print(f"Service   {os.environ.get(BASE_URL_VARIABLE) or DEFAULT_BASE_URL} (costs credits)")
    yield


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _play(idea: str, video: Path) -> int:
    """Run the program as ``vimmerse run`` does, and show each of its calls. Leaves the process as it was."""
    from vimmerse.compat import patching as process
    from vimmerse.compat.run import runner

    main_module, arguments, path = sys.modules["__main__"], sys.argv[:], sys.path[:]
    print(f"Program   {program()}, written for v1, unmodified\n")
    try:
        # --quiet: the notices are shown here, below the call that gave them.
        with warnings.catch_warnings(), _watched():
            return runner.run_script(["--quiet", str(program()), idea, str(video)])
    finally:
        process.uninstall()
        sys.modules["__main__"] = main_module
        sys.argv[:], sys.path[:] = arguments, path


@contextmanager
def _watched() -> Iterator[None]:
    """Show each call of requests when it has been answered."""
    from requests import Session

    send = Session.send

    def watched(session: Session, request: PreparedRequest, **options: Any) -> Response:  # as Session.send
        response = send(session, request, **options)
        outcome: CallRecord | None = getattr(response, "vimmerse", None)
        for line in _untouched(request, response) if outcome is None else _call(request, outcome):
            print(line)
        return response

    Session.send = watched  # type: ignore[assignment, method-assign]  # fewer names, same calls; put back below
    try:
        yield
    finally:
        Session.send = send  # type: ignore[method-assign]  # the original


def _untouched(request: PreparedRequest, response: Response) -> Iterator[str]:
    parts = urlsplit(request.url or "")
    yield f"{request.method} {parts.netloc}{parts.path}  ->  as it is, {response.status_code}"


def _call(request: PreparedRequest, outcome: CallRecord) -> Iterator[str]:
    """A v1 call and what it became: one line where nothing was in it, else field beside field."""
    for exchange in outcome.exchanges:
        sent = exchange.request
        line = f"{request.method} {urlsplit(request.url or '').path}  ->  {sent.method} {urlsplit(sent.url).path}"
        yield f"{_ID.sub('...', line)}, {exchange.response.status}"
        if sent.kind == "v2" and isinstance(sent.body, bytes) and sent.body:
            yield ""
            yield from _table(_form(request.body), _flat(json.loads(sent.body)), outcome.notices)
    lossy = [notice for notice in outcome.notices if notice.kind != "deprecated"]
    for notice in lossy:
        yield from textwrap.wrap(f"warning: {notice}", _width(), initial_indent="  ", subsequent_indent="    ")
    if lossy:
        yield ""


def _form(body: object) -> dict[str, str]:
    text = body.decode() if isinstance(body, bytes) else str(body or "")
    return dict(parse_qsl(text, keep_blank_values=True))


def _flat(body: Mapping[str, object]) -> dict[str, object]:
    """The body with the fields of inner objects beside the others: ``audio_option.narrator``."""
    found: dict[str, object] = {}
    for name, value in body.items():
        inner = value if isinstance(value, dict) else None
        found.update({name: value} if inner is None else {f"{name}.{key}": item for key, item in inner.items()})
    return found


def _table(v1: Mapping[str, str], v2: Mapping[str, object], notices: Sequence[Notice]) -> Iterator[str]:
    """v1's fields on the left, what became of each on the right; what only v2 has comes last."""
    became = {notice.field: notice.v2_field for notice in notices if notice.field}
    rows = [("v1, a form", " ", "v2, JSON")]
    for name, value in v1.items():
        target = name if name in v2 else became.get(name, "")
        right = _pair(target, v2[target]) if target in v2 else "(dropped)"
        rows.append((_pair(name, value), " " if name == target else ">", right))
    shown = {*v1, *became.values()}
    rows += [("", "+", _pair(name, value)) for name, value in v2.items() if name not in shown]
    half = (_width() - 8) // 2
    for left, mark, right in rows:
        yield f"  {_cut(left, half):{half}} {mark} {_cut(right, half)}".rstrip()
    yield ""


def _pair(name: str, value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{name:<{28 if '.' in name else 17}} {text}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."


def _width() -> int:
    return min(max(shutil.get_terminal_size((120, 24)).columns, 80), 120)
