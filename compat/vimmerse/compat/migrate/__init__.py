"""Help with moving source code from v1 calls to v2 calls.

``check`` finds v1 calls and explains what each becomes, ``migrate`` rewrites them in Python code, and ``cassettes``
converts recorded v1 exchanges.
"""

from __future__ import annotations

from vimmerse._http.lazy import lazy_exports

__all__ = ["DirtyTreeError", "Migration", "Place", "WriteError", "migrate"]

TYPE_CHECKING = False  # type checkers take it for true; the typing module itself is not needed
if TYPE_CHECKING:
    from vimmerse.compat.migrate.migration import DirtyTreeError, Migration, WriteError, migrate
    from vimmerse.compat.migrate.rewrite.places import Place
else:  # hidden from type checkers, which would accept any name
    _modules = {
        "DirtyTreeError": "migration",
        "Migration": "migration",
        "Place": "rewrite.places",
        "WriteError": "migration",
        "migrate": "migration",
    }
    __getattr__, __dir__ = lazy_exports(globals(), _modules)
