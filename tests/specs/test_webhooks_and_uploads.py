"""What the code reads and sends by name, beside the tables of rules: webhooks, and the upload of images."""

from __future__ import annotations

import pytest
from vimmerse.jobs import parse_webhook

from tests.specs.spec import load, operations, request_media, resolve

JOBS = "compat/vimmerse/jobs/webhooks.py"
UPLOADS = "compat/vimmerse/compat/flows/uploads.py"


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_jobs_read_the_examples_of_webhooks(version: str) -> None:
    spec = load(version)
    for webhook in (each for each in operations(spec) if each.is_webhook):
        kind = webhook.key.removeprefix("webhook ")
        for _, media in request_media(spec, webhook):
            for name, example in media["examples"].items():
                event = parse_webhook(resolve(spec, example)["value"])
                where = f"openapi/{version}.yaml: {webhook.key}, example {name}"
                known = (kind, "unknown") if kind == "story" else (kind,)  # batch_id alone does not tell
                assert event.kind in known, f"{where} is read as {event.kind}; read its id in {JOBS}"
                assert event.status, f"{where}: its status is not found; read it in {JOBS}"
                assert event.customer_id, f"{where}: its customer_id is not found; read it in {JOBS}"


def test_an_upload_sends_and_reads_fields_of_the_spec() -> None:
    schemas = load("v2")["components"]["schemas"]
    for schema, name in (("UploadImageRequest", "image_file"), ("Asset", "results")):
        assert name in schemas[schema]["properties"], f"{schema} in v2.yaml has no {name}; correct {UPLOADS}"
    assert schemas["UploadImageRequest"].get("required") == ["image_file"], f"{UPLOADS} sends image_file alone"
