"""What every test, and every code block of the documentation, runs in.

* No setting of the developer's shell: ``VIMMERSE_*`` and proxies are unset.
* No network but this machine, neither here nor in the programs that a test starts (tests/offline).
* Tests marked ``exhaustive`` run where ``CI`` is set, and if their file is named.
* Hypothesis tries the same examples every time, more of them where ``CI`` is set, and measures no time.
* README.md and docs/: every ``python`` block runs, a file's blocks one after another in one namespace.
  They talk to an emulator of the file's own: ``base_url``. Type checkers see them by scripts/_pages.py.
"""

from __future__ import annotations

import gc
import logging
import operator
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from sybil import Sybil
from sybil.integration.pytest import SybilItem
from sybil.parsers.markdown import PythonCodeBlockParser

from tests.offline import sitecustomize as offline

if TYPE_CHECKING:
    from vimmerse.emulator import Emulator

#: Fixtures of pytest-recording, which every test would have: those that are marked, or in tests/recorded, use them.
OF_RECORDING = ("block_network", "disable_recording", "record_mode", "vcr", "vcr_cassette_dir", "vcr_markers")
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")

# A shell gives a command in the background an ignored SIGINT, and so do some build machines; programs that a test
# starts would inherit it, and Ctrl-C could not be tested.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# httpx reads a file of 140 certificates for each client, which takes longer than most tests. No test meets a public
# host, so an empty directory will do.
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = str(Path(offline.__file__).parent)

settings.register_profile("default", derandomize=True, deadline=None, max_examples=60)
settings.register_profile("ci", settings.get_profile("default"), max_examples=400)
settings.load_profile("ci" if os.environ.get("CI") else "default")

gc.disable()  # importing and collecting make a million objects that stay; pytest_collection_finish enables it

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()],
    patterns=["README.md", "docs/*.md", "docs/**/*.md"],
    fixtures=["base_url"],
).pytest()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="no tests marked slow, but those of files that are named")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Documents come first, and v1 code in them may warn: it is shown on purpose.

    First, because a document's code blocks build on each other: pytest-xdist's ``worksteal`` takes tests from the end
    of another worker's queue, so a document stays with the worker that has begun it.
    """
    named = {config.invocation_params.dir / argument.partition("::")[0] for argument in config.args}
    left_out = {"slow"} if config.getoption("--quick") else set[str]()
    if not os.environ.get("CI"):
        left_out.add("exhaustive")
    deselected = {
        item for item in items if item.path not in named and left_out.intersection(m.name for m in item.iter_markers())
    }
    if deselected:
        config.hook.pytest_deselected(items=list(deselected))
        items[:] = [item for item in items if item not in deselected]
    for item in items:
        if isinstance(item, pytest.Function) and "recorded" not in item.path.parts and "vcr" not in item.keywords:
            item.fixturenames[:] = [name for name in item.fixturenames if name not in OF_RECORDING]
    items.sort(key=lambda item: not isinstance(item, SybilItem))
    for item in items:
        if isinstance(item, SybilItem):
            for name in ("V1DeprecationWarning", "LossyTranslationWarning", "PassthroughWarning"):
                item.add_marker(pytest.mark.filterwarnings(f"ignore::vimmerse.compat.{name}"))


def pytest_collection_finish() -> None:
    """Keep what importing has left out of later collections: a full one would take a tenth of a second."""
    gc.collect()
    gc.freeze()
    gc.enable()


#: What tests replace for a time, by module: one that stays replaced fails tests that run after it, far away.
SHARED = {
    "asyncio": ("sleep",),
    "http.client": ("HTTPConnection.connect", "HTTPConnection.putrequest", "HTTPConnection.request"),
    "httpcore": ("ConnectionPool.handle_request", "AsyncConnectionPool.handle_async_request"),
    "httpcore2": ("ConnectionPool.handle_request", "AsyncConnectionPool.handle_async_request"),
    "httpx": ("Client.__init__", "AsyncClient.__init__"),
    "requests.adapters": ("HTTPAdapter.send",),
    "socket": ("getaddrinfo",),
    "subprocess": ("Popen.__init__",),
    "time": ("sleep", "time", "monotonic"),
}
_originals: dict[str, object] = {}


def _shared() -> dict[str, object]:
    """The functions of ``SHARED`` whose modules are loaded, the levels of loggers, and Python's hooks, by name."""
    state: dict[str, object] = {
        f"{module}.{name}": operator.attrgetter(name)(sys.modules[module])
        for module, names in SHARED.items()
        if module in sys.modules
        for name in names
    }
    for name in ("", "vimmerse"):
        state[f"the level of the logger {name!r}"] = logging.getLogger(name).level
    return state | {f"sys.{name}": getattr(sys, name) for name in ("excepthook", "unraisablehook")}


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Fail a test that leaves behind what other tests must not see; wider fixtures may, until they end."""
    yield
    if nextitem is None or nextitem.getparent(pytest.Module) is not item.getparent(pytest.Module):
        state = _shared()
        changed = [name for name, value in state.items() if _originals.setdefault(name, value) != value]
        if changed:
            _originals.update(state)
            pytest.fail(f"This test, or another of its file, has left changed: {', '.join(changed)}.")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how to run what failed, before pytest's last line."""
    failed = [report.nodeid for key in ("failed", "error") for report in terminalreporter.stats.get(key, [])]
    if failed:
        terminalreporter.section("again")
        terminalreporter.write_line("Only what failed: scripts/test --lf")
        terminalreporter.write_line(f"One test alone:   scripts/test '{failed[0]}'")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the shell that the tests were started from; programs that a test starts stay offline."""
    monkeypatch.setenv("PYTHONPATH", str(Path(offline.__file__).parent))
    for name in list(os.environ):
        if name.startswith("VIMMERSE_") or name.upper() in PROXIES:
            monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def documented_service() -> Iterator[Emulator]:
    """The emulator of one Markdown file: what a block creates, the blocks after it find."""
    from vimmerse.emulator import Emulator

    with Emulator() as emulator:
        yield emulator
    logging.getLogger("vimmerse.http").setLevel(logging.NOTSET)  # a page shows how to set it


@pytest.fixture
def base_url(
    clean_environment: None,
    documented_service: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> str:
    """The emulator's address, also in the environment; a directory to write to; waits that end at once."""
    monkeypatch.setenv("VIMMERSE_BASE_URL", documented_service.base_url)
    monkeypatch.setenv("VIMMERSE_API_KEY", "a-key-of-the-documentation")
    monkeypatch.chdir(tmp_path)
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: sleep(min(seconds, 0.01)))
    monkeypatch.setattr("vimmerse.jobs.schedule.Interval.seconds", lambda interval, turn, random: 0.01)
    return documented_service.base_url
