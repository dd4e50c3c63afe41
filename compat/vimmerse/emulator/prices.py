"""What each call costs, in credits. The formula is that of the vendor's page (``api/v2-story.txt``).

The formula is ``rate`` x clips x seconds, multiplied by native audio; rates, factor and defaults are those of
``openapi/v2.yaml``:

* idea-2-video, url-2-video: clips are ``scene_count``, seconds ``scene_duration``. Documented.
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

from vimmerse.v2.facts import NATIVE_AUDIO_FACTOR, RATES


def rate(video_tool: str) -> int:
    """Credits per second of video; of a tool that v2 does not list, those of the most expensive one."""
    return RATES.get(video_tool, max(RATES.values()))


def price(video_tool: str, *, clips: int, seconds: int, native_audio: bool) -> int:
    """Credits for ``clips`` videos of ``seconds`` seconds each."""
    return rate(video_tool) * clips * seconds * (NATIVE_AUDIO_FACTOR if native_audio else 1)
