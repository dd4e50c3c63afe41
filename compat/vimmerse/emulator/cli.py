"""The command line of the emulator: ``serve(argv)``."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence

from vimmerse.emulator.lifecycle import AfterPolls, AfterSeconds, Transition
from vimmerse.emulator.server import Emulator
from vimmerse.emulator.settings import Settings

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="vimmerse emulate", description="Serve both versions of the Vimmerse API on this machine."
    )
    parser.add_argument("--port", type=int, default=0, help="port of the API (default: any free one)")
    parser.add_argument("--files-port", type=int, default=0, help="port of the result files (default: any)")
    parser.add_argument("--seed", type=int, default=None, help="number that ids and timestamps follow from")
    end = parser.add_mutually_exclusive_group()
    end.add_argument("--polls", type=int, metavar="N", help="jobs end at their N-th read (default: 2)")
    end.add_argument("--seconds", type=float, metavar="N", help="jobs end N seconds after they began")
    parser.add_argument("--credits", type=int, default=None, help="balance at the start (default: unlimited)")
    parser.add_argument("--shared-ids", action="store_true", help="let each version find what the other has made")
    return parser


def _transition(options: argparse.Namespace) -> Transition:
    if options.seconds is not None:
        return AfterSeconds(options.seconds)
    return AfterPolls() if options.polls is None else AfterPolls(options.polls)


def serve(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; the answer is the exit status. ``argv`` is without the program's name."""
    parser = _parser()
    options = parser.parse_args(argv)
    try:
        seed = {} if options.seed is None else {"seed": options.seed}
        settings = Settings(
            port=options.port,
            files_port=options.files_port,
            transition=_transition(options),
            credits=options.credits,
            shared_ids=options.shared_ids,
            **seed,
        )
    except ValueError as error:
        parser.error(str(error))
    ended = threading.Event()
    before = {number: signal.signal(number, lambda *_: ended.set()) for number in _SIGNALS}
    try:
        with Emulator(settings) as emulator:
            print(f"Vimmerse emulator: {emulator.base_url} (results: {emulator.files_url})")
            print("Any API key is accepted. Set VIMMERSE_BASE_URL to the first address. Stop with Ctrl+C.", flush=True)
            # Waiting in steps lets Windows deliver Ctrl+C.
            while not ended.wait(0.5):
                pass
    except OSError as error:
        print(f"vimmerse emulate: {error.strerror or error}", file=sys.stderr)
        return 1
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0
