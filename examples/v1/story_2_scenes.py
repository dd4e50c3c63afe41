"""Step 2: create the images and narration of a story's scenes from its storyboard. Arguments: STORY_ID."""

import requests
from v1_common import HEADERS, data_of, id_argument, show

url = f"https://api.vimmerse.net/story/{id_argument('story')}/scenes"
payload = {"aspect_ratio": "16:9", "option": "FluxKontextPro", "seed": "4669"}
show(data_of(requests.request("POST", url, headers=HEADERS, data=payload, timeout=60)))
