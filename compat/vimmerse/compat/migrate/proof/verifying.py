"""A verification: the runs in order, and the report."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import unified_diff
from itertools import islice
from pathlib import Path

from vimmerse.compat.core.policy import Policy
from vimmerse.compat.migrate.proof.comparison import Pair, compare
from vimmerse.compat.migrate.proof.places import Places
from vimmerse.compat.migrate.proof.report import (
    Difference,
    DifferenceKind,
    PlaceResult,
    VerifyError,
    VerifyReport,
)
from vimmerse.compat.migrate.proof.runs import Run, RunOptions, run
from vimmerse.compat.migrate.proof.sent import ID, RESULT_FILE, Frames, ProgramCall, Sent
from vimmerse.compat.migrate.proof.trees import copy_tree, relocated, relocated_command, relocated_environment
from vimmerse.compat.migrate.rewrite.places import Place

_MOST_LINES = 40  # of the difference of the outputs
_MOST_FIELDS = 6
_TAIL = 10  # lines of standard error in a message
_SECONDS = re.compile(r"\b\d+\.\d+ ?s\b")
_NOT_FOUND = 127  # what a shell returns where there is no such command


def verify(
    root: Path | str,
    changes: Mapping[Path, bytes],
    places: Iterable[Place],
    command: str | Sequence[str],
    *,
    timeout: float = 600.0,
    shorten_sleeps: bool = True,
    policy: Policy | None = None,
    on_progress: Callable[[str], object] = lambda text: None,
) -> VerifyReport:
    """Run a command on a program and on its migrated form, and compare the v2 requests that they send.

    Each run has a copy of the tree and an emulator of its own. The original's v1 calls are translated by the compat
    layer; the migrated program's requests reach the emulator as they are. Nothing but this machine is reached, and no
    file of the tree is changed. If something differs, the original is run once more: what differs between its own runs
    is not compared.

    Args:
        root: The folder of the program. The command is run in its copy, or in the copy of the current folder if that is
            in it. Paths in the command and in the environment that lead into it lead into the copy.
        changes: The new contents of the files that the migration changes, by path.
        places: The places that the migration reports, with paths as it was given them.
        command: Words, or a line for the shell.
        timeout: Seconds for each run.
        shorten_sleeps: Let ``time.sleep`` and ``asyncio.sleep`` end after a few milliseconds.
        policy: How the v1 calls are translated; its base URL and its key are not used.
        on_progress: Called with a sentence at the beginning of each run.

    Returns:
        VerifyReport: What is the same, and what differs.

    Raises:
        VerifyError: The command can't be run, the original program takes too long, or nothing is sent.
        ValueError: A path is not in ``root``.
    """
    folder = Path(root).resolve()
    places = tuple(places)
    known = Places(places, {place.path: _relative(place.path, folder) for place in places})
    new = {Path(_relative(path, folder)): content for path, content in changes.items()}
    policy = policy or Policy(mode="lenient")
    keys: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="vimmerse-verify-", ignore_cleanup_errors=True) as work:
        runner = _Runner(folder, Path(work).resolve(), command, known, timeout, shorten_sleeps, keys)
        on_progress("Running the original program, with its v1 calls translated")
        original = runner.run({}, policy)
        if original.exit_code is None:
            text = f"the original program was still running after {timeout:g} seconds"
            raise VerifyError(text, _tail(original.errors))
        on_progress("Running the migrated program")
        rewritten = runner.run(new, None)
        _check_sent(original, rewritten)
        comparison = _Comparison(known, original, rewritten, timeout)
        if comparison.differences:
            on_progress("Running the original program again, to see what varies from run to run")
            comparison.remove_varying(runner.run({}, policy))
    return comparison.report()


def _relative(path: Path | str, root: Path) -> str:
    """Return a path relative to the root. A relative one is relative to the current folder, or to the root."""
    for base in (Path.cwd(), root):
        found = (base / path).resolve()
        if found.is_relative_to(root) and found.exists():
            return str(found.relative_to(root))
    raise ValueError(f"{path} is not a file in {root}")


class _Runner:
    """Runs the command on a copy of the tree that is at the same path each time."""

    def __init__(
        self,
        root: Path,
        work: Path,
        command: str | Sequence[str],
        places: Places,
        timeout: float,
        shorten_sleeps: bool,
        keys: dict[str, str],
    ) -> None:
        self._root, self._work, self._command, self._places = root, work, command, places
        self._timeout, self._shorten_sleeps, self._keys = timeout, shorten_sleeps, keys

    def run(self, changes: Mapping[Path, bytes], policy: Policy | None) -> Run:
        tree = self._work / "tree" / (self._root.name or "root")
        shutil.rmtree(tree, ignore_errors=True)
        copy_tree(self._root, tree, changes)
        options = RunOptions(
            command=relocated_command(self._command, self._root, tree),
            tree=tree,
            folder=Path(relocated(str(Path.cwd().resolve()), self._root, tree)),
            origin=self._root,
            work=Path(tempfile.mkdtemp(dir=self._work)),
            lines=self._places.lines,
            timeout=self._timeout,
            shorten_sleeps=self._shorten_sleeps,
        )
        if not options.folder.is_relative_to(tree):
            options = replace(options, folder=tree)
        environment = relocated_environment(_with_interpreter(os.environ), self._root, tree)
        return run(options, environment, policy=policy, key_name=self._key_name)

    def _key_name(self, digest: str) -> str:
        return self._keys.setdefault(digest, f"key {len(self._keys) + 1}")


def _with_interpreter(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment; unless one is activated, ``python`` is the interpreter that runs this program."""
    if environment.get("VIRTUAL_ENV") or environment.get("CONDA_PREFIX"):
        return dict(environment)
    folders = [os.path.dirname(sys.executable), environment.get("PATH", os.defpath)]
    return {**environment, "PATH": os.pathsep.join(folders)}


