"""The package: its names, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest
from vimmerse import jobs


def loaded_by(script: str) -> set[str]:
    """Which of the heavy libraries a fresh interpreter has loaded after ``script``."""
    names = ("attr", "attrs", "httpx", "starlette", "typing", "dataclasses", "asyncio")
    code = f"{script}\nimport sys; print(*[name for name in {names!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_every_public_name_exists() -> None:
    for name in jobs.__all__:
        assert getattr(jobs, name).__name__ == name
    assert set(jobs.__all__) <= set(dir(jobs))


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match=r"module 'vimmerse\.jobs' has no attribute 'wayt'"):
        getattr(jobs, "way" + "t")


def test_the_import_loads_no_library() -> None:
    baseline = loaded_by("pass")

    assert loaded_by("import vimmerse.jobs") <= baseline | {"typing"}


def test_a_webhook_receiver_loads_no_http_client() -> None:
    script = """
from vimmerse.jobs import JobError, WebhookError, WebhookEvent, parse_webhook
parse_webhook(b'{"media_id": "m1", "status": "success"}')
"""
    assert loaded_by(script) & {"httpx", "attr", "attrs"} == set()
