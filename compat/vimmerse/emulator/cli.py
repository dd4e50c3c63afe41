"""The command line of the emulator: ``serve(argv)``."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence

from vimmerse.emulator.lifecycle import AfterPolls, AfterSeconds
from vimmerse.emulator.server import Emulator
from vimmerse.emulator.settings import Settings

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name))


def serve(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; returns the exit status. ``argv`` is without the program's name."""
    parser = argparse.ArgumentParser(
        prog="vimmerse emulate",
        description="Serve both versions of the Vimmerse API on this machine.",
        argument_default=argparse.SUPPRESS,  # an option that is not set keeps the default of Settings
    )
    parser.add_argument("--port", type=int, help="port of the API (default: any free one)")
    parser.add_argument("--files-port", type=int, help="port of the result files (default: any free one)")
    parser.add_argument("--seed", type=int, help="seed for ids and timestamps")
    end = parser.add_mutually_exclusive_group()
    end.add_argument("--polls", type=int, metavar="N", help="jobs end at their N-th read (default: 2)")
    end.add_argument("--seconds", type=float, metavar="N", help="jobs end N seconds after they began")
    parser.add_argument("--credits", type=int, help="balance at the start (default: unlimited)")
    parser.add_argument("--shared-ids", action="store_true", help="let each version find what the other has created")
    options = vars(parser.parse_args(argv))
    try:
        if "polls" in options:
            options["transition"] = AfterPolls(options.pop("polls"))
        if "seconds" in options:
            options["transition"] = AfterSeconds(options.pop("seconds"))
        settings = Settings(**options)
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
