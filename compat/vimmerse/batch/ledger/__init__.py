"""The ledger: a row for each paid job, written before the request is sent."""

from __future__ import annotations

from vimmerse.batch.ledger.attempt import Attempt
from vimmerse.batch.ledger.ledger import Ledger

__all__ = ["Attempt", "Ledger"]
