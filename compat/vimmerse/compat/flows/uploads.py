"""Images that come with a v1 call: each goes to ``POST /v2/image`` first, which answers its URL.

Where that route is not there (404, 405), the file goes to v1's ``POST /image``: the same form, the same asset.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Literal

from vimmerse.compat.core.errors import UpstreamError
from vimmerse.compat.core.messages import Multipart, UploadPart, V2Request, V2Response
from vimmerse.compat.flows.context import CallContext, Json, is_success
from vimmerse.compat.rules.engine import Translation, show

#: Where images are uploaded: v2's route is published, but on no page; where it is not there, v1's is.
_PATHS = {"v2": "/v2/image", "v1": "/image"}
Uploads = Generator[V2Request, V2Response, tuple[list[str], V2Response | None]]


def upload(context: CallContext, translation: Translation) -> Uploads:
    """Upload ``made.images``, in order. Gives their URLs, or those so far and the answer that failed.

    An upload costs nothing, so one that fails leaves nothing behind that matters.
    """
    urls: list[str] = []
    version: Literal["v2", "v1"] = "v2"
    for image in translation.images:
        form = Multipart((UploadPart("image_file", image.filename, image.content_type, image.content),))
        response = yield context.build_request("POST", _PATHS[version], form=form, kind=version)
        if response.status in (404, 405) and version == "v2":
            version = "v1"
            response = yield context.build_request("POST", _PATHS[version], form=form, kind=version)
        if not is_success(response):
            return urls, response
        url = _url(context.parse_object(response, paid=False))
        if url is None:
            raise UpstreamError(
                f"{context.call.operation.v1}: the upload of {show(image)} was answered without a URL in results; "
                "nothing was created and nothing was charged",
                operation=context.call.operation.v1,
                field=image.name,
            )
        urls.append(url)
    return urls, None


def _url(asset: Json) -> str | None:
    """The first URL of an asset, which v1 may wrap in ``data``."""
    if isinstance(asset.get("data"), dict):
        asset = asset["data"]
    results = asset.get("results")
    first = results[0] if isinstance(results, list) and results else None
    if isinstance(first, dict):
        first = first.get("url")
    return first if isinstance(first, str) and first else None
