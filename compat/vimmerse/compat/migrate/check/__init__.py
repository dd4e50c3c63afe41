"""Finding the v1 calls of a source tree, without running any of it.

    findings.py    what is found, and the report of it all
    become.py      what a v1 call becomes in v2, by the rules that the translation itself uses
    files.py       which files are looked at, and how they are read
    values.py      what is known of a Python expression without running it
    payload.py     the fields that a Python call carries
    python.py      Python: by its syntax tree
    text.py        other languages: by their text

Laws:

* Nothing is run, imported or changed.
* A v1 call is an address of v1, or a path below an address that is known to be v1's: comments, docstrings, v2's
  addresses and other hosts are none.
* What is not known is not guessed: a field whose value depends on the run gets its rule's words, no value.
* The same files give the same report, in the same order.
* No file ends the scan: one that can't be read is reported.
"""

from __future__ import annotations

from vimmerse.compat.migrate.check.files import check
from vimmerse.compat.migrate.check.findings import Finding, Note, Remark, Report

__all__ = ["Finding", "Note", "Remark", "Report", "check"]
