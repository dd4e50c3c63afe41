"""Create two videos with images from the web as first and last frame. Arguments: [FIRST_URL LAST_URL]."""

import requests
from v1_common import HEADERS, argument, data_of, show

payload = {
    "title": "Two takes between two pictures",
    "image_urls": [
        argument(1, "https://example.com/frames/start.png"),
        argument(2, "https://example.com/frames/end.png"),
    ],
    "motion_type": "KlingAI",
    "quantity": 2,
}
show(data_of(requests.post("https://api.vimmerse.net/media", headers=HEADERS, data=payload, timeout=60)))
