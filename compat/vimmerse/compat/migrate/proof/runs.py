"""One run of the program: an emulator, for the original the compat layer in front of it, and the processes.

The compat layer is the gateway, so that the program's own processes are the same in both runs, whatever library makes
the calls and whatever the tests do with warnings.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from vimmerse._http.redaction import Secrets
from vimmerse._server import listen
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.routing import V1_HOST
from vimmerse.compat.migrate.proof.child import VARIABLE
from vimmerse.compat.migrate.proof.report import VerifyError
from vimmerse.compat.migrate.proof.sent import RESULT_FILE, Sent, sent
from vimmerse.emulator import Emulator

#: The key of the programs, in place of the user's own.
KEY = "key-of-the-verification"
_BOOTSTRAP = str(Path(__file__).parent / "bootstrap")
_NOWHERE = "http://127.0.0.1:9"  # the discard port: programs that are not Python's are to reach no other machine
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_OWN_SETTINGS = frozenset({"VIMMERSE_RUN", "VIMMERSE_COMPAT_MODE", "VIMMERSE_LOG"})
#: Seconds between SIGTERM and SIGKILL.
GRACE = 2.0
_MOST_OUTPUT = 4 * 1024 * 1024  # bytes that are read of each stream


@dataclass(frozen=True)
class RunOptions:
    """What is run, and how.

    Attributes:
        command: Words, or a line for the shell.
        tree: The copy that it is run on.
        folder: The current folder, in the copy.
        origin: The original tree.
        work: A folder for the files of the run.
        lines: Places whose run is recorded.
        timeout: Seconds.
        shorten_sleeps: Whether sleeps end after a few milliseconds.
    """

    command: str | Sequence[str]
    tree: Path
    folder: Path
    origin: Path
    work: Path
    lines: Mapping[str, Sequence[tuple[int, int]]]
    timeout: float
    shorten_sleeps: bool


@dataclass(frozen=True)
class Run:
    """What a run has done.

    Attributes:
        requests: Its requests to the API, in the order of their arrival, and then those for result files.
        exit_code: That of the program, negative for a signal; None if it took too long.
        output, errors: Its standard streams as text, without keys and addresses of the run.
        hits: The places that were run: relative path, first and last line.
        secrets: The keys, which no report may show.
    """

    requests: tuple[Sent, ...]
    exit_code: int | None
    output: str
    errors: str
    hits: frozenset[tuple[str, int, int]]
    secrets: Secrets


def run(
    options: RunOptions,
    environment: Mapping[str, str],
    *,
    policy: Policy | None,
    key_name: Callable[[str], str],
) -> Run:
    """Run a program once, with an emulator of its own.

    Args:
        policy: How v1 calls are translated; None where they are not.
        key_name: See :func:`sent`.

    Raises:
        VerifyError: There is no such command.
    """
    hits = options.work / "hits"
    hits.mkdir()
    with Emulator() as emulator, _entrance(emulator, policy) as port:
        additions = _additions(options.work / "settings.json")
        settings = {
            "host": V1_HOST,
            "port": port,
            "files_port": int(emulator.files_url.rpartition(":")[2]),
            "tree": str(options.tree),
            "origin": str(options.origin),
            "lines": options.lines,
            "hits": str(hits),
            "shorten_sleeps": options.shorten_sleeps,
            "environment": additions,
        }
        (options.work / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
        exit_code = _execute(options, _environment(environment, additions))
        files = [each for each in emulator.file_requests if each.status is not None]
        records = [each for each in emulator.requests if each.status is not None]
        hosts = {emulator.base_url: f"https://{V1_HOST}", emulator.files_url: "https://results.vimmerse.net"}
        hosts[f"http://127.0.0.1:{port}"] = f"https://{V1_HOST}"
    secrets = Secrets({header for each in records for header in _keys(each.headers)} | {*_user_keys(environment)})

    def text(name: str) -> str:
        with open(options.work / name, "rb") as file:
            found = file.read(_MOST_OUTPUT).decode("utf-8", "backslashreplace")
        for address, shown in {**hosts, str(options.tree): str(options.origin)}.items():
            found = found.replace(address, shown)
        return secrets.redact(found)

    requests = [sent(each, hosts, key_name) for each in records]
    for each in files:
        fetched = sent(each, hosts, key_name)
        fetched.operation = RESULT_FILE
        fetched.document = {"request": f"GET {each.path}"}
        requests.append(fetched)
    found = frozenset(
        tuple(json.loads(line)) for path in hits.iterdir() for line in path.read_text(encoding="utf-8").splitlines()
    )
    if policy is not None:
        _mark_added(requests)
    return Run(tuple(requests), exit_code, text("output"), text("errors"), found, secrets)


def _mark_added(requests: Sequence[Sent]) -> None:
    """Mark what the compat layer has added: reads before a change, and questions to v1 about an id that none knows."""
    unknown = {each.call for each in requests if each.path.startswith("/v2/") and each.status == 404}
    for each in requests:
        is_lookup = each.is_read and each.call.method not in ("", "GET", "HEAD")
        is_question = each.call in unknown and each.status == 404 and not each.path.startswith("/v2/")
        each.optional = is_lookup or is_question


@contextmanager
def _entrance(emulator: Emulator, policy: Policy | None) -> Iterator[int]:
    """Yield the port to which the program's calls go: the emulator's, or that of the compat layer in front of it."""
    if policy is None:
        yield int(emulator.base_url.rpartition(":")[2])
        return
    try:
        from vimmerse.compat.gateway.app import create_app
        from vimmerse.compat.gateway.config import GatewayConfig
        from vimmerse.compat.gateway.server import make_server
    except ModuleNotFoundError as error:
        text = f"a verification needs {error.name}: pip install 'vimmerse[gateway]'"
        raise ImportError(text, name=error.name) from None

    config = GatewayConfig(access_log=False, notice_header=False, shutdown_timeout=1, paid_shutdown_timeout=1)
    app = create_app(policy.replace(base_url=emulator.base_url, api_key=KEY), config)
    server = make_server(app, config)
    with listen("127.0.0.1", 0) as listener:
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, name="vimmerse-verify", daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


def _additions(settings: Path) -> dict[str, str]:
    """Return the environment variables that each process of the program has."""
    without_proxy = f"{V1_HOST},localhost,127.0.0.1,::1"
    found = {VARIABLE: str(settings), "PYTHONPATH": _BOOTSTRAP, "PYTHONHASHSEED": "0", "VIMMERSE_API_KEY": KEY}
    for name, value in {**dict.fromkeys(_PROXIES, _NOWHERE), "no_proxy": without_proxy}.items():
        found[name] = found[name.upper()] = value
    return found


def _environment(environment: Mapping[str, str], additions: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the program: the user's, without the settings of this package."""
    found = {name: value for name, value in environment.items() if name not in _OWN_SETTINGS}
    if "VIMMERSE_BASE_URL" in environment:  # the program itself may read it
        found["VIMMERSE_BASE_URL"] = f"https://{V1_HOST}"
    path = filter(None, [_BOOTSTRAP, environment.get("PYTHONPATH")])
    return {**found, **additions, "PYTHONPATH": os.pathsep.join(path)}


