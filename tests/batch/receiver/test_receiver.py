"""``webhook_receiver``: a webhook settles the job whose secret it was sent to, and nothing else."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from vimmerse.batch import AlreadyPaidError, JobRecord, Ledger, PlannedJob, State, webhook_receiver

Open = Callable[..., Ledger]
Event = dict[str, Any]
MEDIA: dict[str, Any] = {"operation": "POST /v2/media", "body": {"prompt": "A boat"}}
STORY: dict[str, Any] = {"operation": "POST /v2/story/idea-2-video", "body": {"idea": "A boat"}}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "batch.sqlite", budget=1000)


def lost(ledger: Ledger, key: str = "boat", **planned: Any) -> JobRecord:
    """A job of which nobody knows whether it was created."""
    ledger.plan([PlannedJob(key=key, estimate=50, **(planned or MEDIA))])
    ledger.settle(ledger.begin(key), httpx.ReadTimeout("too slow"))
    return job_of(ledger, key)


def job_of(ledger: Ledger, key: str = "boat") -> JobRecord:
    job = ledger.get(key)
    assert job is not None
    return job


def secret_of(job: JobRecord) -> str:
    """Return the end of the address of the last attempt's webhook."""
    return f"{job.token}.{job.attempts}"


def request(app: Any, method: str, path: str, **options: Any) -> httpx.Response:
    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://receiver") as client:
            return await client.request(method, path, **options)

    return asyncio.run(call())


def post(ledger: Ledger, token: str, body: Any) -> httpx.Response:
    return request(webhook_receiver(ledger), "POST", f"/{token}", json=body)


def test_a_webhook_settles_an_ambiguous_job(open_ledger: Open) -> None:
    ledger = open_ledger(budget=60)
    job = lost(ledger)

    response = post(ledger, secret_of(job), {"media_id": "m-1", "status": "success"})

    assert (response.status_code, response.content) == (204, b"")
    settled = job_of(ledger)
    assert (settled.state, settled.job_id, settled.error) == (State.ACCEPTED, "m-1", "")
    assert (settled.attempts, settled.booked, ledger.summary().left) == (1, 50, 10)


def test_it_finds_jobs_of_all_batches(ledger: Ledger) -> None:
    job = lost(ledger.of("other"))

    assert post(ledger, secret_of(job), {"media_id": "m-1"}).status_code == 204
    assert job_of(ledger.of("other")).job_id == "m-1"


@pytest.mark.parametrize("status", ["success", "failed", "cancelled", "", "never heard of"])
def test_a_status_is_not_believed(ledger: Ledger, status: str) -> None:
    job = lost(ledger)

    post(
        ledger, secret_of(job), {"media_id": "m-1", "status": status, "used_credits": 9999, "result": ["http://evil/"]}
    )

    settled = job_of(ledger)
    assert (settled.state, settled.status, settled.result) == (State.ACCEPTED, "", ())
    assert ledger.summary().committed == 50


def test_a_webhook_that_is_sent_again_changes_nothing(ledger: Ledger) -> None:
    job = lost(ledger)
    post(ledger, secret_of(job), {"media_id": "m-1"})
    settled = job_of(ledger)

    assert post(ledger, secret_of(job), {"media_id": "m-1"}).status_code == 204
    assert job_of(ledger) == settled
    ledger.end("boat", State.FINISHED, used_credits=40)
    ended = job_of(ledger)
    assert post(ledger, secret_of(job), {"media_id": "m-1", "status": "failed"}).status_code == 204
    assert job_of(ledger) == ended


