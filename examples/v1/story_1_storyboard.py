"""Step 1: create a story with a storyboard, but no images yet. Arguments: [IDEA]."""

import requests
from v1_common import HEADERS, argument, data_of, show

payload = {
    "idea": argument(1, "In the style of an adventure comic, a fox discovers a spring of lemonade"),
    "scene_count": 3,
    "title": "The lemonade spring",
}
story = data_of(requests.post("https://api.vimmerse.net/story", headers=HEADERS, data=payload, timeout=60))
show(story)
print(f"Scenes: {len(story['scenes'])}")
