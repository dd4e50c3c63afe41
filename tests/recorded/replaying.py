"""One fault in one rule, and the replays that must notice it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import vcr
from vcr.persisters.filesystem import FilesystemPersister

from tests.recorded.calls import Row
from tests.recorded.compat_calls import compat_answer
from tests.recorded.scrub import API, CASSETTES, Scrubber, Serializer, same_body, same_headers

KEY = "a-key-of-the-player"
Json = dict[str, Any]


@dataclass(frozen=True)
class Mutant:
    """One fault in one rule. ``rows``: the calls of which one must be answered, or sent, differently."""

    group: str  # what kind of rule it is in
    rule: str
    about: str
    cassettes: tuple[tuple[str, Row], ...]
    plant: Callable[[], AbstractContextManager[object]]

    @property
    def id(self) -> str:
        """The rule and the fault."""
        return f"{self.rule}: {self.about}"

    def is_noticed(self) -> bool:
        """Whether a replay of one of the calls fails while the fault is planted."""
        with self.plant():
            for cassette, row in self.cassettes:
                try:
                    replay(cassette, row)
                except Exception:  # whatever it is: the replay would have failed with it
                    return True
        return False


def _player() -> vcr.VCR:
    scrubber = Scrubber({}, (KEY,))
    player = vcr.VCR(
        record_mode="none",
        before_record_request=scrubber.request,
        before_record_response=scrubber.response,
        match_on=["method", "scheme", "host", "path", "query", "cassette_body", "cassette_headers"],
    )
    player.register_persister(FilesystemPersister)
    player.register_serializer("yaml", Serializer(""))
    player.register_matcher("cassette_body", same_body)
    player.register_matcher("cassette_headers", same_headers)
    return player


PLAYER = _player()


def replay(cassette: str, row: Row) -> None:
    """Play a recording as the tests do. Raises an exception if it differs."""
    with PLAYER.use_cassette(str(CASSETTES / f"{cassette}.yaml")) as played:
        answer = compat_answer(row, API, {"X-Api-Key": KEY})
        pinned = Scrubber({}, (KEY,)).value(answer.pinned)
        assert played.get_metadata("answer", None) == pinned
        assert played.all_played