def test_the_first_of_two_ids_stays(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    job = lost(ledger)
    post(ledger, secret_of(job), {"media_id": "m-1"})

    assert post(ledger, secret_of(job), {"media_id": "m-2"}).status_code == 204
    settled = job_of(ledger)
    assert (settled.job_id, settled.earlier_ids, settled.error) == ("m-1", (), "")
    assert "names the media m-2, and the job is accepted, with the id 'm-1'" in caplog.text


def test_a_webhook_may_come_before_the_answer(ledger: Ledger) -> None:
    with ledger.paid("boat", **MEDIA) as attempt:
        assert post(ledger, secret_of(attempt.job), {"media_id": "m-1"}).status_code == 204
        assert job_of(ledger).state is State.ACCEPTED
        attempt.accepted("m-1")

    job = job_of(ledger)
    assert (job.state, job.job_id, job.earlier_ids, job.error) == (State.ACCEPTED, "m-1", (), "")


def test_an_answer_that_is_lost_after_the_webhook(ledger: Ledger) -> None:
    def call() -> None:
        with ledger.paid("boat", **MEDIA) as attempt:
            post(ledger, secret_of(attempt.job), {"media_id": "m-1"})
            raise httpx.ReadTimeout("too slow")

    with pytest.raises(httpx.ReadTimeout):
        call()

    assert (job_of(ledger).state, job_of(ledger).job_id) == (State.ACCEPTED, "m-1")


def test_a_refused_job_was_created_after_all(ledger: Ledger) -> None:
    job = lost(ledger)
    ledger.resolve("boat", not_created=True)
    assert ledger.summary().committed == 0

    post(ledger, secret_of(job), {"media_id": "m-1"})

    assert (job_of(ledger).state, job_of(ledger).job_id) == (State.ACCEPTED, "m-1")
    assert ledger.summary().committed == 50


def test_a_late_webhook_keeps_a_job_from_being_paid_again(ledger: Ledger) -> None:
    """Somebody has said that it was not created, and the next run has not sent it yet."""
    job = lost(ledger)
    ledger.resolve("boat", not_created=True)
    ledger.retry(State.REFUSED)
    ledger.reserve("boat")

    assert post(ledger, secret_of(job), {"media_id": "m-1"}).status_code == 204

    settled = job_of(ledger)
    assert (settled.state, settled.job_id, settled.booked) == (State.ACCEPTED, "m-1", 50)
    assert ledger.summary().committed == 50
    with pytest.raises(AlreadyPaidError, match="m-1"):
        ledger.begin("boat")


def test_a_late_webhook_tells_that_a_job_was_paid_twice(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    first = lost(ledger)
    ledger.resolve("boat", not_created=True)
    ledger.begin("boat").accepted("m-2")

    for _ in range(2):
        assert post(ledger, secret_of(first), {"media_id": "m-1"}).status_code == 204

        settled = job_of(ledger)
        assert (settled.state, settled.job_id, settled.earlier_ids) == (State.ACCEPTED, "m-2", ("m-1",))
        assert settled.error == "the service has created it more than once: m-1, m-2"
        assert ledger.summary().committed == 100
    assert "is of an earlier attempt: the service has created media m-1, too" in caplog.text


@pytest.mark.parametrize("body", [{"story_id": "s-1"}, {"batch_id": "s-2"}, {"media_id": "m-1", "batch_id": "s-1"}])
@pytest.mark.parametrize("is_sent", [False, True])
def test_late_webhooks_of_an_attempt_that_has_failed(ledger: Ledger, body: Event, is_sent: bool) -> None:
    """They are about what is known, or about media of the story."""
    ledger.plan([PlannedJob(key="boat", estimate=50, **STORY)])
    attempt = ledger.begin("boat")
    attempt.accepted("s-1")
    ledger.end("boat", State.FAILED, used_credits=0)
    ledger.retry(State.FAILED)
    if is_sent:
        ledger.begin("boat")
    before = job_of(ledger)

    assert post(ledger, secret_of(attempt.job), body).status_code == 204

    assert job_of(ledger) == before
    assert ledger.summary().committed == before.booked


def test_an_attempt_has_one_id(ledger: Ledger) -> None:
    """Whoever knows the secret can't use up the budget."""
    first = lost(ledger)
    ledger.resolve("boat", not_created=True)
    second = ledger.begin("boat")

    for number in range(5):
        post(ledger, secret_of(first), {"media_id": f"m-{number}"})

    assert job_of(ledger).earlier_ids == ("m-0",)
    second.accepted("m-9")
    post(ledger, secret_of(first), {"media_id": "m-10"})
    assert (job_of(ledger).job_id, job_of(ledger).earlier_ids) == ("m-9", ("m-0",))
    assert ledger.summary().committed == 100


def test_a_webhook_of_an_attempt_that_was_never_made(ledger: Ledger) -> None:
    job = lost(ledger)

    assert post(ledger, f"{job.token}.2", {"media_id": "m-1"}).status_code == 204
    assert job_of(ledger) == job


def test_a_webhook_of_a_job_that_has_another_body_now(ledger: Ledger) -> None:
    job = lost(ledger)
    ledger.resolve("boat", not_created=True)
    ledger.plan([PlannedJob(key="boat", operation="POST /v2/media", body={"prompt": "A ship"})], replace_unpaid=True)

    assert post(ledger, secret_of(job), {"media_id": "m-1"}).status_code == 404
    assert job_of(ledger).state is State.PLANNED


@pytest.mark.parametrize(
    ("planned", "event", "accepted"),
    [
        (STORY, {"story_id": "s-1"}, True),
        (STORY, {"batch_id": "s-1"}, True),
        (MEDIA, {"batch_id": "m-1"}, True),
        (MEDIA, {"media_id": "m-1", "batch_id": "s-1"}, True),
        (STORY, {"media_id": "m-1", "batch_id": "s-1"}, False),  # of one of its scenes
        (MEDIA, {"story_id": "s-1"}, False),
        ({"body": {"mine": True}}, {"story_id": "s-1"}, True),
        ({"body": {"mine": True}}, {"media_id": "m-1"}, True),
    ],
)
def test_a_webhook_about_the_other_kind_is_ignored(
    ledger: Ledger, planned: dict[str, Any], event: Event, accepted: bool
) -> None:
    job = lost(ledger, **planned)

    assert post(ledger, secret_of(job), event).status_code == 204
    assert job_of(ledger).state is (State.ACCEPTED if accepted else State.AMBIGUOUS)


def test_no_two_jobs_get_one_id(ledger: Ledger) -> None:
    first, second = lost(ledger, "a", **MEDIA), lost(ledger, "b", **MEDIA)
    post(ledger, secret_of(first), {"media_id": "m-1"})

    assert post(ledger, secret_of(second), {"media_id": "m-1"}).status_code == 204
    assert job_of(ledger, "b").state is State.AMBIGUOUS


TOKEN = "A" * 32 + ".1"
PATHS = [
    *(f"/{TOKEN}", "/", "//", f"/{TOKEN}/", f"/{TOKEN}%00", f"/{TOKEN}.json", "/%2e%2e", "/" + "A" * 65 + ".1", "/ä.1"),
    *("/" + "A" * 32, "/" + "A" * 32 + ".", "/" + "A" * 32 + ".-1", "/" + "A" * 32 + ".1e3", "/.1"),
]


@pytest.mark.parametrize("path", PATHS)
def test_all_unknown_addresses_look_the_same(open_ledger: Open, path: str) -> None:
    ledger = open_ledger()
    lost(ledger)

    response = request(webhook_receiver(ledger), "POST", path, json={"media_id": "m-1"})

    assert (response.status_code, response.content) == (404, b"Not found.\n")
    assert dict(response.headers) == {"content-type": "text/plain; charset=utf-8", "content-length": "11"}
    assert job_of(ledger).state is State.AMBIGUOUS


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{}", 400),
        (b"[" * 50_000, 400),
        (b"\xff", 400),
        (b'{"media_id": 7}', 400),
        (b'{"media_id": "m\\u0000"}', 400),
        (json.dumps({"media_id": "m" * 70_000}).encode(), 413),
    ],
)
def test_what_is_no_webhook_is_rejected(ledger: Ledger, body: bytes, status: int, known: bool) -> None:
    """In the same way whether the secret is known or not."""
    token = secret_of(lost(ledger)) if known else TOKEN

    response = request(webhook_receiver(ledger), "POST", f"/{token}", content=body)

    assert response.status_code == status
    assert token not in response.text
    assert job_of(ledger if known else _with_job(ledger)).state is State.AMBIGUOUS


