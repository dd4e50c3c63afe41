"""Help with moving source code from v1 calls to v2 calls.

``check`` finds v1 calls and explains what each becomes, ``migrate`` rewrites them in Python code, ``verify`` proves
that the rewritten program sends the same requests, and ``cassettes`` converts recorded v1 exchanges.
"""

from __future__ import annotations

from vimmerse._http.lazy import lazy_exports

# fmt: off
__all__ = [
    "Difference", "DirtyTreeError", "Migration", "Place", "PlaceResult", "VerifyError", "VerifyReport", "WriteError",
    "migrate", "verify",
]
# fmt: on

TYPE_CHECKING = False  # type checkers take it for true; the typing module itself is not needed
if TYPE_CHECKING:
    from vimmerse.compat.migrate.migration import DirtyTreeError, Migration, WriteError, migrate
    from vimmerse.compat.migrate.proof import Difference, PlaceResult, VerifyError, VerifyReport, verify
    from vimmerse.compat.migrate.rewrite.places import Place
else:  # hidden from type checkers, which would accept any name
    _modules = {
        "Difference": "proof",
        "DirtyTreeError": "migration",
        "Migration": "migration",
        "Place": "rewrite.places",
        "PlaceResult": "proof",
        "VerifyError": "proof",
        "VerifyReport": "proof",
        "WriteError": "migration",
        "migrate": "migration",
        "verify": "proof",
    }
    __getattr__, __dir__ = lazy_exports(globals(), _modules)
