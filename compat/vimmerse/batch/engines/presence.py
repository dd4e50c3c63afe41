"""Which workers are running, on any machine: each holds an advisory lock of PostgreSQL.

The server releases the lock when the worker's connection ends, however the worker ends. No clocks are compared.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

# So that the server notices within a minute that a machine is gone. They have no effect on Unix sockets.
_KEEPALIVES = {"tcp_keepalives_idle": 20, "tcp_keepalives_interval": 10, "tcp_keepalives_count": 4}


class Presence:
    """The lock of one worker, and looks at those of others. One thread at a time may use it.

    ``url``: the database. ``worker``: the name of this one.
    """

    def __init__(self, url: sa.URL, worker: str) -> None:
        self._worker = worker
        self._engine = sa.create_engine(
            url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 10}
        )
        self._connection: sa.Connection | None = None

    def keep(self) -> bool:
        """Take the lock, unless it is held. Return whether it is held now.

        It may be taken for a moment by a worker that looks at it.

        Raises:
            SQLAlchemyError: the database can't be reached; the lock may be lost.
        """
        try:
            if self._connection is not None:
                self._connection.execute(sa.select(1))
                return True
            connection = self._engine.connect()
        except SQLAlchemyError:
            self.close()
            raise
        for name, value in _KEEPALIVES.items():
            connection.exec_driver_sql(f"SET {name} = {value}")
        self._connection = connection
        if not self.lock(self._worker):
            self.close()
        return self._connection is not None

    def schema(self) -> str:
        """The schema of the ledger's tables."""
        assert self._connection is not None
        return str(self._connection.execute(sa.select(sa.func.current_schema())).scalar())

    def lock(self, worker: str) -> bool:
        """Take the lock of a worker, and return whether it was free: then the worker has ended."""
        assert self._connection is not None
        return bool(self._connection.execute(sa.select(sa.func.pg_try_advisory_lock(_number(worker)))).scalar())

    def unlock(self, worker: str) -> None:
        """Release the lock of another worker."""
        assert self._connection is not None
        self._connection.execute(sa.select(sa.func.pg_advisory_unlock(_number(worker))))

    def close(self) -> None:
        """Release all locks."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError):  # the server does it by itself, a moment after the connection has ended
                connection.execute(sa.select(sa.func.pg_advisory_unlock_all()))
            connection.close()
        self._engine.dispose()


def _number(worker: str) -> int:
    return int.from_bytes(hashlib.sha256(worker.encode()).digest()[:8], "big", signed=True)
