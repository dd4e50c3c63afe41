"""The files: which are cassettes, what becomes of each, and writing them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from vimmerse._http.redaction import Secrets
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.routing import FIXED_V2_PATHS, V1_HOST, find_v1_call, locate
from vimmerse.compat.migrate.cassettes.exchanges import Conversion, Jobs, Left, Recorded, Step, convert_exchange
from vimmerse.compat.migrate.cassettes.formats import Json, Unreadable, parse, replace
from vimmerse.compat.migrate.cassettes.interactions import Interaction, recorded_keys
from vimmerse.compat.migrate.cassettes.report import CassetteReport, ConversionReport, ExchangeReport, KeyRemark
from vimmerse.compat.migrate.replacing import replace_file

SUFFIXES = (".yaml", ".yml", ".json")
#: Bytes of a cassette that is converted; a larger one is reported.
MAX_SIZE = 64 * 1024 * 1024
_PIECE = 1024 * 1024
_SKIPPED = frozenset({".git", ".venv", "venv", "node_modules", "__pycache__"})


def convert(
    paths: Iterable[str | os.PathLike[str]], *, policy: Policy | None = None, write: bool = False
) -> ConversionReport:
    """Convert cassettes of v1 exchanges to the v2 exchanges that the compat layer makes of the same calls.

    Args:
        paths: Files, and folders, in which files named ``*.yaml``, ``*.yml`` and ``*.json`` are looked at.
        policy: The policy that the tests use. Default: ``Policy()``; the environment is not read.
        write: Change the files. Each is replaced as a whole, or not at all.

    Raises:
        ImportError: A cassette is YAML, and PyYAML is not installed.
    """
    policy = policy or Policy()
    found = []
    for path in _files(paths):
        report = _convert_file(path, policy, write)
        if report is not None:
            found.append(report)
    return ConversionReport(tuple(found), write)


def _files(paths: Iterable[str | os.PathLike[str]]) -> Iterator[Path]:
    seen: set[Path] = set()
    for path in map(Path, paths):
        for file in _cassettes_in(path) if path.is_dir() else [path]:
            if (real := file.resolve()) not in seen:
                seen.add(real)
                yield file


def _cassettes_in(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        for name in sorted(names):
            file = Path(parent, name)
            if name.endswith(SUFFIXES) and file.is_file():
                yield file


def _convert_file(path: Path, policy: Policy, write: bool) -> CassetteReport | None:
    """Return what becomes of a file, or None if it has no call to v1."""
    try:
        return _convert_readable_file(path, policy, write)
    except OSError as error:
        return CassetteReport(str(path), problem=f"it can't be read or written ({error.strerror})")


def _convert_readable_file(path: Path, policy: Policy, write: bool) -> CassetteReport | None:
    if not _mentions_api(path, policy):
        return None
    if path.stat().st_size > MAX_SIZE:
        return CassetteReport(str(path), problem=f"it is larger than {MAX_SIZE // 1024 // 1024} MiB")
    try:
        text = path.read_bytes().decode("utf-8")
        layout = parse(text)
    except Unreadable as error:
        return CassetteReport(str(path), problem=str(error))
    except UnicodeDecodeError:
        return CassetteReport(str(path), problem="it is not UTF-8")
    if layout is None:
        return None
    conversion = _CassetteConversion([Interaction(item, is_betamax=layout.is_betamax) for item in layout.items], policy)
    keys = tuple(conversion.keys)
    if not (conversion.reports or conversion.new or keys):
        return None
    report = CassetteReport(str(path), tuple(conversion.reports), bool(conversion.new), keys)
    if conversion.new:
        content = replace(text, layout, conversion.new).encode("utf-8")
        if write:
            replace_file(path.resolve(), content)
    return report


def _mentions_api(path: Path, policy: Policy) -> bool:
    """Whether a file may have a call to the API, without more than a piece of it in memory."""
    hosts = {V1_HOST.encode(), policy.origin.host.encode()}
    longest = max(map(len, hosts))
    with path.open("rb") as file:
        tail = b""
        while piece := file.read(_PIECE):
            text = (tail + piece).lower()
            if any(host in text for host in hosts):
                return True
            tail = text[-longest:]
    return False


class _Done(NamedTuple):
    """An exchange of a cassette as it may have been written by an earlier conversion."""

    method: str
    url: str
    status: int


class _CassetteConversion:
    """The conversion of one cassette: reports, and the interactions that replace others, by index."""

    def __init__(self, interactions: list[Interaction], policy: Policy) -> None:
        self.reports: list[ExchangeReport] = []
        self.new: dict[int, list[Json]] = {}
        self.keys: list[KeyRemark] = []
        self._policy = policy
        self._jobs = Jobs(policy)
        self._exchanges: dict[int, Recorded | Left] = {}
        secrets: list[str] = []
        for index, interaction in enumerate(interactions):
            if not interaction.url or locate(interaction.url, policy) is None:
                continue
            try:
                recorded = interaction.read()
            except Left as error:
                self._exchanges[index] = error
                continue
            self._exchanges[index] = recorded
            self._jobs.add(index, recorded)
            names = set(recorded_keys(recorded))
            self.keys += [KeyRemark(index + 1, name) for name in sorted(names)]
            secrets += [value for name, value in recorded.request.headers if name in names]
        self._secrets = Secrets(secrets)
        for index in self._exchanges:
            self._convert(index, interactions[index])

    def _convert(self, index: int, interaction: Interaction) -> None:
        recorded = self._exchanges[index]
        if isinstance(recorded, Left):
            self.reports.append(ExchangeReport(index + 1, "", "left", reason=str(recorded)))
            return
        try:
            conversion = convert_exchange(recorded, index, self._jobs, self._policy)
        except Left as error:
            reason = self._secrets.redact(str(error))
            self.reports.append(ExchangeReport(index + 1, self._call_of(recorded), "left", reason=reason))
            return
        if conversion is None or self._is_in_place(index, conversion, recorded):
            if conversion is not None and conversion.call is not None:
                self.reports.append(ExchangeReport(index + 1, conversion.call.operation.v1, "unchanged"))
            return
        self.new[index] = [
            interaction.data if _is_same(step, recorded) else interaction.replaced(step) for step in conversion.steps
        ]
        self.reports.append(
            ExchangeReport(
                index + 1,
                self._call_of(recorded),
                "converted",
                tuple(_template(step, conversion, self._policy) for step in conversion.steps),
                tuple(conversion.lost),
                tuple(conversion.kept),
            )
        )

    def _is_in_place(self, index: int, conversion: Conversion, recorded: Recorded) -> bool:
        """Whether the cassette has all exchanges of a conversion already, the recorded one last."""
        if not conversion.steps:
            return True
        *before, last = conversion.steps
        if not _is_same(last, recorded):
            return False
        previous = [self._exchanges.get(at) for at in range(index - len(before), index)]
        return [_done(each) for each in previous] == [
            _Done(step.request.method, step.request.url, step.response.status) for step in before
        ]

    def _call_of(self, recorded: Recorded) -> str:
        request = recorded.request
        call = find_v1_call(request.method, request.url, self._policy)
        return call.operation.v1 if call is not None else "another call to the API"


def _done(recorded: Recorded | Left | None) -> _Done | None:
    if not isinstance(recorded, Recorded):
        return None
    return _Done(recorded.request.method, recorded.request.url, recorded.status)


def _is_same(step: Step, recorded: Recorded) -> bool:
    """Whether a step is the recorded exchange, at the same address."""
    return step.as_recorded and step.request.kind != "file" and step.request.url == recorded.request.url


def _template(step: Step, conversion: Conversion, policy: Policy) -> str:
    """Return a request without the ids and names in its address."""
    request = step.request
    if request.kind == "file":
        return "GET of the file"
    if conversion.call is None:
        return "the same call at the base URL"
    if step.as_recorded:
        return conversion.call.operation.v1
    steps = request.url.removeprefix(policy.base_url).partition("?")[0].split("/")
    path = "/".join(steps)
    if path not in FIXED_V2_PATHS and path != "/v2/image":
        steps[3 if request.kind == "v2" else 2] = "{id}"
    return f"{request.method} {'/'.join(steps)}"
