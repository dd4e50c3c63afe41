"""Runs a batch on many machines, with an engine that hands out the jobs."""

from __future__ import annotations

from vimmerse.batch.engines.run import DbosBatch

__all__ = ["DbosBatch"]
