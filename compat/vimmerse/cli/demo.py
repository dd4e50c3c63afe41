"""``vimmerse demo``: an unmodified v1 program, running on v2. ``--batch``: see ``batch_demo.py``.

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
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from vimmerse.cli import batch_demo

if TYPE_CHECKING:
    from requests import PreparedRequest, Response, Session
    from rich.table import Table
    from vimmerse.compat.core.messages import Notice
    from vimmerse.compat.runtime.driver import CallRecord

REQUIRED = ("requests", "starlette", "h11", "jsonschema_rs", "rich")
_ID = re.compile(r"(?<=/[0-9a-f]{8})-[0-9a-f-]{27}")  # all but the beginning of an id


def program() -> Path:
    """Return the v1 program: from the package, or from the repository."""
    here = Path(__file__).resolve()
    packed = here.parent / "examples" / "v1_story.py"
    return packed if packed.is_file() else here.parents[3] / "examples" / "v1_story.py"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the demo and return its exit code: 0 if the video was saved."""
    parser = argparse.ArgumentParser(prog="vimmerse demo", description="Run a v1 program, unmodified, on v2.")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--live", action="store_true", help="use the service; needs VIMMERSE_API_KEY, costs credits")
    kind.add_argument("--batch", action="store_true", help="instead: 20 clips from a table, with a crash in the middle")
    idea = "A paper boat sails down a rainy street and finds the sea"
    parser.add_argument("--idea", default=idea, help="what the video is about")
    parser.add_argument("--out", type=Path, default=Path("out"), help="the directory for the videos (default: out)")
    options = parser.parse_args(argv)

    required = batch_demo.REQUIRED if options.batch else REQUIRED
    missing = [name for name in required if find_spec(name) is None]
    if missing:
        print(f"The demo needs {', '.join(missing)}: pip install 'vimmerse[all]'", file=sys.stderr)
        return 1
    if options.live and not os.environ.get("VIMMERSE_API_KEY", "").strip():
        print("--live needs your key: VIMMERSE_API_KEY=... vimmerse demo --live", file=sys.stderr)
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    video = (options.out / "v1_story.mp4").resolve()
    try:
        if options.batch:
            return batch_demo.main(options.out)
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
    """Show each call made with requests once it has a response."""
    from requests import Session

    send = Session.send

    def send_and_show(session: Session, request: PreparedRequest, **options: Any) -> Response:  # as Session.send
        response = send(session, request, **options)
        _show_call(request, response)
        return response

    Session.send = send_and_show  # type: ignore[assignment, method-assign]  # it takes the same calls
    try:
        yield
    finally:
        Session.send = send  # type: ignore[method-assign]  # the original


def _show_call(request: PreparedRequest, response: Response) -> None:
    """Print a line for each v2 request, a table of its fields if it has a body, and the warnings."""
    from rich.console import Console
    from rich.padding import Padding

    width = min(max(shutil.get_terminal_size((120, 24)).columns, 80), 120)
    console = Console(width=width, markup=False, highlight=False, emoji=False)
    url = urlsplit(request.url or "")
    call: CallRecord | None = getattr(response, "vimmerse", None)
    if call is None:
        print(f"{request.method} {url.netloc}{url.path}  ->  unchanged, {response.status_code}")
        return
    for exchange in call.exchanges:
        sent = exchange.request
        line = f"{request.method} {url.path}  ->  {sent.method} {urlsplit(sent.url).path}"
        print(f"{_ID.sub('...', line)}, {exchange.response.status}")
        if sent.kind == "v2" and isinstance(sent.body, bytes) and sent.body:
            form = request.body.decode() if isinstance(request.body, bytes) else str(request.body or "")
            table = _table(dict(parse_qsl(form, keep_blank_values=True)), json.loads(sent.body), call.notices)
            console.print(Padding(table, (1, 2), expand=False))
    for notice in call.notices:
        if notice.kind != "deprecated":
            console.print(Padding(f"warning: {notice}", (0, 2, 1, 2), expand=False))


def _table(v1: Mapping[str, str], body: Mapping[str, Any], notices: Sequence[Notice]) -> Table:
    """Return v1's fields with their v2 form on the right, and then the fields that only v2 has."""
    from rich.table import Table

    v2: dict[str, str] = {}
    for name, value in body.items():
        inner = {f"{name}.{key}": item for key, item in value.items()} if isinstance(value, dict) else {name: value}
        v2 |= {path: item if isinstance(item, str) else json.dumps(item) for path, item in inner.items()}
    renamed = {notice.field: notice.v2_field for notice in notices if notice.field}
    table = Table.grid(padding=(0, 1))
    for name in ("name", "value", "mark", "name", "value"):
        table.add_column(no_wrap=name != "value")
    table.add_row("v1, a form", "", "", "v2, JSON", "")
    for name, value in v1.items():
        target = name if name in v2 else renamed.get(name, "")
        right = (target, v2[target]) if target in v2 else ("(dropped)", "")
        table.add_row(name, value, "" if name == target else ">", *right)
    for name, value in v2.items():
        if name not in {*v1, *renamed.values()}:
            table.add_row("", "", "+", name, value)
    return table
