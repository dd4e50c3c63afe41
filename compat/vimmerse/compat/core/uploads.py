"""Images that come with a v1 call: each goes to ``POST /v2/image`` first, which answers its URL."""

from __future__ import annotations

from collections.abc import Generator

from vimmerse.compat.core.engine import Draft
from vimmerse.compat.core.errors import UpstreamError
from vimmerse.compat.core.messages import Multipart, UploadPart, V2Request, V2Response
from vimmerse.compat.core.talk import Talk, ok

Uploads = Generator[V2Request, V2Response, tuple[list[str], V2Response | None]]


def upload(talk: Talk, made: Draft) -> Uploads:
    """Upload ``made.images``, in order. Gives their URLs, or those so far and the answer that failed.

    An upload costs nothing, so one that fails leaves nothing behind that matters.
    """
    urls: list[str] = []
    for image in made.images:
        part = UploadPart("image_file", image.filename, image.content_type, image.content)
        response = yield talk.ask("POST", "/v2/image", form=Multipart((part,)))
        if not ok(response):
            return urls, response
        asset = talk.found(response, paid=False)
        results = asset.get("results")
        if not (isinstance(results, list) and results and isinstance(results[0], str)):
            raise UpstreamError(
                f"{talk.call.operation.v1}: the upload of {image.filename!r} was answered without a URL in results; "
                "nothing was created and nothing was charged",
                operation=talk.call.operation.v1,
                field=image.name,
            )
        urls.append(results[0])
    return urls, None
