"""Runs of pytest inside a test."""

from __future__ import annotations

# What the tests use is imported here: each run forgets what it has imported.
import httpcore2  # noqa: F401
import pytest
import requests  # noqa: F401
import trio  # noqa: F401
import vimmerse.compat.adapters.httpx
import vimmerse.compat.adapters.requests
import vimmerse.compat.migrate.check
import vimmerse.compat.process.patching
import vimmerse.emulator.server
import vimmerse.emulator.webhooks
import vimmerse.jobs.many
import vimmerse.testing.live
import vimmerse.testing.marker
import vimmerse.testing.report
import vimmerse.v2.resources  # noqa: F401
from vimmerse.testing import plugin


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run the tests that were written, in this process, with no other plugins from entry points."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", *arguments, plugins=[plugin])