def _execute(options: RunOptions, environment: Mapping[str, str]) -> int | None:
    """Run the program, end whatever it has left running, and return its exit code; None if it took too long."""
    with open(options.work / "output", "wb") as output, open(options.work / "errors", "wb") as errors:
        try:
            process = subprocess.Popen(
                options.command,
                cwd=options.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                shell=isinstance(options.command, str),
                start_new_session=True,
            )
        except OSError as error:
            raise VerifyError(f"the command can't be run: {error.filename}: {error.strerror}") from None
        try:
            return wait(process, options.timeout)
        except subprocess.TimeoutExpired:
            return None
        finally:
            end(process)


def wait(process: subprocess.Popen[bytes], timeout: float) -> int:
    """Return the exit code of a process. Raises ``subprocess.TimeoutExpired`` after ``timeout`` seconds."""
    return process.wait(timeout)


def end(process: subprocess.Popen[bytes]) -> None:
    """End all processes of the program's group."""
    if process.poll() is None:
        _signal(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
    _signal(process, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):  # PermissionError: macOS, for a group of zombies
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)


def _keys(headers: Sequence[tuple[str, str]]) -> Iterator[str]:
    for name, value in headers:
        if name in ("x-api-key", "authorization", "cookie") and value.strip():
            yield value.split()[-1]


def _user_keys(environment: Mapping[str, str]) -> Iterator[str]:
    if key := environment.get("VIMMERSE_API_KEY", "").strip():
        yield key