def _check_sent(original: Run, rewritten: Run) -> None:
    """Raise :class:`VerifyError` if there is nothing to compare."""
    if original.requests or rewritten.requests:
        return
    what = "the command sends no request to the API, neither before nor after the migration: nothing is proved"
    if original.exit_code == rewritten.exit_code == _NOT_FOUND:
        what = "the command was not found"
    elif original.exit_code:
        what += f". It ends with exit code {original.exit_code}"
    else:
        what += ". Requests that mocks or cassettes answer are not sent"
    raise VerifyError(what, _tail(original.errors))


def _tail(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()][-_TAIL:]


class _Comparison:
    """Two runs, and what differs between them."""

    def __init__(self, places: Places, original: Run, rewritten: Run, timeout: float) -> None:
        self._places, self._original, self._rewritten, self._timeout = places, original, rewritten, timeout
        self._left = [each for each in original.requests if places.is_left(each.call)]
        self._kept = [each for each in original.requests if each not in self._left]
        self._pairs = compare(self._kept, self._without_left(rewritten.requests))
        self._exit = _exit_difference(original, rewritten, timeout)
        self._varying: list[str] = []
        self._strays = sorted(
            {file for each in rewritten.requests for file, _ in each.call.frames if os.path.isabs(file)}
        )

    def _without_left(self, requests: Iterable[Sent]) -> list[Sent]:
        """Return the requests without the v1 calls that the migration has left."""
        left = {_masked(each.call) for each in self._left}
        return [each for each in requests if each.path.startswith("/v2/") or _masked(each.call) not in left]

    @property
    def differences(self) -> bool:
        return any(pair.differs for pair in self._pairs) or self._exit is not None

    def remove_varying(self, again: Run) -> None:
        """Remove what differs in the same way between the original's own runs."""
        kept = [each for each in again.requests if not self._places.is_left(each.call)]
        noise = compare(self._kept, kept)
        before = {pair.original: pair for pair in noise if pair.original is not None}
        extra = Counter(pair.rewritten.operation for pair in noise if pair.original is None and pair.rewritten)
        for pair in [pair for pair in self._pairs if pair.differs]:
            if pair.original is None:
                operation = pair.rewritten.operation if pair.rewritten else ""
                varies = extra[operation] > 0
                extra[operation] -= 1
            else:
                operation, varies = pair.original.operation, _varies(pair, before[pair.original])
            if varies:
                fields = f" ({_listed(pair.changed)})" if pair.changed else ""
                self._varying.append(f"{operation}{fields}")
                pair.changed, pair.diff, pair.out_of_order = frozenset(), (), False
                if pair.original is None or pair.rewritten is None:
                    self._pairs.remove(pair)
        if self._exit is not None and again.exit_code != self._original.exit_code:
            self._varying.append("the exit code")
            self._exit = None

    def report(self) -> VerifyReport:
        """Return what is reported."""
        by_place: dict[Place, list[Difference]] = defaultdict(list)
        counts: Counter[Place] = Counter()
        every: list[Difference] = []
        lines: dict[Frames, list[Place]] = {}
        for pair in self._pairs:
            if pair.original is not None and pair.rewritten is not None:
                lines.setdefault(pair.rewritten.call.frames, self._places.of_call(pair.original.call))
        lines[()] = []
        for pair in self._pairs:
            if pair.original is None and pair.rewritten is not None:
                concerned = lines.get(pair.rewritten.call.frames, [])
            else:
                calls = dict.fromkeys(each.call for each in (pair.original, *pair.merged) if each is not None)
                concerned = list(dict.fromkeys(place for call in calls for place in self._places.of_call(call)))
                counts.update(concerned)
            if pair.differs:
                every.append(difference := self._redacted(_difference(pair)))
                for place in [each for each in concerned if each.kind == "call"]:
                    by_place[place].append(difference)
        run = self._places.were_run(self._original.hits)
        if self._exit is not None:
            every.append(self._exit)
            for place in [each for each in run | set(counts) if each.kind != "call"]:
                by_place[place].append(self._exit)
        every += [
            Difference("original", "", f"{file} was run, and not its copy: the result says nothing about it", file)
            for file in self._strays
        ]
        results = [
            PlaceResult(
                place,
                "different" if by_place[place] else "same" if counts[place] or place in run else "not exercised",
                counts[place],
                tuple(by_place[place]),
            )
            for place in self._places.migrated
        ]
        sent = [
            sum(each.operation != RESULT_FILE and not each.optional for each in requests)
            for requests in (self._original.requests, self._rewritten.requests)
        ]
        return VerifyReport(
            places=tuple(results),
            differences=tuple(every),
            left=tuple(self._places.left),
            varying=tuple(dict.fromkeys(self._varying)),
            output=tuple(_output_difference(self._original, self._rewritten)),
            exit_code=self._original.exit_code or 0,
            requests=(sent[0], sent[1]),
        )

    def _redacted(self, difference: Difference) -> Difference:
        def redact(text: str) -> str:
            return self._rewritten.secrets.redact(self._original.secrets.redact(text))

        return replace(difference, text=redact(difference.text), diff=tuple(map(redact, difference.diff)))


