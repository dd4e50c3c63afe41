"""Uploaded images: kept, and served again from the files' origin."""

from __future__ import annotations

from vimmerse.emulator.bodies import Upload
from vimmerse.emulator.files import StoredFile, plain
from vimmerse.emulator.models import Asset
from vimmerse.emulator.store import Store, bad_request


def keep(store: Store, upload: Upload) -> Asset:
    """Store an upload and give it a URL. What was too big to keep is shown as the sample picture."""
    if not upload.size:
        raise bad_request(f"The file {upload.filename or upload.field!r} is empty.")
    identifier = store.new_id()
    extension = upload.filename.rpartition(".")[2].lower()
    known = "." in upload.filename and extension.isalnum() and extension.isascii()
    file = plain("png") if upload.content is None else StoredFile(upload.content, upload.content_type)
    url = store.files.add(f"/uploads/{identifier}.{extension if known else 'png'}", file)
    asset = Asset(identifier, upload.filename, url, upload.size, upload.sha256, store.stamp())
    store.assets[identifier] = asset
    return asset
