"""Which request of one run is which of the other, and what differs.

Requests of concurrent jobs arrive in any order, and so ids are given to them in any order. So requests are compared as
a multiset, with a name in place of each id: equal requests made the ids of one name. Only requests to one job have an
order. Reads are compared once each: how often a program polls depends on the time.
"""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Any

from vimmerse.compat.migrate.proof.sent import ID, Sent

#: Of more requests than this that have no equal, each takes the next one and not the most similar.
_MOST_COMPARED = 100


@dataclass
class Pair:
    """A request of the original run and the one of the other run that takes its place; one of them may be missing.

    Attributes:
        original, rewritten: The requests.
        changed: The paths of the fields that differ, such as ``body.scene_count``.
        diff: The difference as lines.
        merged: Further reads of the original run that are equal to ``original``.
        out_of_order: Whether it comes earlier in the other run than another request to the same job.
    """

    original: Sent | None
    rewritten: Sent | None
    changed: frozenset[str] = frozenset()
    diff: tuple[str, ...] = ()
    merged: list[Sent] = field(default_factory=list)
    out_of_order: bool = False

    @property
    def differs(self) -> bool:
        """Whether the two runs do not have the same request here."""
        return self.original is None or self.rewritten is None or bool(self.changed) or self.out_of_order


def compare(original: Sequence[Sent], rewritten: Sequence[Sent]) -> list[Pair]:
    """Return the requests of two runs, each pair once, in the order of the original run."""
    return _Pairing(_RunRequests(original), _RunRequests(rewritten)).pairs()


class _RunRequests:
    """The requests of one run, and the names of their ids."""

    def __init__(self, requests: Sequence[Sent]) -> None:
        self.requests = requests
        self.names: dict[str, str] = {}
        #: How many generations of ids must have names before those of a request.
        self.depths: dict[Sent, int] = {}
        self._roots: dict[Sent, Sent] = {}
        self._users: dict[str, list[Sent]] = defaultdict(list)
        creators: dict[str, Sent] = {}
        for each in requests:  # an id is made before it is used
            references = [identifier for identifier in each.references if identifier in creators]
            self.depths[each] = max((self.depths[creators[found]] + 1 for found in references), default=0)
            in_path = next((identifier for identifier in references if identifier in each.path), None)
            self._roots[each] = self._roots[creators[in_path]] if in_path is not None else each
            for identifier in references if not each.is_read else ():
                self._users[identifier].append(each)
            creators |= dict.fromkeys(each.ids, each)

    def job(self, request: Sent) -> str:
        """Return the name of the job that a request is about; empty if it is about none."""
        root = self._roots[request]
        return self.names[root.ids[0]] if root.ids else ""

    def document(self, request: Sent) -> Any:
        """Return what is compared of a request, with names for ids."""
        text = json.dumps(request.document)
        return json.loads(ID.sub(lambda match: self.names.get(match[0], match[0]), text))

    def text(self, request: Sent) -> str:
        return json.dumps(self.document(request), sort_keys=True)

    def consequences(self, request: Sent) -> list[str]:
        """Return the writes that follow on a request by its ids, as texts in which all other ids are alike."""
        own = {identifier: f"[{index}]" for index, identifier in enumerate(request.ids)}
        users = dict.fromkeys(each for identifier in request.ids for each in self._users[identifier])
        texts = [json.dumps(each.document, sort_keys=True) for each in users]
        return [ID.sub(lambda match: own.get(match[0], "[id]"), text) for text in texts]


