"""Create a video with sound from a prompt. Arguments: [PROMPT]."""

import requests
from v1_common import HEADERS, argument, data_of, show

payload = {
    "title": "From words alone",
    "prompt": argument(1, "A hare leaps over a brook and vanishes between the trees."),
    "sound_effects": "Yes",
}
show(data_of(requests.post("https://api.vimmerse.net/media", headers=HEADERS, data=payload, timeout=60)))
