"""Step 2 with an edited storyboard: the first scene gets another image. Arguments: STORY_ID [TEXT]."""

import json

import requests
from v1_common import HEADERS, argument, data_of, id_argument, show

url = f"https://api.vimmerse.net/story/{id_argument('story')}"
storyboard = data_of(requests.get(url, headers=HEADERS, timeout=60))["storyboard"]
storyboard["scenes"][0]["image_description"] = argument(2, "Dawn: mist over the forest, a fox stretches")

payload = {
    "aspect_ratio": "16:9",
    "seed": "4669",
    "option": "FluxKontextPro",
    "storyboard": json.dumps(storyboard),
}
show(data_of(requests.post(f"{url}/scenes", headers=HEADERS, data=payload, timeout=60)))
