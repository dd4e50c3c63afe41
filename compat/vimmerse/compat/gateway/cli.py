"""``vimmerse serve``: the gateway with a server."""

from __future__ import annotations

import argparse
import json
import logging
import re
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NoReturn
from urllib.parse import urlsplit

from vimmerse.compat.core.policy import API_KEY_VARIABLE, BASE_URL_VARIABLE, MODE_VARIABLE, Policy
from vimmerse.compat.gateway.access import LOGGER
from vimmerse.compat.gateway.config import TOKEN, GatewayConfig, is_loopback, token_from_environment
from vimmerse.compat.gateway.lines import Lines

_SIZE = re.compile(r"(\d+)\s*(|[KMG]i?)B?", re.IGNORECASE)
_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}
_BACKLOG = 1024
_PATIENCE = 2.0  # seconds at the end, for lines of the log that still wait for a reader
# A port that was just given back may be taken; on Windows the usual option would share one that is in use.
_REUSE = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)

#: Options of numbers: the field of GatewayConfig, and what it is.
_NUMBERS: Mapping[str, str] = {
    "header_timeout": "for request line and headers; then 408",
    "body_timeout": "between two pieces of a body; then 408",
    "request_timeout": "for a whole body; then 408",
    "send_timeout": "for a caller who stalls while an answer is sent",
    "connect_timeout": "to connect to the API",
    "read_timeout": "between two pieces of the API's answer; then 504",
    "write_timeout": "between two pieces sent to the API",
    "pool_timeout": "to wait for a free connection to the API; then 503",
    "keepalive_expiry": "that an idle connection to the API is kept",
    "paid_shutdown_timeout": "at the end, for paid calls whose callers are gone",
}
_COUNTS: Mapping[str, str] = {
    "port": "port; 0 lets the operating system pick",
    "keep_alive_timeout": "seconds that a caller's idle connection is kept",
    "max_concurrency": "requests at work at the same time, without downloads; above it 503",
    "max_downloads": "results fetched at the same time; above it 503",
    "max_connections": "connections to the API",
    "max_keepalive_connections": "idle connections to the API",
    "shutdown_timeout": "seconds at the end for requests under way",
}
_SIZES: Mapping[str, str] = {
    "max_body": "of a request's body, as 512MiB; above it 413",
    "max_header": "of request line and headers; above it 431",
    "max_answer": "of a JSON answer that is translated",
}


