"""v1-shaped methods on v2: :class:`CompatClient` and :class:`AsyncCompatClient`.

    client = CompatClient()                                  # the key from VIMMERSE_API_KEY
    story = client.idea_to_video(idea="A paper boat sails to the sea", option="Seedream", duration=5)
    story.status                                             # v2's model
    story["data"]["status"]                                  # still v1's shape, with a warning

The methods are in ``vimmerse._compat_methods``, which ``scripts/derive`` writes. One set serves both clients.
"""

from __future__ import annotations

from vimmerse.compat.client.clients import AsyncCompatClient, CompatClient
from vimmerse.compat.client.files import AsyncDownload, Download
from vimmerse.compat.client.results import CompatMedia, CompatStory

__all__ = ["AsyncCompatClient", "AsyncDownload", "CompatClient", "CompatMedia", "CompatStory", "Download"]
