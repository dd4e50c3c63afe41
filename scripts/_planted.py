"""scripts/mutate --planted: the faults that would hurt users most, planted one at a time; the tests must notice each.

A row says in which file below compat/vimmerse/ which text is replaced by what, and where a test should fail. A text
that is not there exactly once is an error (tests/packaging checks that, too): move the row along with the code.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

HOME = Path(__file__).resolve().parent.parent
COPY = HOME / ".tools" / "planted"
COPIED = ("compat", "tests", "openapi", "docs", "examples", "scripts", "conftest.py", "pyproject.toml")


class Planted(NamedTuple):
    """One fault. ``tests``: folders or files, one of whose tests must fail."""

    about: str
    file: str  # below compat/vimmerse/
    old: str
    new: str
    tests: str


FAULTS = (
    # The methods of Vimmerse
    Planted(
        "an estimate sends the call",
        "_resources/client.py",
        "method(resource._performing(price), *args, **arguments)",
        "method(resource, *args, **arguments)",
        "tests/resources",
    ),
    Planted(
        "a copy of a client sends with the settings of the original",
        "_resources/client.py",
        "del vars(copy)[name]",
        "pass",
        "tests/resources",
    ),
    Planted(
        "an answer without an id passes for a complete media",
        "_http/operations.py",
        "dict.fromkeys(self._successes, model)",
        "self._successes",
        "tests/resources",
    ),
    Planted(
        "an object that is no story is taken for its id",
        "_resources/arguments.py",
        "if model and isinstance(value, model) else value",
        'if hasattr(value, "id") else value',
        "tests/resources",
    ),
    Planted(
        "a typed call that may have been carried out is sent again",
        "_http/retries.py",
        "settings.retry_refused and is_refusal(outcome)",
        "settings.retry_refused",
        "tests/generated/test_retries.py",
    ),
    Planted(
        "a typed call that was redirected is sent again",
        "_http/calls.py",
        "self._delay(error) if is_own or self._is_read() else None",
        "self._delay(error)",
        "tests/generated/test_retries.py",
    ),
    # Keys
    Planted(
        "a body in the log contains the key",
        "_http/logs.py",
        "secrets.redact(_without_queries(",
        "str(_without_queries(",
        "tests/generated/test_logs.py",
    ),
    Planted(
        "the key goes to the host of a result file",
        "compat/flows/context.py",
        "pair[0].lower() in names.FILE_REQUEST",
        'pair[0].lower() in names.FILE_REQUEST | {"x-api-key"}',
        "tests/core",
    ),
    Planted(
        "a redirect goes back to a library that follows it with the key",
        "compat/flows/context.py",
        "names.is_redirect(response.status, response.headers)",
        "not response",
        "tests/core",
    ),
    Planted(
        "the configured key replaces the caller's",
        "compat/flows/context.py",
        "if key is None or self.own_keys or",
        "if key is None or",
        "tests/core",
    ),
    Planted(
        "a host whose name ends like the API's gets v1 calls and the key",
        "compat/flows/routing.py",
        "elif host != V1_HOST:",
        "elif not host.endswith(V1_HOST):",
        "tests/core",
    ),
    Planted(
        "the repr of a request shows the key",
        "compat/core/messages.py",
        '"[hidden]" if secret else secrets.redact(value)',
        "value",
        "tests/keys/test_redaction.py",
    ),
    # Money
    Planted(
        "a paid request is sent again after a timeout",
        "compat/adapters/paid_retry.py",
        "if error is None or _no_connection(error):",
        "if True:",
        "tests/entry_points tests/faults/test_retries.py",
    ),
    Planted(
        "a paid request is sent again after a 503",
        "compat/adapters/paid_retry.py",
        "if not wanted or status_code == _TOO_MANY_REQUESTS:",
        "if True:",
        "tests/entry_points tests/faults/test_retries.py",
    ),
    Planted(
        "max_credits lets through what is above it",
        "compat/flows/context.py",
        "not price.credits <= limit",
        "price.credits <= limit",
        "tests/core",
    ),
    Planted(
        "max_credits lets through what can't be priced",
        "compat/flows/context.py",
        "        if why:\n            self.raise_unpriced(why)\n",
        "",
        "tests/core",
    ),
    Planted(
        "a paid call whose id v2 does not know goes to v1 without asking v1 first",
        "compat/flows/lookups.py",
        "job = yield from look_up_in_v1(context)\n        if",
        "job: Json | None = {}\n        if",
        "tests/core",
    ),
    Planted(
        "a failed upload does not end the call before it costs",
        "compat/flows/uploads.py",
        "            return response\n",
        "            continue\n",
        "tests/core",
    ),
    Planted(
        "the next motion is paid for after one was rejected",
        "compat/flows/media.py",
        "            return context.error_response(response, translation, _ids(created))\n",
        "            continue\n",
        "tests/core",
    ),
    Planted(
        "strict mode sends to v1 what v2 can't do",
        "compat/flows/context.py",
        'if self.policy.mode == "strict":',
        'if self.policy.mode == "never":',
        "tests/core",
    ),
    # What a call leaves behind
    Planted(
        "a cancellation does not name the jobs that are paid for",
        "compat/runtime/driver.py",
        'if f"vimmerse: {text}" not in ',
        'if isinstance(error, Exception) and f"vimmerse: {text}" not in ',
        "tests/entry_points tests/faults/test_interruptions.py",
    ),
    Planted(
        "the response to a paid call is streamed, and its id lost with the stream",
        "compat/runtime/headers.py",
        "    if request.paid:\n        return False\n",
        "",
        "tests/faults/test_interruptions.py",
    ),
    # Messages and results for callers
    Planted(
        "what is approximated or dropped is not told",
        "compat/flows/context.py",
        "(self.call.operation.notice, *translation.notices)",
        "(self.call.operation.notice,)",
        "tests/core",
    ),
    Planted(
        "two Set-Cookie headers become one",
        "compat/adapters/requests.py",
        "header_dict.add(name, value)",
        "header_dict[name] = value",
        "tests/entry_points",
    ),
    Planted(
        "a file name can end its part of a multipart body",
        "compat/runtime/bodies.py",
        "part.filename.translate(_ESCAPES)",
        "part.filename",
        "tests/entry_points",
    ),
    Planted(
        "a result file is read into memory before the caller gets it",
        "compat/runtime/headers.py",
        "return request.stream and (",
        "return not request and (",
        "tests/entry_points tests/gateway",
    ),
    Planted(
        "a warning names a line of the library",
        "compat/runtime/call_site.py",
        '*("vimmerse", "requests", "urllib3", "httpx", "httpx2", "httpcore", "httpcore2"),',
        '*("requests", "urllib3", "httpx", "httpx2", "httpcore", "httpcore2"),',
        "tests/entry_points",
    ),
    # Jobs
    Planted(
        "a failed job is waited for until the timeout",
        "jobs/states.py",
        "for word, meaning in table.items() if meaning == outcome)",
        'for word, meaning in table.items() if meaning == outcome and word != "failed")',
        "tests/jobs/test_waiting.py tests/jobs/test_webhooks.py",
    ),
    Planted(
        "a download that was cut off looks complete",
        "jobs/transfer.py",
        "if total is not None and self._received < total:",
        "if total is None and self._received < 0:",
        "tests/jobs/test_downloads.py tests/jobs/test_download_failures.py",
    ),
    # Tables of batches
    Planted(
        "two rows with one key pass for one job",
        "batch/tables/table.py",
        "if first != row.place:",
        "if not first:",
        "tests/batch/tables/test_keys.py",
    ),
    Planted(
        "a row without a price is planned",
        "batch/tables/making.py",
        "if reason := unpriced(operation.call, body):",
        "if reason := unpriced(operation.name, body):",
        "tests/batch/tables/test_columns.py",
    ),
    Planted(
        "an image that has changed has the hash of the old one",
        "batch/tables/images.py",
        "if known is None or known[0] != version:",
        "if known is None:",
        "tests/batch/tables/test_images.py",
    ),
    Planted(
        "a row that a filter of Excel hides is paid",
        "batch/tables/excel.py",
        "if special.is_hidden:",
        "if special.is_hidden and not cells:",
        "tests/batch/tables/test_excel.py",
    ),
    Planted(
        "a column of v1 takes away the privacy of a media",
        "compat/migrate/columns.py",
        "for name in translation.follow_up:",
        "for name in translation.motions:",
        "tests/batch/tables/test_v1_columns.py",
    ),
    # The command batch
    Planted(
        "a dry run sends what the budget does not cover",
        "cli/commands/batch/run.py",
        'if options["dry_run"]:',
        'if options["dry_run"] and price.fits:',
        "tests/cli/test_batch_checks.py",
    ),
    Planted(
        "a batch without a budget runs without a limit",
        "cli/commands/batch/run.py",
        "if budget is None:",
        'if budget is None and options["yes"]:',
        "tests/cli/test_batch_checks.py",
    ),
    Planted(
        "an id that the service does not know is recorded",
        "cli/commands/batch/corrections.py",
        "if not (not_created or unchecked):",
        "if not not_created and unchecked:",
        "tests/cli/test_batch_corrections.py",
    ),
    Planted(
        "the command to go on shows the password of the database",
        "cli/commands/batch/ledgers.py",
        'if "://" in location:',
        'if "://" in state.arguments:',
        "tests/cli/test_batch_signals.py",
    ),
    Planted(
        "an export has formulas that a spreadsheet runs",
        "batch/exporting.py",
        "text.lstrip().startswith(_FORMULA)",
        "text.startswith(_FORMULA[0])",
        "tests/cli/test_batch_export.py",
    ),
    Planted(
        "a link of a report runs code",
        "batch/report.py",
        'if url.lower().startswith(("http://", "https://")):',
        'if ":" in url:',
        "tests/cli/test_batch_report.py",
    ),
)


def occurrences(fault: Planted) -> int:
    """How often the text is in its file; 0 where there is no such file."""
    path = HOME / "compat" / "vimmerse" / fault.file
    return path.read_text(encoding="utf-8").count(fault.old) if path.exists() else 0


def main() -> int:
    """Plant each; the exit status is 1 where a fault survives."""
    parser = argparse.ArgumentParser(prog="scripts/mutate --planted")
    parser.add_argument("words", nargs="*", help="only faults whose description has one of these words")
    words = parser.parse_args().words
    chosen = [fault for fault in FAULTS if not words or any(word in fault.about for word in words)]
    for fault in chosen:
        if occurrences(fault) != 1:
            print(f"{fault.file} has {occurrences(fault)} times: {fault.old}", file=sys.stderr)
            return 2
    shutil.rmtree(COPY, ignore_errors=True)
    for name in COPIED:
        source, target = HOME / name, COPY / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    every = sorted({test for fault in chosen for test in fault.tests.split()})
    if failed := _first_failure(" ".join(every)):
        print(f"{failed} fails without any fault", file=sys.stderr)
        return 2
    survived = 0
    for fault in chosen:
        started = time.monotonic()
        killer = _killer(fault)
        survived += not killer
        print(f"{time.monotonic() - started:4.0f} s  {fault.about}: {killer or 'SURVIVED'}", flush=True)
    print(f"{len(chosen) - survived} of {len(chosen)} planted faults noticed")
    return 1 if survived else 0


def _killer(fault: Planted) -> str:
    """The first test that fails with the fault; empty where none does."""
    path = COPY / "compat" / "vimmerse" / fault.file
    original = path.read_text(encoding="utf-8")
    path.write_text(original.replace(fault.old, fault.new), encoding="utf-8")
    try:
        return _first_failure(fault.tests)
    finally:
        path.write_text(original, encoding="utf-8")


def _first_failure(tests: str) -> str:
    """The first of these tests that fails in the copy."""
    done = subprocess.run(
        [
            *(HOME / ".venv" / "bin" / "python", "-m", "pytest", "-x", "-q", "--no-header", "--tb=no", "-n", "0"),
            *("-p", "no:cacheprovider", "-o", "norecursedirs=.*", "--timeout=60", "--quick", *tests.split()),
        ],
        cwd=COPY,
        # The copy goes before the installed package. No compiled files: sources change within a second.
        env={**os.environ, "PYTHONPATH": str(COPY / "compat"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return ""
    if done.returncode != 1:
        raise SystemExit(f"pytest ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    failed = next(line for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR ")))
    return failed.partition(" ")[2].partition(" - ")[0]


if __name__ == "__main__":
    sys.exit(main())
