"""A local server of both versions of the Vimmerse API: for demonstrations, tests and users' own CI.

    from vimmerse.emulator import Emulator

    with Emulator() as emulator:
        ...  # send requests to emulator.base_url

``python -m vimmerse.emulator --port 8080`` serves until it is interrupted. Everything is loaded on first use, and
needs the extra ``emulator``. What is covered is listed in the README.md of this package.

The emulator is neither laxer nor stricter than the service, as far as the vendor's pages tell:

* Lists of values are open where the pages give examples, and closed where they give the whole list. v2 refuses the
  tools that only v1 has (422); a tool in neither version's list passes, since v2 knows it or will. Narrators that no
  page lists pass too. Aspect ratios and languages must be listed ones (``strict_values``).
* A call returns only the statuses that its page lists, besides 401, 413, a 404 for an unknown id, and what
  any server returns for a request that it can't read.
* A field of another call is an unknown one, and ignored.
* JSON that no response could repeat (``NaN``, ``1e999``, integers of more than 308 digits, half a surrogate pair, more
  than 100 levels) is a 422.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vimmerse._http.lazy import lazy_exports

__all__ = ["AT_ONCE", "AfterPolls", "AfterSeconds", "Charge", "Emulator", "Fault", "Faults", "Never"]
__all__ += ["RecordedRequest", "RecordedWebhook", "Settings", "Upload", "serve"]

_MODULES = {
    "cli": ("serve",),
    "faults": ("Fault", "Faults"),
    "lifecycle": ("AT_ONCE", "AfterPolls", "AfterSeconds", "Never"),
    "models": ("Charge",),
    "records": ("RecordedRequest", "RecordedWebhook", "Upload"),
    "server": ("Emulator",),
    "settings": ("Settings",),
}
# What the extra installs; python-multipart is a dependency of the package itself.
_EXTRA = frozenset({"h11", "jsonschema_rs", "starlette"})

if TYPE_CHECKING:
    from vimmerse.emulator.cli import serve
    from vimmerse.emulator.faults import Fault, Faults
    from vimmerse.emulator.lifecycle import AT_ONCE, AfterPolls, AfterSeconds, Never
    from vimmerse.emulator.models import Charge
    from vimmerse.emulator.records import RecordedRequest, RecordedWebhook, Upload
    from vimmerse.emulator.server import Emulator
    from vimmerse.emulator.settings import Settings
else:  # hidden from type checkers, which would accept any name
    _exports = {name: module for module, names in _MODULES.items() for name in names}
    _load, __dir__ = lazy_exports(globals(), _exports)

    def __getattr__(name: str) -> object:
        try:
            return _load(name)
        except ModuleNotFoundError as error:
            missing = (error.name or "").partition(".")[0]
            if missing in _EXTRA:
                text = f"the emulator needs {missing}: pip install 'vimmerse[emulator]'"
                raise ImportError(text, name=missing) from error
            raise
