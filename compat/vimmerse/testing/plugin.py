"""What pytest loads when it starts: options, fixtures and hooks. The rest is imported on first use."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from vimmerse.testing.guard import Guard, LiveCallError

if TYPE_CHECKING:
    from vimmerse.compat.process.patching import Installation
    from vimmerse.emulator import Emulator
    from vimmerse.testing.clock import SkipSleeps, VirtualClock
    from vimmerse.testing.live import Ledger
    from vimmerse.testing.report import CallLog
    from vimmerse.v2 import AsyncVimmerse, Vimmerse

_MARKER = (
    "vimmerse(credits=None, faults=[], outcomes=[], transition=..., skip_sleeps='library', ...): how the emulator of "
    "this test behaves; it has one, and VIMMERSE_BASE_URL names it. See docs/testing.md of vimmerse."
)
_KEY = "a-key-of-the-tests"
_GUARD = pytest.StashKey[Guard]()
_LEDGER: pytest.StashKey[Ledger] = pytest.StashKey()
_LOG: pytest.StashKey[CallLog] = pytest.StashKey()


# Options


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("vimmerse", "Vimmerse API")
    group.addoption(
        "--vimmerse-live",
        action="store_true",
        help="let tests call the real service, which costs credits; needs --vimmerse-max-credits",
    )
    group.addoption(
        "--vimmerse-max-credits",
        type=int,
        metavar="N",
        help="the credits that the calls of this run may cost together, by their estimates",
    )
    group.addoption(
        "--vimmerse-report",
        action="store_true",
        help="show at the end the v1 calls of the tests, what they become, and v1 calls in the code that no test made",
    )
    parser.addini("vimmerse_source", "files and directories for --vimmerse-report; default: the rootdir", type="paths")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    _start_guard(early_config)  # before conftest.py is imported, which may create clients


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARKER)
    guard = _start_guard(config)
    limit: int | None = config.getoption("vimmerse_max_credits")
    if config.getoption("vimmerse_live"):
        if limit is None:
            raise pytest.UsageError("--vimmerse-live costs credits: it needs --vimmerse-max-credits N")
        if limit < 0:
            raise pytest.UsageError(f"--vimmerse-max-credits is {limit}; it must be 0 or more")
        ledger = config.stash[_LEDGER] = _open_ledger(config, limit)
        guard.admit_by(ledger.admit)
    elif limit is not None:
        raise pytest.UsageError("--vimmerse-max-credits is for --vimmerse-live; without it, nothing is sent")
    if config.getoption("vimmerse_report"):
        from vimmerse.testing.report import CallLog

        log = config.stash[_LOG] = CallLog()
        stack = ExitStack()
        stack.enter_context(log.observing())
        config.add_cleanup(stack.close)


def _start_guard(config: pytest.Config) -> Guard:
    guard = config.stash.get(_GUARD, None)
    if guard is None:
        guard = config.stash[_GUARD] = Guard()
        if "VIMMERSE_VERIFY" not in os.environ:  # `vimmerse migrate --verify` sends these calls to an emulator
            guard.install()
        config.add_cleanup(guard.uninstall)
    return guard


def _open_ledger(config: pytest.Config, limit: int) -> Ledger:
    from vimmerse.testing.live import Ledger

    worker: dict[str, Any] | None = getattr(config, "workerinput", None)
    if worker is not None:  # of pytest-xdist
        return Ledger(worker["vimmerse_ledger"], limit)
    from tempfile import mkstemp

    handle, path = mkstemp(prefix="vimmerse-ledger-")
    os.close(handle)
    config.add_cleanup(lambda: os.unlink(path))
    ledger = Ledger(path, limit)
    ledger.create()
    return ledger


# Fixtures


@pytest.fixture
def vimmerse_emulator(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """A new emulator of the API for this test; ``@pytest.mark.vimmerse(...)`` says how it behaves.

    VIMMERSE_BASE_URL and VIMMERSE_API_KEY name it during the test, so that clients created in the test use it, and
    those of programs that the test starts. Waits of the library end at once.
    """
    from vimmerse.testing.clock import VirtualClock

    clock = VirtualClock()
    emulator, skip_sleeps = _emulator_of(request.node, clock)
    clock.moved = emulator.tick
    with emulator:
        monkeypatch.setenv("VIMMERSE_BASE_URL", emulator.base_url)
        monkeypatch.setenv("VIMMERSE_API_KEY", next(iter(emulator.settings.api_keys or ()), _KEY))
        without_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
        for name in ("no_proxy", "NO_PROXY"):  # libraries prefer one or the other
            monkeypatch.setenv(name, f"{without_proxy},127.0.0.1" if without_proxy else "127.0.0.1")
        clock.install(monkeypatch, skip_sleeps)
        yield emulator


def _emulator_of(item: pytest.Item, clock: VirtualClock) -> tuple[Emulator, SkipSleeps]:
    from vimmerse.testing.marker import behaviour_of

    try:
        from vimmerse.emulator import Emulator

        behaviour = behaviour_of(item.iter_markers("vimmerse"))
        emulator = Emulator(clock=clock.monotonic, **behaviour.options)
        behaviour.prepare(emulator)
        return emulator, behaviour.skip_sleeps
    except ImportError as error:  # it says which extra to install
        reason = str(error)
    except (TypeError, ValueError) as error:
        reason = f"@pytest.mark.vimmerse: {error}"
    pytest.fail(reason, pytrace=False)


@pytest.fixture
def vimmerse_client(vimmerse_emulator: Emulator) -> Iterator[Vimmerse]:
    """A ``vimmerse.v2.Vimmerse`` on the emulator of this test."""
    from vimmerse.v2 import Vimmerse

    with Vimmerse() as client:
        yield client


@pytest.fixture
def async_vimmerse_client(vimmerse_emulator: Emulator) -> AsyncVimmerse:
    """A ``vimmerse.v2.AsyncVimmerse`` on the emulator of this test, for any plugin for async tests."""
    import httpx
    from vimmerse.v2 import AsyncVimmerse

    # It keeps no connection: nothing is left open when the test's event loop has ended.
    limits = httpx.Limits(max_keepalive_connections=0)
    return AsyncVimmerse(async_transport=httpx.AsyncHTTPTransport(verify=False, limits=limits))


@pytest.fixture
def vimmerse_compat(vimmerse_emulator: Emulator) -> Iterator[Installation]:
    """v1 calls of requests, httpx and httpx2 go through the compat layer to the emulator of this test."""
    from vimmerse.compat import install

    with install(base_url=vimmerse_emulator.base_url) as installation:
        yield installation


@pytest.hookimpl(trylast=True)  # after those that add markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a marked test the emulator, also if it does not name the fixture, as in a ``unittest.TestCase``."""
    for item in items:
        names: list[str] | None = getattr(item, "fixturenames", None)
        if names is not None and "vimmerse_emulator" not in names and item.get_closest_marker("vimmerse"):
            names.insert(0, "vimmerse_emulator")


