"""Tables whose rows are jobs: CSV, JSON Lines and Excel."""

from __future__ import annotations

from vimmerse._http.lazy import lazy_exports

__all__ = [
    "ImageFile",
    "Row",
    "Table",
    "TableCheck",
    "Translated",
    "Translator",
    "insert_urls",
    "read_table",
    "table_of",
]

_MODULES = {
    "rows": ("ImageFile", "Row", "Translated", "Translator", "insert_urls"),
    "table": ("Table", "TableCheck", "read_table", "table_of"),
}

TYPE_CHECKING = False  # type checkers take it as true
if TYPE_CHECKING:
    from vimmerse.batch.tables.rows import ImageFile, Row, Translated, Translator, insert_urls
    from vimmerse.batch.tables.table import Table, TableCheck, read_table, table_of
else:  # hidden from type checkers, which would accept any name
    _exports = {name: module for module, names in _MODULES.items() for name in names}
    __getattr__, __dir__ = lazy_exports(globals(), _exports)
