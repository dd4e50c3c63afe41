"""A local server of both versions of the Vimmerse API: for demonstrations, tests and users' own CI.

    from vimmerse.emulator import Emulator

    with Emulator() as emulator:
        ...  # talk to emulator.base_url

``python -m vimmerse.emulator --port 8080`` serves until it is interrupted. Everything is loaded on first use, and
needs the extra ``emulator``. What is covered is listed in the README.md of this package.

The emulator is neither laxer nor stricter than the service, as far as the vendor's pages tell:

* Lists of values are open where the pages give examples, and closed where they give the whole list. v2 refuses the
  tools that only v1 has (422); a tool in neither version's list passes, since v2 knows it or will. Narrators that no
  page lists pass too. Aspect ratios and languages must be listed ones (``strict_values``).
* Only the statuses that the pages list for a call are answered, besides 401, 413, a 404 for an unknown id, and what
  any server says of a request that it can't read.
* A field of another call is an unknown one, and ignored.
* JSON that no answer could repeat (``NaN``, ``1e999``, integers of more than 308 digits, half a surrogate pair, more
  than 100 levels) is a 422.
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
