"""The errors can be pickled and copied."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from vimmerse import jobs
from vimmerse.v2.models import Media, Story

JOB: Any = {"job_id": "s1", "kind": "story", "status": "failed"}
ERRORS = [
    jobs.JobError("a", **JOB, snapshot=None),
    jobs.JobFailedError("b", **JOB, snapshot=Story.from_dict({"id": "s1", "status": "failed", "more": [1]})),
    jobs.JobCancelledError("c", job_id="m1", kind="media", snapshot=Media.from_dict({"id": "m1", "result": ["u"]})),
    jobs.JobTimeoutError("d", **JOB, snapshot=None),
    jobs.JobLookupError("e", **JOB, snapshot=None, http_status=404),
    jobs.DownloadError("f", url="https://files.example/f", path="f.mp4", received=3, total=9, http_status=410),
    jobs.WebhookError("g", status=413),
]


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))])
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_survives_copying(error: Exception, way: Callable[[Exception], Exception]) -> None:
    error.add_note("a note")
    restored = way(error)

    assert type(restored) is type(error)
    assert str(restored) == str(error)
    assert restored.args == error.args
    assert restored.__dict__ == error.__dict__
    assert restored is not error


def test_the_tree() -> None:
    for name in ("JobFailedError", "JobCancelledError", "JobTimeoutError", "JobLookupError"):
        assert issubclass(getattr(jobs, name), jobs.JobError)
    assert issubclass(jobs.JobTimeoutError, TimeoutError)
    assert issubclass(jobs.WebhookError, ValueError)
    assert not issubclass(jobs.DownloadError, jobs.JobError)


def test_a_deep_copy_has_its_own_snapshot() -> None:
    error = jobs.JobFailedError("b", **JOB, snapshot=Story.from_dict({"id": "s1"}))
    restored = copy.deepcopy(error)

    assert restored.snapshot == error.snapshot
    assert restored.snapshot is not error.snapshot
