"""``vimmerse serve``: the gateway with a server."""

import argparse
import json
import logging
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from types import FrameType
from typing import Any, NoReturn
from urllib.parse import urlsplit

from vimmerse._server import is_loopback, listen, raise_descriptor_limit
from vimmerse.compat.core.policy import API_KEY_VARIABLE, BASE_URL_VARIABLE, MODE_VARIABLE, MODES, Policy
from vimmerse.compat.gateway.access_log import LOGGER
from vimmerse.compat.gateway.config import TOKEN, GatewayConfig, token_from_env
from vimmerse.compat.gateway.log_handler import NonBlockingLogHandler

_SIZE = re.compile(r"(\d+)\s*(|[KMG]i?)B?", re.IGNORECASE)
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}
_LOG_DELAY = 0.1  # seconds that lines of the access log are collected
_LOG_TIMEOUT = 2.0  # seconds at the end, to write the rest of the log


def size(text: str) -> int:
    """``512MiB``, ``4G``, ``1000``: a number of bytes; K, M and G are powers of 1024."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 512MiB")
    return int(match[1]) * _UNITS[match[2][:1].upper()]


def _tool(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"{text!r} is not V1NAME=V2NAME")
    return name, value


def _date(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2027-06-30") from None


class _Parser(argparse.ArgumentParser):
    """Reports an error in one line: the usage alone has thirty."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """The options of ``vimmerse serve``."""
    parser = _Parser(
        prog="vimmerse serve",
        description="Serve v1 of the API on this address, on top of v2: change a v1 program's base URL to it.",
    )

    def add(flag: str, about: str, **settings: Any) -> None:
        parser.add_argument(flag, help=about, **settings)

    add("--base-url", f"where the API is (default: {BASE_URL_VARIABLE}, else the service)")
    add("--mode", f"default: {MODE_VARIABLE}, else lenient", choices=MODES)
    add("--max-credits", "reject calls that would cost more", type=float, metavar="N")
    for kind in ("video", "image"):
        settings = {"type": _tool, "action": "append", "default": [], "metavar": "V1=V2"}
        add(f"--{kind}-tool", f"the v2 name for a v1 {kind} tool", **settings)
    add("--token", f"the token that clients must send; better set {TOKEN}, which `ps` does not show")
    about = f"which calls without a key use {API_KEY_VARIABLE} (default: status; without a value: always)"
    add("--supply-key", about, nargs="?", const="always", default="status", choices=("never", "status", "always"))
    add("--proxy", "a forward proxy for the API and for results", metavar="URL")
    about = "a host of results whose address need not be public"
    add("--result-host", about, dest="result_hosts", action="append", default=[], metavar="NAME")
    add(
        "--sunset",
        "when v1 will be switched off, such as 2027-06-30; sent as the Sunset header",
        type=_date,
        metavar="DATE",
    )
    about = "the URL of a page about v1's deprecation (default: the migration guide, which the gateway serves)"
    add("--deprecation-link", about, default="", metavar="URL")
    for option in fields(GatewayConfig):
        if "unit" in option.metadata:
            unit, default = option.metadata["unit"], option.default
            convert = size if unit == "SIZE" else type(default)
            about = f"{option.metadata['help']} (default: {default})"
            add("--" + option.name.replace("_", "-"), about, type=convert, default=default, metavar=unit)
    add("--no-notice-header", "no X-Vimmerse-Notice", dest="notice_header", action="store_false")
    add("--no-access-log", "don't log each request", dest="access_log", action="store_false")
    return parser


def configure(options: argparse.Namespace) -> tuple[Policy, GatewayConfig]:
    """The settings from the options and the environment. Raises ``ValueError``."""
    policy = Policy.from_env(
        base_url=options.base_url,
        mode=options.mode,
        max_credits=options.max_credits,
        video_tools=dict(options.video_tool),
        image_tools=dict(options.image_tool),
        advice="flags",
    )
    values = {option.name: getattr(options, option.name) for option in fields(GatewayConfig)}
    values |= {"token": options.token or token_from_env(), "result_hosts": tuple(options.result_hosts)}
    return policy, GatewayConfig(**values)


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM, and return the exit status. ``argv`` is without the program's name."""
    arguments = parser()
    options = arguments.parse_args(argv)
    try:
        policy, config = configure(options)
    except ValueError as error:
        arguments.error(str(error))
    try:
        from vimmerse.compat.gateway.app import create_app
        from vimmerse.compat.gateway.server import make_server
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("starlette", "uvicorn", "h11"):
            raise
        print("vimmerse serve: it needs Starlette and uvicorn: pip install 'vimmerse[gateway]'", file=sys.stderr)
        return 1
    try:
        listener = listen(config.host, config.port)
    except OSError as error:
        print(f"vimmerse serve: can't listen on {config.host}:{config.port}: {error.strerror}", file=sys.stderr)
        return 1
    with listener:
        host, port = listener.getsockname()[:2]
        api = urlsplit(policy.base_url)
        # For example, if VIMMERSE_BASE_URL is set for the gateway's clients.
        if api.port == port and (api.hostname == host or is_loopback(api.hostname or "")):
            arguments.error(f"the base URL {policy.base_url} is this gateway; --base-url says where the API is")
        shown = f"[{host}]" if ":" in host else host
        lines = [
            f"Vimmerse gateway: http://{shown}:{port} -> {policy.base_url}",
            "Make the first address your v1 program's base URL. Stop with Ctrl+C.",
        ]
        if policy.api_key and config.supply_key == "status" and not config.token and not is_loopback(config.host):
            lines.append(
                "Anybody who reaches it can read the status of media without a key, as on v1; --supply-key never "
                f"or {TOKEN} prevents that."
            )
        print(*lines, sep="\n", file=sys.stderr, flush=True)
        raise_descriptor_limit()
        with _logging():
            server = make_server(create_app(policy, config), config)
            if threading.current_thread() is threading.main_thread():
                _stop_on_hangup(server.handle_exit)
            server.run(sockets=[listener])
    return 0


def _stop_on_hangup(stop: Callable[[int, FrameType | None], None]) -> None:
    """Handle a closed terminal and Ctrl+\\ as uvicorn handles SIGTERM, so that unfinished paid calls are logged."""
    for name in ("SIGHUP", "SIGQUIT"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # nohup ignores it
            signal.signal(number, stop)


@contextmanager
def _logging() -> Iterator[None]:
    """Write the access log to standard output and other records to standard error, without ever waiting for either."""
    access = NonBlockingLogHandler(
        1,
        "%(message)s",
        lambda dropped: json.dumps({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "dropped": dropped}),
        _LOG_DELAY,
    )
    other = NonBlockingLogHandler(
        2,
        "%(levelname)s %(name)s: %(message)s",
        lambda dropped: f"WARNING vimmerse.gateway: {dropped} lines of this log were dropped: its reader stalled",
    )
    for name, level, handler in (
        (LOGGER, logging.INFO, access),
        ("vimmerse.gateway", logging.INFO, other),
        ("uvicorn", logging.WARNING, other),
    ):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)
    # For asyncio's log and Python's warnings, which would be written, and waited for, elsewhere.
    root = logging.getLogger()
    root.addHandler(other)
    logging.captureWarnings(True)
    try:
        yield
    finally:
        logging.captureWarnings(False)
        root.removeHandler(other)
        if lost := access.stop(_LOG_TIMEOUT):
            logging.getLogger("vimmerse.gateway").warning("%d lines of the access log were dropped", lost)
        other.stop(_LOG_TIMEOUT)
