"""The ledger: a row for each paid job, written before the request is sent."""

from __future__ import annotations

try:
    import sqlalchemy  # noqa: F401  # every module of this package needs it
except ImportError as error:
    raise ImportError("a ledger needs SQLAlchemy: pip install 'vimmerse[batch]'") from error
from vimmerse.batch.ledger.attempt import Attempt
from vimmerse.batch.ledger.ledger import Ledger
from vimmerse.batch.ledger.reading import Reader, read_ledger

__all__ = ["Attempt", "Ledger", "Reader", "read_ledger"]
