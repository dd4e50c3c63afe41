"""Runs the jobs of a ledger on one machine."""

from __future__ import annotations

from vimmerse.batch.runner.run import AsyncBatch, Batch

__all__ = ["AsyncBatch", "Batch"]
