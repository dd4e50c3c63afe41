"""What a generation costs, from the vendor's price table (``api/v2-story.txt``).

Written apart from the compat layer's estimate on purpose: tests compare the two.
"""

from __future__ import annotations

_ECONOMY = frozenset({"AutoT1", "PVideo", "VeoLite"})


def rate(video_tool: str) -> int:
    """Credits a second of video: 5 for the economy tools, 10 for every other (Vidu too, as in the table)."""
    return 5 if video_tool in _ECONOMY else 10


def price(video_tool: str, *, clips: int, seconds: int, native_audio: bool) -> int:
    """Credits of ``clips`` videos of ``seconds`` seconds each; native audio doubles them."""
    return rate(video_tool) * clips * seconds * (2 if native_audio else 1)
