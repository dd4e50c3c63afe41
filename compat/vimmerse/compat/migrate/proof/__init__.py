"""Prove a migration: run the same command on the original and on the rewritten program, and compare their v2 requests.

    report.py      what is reported
    verifying.py   the runs of a verification, in order
    trees.py       copies of the tree, and what changes in a command and an environment that name it
    runs.py        one run: an emulator, the compat layer in front of it for the original, the program
    child.py       what changes in each Python process of the program, with bootstrap/
    sent.py        a recorded request in the form in which it is compared
    comparison.py  which request of one run is which of the other, and what differs
    places.py      which place of the program each request belongs to

Nothing but this machine is reached. The user's own files are only read.
"""

from __future__ import annotations

from vimmerse.compat.migrate.proof.report import Difference, PlaceResult, VerifyError, VerifyReport
from vimmerse.compat.migrate.proof.verifying import verify

__all__ = ["Difference", "PlaceResult", "VerifyError", "VerifyReport", "verify"]
