"""A pytest plugin for programs that use the Vimmerse API. pytest loads it by its entry point; see ``docs/testing.md``.

plugin.py     options, fixtures and hooks; all that pytest loads when it starts
marker.py     ``@pytest.mark.vimmerse(...)``
clock.py      sleeps that end at once
guard.py      no request reaches the real service
live.py       ``--vimmerse-live``: what requests cost, and the credits of the run
report.py     ``--vimmerse-report``: the v1 calls of the run
"""

from __future__ import annotations

from vimmerse.testing.guard import LiveCallError

__all__ = ["LiveCallError"]
