"""``vimmerse demo``: an unmodified v1 program, running on v2.

The program is ``examples/v1_story.py``. It runs as under ``vimmerse run``, against an emulator, or with ``--live``
against the service itself, where it costs credits. Each of its calls is shown beside the v2 call, with the warnings.
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
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session
    from vimmerse.compat.core.messages import Notice
    from vimmerse.compat.runtime.driver import CallRecord

IDEA = "A paper boat sails down a rainy street and finds the sea"
REQUIRED = ("requests", "starlette", "uvicorn", "jsonschema_rs")
_ID = re.compile(r"(?<=/[0-9a-f]{8})-[0-9a-f-]{27}")  # all but the beginning of an id


def program() -> Path:
    """Return the v1 program: from the package, or from the repository."""
    here = Path(__file__).resolve()
    packed = here.parent / "examples" / "v1_story.py"
    return packed if packed.is_file() else here.parents[3] / "examples" / "v1_story.py"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the demo and return its exit code: 0 if the video was saved."""
    parser = argparse.ArgumentParser(prog="vimmerse demo", description="Run a v1 program, unmodified, on v2.")
    parser.add_argument("--live", action="store_true", help="use the service; needs VIMMERSE_API_KEY, costs credits")
    parser.add_argument("--idea", default=IDEA, help="what the video is about")
    parser.add_argument("--out", type=Path, default=Path("out"), help="the directory for the video (default: out)")
    options = parser.parse_args(argv)

    missing = [name for name in REQUIRED if find_spec(name) is None]
    if missing:
        print(f"The demo needs {', '.join(missing)}: pip install 'vimmerse[all]'", file=sys.stderr)
        return 1
    if options.live and not os.environ.get("VIMMERSE_API_KEY", "").strip():
        print("--live needs your key: VIMMERSE_API_KEY=... vimmerse demo --live", file=sys.stderr)
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    video = (options.out / "v1_story.mp4").resolve()
    try:
        status = _run_program(options.idea, video, live=options.live)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    if status == 0:
        print(f"\nThe video: {video}")
        print("Next, your own program, unmodified: vimmerse run YOUR_PROGRAM.py   (what to change: vimmerse check .)")
    return status


def _run_program(idea: str, video: Path, *, live: bool) -> int:
    """Run the program as ``vimmerse run`` does, and show each of its calls."""
    from vimmerse.compat.core.policy import DEFAULT_BASE_URL
    from vimmerse.compat.process.runner import run_script
    from vimmerse.emulator import AfterPolls, Emulator

    with ExitStack() as stack:
        stack.enter_context(_process_restored())
        if live:
            print(f"Service   {os.environ.get('VIMMERSE_BASE_URL') or DEFAULT_BASE_URL} (costs credits)")
        else:
            emulator = stack.enter_context(Emulator(transition=AfterPolls(4)))
            print(f"Service   an emulator on this machine, {emulator.base_url}")
            os.environ.update(VIMMERSE_API_KEY="any-key-will-do", VIMMERSE_BASE_URL=emulator.base_url)
            os.environ["STORY_POLL_SECONDS"] = "0.2"  # the program's own setting
        print(f"Program   {program()}, written for v1, unmodified\n")
        stack.enter_context(_calls_shown())
        # The warnings are shown with the calls.
        return run_script(["--quiet", str(program()), idea, str(video)])


@contextmanager
def _process_restored() -> Iterator[None]:
    """Undo what running a program changes in this process."""
    from vimmerse.compat.process import patching

    main_module, arguments, path, environment = sys.modules["__main__"], sys.argv[:], sys.path[:], dict(os.environ)
    try:
        with warnings.catch_warnings():
            yield
    finally:
        patching.uninstall()
        sys.modules["__main__"] = main_module
        sys.argv[:], sys.path[:] = arguments, path
        os.environ.clear()
        os.environ.update(environment)


@contextmanager
def _calls_shown() -> Iterator[None]:
    """Show each call made with requests once it has been answered."""
    from requests import Session

    send = Session.send

    def send_and_show(session: Session, request: PreparedRequest, **options: Any) -> Response:  # as Session.send
        response = send(session, request, **options)
        for line in _lines(request, response):
            print(line)
        return response

    Session.send = send_and_show  # type: ignore[assignment, method-assign]  # it takes the same calls
    try:
        yield
    finally:
        Session.send = send  # type: ignore[method-assign]  # the original


def _lines(request: PreparedRequest, response: Response) -> Iterator[str]:
    """Yield a line for a call without a body, and a table of its fields for one with a body."""
    url = urlsplit(request.url or "")
    call: CallRecord | None = getattr(response, "vimmerse", None)
    if call is None:
        yield f"{request.method} {url.netloc}{url.path}  ->  unchanged, {response.status_code}"
        return
    for exchange in call.exchanges:
        sent = exchange.request
        line = f"{request.method} {url.path}  ->  {sent.method} {urlsplit(sent.url).path}"
        yield f"{_ID.sub('...', line)}, {exchange.response.status}"
        if sent.kind == "v2" and isinstance(sent.body, bytes) and sent.body:
            form = request.body.decode() if isinstance(request.body, bytes) else str(request.body or "")
            yield ""
            yield from _table(
                dict(parse_qsl(form, keep_blank_values=True)), dict(_flatten(json.loads(sent.body))), call.notices
            )
            yield ""
    lossy = [notice for notice in call.notices if notice.kind != "deprecated"]
    for notice in lossy:
        yield from textwrap.wrap(f"warning: {notice}", _width(), initial_indent="  ", subsequent_indent="    ")
    if lossy:
        yield ""


def _flatten(body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a body; those of an object are named ``audio_option.narrator``."""
    for name, value in body.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", item) for inner, item in value.items())
        else:
            yield name, value


def _table(v1: Mapping[str, str], v2: Mapping[str, Any], notices: Sequence[Notice]) -> Iterator[str]:
    """Yield rows: v1's fields on the left, their v2 form on the right; then the fields that only v2 has."""
    renamed = {notice.field: notice.v2_field for notice in notices if notice.field}
    rows = [("v1, a form", " ", "v2, JSON")]
    for name, value in v1.items():
        target = name if name in v2 else renamed.get(name, "")
        right = _cell(target, v2[target]) if target in v2 else "(dropped)"
        rows.append((_cell(name, value), " " if name == target else ">", right))
    shown = {*v1, *renamed.values()}
    rows += [("", "+", _cell(name, value)) for name, value in v2.items() if name not in shown]
    half = (_width() - 8) // 2
    for left, mark, right in rows:
        yield f"  {_cut(left, half):{half}} {mark} {_cut(right, half)}".rstrip()


def _cell(name: str, value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{name:<{28 if '.' in name else 17}} {text}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."


def _width() -> int:
    return min(max(shutil.get_terminal_size((120, 24)).columns, 80), 120)
