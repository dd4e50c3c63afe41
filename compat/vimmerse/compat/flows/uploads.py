"""Images of a v1 call: each is uploaded with ``POST /v2/image`` first, which returns its URL.

If there is no such route (404, 405), the file goes to v1's ``POST /image``: the same form, the same asset.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Literal

from vimmerse.compat.core.errors import UpstreamError
from vimmerse.compat.core.messages import Multipart, UploadPart, V2Request, V2Response
from vimmerse.compat.flows.context import CallContext, Json, is_success
from vimmerse.compat.rules.engine import show

_PATHS = {"v2": "/v2/image", "v1": "/image"}


def upload(
    context: CallContext, images: Iterable[UploadPart]
) -> Generator[V2Request, V2Response, list[str] | V2Response]:
    """Return the URLs of the uploaded images, in order, or the error response to one. An upload costs nothing."""
    urls: list[str] = []
    version: Literal["v2", "v1"] = "v2"
    for image in images:
        form = Multipart((UploadPart("image_file", image.filename, image.content_type, image.content),))
        response = yield context.build_request("POST", _PATHS[version], form=form, kind=version)
        if response.status in (404, 405) and version == "v2":
            version = "v1"
            response = yield context.build_request("POST", _PATHS[version], form=form, kind=version)
        if not is_success(response):
            return response
        url = _first_url(context.parse_object(response, paid=False))
        if url is None:
            raise UpstreamError(
                f"{context.call.operation.v1}: the response to the upload of {show(image)} has no URL in results. "
                "Nothing was created and nothing was charged.",
                operation=context.call.operation.v1,
                field=image.name,
            )
        urls.append(url)
    return urls


def _first_url(asset: Json) -> str | None:
    if isinstance(asset.get("data"), dict):  # as v1 may wrap it
        asset = asset["data"]
    results = asset.get("results")
    first = results[0] if isinstance(results, list) and results else None
    if isinstance(first, dict):
        first = first.get("url")
    return first if isinstance(first, str) and first else None
