"""``@pytest.mark.vimmerse(...)``: how the emulator of a test behaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from vimmerse.testing.clock import SkipSleeps

if TYPE_CHECKING:
    import pytest
    from vimmerse.emulator import Emulator

_OWN = ("faults", "file_faults", "outcomes", "skip_sleeps")
_OUTCOMES = ("success", "failed", "cancelled")
#: The emulator's settings that a test does not choose: tests run at the same time, and by the clock of the plugin.
_FIXED = frozenset({"port", "files_port", "clock"})


@dataclass(frozen=True)
class Behaviour:
    """What the markers of a test say.

    ``options``: settings of the emulator. ``faults``, ``file_faults``: arguments of ``Faults.add``.
    ``outcomes``: how the next jobs end, one after the other.
    """

    options: Mapping[str, Any]
    faults: Sequence[Mapping[str, Any]] = ()
    file_faults: Sequence[Mapping[str, Any]] = ()
    outcomes: Sequence[str] = ()
    skip_sleeps: SkipSleeps = "library"

    def prepare(self, emulator: Emulator) -> None:
        """Inject the faults and plan the jobs. Raises :class:`ValueError` for an unusable fault."""
        for name in ("faults", "file_faults"):
            for arguments in getattr(self, name):
                try:
                    getattr(emulator, name).add(**arguments)
                except (TypeError, ValueError, AttributeError, IndexError) as error:
                    raise ValueError(f"{name}: {arguments!r} are not arguments of Faults.add(): {error}") from None
        for outcome in self.outcomes:
            emulator.next_job(outcome)


def behaviour_of(markers: Iterable[pytest.Mark]) -> Behaviour:
    """Return what markers say, those of the test itself first: they come before those of its class and module.

    Raises:
        TypeError, ValueError: An argument does not exist, or has an unusable value.
    """
    from vimmerse.emulator.lifecycle import Never, Transition
    from vimmerse.emulator.settings import Options

    settings = sorted(Options.__annotations__.keys() - _FIXED)
    merged: dict[str, Any] = {}
    for marker in markers:
        if marker.args:
            raise TypeError(f"it takes keyword arguments only, such as credits=100; not {marker.args[0]!r}")
        merged = {**marker.kwargs, **merged}
    if unknown := sorted(merged.keys() - {*settings, *_OWN}):
        known = ", ".join([*_OWN, *settings])
        raise TypeError(f"there is no argument {unknown[0]!r}; it must be one of {known}")
    own = {name: merged.pop(name) for name in _OWN if name in merged}
    for name in ("faults", "file_faults", "outcomes"):
        items = own.get(name, ())
        kind: type[object] = str if name == "outcomes" else Mapping
        if not isinstance(items, list | tuple) or not all(isinstance(item, kind) for item in items):
            what = "statuses" if name == "outcomes" else "dicts, of the arguments of Faults.add()"
            raise TypeError(f"{name} must be a list of {what}; not {items!r}")
    for outcome in own.get("outcomes", ()):
        if outcome not in _OUTCOMES:
            values = ", ".join(map(repr, _OUTCOMES))
            raise ValueError(f"outcomes are {values}; not {outcome!r}, which vimmerse_emulator.next_job() accepts")
    if not isinstance(merged.get("transition", Never()), Transition):
        text = "transition must be AT_ONCE, AfterPolls(...), AfterSeconds(...) or Never() of vimmerse.emulator"
        raise TypeError(f"{text}; not {merged['transition']!r}")
    if not isinstance(merged.get("credits"), int | float | None):
        raise TypeError(f"credits must be a number or None; not {merged['credits']!r}")
    if own.get("skip_sleeps", "library") not in get_args(SkipSleeps):
        values = ", ".join(map(repr, get_args(SkipSleeps)))
        raise ValueError(f"skip_sleeps must be one of {values}; not {own['skip_sleeps']!r}")
    return Behaviour(merged, **own)
