"""The kinds of findings: what a report says about each, and where the migration guide describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

_GUIDE = "https://github.com/vimmerse-python/vimmerse/blob/main/docs/migration.md"
Severity = Literal["error", "warning", "note"]


class Kind(NamedTuple):
    """One kind of finding. ``id`` never changes: reports and suppressions refer to it.

    ``title``: a few words; ``help``: what it means and what to do; ``section``: its section of docs/migration.md.
    """

    id: str
    severity: Severity
    title: str
    help: str
    section: str = "what-changes-for-every-call"


KINDS: Mapping[str, Kind] = {
    kind.id: kind
    for kind in (
        Kind(
            "v1-call",
            "note",
            "v1 call",
            "A call of version 1 that version 2 can make without a loss. The message names the v2 call.",
        ),
        Kind(
            "v1-call-lossy",
            "warning",
            "v1 call that loses something",
            "A call of version 1 that version 2 can make, but without some part of it: the message says which. "
            "Decide whether you can do without it.",
            "how-to-read-the-tables",
        ),
        Kind(
            "v1-call-unsupported",
            "warning",
            "v1 call that v2 can't make",
            "Only version 1 can make this call. vimmerse.compat sends it to version 1, which works as long as version "
            "1 exists. The message says why; often one field is the reason.",
            "how-to-read-the-tables",
        ),
        Kind(
            "v1-only-resource",
            "warning",
            "resource that only v1 has",
            "Version 2 has stories, media and the upload of images, but none of version 1's other resources (/image, "
            "/video, /audio, /text/prompt, /workflow, /batch, /asset, /customer-statistics): these calls need a "
            "replacement before version 1 ends.",
        ),
        Kind(
            "polling-without-exit",
            "warning",
            "polling loop without an exit on failure",
            "A job may also fail or be cancelled, and then this loop polls for ever. Leave it for each final status, "
            "or use vimmerse.jobs.wait, which does that and has a deadline.",
            "responses",
        ),
        Kind(
            "webhook-payload-v1",
            "warning",
            "webhook receiver for v1's payload",
            "Version 2 does not promise version 1's batch_id or media_id. vimmerse.jobs.parse_webhook reads the "
            "payloads of both versions; vimmerse.jobs.v1_payload converts any to version 1's.",
            "responses",
        ),
        Kind(
            "unknown-tool",
            "warning",
            "unknown tool",
            "No version has a tool of this name, but one of nearly the same name: it is probably misspelled. The name "
            "is sent as it is, because the service may know more tools than the guide.",
            "motion-types",
        ),
        Kind(
            "api-key-in-source",
            "error",
            "API key in the source",
            "Everybody who can read the code can make calls that you pay for. Read the key from the environment "
            "(VIMMERSE_API_KEY) or from a secret store, and revoke the one that was written here: it remains in the "
            "history of the code. No report contains the key.",
        ),
        Kind(
            "unsure-address",
            "note",
            "address that may be v1's",
            "The host or the path of this URL is known at run time only, so it may be a v1 call. Check it by hand.",
        ),
    )
}

#: The sections of the guide about the v1 operations.
SECTIONS: Mapping[str, str] = {
    "POST /story/idea-2-video": "idea_to_video",
    "POST /story/url-2-video": "url_to_video",
    "POST /story/images-2-video": "images_to_video",
    "POST /story": "create_storyboard",
    "POST /story/{story_id}/elements": "create_elements",
    "POST /story/{story_id}/scenes": "create_scenes",
    "POST /story/{story_id}/videos": "create_videos",
    "GET /story/{story_id}": "get_story",
    "PUT /story/{story_id}": "update_story",
    "DELETE /story/{story_id}": "delete_story",
    "POST /story/{story_id}/concat": "concat_story",
    "POST /media": "create_media",
    "POST /media/upload": "upload_media",
    "POST /media/prompt": "create_media_from_prompt",
    "GET /media/{media_id}/processing-status": "get_media_status",
    "GET /media/{media_id}": "get_media",
    "PUT /media/{media_id}": "update_media",
    "PUT /media/{media_id}/edit": "edit_media",
    "GET /media/{media_id}/download": "download_media",
    "POST /media/{media_id}/process": "process_media",
}


def guide_url(section: str) -> str:
    """The address of a section of the migration guide."""
    return f"{_GUIDE}#{section}"
