"""Find the v1 calls of a source tree by static analysis. No code is run, imported or changed.

    findings.py        what a check reports, with kinds.py: the kinds of findings
    recognition.py     which addresses are v1 calls, and what the translation's own rules say about a call
    selection.py       which files are read
    files.py           the check of all of them
    python_calls.py    Python: by the syntax tree, with expressions.py, values.py and arguments.py
    text_calls.py      other languages: by the text, with curl.py, text_addresses.py, text_methods.py, text_bodies.py,
                       text_fields.py and text_structure.py
    problems.py        what else there is to say of a program: keys.py, polling.py, receivers.py
    sarif.py, github.py, page.py    a report for code scanning, for annotations, and as an HTML page; with paths.py
    notebooks.py       the programs in a notebook
    http_files.py      requests in .http files; bruno.py, in .bru files; exports.py, in exports of Postman, Insomnia,
                       n8n and Make; all with bodies.py

A v1 call is a v1 address, or a path below an address that is known to be v1's. Nothing is guessed: for a field whose
value is known at run time only, the report quotes the rule. The report depends on the files alone, not on the
environment, and its order is fixed.
"""

from __future__ import annotations

from vimmerse.compat.migrate.check.files import check
from vimmerse.compat.migrate.check.findings import CheckReport, Finding, Note, Problem, Remark

__all__ = ["CheckReport", "Finding", "Note", "Problem", "Remark", "check"]