# The guard: a test fails even if the program has caught the error


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _fail(report, item.config, call.excinfo)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    call: pytest.CallInfo[Any] | None = getattr(report, "call", None)
    _fail(report, collector.config, call.excinfo if call is not None else None)
    return report


def _fail(
    report: pytest.TestReport | pytest.CollectReport,
    config: pytest.Config,
    excinfo: pytest.ExceptionInfo[BaseException] | None,
) -> None:
    guard = config.stash[_GUARD]
    if not guard.refused:
        return
    text = "\n".join(dict.fromkeys(guard.take_refused()))
    if report.failed and not (excinfo is not None and _is_of_guard(excinfo.value)):
        report.sections.append(("vimmerse", text))
        return
    report.outcome = "failed"
    # Without the traceback: with --showlocals, the libraries' frames would show the key.
    report.longrepr = text
    vars(report).pop("wasxfail", None)


def _is_of_guard(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, LiveCallError):
            return True
        if isinstance(error, BaseExceptionGroup):
            return any(map(_is_of_guard, error.exceptions))
        error = error.__cause__ or error.__context__
    return False


# pytest-xdist, and the end


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give a worker the ledger of the run."""
    ledger: Ledger | None = node.config.stash.get(_LEDGER, None)
    node.workerinput["vimmerse_ledger"] = ledger.path if ledger is not None else None


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker has recorded; one that has crashed gives nothing."""
    output: dict[str, Any] = getattr(node, "workeroutput", {}).get("vimmerse", {})
    node.config.stash[_GUARD].refused += output.get("refused", ())
    for calls in output.get("calls", ()):
        node.config.stash[_LOG].merge(calls)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    refused = config.stash[_GUARD].refused
    worker: dict[str, Any] | None = getattr(config, "workeroutput", None)
    if worker is not None:
        log = config.stash.get(_LOG, None)
        worker["vimmerse"] = {"refused": refused, "calls": [log.dump()] if log is not None else []}
    elif refused and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if refused := config.stash[_GUARD].take_refused():
        terminalreporter.section("vimmerse: calls outside of tests")
        for text in dict.fromkeys(refused):
            terminalreporter.write_line(text)
    ledger, log = config.stash.get(_LEDGER, None), config.stash.get(_LOG, None)
    if ledger is not None:
        credits, requests = ledger.spent()
        terminalreporter.section("vimmerse: live calls")
        terminalreporter.write_line(f"about {credits:g} of {ledger.limit:g} credits in {requests} paid requests")
    if log is not None:
        terminalreporter.section("vimmerse: v1 calls")
        sources = config.getini("vimmerse_source") or [config.rootpath]
        for line in log.lines(os.fspath(config.rootpath), sources):
            terminalreporter.write_line(line)
