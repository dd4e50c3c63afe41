"""Step 1.5: create images of a story's characters, objects and environments. Arguments: STORY_ID."""

import requests
from v1_common import HEADERS, data_of, id_argument, show

url = f"https://api.vimmerse.net/story/{id_argument('story')}/elements"
payload = {"aspect_ratio": "16:9", "option": "FluxKontextPro", "seed": 4669}
story = data_of(requests.post(url, headers=HEADERS, data=payload, timeout=60))
show(story)
for character in story["storyboard"]["characters"]:
    print(f"{character['name']}: {character['URL']}")
