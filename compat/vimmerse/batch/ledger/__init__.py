"""The ledger: a row for each paid job, written before the request is sent."""

from __future__ import annotations

from vimmerse.batch.ledger.attempt import Attempt
from vimmerse.batch.ledger.ledger import Ledger
from vimmerse.batch.ledger.records import JobRecord, PlannedJob, PlanResult, Recovered, Summary
from vimmerse.batch.ledger.states import State

__all__ = ["Attempt", "JobRecord", "Ledger", "PlanResult", "PlannedJob", "Recovered", "State", "Summary"]
