"""The summary at the end of ``vimmerse run``: the v1 calls of the program and of its Python processes.

Each process counts its calls in a file of one folder, whose path is among the options of the run (``children.py``). An
exit handler, registered before all others and so called after them, reads these files, removes the folder, and prints
the summary. A process that outlives the run finds no folder, and goes on without it.

Without a call nothing is printed, and nothing is loaded. A process that is killed, or ends by ``os._exit``, calls no
exit handlers: then there is no summary, and the folder remains.
"""

from __future__ import annotations

import atexit
import os
import sys
from os import environ

from vimmerse.compat.process import startup

TYPE_CHECKING = False  # as in children.py: a program should start as fast as without the translation
if TYPE_CHECKING:
    from vimmerse.compat.reporting.report import CallReport

_run: _Run | None = None


class _Run:
    """The run that this process prints the summary of."""

    def __init__(self, folder: str, report: str, quiet: bool) -> None:
        self.folder, self.report, self.quiet = folder, report, quiet
        self.pid = os.getpid()


def start(outer: str = "", report: str = "", quiet: bool = False) -> str:
    """Announce a summary at the end of this process.

    Args:
        outer: The folder of the run that this one is part of. Its summary includes the calls of this one.
        report: The file to write the report to, as JSON or HTML.
        quiet: Print no summary.

    Returns:
        str: The folder for the counts; empty if nobody needs them, or there can't be one.
    """
    if outer and not report:
        return outer
    if quiet and not report:
        return ""
    parent = outer or environ.get("TMPDIR") or environ.get("TEMP") or "/tmp"
    folder = os.path.join(os.path.abspath(parent), startup.folder_prefix() + os.urandom(8).hex())
    try:
        os.mkdir(folder, 0o700)
    except OSError:
        folder = ""
    _announce(_Run(folder, report, quiet))
    return folder


def resume(options: str) -> None:
    """Take over the summary where the program of a run has replaced itself (``os.exec*``): the process is the same."""
    import json

    values = {"report": "", "quiet": False, **json.loads(options)}
    _announce(_Run(values["counts"], values["report"], values["quiet"]))


def _announce(run: _Run) -> None:
    global _run
    finish()  # of an earlier run in the same process
    _run = run
    atexit.unregister(finish)
    atexit.register(finish)


def finish() -> None:
    """Print the summary and write the report, once, in the process that announced them."""
    global _run
    run, _run = _run, None
    if run is None or run.pid != os.getpid():  # forked
        return
    try:
        os.rmdir(run.folder)  # fails if there are files in it
    except OSError:
        pass
    else:
        if not run.report:
            return
    from vimmerse.compat.reporting.report import CallReport
    from vimmerse.compat.runtime import call_counts

    if run.folder:
        report = CallReport(call_counts.read_folder(run.folder))
        if startup.FOLDER_PREFIX not in os.path.dirname(run.folder):  # else the outer run reads it, too
            import shutil

            shutil.rmtree(run.folder, ignore_errors=True)
    else:
        report = CallReport(call_counts.PROCESS.numbers())
    if report.calls and not run.quiet:
        _print(f"vimmerse run: {report}")
    if run.report:
        _write(report, run.report)


def _print(text: str) -> None:
    from contextlib import suppress

    if sys.stderr is not None:
        with suppress(OSError, ValueError):  # closed
            print(text, file=sys.stderr)


def _write(report: CallReport, path: str) -> None:
    import json

    text = json.dumps(report.to_dict(), indent=2) + "\n" if path.lower().endswith(".json") else report.to_html()
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        _print(f"vimmerse run: can't write the report: {error.filename}: {error.strerror}")
