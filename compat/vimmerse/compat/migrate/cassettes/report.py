"""What a conversion reports."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from vimmerse.compat.migrate.cassettes.differences import Difference


class ExchangeReport(NamedTuple):
    """A recorded v1 exchange, and what becomes of it.

    Attributes:
        number: Its position in the cassette, from 1.
        call: The v1 call: ``POST /story/{story_id}/scenes``.
        outcome: ``"converted"``; ``"unchanged"``: the compat layer sends the v1 call itself; ``"left"``: it can't be
            converted.
        requests: The requests of the exchanges that take its place.
        lost: What replays with another value.
        kept: Fields that the v2 responses have although v2 does not return them, so that the tests pass.
        reason: Why it is left.
    """

    number: int
    call: str
    outcome: Literal["converted", "unchanged", "left"]
    requests: tuple[str, ...] = ()
    lost: tuple[Difference, ...] = ()
    kept: tuple[str, ...] = ()
    reason: str = ""


class KeyRemark(NamedTuple):
    """A header that seems to hold a real key. ``number``: the exchange's position in the cassette, from 1."""

    number: int
    header: str


class CassetteReport(NamedTuple):
    """A cassette, and what becomes of it.

    Attributes:
        path: The file.
        exchanges: Its v1 exchanges.
        changed: Whether its text changes, or would change.
        keys: Where it seems to hold a key.
        problem: Why it can't be read or written; it is left as it is.
    """

    path: str
    exchanges: tuple[ExchangeReport, ...] = ()
    changed: bool = False
    keys: tuple[KeyRemark, ...] = ()
    problem: str = ""

    @property
    def complete(self) -> bool:
        """Whether nothing of it is left."""
        return not self.problem and all(exchange.outcome != "left" for exchange in self.exchanges)


class ConversionReport(NamedTuple):
    """All cassettes that have v1 exchanges, or that can't be read.

    Attributes:
        cassettes: In the order of their paths.
        written: Whether the files were changed, or only looked at.
    """

    cassettes: tuple[CassetteReport, ...]
    written: bool

    @property
    def complete(self) -> bool:
        """Whether nothing is left."""
        return all(cassette.complete for cassette in self.cassettes)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as a JSON object."""
        return {
            "written": self.written,
            "complete": self.complete,
            "cassettes": [
                {
                    "path": cassette.path,
                    "changed": cassette.changed,
                    "problem": cassette.problem,
                    "exchanges": [
                        {**exchange._asdict(), "lost": [each._asdict() for each in exchange.lost]}
                        for exchange in cassette.exchanges
                    ],
                    "keys": [key._asdict() for key in cassette.keys],
                }
                for cassette in self.cassettes
            ],
        }
