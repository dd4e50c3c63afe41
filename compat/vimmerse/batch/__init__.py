"""Many videos from a table, within a budget, each of them paid at most once.

    from vimmerse.batch import Batch, Ledger
    from vimmerse.v2 import Vimmerse

    with Vimmerse() as client, Ledger("batch.sqlite") as ledger:
        Batch(client, ledger, budget=5000).run([{"key": "boat", "idea": "A paper boat finds the sea"}])

Needs the extra ``batch``. Importing this package loads neither SQLAlchemy nor an HTTP library: names are loaded on
first use (PEP 562).
"""

from __future__ import annotations

from vimmerse._http.lazy import lazy_exports
from vimmerse.batch.errors import (
    AlreadyPaidError,
    AmbiguousError,
    BatchError,
    BatchStoppedError,
    BudgetError,
    KeyConflictError,
    LedgerError,
    LedgerNotFoundError,
    Problem,
    TableError,
    TableWarning,
)

# fmt: off
__all__ = [
    "AlreadyPaidError", "AmbiguousError", "AsyncBatch", "Attempt", "Batch", "BatchError", "BatchStoppedError",
    "BudgetError", "DbosBatch", "JobRecord", "KeyConflictError", "Ledger", "LedgerError", "LedgerNotFoundError",
    "PlanResult", "PlannedJob", "Problem", "Reader", "Recovered", "Row", "RunSummary", "State", "Summary", "Table",
    "TableCheck", "TableError", "TableWarning", "events", "export", "html_report", "read_ledger", "read_table",
    "table_of", "webhook_receiver",
]
# fmt: on

_MODULES = {
    "engines": ("DbosBatch",),
    "events": ("events",),
    "exporting": ("export",),
    "ledger": ("Attempt", "Ledger", "Reader", "read_ledger"),
    "receiver": ("webhook_receiver",),
    "records": ("JobRecord", "PlannedJob", "PlanResult", "Recovered", "RunSummary", "Summary"),
    "report": ("html_report",),
    "runner": ("AsyncBatch", "Batch"),
    "states": ("State",),
    "tables": ("Row", "Table", "TableCheck", "read_table", "table_of"),
}

TYPE_CHECKING = False  # type checkers take it as true
if TYPE_CHECKING:
    from vimmerse.batch import events
    from vimmerse.batch.engines import DbosBatch
    from vimmerse.batch.exporting import export
    from vimmerse.batch.ledger import Attempt, Ledger, Reader, read_ledger
    from vimmerse.batch.receiver import webhook_receiver
    from vimmerse.batch.records import JobRecord, PlannedJob, PlanResult, Recovered, RunSummary, Summary
    from vimmerse.batch.report import html_report
    from vimmerse.batch.runner import AsyncBatch, Batch
    from vimmerse.batch.states import State
    from vimmerse.batch.tables import Row, Table, TableCheck, read_table, table_of
else:  # hidden from type checkers, which would accept any name
    _exports = {name: module for module, names in _MODULES.items() for name in names}
    __getattr__, __dir__ = lazy_exports(globals(), _exports)
