"""``vimmerse batch resolve`` and ``retry``: what only a person can decide."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click
from click import Argument, Option
from vimmerse.batch.states import RETRYABLE
from vimmerse.batch.states import State as JobState
from vimmerse.cli.base import State, command, pass_state
from vimmerse.cli.commands.batch.ledgers import (
    DATABASE,
    NAME,
    ROW,
    ROW_HELP,
    choose,
    find_job,
    open_batches,
    open_ledger,
)
from vimmerse.cli.commands.check import plural
from vimmerse.cli.console import Console
from vimmerse.cli.errors import CommandError, JobKind
from vimmerse.cli.exit_codes import NOT_SENT, REJECTED, USAGE
from vimmerse.cli.options import CONNECTION, JSON_OUTPUT, YES, job_id

if TYPE_CHECKING:
    from vimmerse.batch import JobRecord, Reader


@command(
    "resolve",
    params=[
        ROW,
        Option(
            ["--job-id", "id"], type=job_id, metavar="ID", help="It was created; this is the id of the story or media."
        ),
        Option(["--not-created"], is_flag=True, help="It was not created. The next run sends it, which is paid."),
        Option(["--deleted"], is_flag=True, help="It was accepted, and the service has deleted it: it has failed."),
        Option(["--unchecked"], is_flag=True, help="Don't ask the service whether the id exists."),
        DATABASE,
        NAME,
        JSON_OUTPUT,
        *CONNECTION,
    ],
    help="Say what has become of an ambiguous job, or of one that the service has deleted.\n\n"
    f"{ROW_HELP} If there is a key, the id is looked up first, which is free.",
    examples=["vimmerse batch resolve clips.csv:17 --job-id ID", "vimmerse batch resolve boat --not-created"],
)
@pass_state
def resolve(
    state: State,
    row: str,
    id: str | None,
    not_created: bool,
    deleted: bool,
    unchecked: bool,
    location: str,
    **options: Any,
) -> None:
    if (id is not None) + not_created + deleted != 1:
        raise click.UsageError("say what has happened: one of --job-id ID, --not-created and --deleted")
    console = state.console = Console(options["as_json"], state.secrets)
    with open_batches(state, location) as batches:
        batch = choose(batches, options)
        job = find_job(batch, row)
    from vimmerse.batch.exporting import row_of
    from vimmerse.batch.overview import command, label

    if deleted and job.state is not JobState.ACCEPTED:
        raise _not_accepted(job)
    if not (not_created or unchecked):
        _look_up(state, job, id or job.job_id, options, exists=not deleted)
    with open_ledger(state, location, batch.batch) as ledger:
        if deleted:
            reason = "resolved: the service has deleted it"
            if not ledger.end(job.key, JobState.FAILED, error=reason, attempt=job.attempts):  # a run was faster
                raise _not_accepted(ledger.get(job.key) or job)
            what, then = "failed", f"To try again, which is paid again: {command(ledger, 'retry', row=job.key)}"
        else:
            ledger.resolve(job.key, job_id=id or "", not_created=not_created)
            what = f"accepted, with the id {id}" if id else "not created"
            then = f"The next run {'waits for' if id else 'sends'} it: {command(ledger, 'run')}"
        console.print(f"{label(job)}: {what}. {then}")
        now = ledger.get(job.key)
        assert now is not None  # jobs are never removed
        console.print_json(row_of(now))


def _not_accepted(job: JobRecord) -> CommandError:
    from vimmerse.batch.overview import label

    return CommandError(USAGE, f"{label(job)} is {job.state}, not accepted. Nothing was changed.")


def _look_up(state: State, job: JobRecord, id: str, options: Mapping[str, Any], *, exists: bool) -> None:
    """Ask the service whether it knows the id. Without a key, only say that it was not looked up.

    Raises:
        CommandError: It does not, although it ``exists``, or the other way round.
    """
    if not options["api_key_file"] and not os.environ.get("VIMMERSE_API_KEY", "").strip():
        click.echo("The id was not looked up, since there is no API key.", err=True)
        return
    from vimmerse.cli.service import Service
    from vimmerse.v2.errors import ApiError

    service = Service(state, options)
    kinds: list[JobKind] = (
        ["story"] if "/story" in job.operation else ["media"] if job.operation else ["story", "media"]
    )
    for kind in kinds:
        try:
            service.get(kind, id)
        except ApiError as error:
            if error.status != 404:
                raise
        else:
            if exists:
                return
            text = f"The service has the {kind} {id}. Nothing was changed; --unchecked takes it for deleted."
            raise CommandError(REJECTED, text)
    if exists:
        text = f"The service has no {' or '.join(kinds)} {id}. Nothing was changed; --unchecked records the id anyway."
        raise CommandError(REJECTED, text)


_RETRY_HELP = {
    JobState.FAILED: "Jobs that have failed on the service. Another attempt is paid again.",
    JobState.REFUSED: "Jobs that the service has refused; they cost nothing.",
    JobState.CANCELLED: "Jobs that were cancelled on the service. Another attempt is paid again.",
}


@command(
    "retry",
    params=[
        Argument(["rows"], nargs=-1, metavar="[ROW]..."),
        *(Option([f"--{state}"], is_flag=True, help=help) for state, help in _RETRY_HELP.items()),
        YES,
        DATABASE,
        NAME,
        JSON_OUTPUT,
    ],
    help=f"Plan jobs again that have ended without success; the next run sends them.\n\n{ROW_HELP} Without one, all "
    "jobs in the given states.",
    examples=["vimmerse batch retry --failed", "vimmerse batch retry clips.csv:17 clips.csv:20 --yes"],
)
@pass_state
def retry(state: State, rows: tuple[str, ...], yes: bool, location: str, as_json: bool, **options: Any) -> None:
    states = [each for each in RETRYABLE if options[each.value]] or (list(RETRYABLE) if rows else [])
    if not states:
        raise click.UsageError("say which jobs: --failed, --refused, --cancelled, or a ROW")
    console = state.console = Console(as_json, state.secrets)
    with open_batches(state, location) as batches:
        batch = choose(batches, options)
        jobs = [_retryable(batch, row, states) for row in rows] if rows else batch.jobs(*states)
        keys, credits = _price(jobs)
    from vimmerse.batch.overview import amount, command

    if not keys:
        console.print("No job is " + " or ".join(states) + ". Nothing was changed.")
    count = 0
    with open_ledger(state, location, batch.batch) as ledger:
        if keys:
            left = ledger.summary().left
            limit = "" if left is None else f"; {amount(left)} of the budget are left"
            console.note(f"Estimate: about {amount(credits)} credits for {plural(len(keys), 'job')}{limit}")
            if not yes and console.can_ask and not console.confirm("Continue?"):
                raise CommandError(NOT_SENT, "Declined: nothing was changed. Use --yes to skip the question.")
            count = ledger.retry(*states, keys=keys)
            console.print(f"{plural(count, 'job')} planned again. To send them: {command(ledger, 'run')}")
        console.print_json({"retried": count, "credits": credits})


def _price(jobs: Iterable[JobRecord]) -> tuple[set[str], float]:
    """Return the keys of jobs, and what the jobs cost if they are sent."""
    estimates = {job.key: job.estimate for job in jobs}
    return set(estimates), sum(estimates.values())


def _retryable(batch: Reader, row: str, states: Iterable[JobState]) -> JobRecord:
    from vimmerse.batch.overview import command, label

    job = find_job(batch, row)
    if job.state in states:
        return job
    hint = f"only jobs that are {' or '.join(states)} can be tried again"
    if job.state is JobState.AMBIGUOUS:
        resolve = command(batch, "resolve", "--not-created", row=job.key)
        hint = f"say first what has become of it: {resolve}, or --job-id ID"
    elif job.state is JobState.ACCEPTED:
        hint += f"; if the service has deleted it: {command(batch, 'resolve', '--deleted', row=job.key)}"
    raise CommandError(USAGE, f"{label(job)} is {job.state}: {hint}. Nothing was changed.")
