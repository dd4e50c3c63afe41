"""Webhooks of the service, over sockets: an answer is lost, and the webhook brings the id."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from vimmerse.batch import AmbiguousError, Ledger, State, webhook_receiver
from vimmerse.emulator import Emulator, Never
from vimmerse.v2 import Vimmerse

BODY: dict[str, Any] = {"prompt": "A paper boat", "duration": 5}


@contextmanager
def served(ledger: Ledger) -> Iterator[str]:
    """A receiver under uvicorn; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(lambda: webhook_receiver(ledger), factory=True, log_level="critical", lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)


def test_a_lost_answer(open_ledger: Callable[..., Ledger]) -> None:
    ledger = open_ledger(budget=60)
    with (
        Emulator(transition=Never()) as emulator,
        Vimmerse(base_url=emulator.base_url, api_key="any key") as client,
        served(ledger) as base,
    ):
        emulator.faults.add(("POST", "/v2/media"), "reset_accepted")

        def call() -> None:
            with ledger.paid("boat", BODY, operation="POST /v2/media") as attempt:
                media = client.media.create(**BODY, webhook_url=attempt.webhook_url(f"{base}/hooks/"))
                attempt.accepted(media.id)

        with pytest.raises(httpx.HTTPError):
            call()
        with pytest.raises(AmbiguousError):
            call()
        (charge,) = emulator.jobs
        created = charge.id
        emulator.finish(created)
        (webhook,) = emulator.wait_for_webhooks()

        job = ledger.get("boat")
        assert job is not None
        assert (webhook.status, job.state, job.job_id) == (204, State.ACCEPTED, created)
        assert client.wait(job.job_id, kind="media", timeout=5).id == created
        ledger.end("boat", State.FINISHED)

    summary = ledger.summary()
    assert dict(summary.counts) == {State.FINISHED: 1}
    assert summary.spent == summary.committed == emulator.credits_used == 50
