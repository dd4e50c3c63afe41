"""The command line that does something about a ledger, for texts that people read."""

from __future__ import annotations

import shlex


def command(name: str, *options: str, location: str, batch: str = "", row: str = "") -> str:
    """Return a command of ``vimmerse batch`` that can be pasted.

    Args:
        name: The command's.
        options: Its options.
        location: As of ``Ledger.location``. A database's URL is left out, since it may contain a password: the
            variable ``VIMMERSE_DATABASE_URL`` gives it.
        batch: The batch's name, unless it is the only one in the ledger.
        row: The key of a job.
    """
    words = list(options)
    if "://" not in location and location != "batch.sqlite":
        words += ["--db", location]
    if batch:
        words += ["--name", batch]
    if row.startswith("-"):  # click takes it for an option
        words += ["--", row]
    elif row:
        words = [row, *words]
    return shlex.join(["vimmerse", "batch", name, *words])
