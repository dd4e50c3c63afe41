"""Multipart forms, by Starlette's parser. It keeps large files on disk.

Of a file above ``keep`` bytes only its size and SHA-256 remain.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import AsyncGenerator
from typing import Any, cast

from python_multipart.exceptions import FormParserError
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from vimmerse.emulator.records import RequestBody, Upload

_NOT_PARSED = "There was an error parsing the body"


class FormParser(MultiPartParser):
    """Starlette's parser, which also notices a form that is cut off and parts that are too large."""

    def __init__(
        self, headers: Headers, stream: AsyncGenerator[bytes, None], *, max_upload: int, max_text: int
    ) -> None:
        super().__init__(headers, stream, max_files=math.inf, max_fields=math.inf)
        # A limit for text fields alone; older versions of Starlette do not take it as an argument.
        self.max_part_size = max_text
        self.limit = max(max_upload, max_text)
        self.part_size = 0
        self.finished = False

    def on_part_begin(self) -> None:
        super().on_part_begin()
        self.part_size = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self.part_size += end - start
        if self.part_size > self.limit:
            raise MultiPartException("A part is too large.")
        super().on_part_data(data, start, end)

    def on_end(self) -> None:
        self.finished = True


async def read_multipart(
    body: RequestBody, chunks: AsyncGenerator[bytes, None], *, keep: int, max_upload: int, max_text: int
) -> None:
    """Read a multipart body into its record. Never raises for what a client sent."""

    async def until_end() -> AsyncGenerator[bytes, None]:
        async for chunk in chunks:
            yield chunk
        if not parser.finished:
            raise MultiPartException(_NOT_PARSED)

    parser = FormParser(
        Headers({"content-type": body.content_type}), until_end(), max_upload=max_upload, max_text=max_text
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        body.problem = error.message
        body.too_large = parser.part_size > max_text
        return
    except FormParserError:
        # Newer versions of Starlette turn it into a MultiPartException, and close the files.
        for file in parser._files_to_close_on_error:
            file.close()
        body.problem = _NOT_PARSED
        return
    items = form.multi_items()
    body.fields = tuple((name, value) for name, value in items if isinstance(value, str))
    body.uploads = tuple(_upload(name, file, keep) for name, file in items if isinstance(file, UploadFile))
    body.too_large = any(upload.size > max_upload for upload in body.uploads)
    await form.close()


def _upload(name: str, file: UploadFile, keep: int) -> Upload:
    digest = hashlib.file_digest(cast("Any", file.file), "sha256").hexdigest()
    size = file.file.tell()
    file.file.seek(0)
    content = file.file.read() if size <= keep else None
    return Upload(name, file.filename or "", file.content_type or "text/plain", size, digest, content)
