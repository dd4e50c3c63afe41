"""What each call costs, in credits. The rates and the formula are those of the vendor's page (``api/v2-story.txt``).

The formula is ``rate`` x clips x seconds, doubled by native audio:

* idea-2-video, url-2-video: clips are ``scene_count`` (3), seconds ``scene_duration`` (5). Documented.
* images-2-video: clips are the addresses in ``image_urls``. Documented.
* ``POST /story/{id}/videos``: clips are the scenes of the storyboard, given or stored. Seconds are ``duration``, else
  the story's own; the tool is the given one, else the story's own. Native audio is what step 1 or scenes set last
  (v1: or ``sound_effects`` here). The page shows the credits used by this step; the formula is inferred.
* ``POST /media``, and an update or ``/process`` that starts a new generation: clips are ``quantity`` (of every motion),
  seconds ``duration``, each as the media has it after the call. A repetition (``loop``) costs nothing. Inferred.
* Step 1, elements and scenes: nothing, as in the page's examples (``used_credits`` is 0 after each). Concat, uploads,
  edits of texts, reads and deletions: nothing, as no price is published.

A generating call without a price still needs a balance above 0: the pages list a 402 for step 1, elements, scenes and
concat. v1 publishes no prices, and is charged like v2.

This does not use the compat layer's estimate, so that tests can compare the two.
"""

from __future__ import annotations

_ECONOMY_TOOLS = frozenset({"AutoT1", "PVideo", "VeoLite"})


def rate(video_tool: str) -> int:
    """Credits per second of video: 5 for the economy tools, 10 for every other."""
    return 5 if video_tool in _ECONOMY_TOOLS else 10


def price(video_tool: str, *, clips: int, seconds: int, native_audio: bool) -> int:
    """Credits for ``clips`` videos of ``seconds`` seconds each."""
    return rate(video_tool) * clips * seconds * (2 if native_audio else 1)
