"""A local server of both versions of the Vimmerse API: for demonstrations, tests and users' own CI.

    from vimmerse.emulator import Emulator

    with Emulator() as emulator:
        ...  # talk to emulator.base_url

``python -m vimmerse.emulator --port 8080`` serves until it is interrupted. Everything is loaded on first use, and
needs the extra ``emulator``. What is covered is listed in the README.md of this package.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vimmerse.emulator.bodies import Upload as Upload
    from vimmerse.emulator.cli import serve as serve
    from vimmerse.emulator.faults import Fault as Fault
    from vimmerse.emulator.faults import Faults as Faults
    from vimmerse.emulator.lifecycle import AT_ONCE as AT_ONCE
    from vimmerse.emulator.lifecycle import AfterPolls as AfterPolls
    from vimmerse.emulator.lifecycle import AfterSeconds as AfterSeconds
    from vimmerse.emulator.lifecycle import Never as Never
    from vimmerse.emulator.models import Charge as Charge
    from vimmerse.emulator.records import RecordedRequest as RecordedRequest
    from vimmerse.emulator.records import RecordedWebhook as RecordedWebhook
    from vimmerse.emulator.server import Emulator as Emulator
    from vimmerse.emulator.settings import Settings as Settings

_HOMES = {
    "AT_ONCE": "lifecycle",
    "AfterPolls": "lifecycle",
    "AfterSeconds": "lifecycle",
    "Charge": "models",
    "Emulator": "server",
    "Fault": "faults",
    "Faults": "faults",
    "Never": "lifecycle",
    "RecordedRequest": "records",
    "RecordedWebhook": "records",
    "Settings": "settings",
    "Upload": "bodies",
    "serve": "cli",
}
# The modules that the extra brings; python-multipart is a dependency of the package itself.
_EXTRA = frozenset({"jsonschema_rs", "starlette", "uvicorn"})

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        home = import_module(f"{__name__}.{_HOMES[name]}")
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in _EXTRA:
            text = f"the emulator needs {missing}: pip install 'vimmerse[emulator]'"
            raise ImportError(text, name=missing) from error
        raise
    found: object = getattr(home, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
