"""The tables of a ledger."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text

#: Written into each database. A newer one is not opened.
VERSION = 1

metadata = MetaData()

meta = Table(
    "vimmerse_ledger",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
)

batches = Table(
    "vimmerse_batches",
    metadata,
    Column("name", String, primary_key=True),
    Column("budget", Float),
    # The sum of booked and spent of its jobs. A column of its own, so that one conditional UPDATE books.
    Column("committed", Float, nullable=False),
    Column("created_at", Float, nullable=False),
)

jobs = Table(
    "vimmerse_jobs",
    metadata,
    Column("batch", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("place", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("images", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("estimate", Float, nullable=False),
    Column("booked", Float, nullable=False),
    Column("spent", Float, nullable=False),
    Column("job_id", Text, nullable=False),
    Column("earlier_ids", Text, nullable=False),
    Column("token", String(64), nullable=False, unique=True),
    Column("owner", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("files", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("transient", Boolean, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("reserved_at", Float),
    Column("sent_at", Float),
    Column("accepted_at", Float),
    Column("ended_at", Float),
    Index("vimmerse_jobs_next", "batch", "state", "number"),
    Index("vimmerse_jobs_order", "batch", "number", "key"),
    Index("vimmerse_jobs_ids", "job_id"),
)

uploads = Table(
    "vimmerse_uploads",
    metadata,
    Column("batch", String, primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("url", Text, nullable=False),
)
