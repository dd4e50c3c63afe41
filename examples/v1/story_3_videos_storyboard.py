"""Step 3 with the storyboard and the scenes sent along. Arguments: STORY_ID."""

import json

import requests
from v1_common import HEADERS, data_of, id_argument, show

url = f"https://api.vimmerse.net/story/{id_argument('story')}"
story = data_of(requests.get(url, headers=HEADERS, timeout=60))

payload = {
    "title": "The lemonade spring, once more",
    "storyboard": json.dumps(story["storyboard"]),
    "scenes": json.dumps(story["scenes"]),
}
show(data_of(requests.post(f"{url}/videos", headers=HEADERS, data=payload, timeout=60)))