def _with_job(ledger: Ledger) -> Ledger:
    lost(ledger)
    return ledger


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_other_methods(ledger: Ledger, method: str) -> None:
    for token in (secret_of(lost(ledger)), TOKEN):
        response = request(webhook_receiver(ledger), method, f"/{token}", json={"media_id": "m-1"})
        assert (response.status_code, response.headers["allow"]) == (405, "POST")


def test_a_form_is_read_too(ledger: Ledger) -> None:
    job = lost(ledger)
    data = {"media_id": "m-1", "status": "success"}

    assert request(webhook_receiver(ledger), "POST", f"/{secret_of(job)}", data=data).status_code == 204
    assert job_of(ledger).job_id == "m-1"


def test_it_can_be_mounted(ledger: Ledger) -> None:
    job = lost(ledger)
    app = Starlette(routes=[Mount("/hooks/vimmerse", webhook_receiver(ledger))])

    assert request(app, "POST", f"/hooks/vimmerse/{secret_of(job)}", json={"media_id": "m-1"}).status_code == 204
    assert job_of(ledger).job_id == "m-1"


def test_a_database_that_is_down(ledger: Ledger, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The sender tries again later."""
    job = lost(ledger)
    ledger.close()
    (tmp_path / "batch.sqlite").rename(tmp_path / "away")
    (tmp_path / "batch.sqlite").mkdir()

    response = post(ledger, secret_of(job), {"media_id": "m-1"})

    assert (response.status_code, response.text) == (503, "The ledger can't be used now; send it again.\n")
    assert "can't be used" in caplog.text
    (tmp_path / "batch.sqlite").rmdir()
    (tmp_path / "away").rename(tmp_path / "batch.sqlite")
    assert post(ledger, secret_of(job), {"media_id": "m-1"}).status_code == 204
    assert job_of(ledger).job_id == "m-1"


def test_no_log_has_a_secret(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    job = lost(ledger)

    for token, body in (
        (secret_of(job), {"media_id": "m-1"}),
        (secret_of(job), {"media_id": "m-2"}),
        (TOKEN, {"id": "m-1"}),
    ):
        post(ledger, token, body)

    receivers = [record.getMessage() for record in caplog.records if record.name == "vimmerse.batch"]
    assert receivers[0] == "Webhook of the job 'boat' of the batch 'default', with the id m-1"
    assert len(receivers) == 2
    assert job.token not in "".join(receivers)


# The protocol


def run(app: Any, scope: dict[str, Any], *received: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
    """Return what the application sends, and how much of ``received`` it has read."""
    sent: list[dict[str, Any]] = []
    messages = iter(received)
    read = 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        read += 1
        return next(messages)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent, read


def http(token: str) -> dict[str, Any]:
    return {"type": "http", "method": "POST", "path": f"/{token}", "headers": []}


def part(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_in_parts(ledger: Ledger) -> None:
    job = lost(ledger)

    sent, _ = run(
        webhook_receiver(ledger), http(secret_of(job)), part(b'{"media'), part(b""), part(b'_id": "m-1"}', False)
    )

    assert sent[0]["status"] == 204
    assert job_of(ledger).job_id == "m-1"


def test_a_body_without_end_is_not_read_to_its_end(ledger: Ledger) -> None:
    sent, read = run(webhook_receiver(ledger), http(TOKEN), *[part(b" " * 30_000)] * 100)

    assert sent[0]["status"] == 413
    assert read == 3


def test_a_sender_that_goes_away(ledger: Ledger) -> None:
    job = lost(ledger)

    sent, _ = run(
        webhook_receiver(ledger), http(secret_of(job)), part(b'{"media_id": "m-1"'), {"type": "http.disconnect"}
    )

    assert sent == []
    assert job_of(ledger).state is State.AMBIGUOUS


def test_start_and_end_of_a_server(ledger: Ledger) -> None:
    app = webhook_receiver(ledger)

    sent, _ = run(app, {"type": "lifespan"}, {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})

    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_other_protocols(ledger: Ledger) -> None:
    app = webhook_receiver(ledger)

    assert run(app, {"type": "websocket"})[0] == [{"type": "websocket.close"}]
    with pytest.raises(ValueError, match="telepathy"):
        run(app, {"type": "telepathy"})