def _masked(call: ProgramCall) -> tuple[str, str]:
    return call.method, ID.sub("*", call.path)


def _varies(pair: Pair, noise: Pair) -> bool:
    """Whether a difference is no other than that between two runs of the original program."""
    if pair.rewritten is None or noise.rewritten is None:
        return pair.rewritten is noise.rewritten
    return pair.changed <= noise.changed and noise.out_of_order >= pair.out_of_order


def _difference(pair: Pair) -> Difference:
    original, rewritten = pair.original, pair.rewritten
    kind: DifferenceKind
    if original is None or rewritten is None:
        [only] = filter(None, (original, rewritten))
        what, sign = only.operation, "+" if original is None else "-"
        if original is not None:
            kind, text = "missing", f"the migrated program does not send {what}"
        elif only.path.startswith("/v2/") or only.operation == RESULT_FILE:
            kind, text = "extra", f"the migrated program also sends {what}"
        else:
            kind, text = "extra", f"the migrated program still makes the v1 call {what}"
        if only.operation == RESULT_FILE:
            kind, verb = "file", "does not fetch" if original is not None else "also fetches"
            text = f"the migrated program {verb} {only.path}"
        elif only.is_read:
            kind = "poll"
        diff = tuple(f"{sign}{line}" for line in json.dumps(only.document, indent=2).splitlines())
    elif pair.changed:
        kind, what, diff = "request", original.operation, pair.diff
        text = f"{what} differs in {_listed(pair.changed)}"
        status = rewritten.document.get("status")
        if "status" in pair.changed and status is not None and status >= 400:
            text = f"{text}; the API refuses it ({status})"
    else:
        kind, what, diff = "order", original.operation, ()
        text = f"{what} comes earlier than a request to the same job that it came after"
    lines = [each.call.line if each is not None else "" for each in (original, rewritten)]
    return Difference(kind, what, text, lines[0], lines[1], diff)


def _listed(fields: Iterable[str]) -> str:
    names = sorted(fields)
    more = f" and {len(names) - _MOST_FIELDS} more" if len(names) > _MOST_FIELDS else ""
    return ", ".join(names[:_MOST_FIELDS]) + more


def _exit_difference(original: Run, rewritten: Run, timeout: float) -> Difference | None:
    if rewritten.exit_code == original.exit_code:
        return None
    ending = f"ends with exit code {rewritten.exit_code}"
    if rewritten.exit_code is None:
        ending = f"was still running after {timeout:g} seconds"
    text = f"the original program ends with exit code {original.exit_code}, the migrated one {ending}"
    return Difference("exit", "", text, diff=tuple(_tail(rewritten.errors)))


def _output_difference(original: Run, rewritten: Run) -> list[str]:
    """Return how the standard outputs differ, not counting times such as ``0.12s``."""
    before, after = (_SECONDS.sub("0.00s", each.output).splitlines() for each in (original, rewritten))
    found = list(islice(unified_diff(before, after, "original", "migrated", lineterm="", n=1), _MOST_LINES + 1))
    return [*found[:_MOST_LINES], "..."] if len(found) > _MOST_LINES else found
