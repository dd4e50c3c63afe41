"""Create a video of three scenes from an idea, in one call. Arguments: [IDEA]."""

import requests
from v1_common import HEADERS, argument, data_of, show

payload = {
    "idea": argument(1, "A cat conducts an orchestra of kitchen pots to advertise a cookery school"),
    "title": "Kitchen orchestra",
    "aspect_ratio": "9:16",
    "scene_count": 3,
}
response = requests.request(
    "POST", "https://api.vimmerse.net/story/idea-2-video", headers=HEADERS, data=payload, timeout=60
)
show(data_of(response))