class _Pairing:
    """Finds for each request of one run that of the other."""

    def __init__(self, original: _RunRequests, rewritten: _RunRequests) -> None:
        self._runs = original, rewritten
        self._numbers = itertools.count(1)

    def pairs(self) -> list[Pair]:
        pairs = self._pair_writes()
        self._find_order(pairs)
        pairs += self._pair_reads()
        positions = {each: index for run in self._runs for index, each in enumerate(run.requests)}
        return sorted(pairs, key=lambda pair: positions[next(filter(None, (pair.original, pair.rewritten)))])

    def _pair_writes(self) -> list[Pair]:
        """Pair the writes, those first whose ids others need."""
        pairs: list[Pair] = []
        left: tuple[list[Sent], list[Sent]] = [], []
        writes = [[each for each in run.requests if not each.is_read] for run in self._runs]
        depths = [[run.depths[each] for each in requests] for run, requests in zip(self._runs, writes, strict=True)]
        for depth in range(max((*depths[0], *depths[1]), default=-1) + 1):
            level = [
                [each for each, number in zip(requests, numbers, strict=True) if number == depth]
                for requests, numbers in zip(writes, depths, strict=True)
            ]
            matched = self._match(level[0], level[1], _is_same_operation)
            for pair in matched:
                self._name_ids(pair)
                if pair.original is None or pair.rewritten is None:
                    left[pair.original is None].extend(filter(None, (pair.original, pair.rewritten)))
                else:
                    pairs.append(pair)
        return pairs + self._match(*left, _is_similar)

    def _pair_reads(self) -> list[Pair]:
        """Pair the reads. Equal ones are one."""
        distinct: list[dict[str, list[Sent]]] = []
        for run in self._runs:
            found: dict[str, list[Sent]] = defaultdict(list)
            for each in run.requests:
                if each.is_read:
                    found[run.text(each)].append(each)
            distinct.append(found)
        for equal in distinct[0].values():
            equal.sort(key=lambda each: each.optional)
        first = [[equal[0] for equal in found.values()] for found in distinct]
        pairs = self._match(first[0], first[1], _is_same_operation)
        merged = {equal[0]: equal[1:] for equal in distinct[0].values()}
        for pair in pairs:
            if pair.original is not None:
                pair.merged = merged[pair.original]
        return pairs

    def _name_ids(self, pair: Pair) -> None:
        """Give the ids of both requests the same names, by their positions."""
        both = [each.ids if each is not None else () for each in (pair.original, pair.rewritten)]
        for identifiers in itertools.zip_longest(*both):
            name = f"[id {next(self._numbers)}]"
            for run, identifier in zip(self._runs, identifiers, strict=True):
                run.names[identifier] = name

    def _match(
        self, original: Sequence[Sent], rewritten: Sequence[Sent], similar: Callable[[Sent, Sent], bool]
    ) -> list[Pair]:
        """Pair equal requests, then the others with the most similar one."""
        equal: dict[str, list[Sent]] = defaultdict(list)
        for each in rewritten:
            equal[self._runs[1].text(each)].append(each)
        pairs, left = [], []
        for each in original:
            if found := equal.get(self._runs[0].text(each)):
                pairs.append(Pair(each, found.pop(self._same_job(each, found))))
            elif not each.optional:
                left.append(each)
        unequal = {each for found in equal.values() for each in found}
        rest = [each for each in rewritten if each in unequal]
        for each in left:
            candidates = [other for other in rest if similar(each, other)]
            best = self._most_similar(each, candidates[: 1 if len(left) > _MOST_COMPARED else None])
            if best is not None:
                rest.remove(best)
            pairs.append(self._pair(each, best))
        return pairs + [Pair(None, each) for each in rest]

    def _same_job(self, request: Sent, equal: Sequence[Sent]) -> int:
        """Return the index of the equal request on which the same follows, or else of the first."""
        if not request.ids or len(equal) == 1:
            return 0
        expected = self._runs[0].consequences(request)
        return next((n for n, each in enumerate(equal) if self._runs[1].consequences(each) == expected), 0)

    def _most_similar(self, request: Sent, candidates: Sequence[Sent]) -> Sent | None:
        def distance(other: Sent) -> tuple[bool, int]:
            return _file(request) != _file(other), len(self._changed(request, other))

        return min(candidates, key=distance, default=None)

    def _pair(self, original: Sent, rewritten: Sent | None) -> Pair:
        if rewritten is None:
            return Pair(original, None)
        changed = self._changed(original, rewritten)
        before, after = (
            json.dumps(run.document(each), indent=2, ensure_ascii=False).splitlines()
            for run, each in zip(self._runs, (original, rewritten), strict=True)
        )
        diff = itertools.islice(unified_diff(before, after, lineterm=""), 2, None)  # without the names of files
        return Pair(original, rewritten, changed, tuple(line for line in diff if not line.startswith("@@")))

    def _changed(self, original: Sent, rewritten: Sent) -> frozenset[str]:
        leaves = [
            dict(_leaves(run.document(each))) for run, each in zip(self._runs, (original, rewritten), strict=True)
        ]
        return frozenset(
            path for path in leaves[0].keys() | leaves[1].keys() if leaves[0].get(path) != leaves[1].get(path)
        )

    def _find_order(self, pairs: Iterable[Pair]) -> None:
        """Mark requests that come earlier in the rewritten run than one to the same job that they came after."""
        positions = [{each: index for index, each in enumerate(run.requests)} for run in self._runs]
        jobs: dict[str, list[tuple[int, int, Pair]]] = defaultdict(list)
        for pair in pairs:
            if pair.original is not None and pair.rewritten is not None:
                place = positions[0][pair.original], positions[1][pair.rewritten]
                jobs[self._runs[0].job(pair.original)].append((*place, pair))
        jobs.pop("", None)
        for requests in jobs.values():
            latest = -1
            for _, position, pair in sorted(requests, key=lambda request: request[0]):
                pair.out_of_order = position < latest
                latest = max(latest, position)


def _is_same_operation(original: Sent, rewritten: Sent) -> bool:
    return original.operation == rewritten.operation


def _is_similar(original: Sent, rewritten: Sent) -> bool:
    """Whether one may stand for the other where no request of the same operation and depth is left."""
    return original.operation == rewritten.operation or _file(original) == _file(rewritten) != ""


def _file(request: Sent) -> str:
    return request.call.frames[0][0] if request.call.frames else ""


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each scalar and each empty container of a JSON value, as path and text."""
    if isinstance(value, dict) and value:
        for name, each in value.items():
            yield from _leaves(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value:
        for index, each in enumerate(value):
            yield from _leaves(each, f"{path}.{index}")
    else:
        yield path, json.dumps(value)