def size(text: str) -> int:
    """``512MiB``, ``4G``, ``1000``: a number of bytes; K, M and G count by 1024."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 512MiB")
    return int(match[1]) * _UNITS[match[2][:1].upper()]


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"{text!r} is not V1NAME=V2NAME")
    return name, value


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line: the usage alone has thirty."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2027-06-30") from None


def parser() -> argparse.ArgumentParser:
    """The options of ``vimmerse serve``."""
    made = _Parser(
        prog="vimmerse serve",
        description="Serve v1 of the API on this address, on top of v2: change a v1 program's base URL to it.",
    )
    defaults = GatewayConfig()

    def option(name: str, kind: Any, about: str, unit: str = "N") -> None:
        default = getattr(defaults, name)
        shown = "" if default is None else f" (default: {default})"
        flag = "--" + name.replace("_", "-")
        made.add_argument(flag, dest=name, type=kind, default=default, metavar=unit, help=about + shown)

    made.add_argument("--host", default=defaults.host, help=f"address to listen on (default: {defaults.host})")
    option("port", int, _COUNTS["port"])
    made.add_argument("--base-url", help=f"where the API is (default: {BASE_URL_VARIABLE}, else the service)")
    made.add_argument("--mode", choices=("lenient", "strict"), help=f"default: {MODE_VARIABLE}, else lenient")
    made.add_argument("--max-credits", type=float, metavar="N", help="refuse calls that would cost more")
    for kind in ("video", "image"):
        made.add_argument(
            f"--{kind}-tool",
            type=_pair,
            action="append",
            default=[],
            metavar="V1=V2",
            help=f"the v2 name for a {kind} tool",
        )
    made.add_argument("--token", help=f"what callers must present; better in {TOKEN}, where `ps` does not show it")
    made.add_argument(
        "--supply-key",
        nargs="?",
        const="always",
        default=defaults.supply_key,
        choices=("never", "status", "always"),
        help=f"for which calls without a key {API_KEY_VARIABLE} is used (default: status; alone: always)",
    )
    made.add_argument("--proxy", metavar="URL", help="a forward proxy on the way to the API")
    made.add_argument(
        "--result-host",
        dest="result_hosts",
        action="append",
        default=[],
        metavar="NAME",
        help="a host of results that may have an address that is not public",
    )
    made.add_argument("--sunset", type=_moment, metavar="DATE", help="when v1 will go, as 2027-06-30: a Sunset header")
    made.add_argument(
        "--deprecation-link",
        default=defaults.deprecation_link,
        metavar="URL",
        help="the URL of a page about v1's deprecation (default: the migration guide, which the gateway serves)",
    )
    for table, converter, unit in ((_NUMBERS, float, "SECONDS"), (_COUNTS, int, "N"), (_SIZES, size, "SIZE")):
        for name, about in table.items():
            if name != "port":
                option(name, converter, about, unit)
    made.add_argument("--no-notice-header", dest="notice_header", action="store_false", help="no X-Vimmerse-Notice")
    made.add_argument("--no-access-log", dest="access_log", action="store_false", help="no line a request")
    return made


def configure(options: argparse.Namespace) -> tuple[Policy, GatewayConfig]:
    """What the options and the environment say. Raises ``ValueError``."""
    policy = Policy.from_env(
        base_url=options.base_url,
        mode=options.mode,
        max_credits=options.max_credits,
        video_tools=dict(options.video_tool),
        image_tools=dict(options.image_tool),
        advice="flags",
    )
    names = (*_NUMBERS, *_COUNTS, *_SIZES, "host", "supply_key", "proxy", "notice_header", "access_log", "sunset")
    given: dict[str, Any] = {name: getattr(options, name) for name in (*names, "deprecation_link")}
    token = options.token or token_from_environment()
    return policy, GatewayConfig(token=token, result_hosts=tuple(options.result_hosts), **given)


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; the answer is the exit status. ``argv`` is without the program's name."""
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
        print(f"vimmerse serve: {_missing(error)}", file=sys.stderr)
        return 1
    try:
        listener = listen(config.host, config.port)
    except OSError as error:
        print(f"vimmerse serve: can't listen on {config.host}:{config.port}: {error.strerror}", file=sys.stderr)
        return 1
    host, port = listener.getsockname()[:2]
    if _is_itself(policy.base_url, host, port):
        listener.close()
        arguments.error(f"the base URL {policy.base_url} is this gateway; --base-url says where the API is")
    shown = f"[{host}]" if ":" in host else host
    with listener:
        print(f"Vimmerse gateway: http://{shown}:{port} -> {policy.base_url}", file=sys.stderr)
        print("Make the first address your v1 program's base URL. Stop with Ctrl+C.", file=sys.stderr, flush=True)
        if policy.api_key and config.supply_key == "status" and not config.token and not is_loopback(config.host):
            print(
                "Anybody who reaches it can read the status of media without a key, as on v1; --supply-key never "
                f"or {TOKEN} ends that.",
                file=sys.stderr,
                flush=True,
            )
        with _log():
            make_server(create_app(policy, config), config).run(sockets=[listener])
    return 0


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the first address of ``host``; an empty one means all. Raises ``OSError``."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
    )[0]
    # asyncio turns Nagle's delay off only where the protocol is named; socket.create_server names none.
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, _REUSE, 1)
        made.bind(address)
        made.listen(_BACKLOG)
    except OSError:
        made.close()
        raise
    return made


def _is_itself(base_url: str, host: str, port: int) -> bool:
    """Whether the API's address is our own: a shell in which the clients' ``VIMMERSE_BASE_URL`` names the gateway."""
    parts = urlsplit(base_url)
    name = parts.hostname or ""
    return parts.port == port and (name == host or is_loopback(name))


def _access_dropped(count: int) -> str:
    return json.dumps({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "dropped": count})


def _rest_dropped(count: int) -> str:
    return f"WARNING vimmerse.gateway: {count} lines of this log were dropped: nobody took them"


@contextmanager
def _log() -> Iterator[None]:
    """Access lines to standard output, as they are; the rest to standard error. Neither is ever waited for."""
    lines = Lines(sys.stdout, "%(message)s", _access_dropped)
    access = logging.getLogger(LOGGER)
    access.handlers, access.propagate = [lines], False
    access.setLevel(logging.INFO)
    rest = Lines(sys.stderr, "%(levelname)s %(name)s: %(message)s", _rest_dropped)
    for name, level in (("vimmerse.gateway", logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [rest], False
        logger.setLevel(level)
    # asyncio's log and Python's warnings, which would be written where they arise.
    root = logging.getLogger()
    root.addHandler(rest)
    logging.captureWarnings(True)
    try:
        yield
    finally:
        logging.captureWarnings(False)
        root.removeHandler(rest)
        lost = lines.stop(_PATIENCE)
        if lost:
            logging.getLogger("vimmerse.gateway").warning("%d lines of the access log were dropped", lost)
        rest.stop(_PATIENCE)


def _missing(error: ImportError) -> str:
    if (error.name or "").partition(".")[0] in ("starlette", "uvicorn", "h11"):
        return "it needs Starlette and uvicorn: pip install 'vimmerse[gateway]'"
    raise error
