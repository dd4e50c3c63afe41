"""Get a story, over plain http as in v1's documentation. Arguments: STORY_ID."""

import requests
from v1_common import HEADERS, data_of, id_argument, show

response = requests.request("GET", f"http://api.vimmerse.net/story/{id_argument('story')}", headers=HEADERS, timeout=60)
story = data_of(response)
show(story)
print(f"Video: {story['video_url'] or 'not yet'}")
