"""Look at a story, over plain http as v1's documentation does. Arguments: STORY_ID."""

import requests
from v1_common import HEADERS, data_of, id_argument, show

answer = requests.request("GET", f"http://api.vimmerse.net/story/{id_argument('story')}", headers=HEADERS, timeout=60)
story = data_of(answer)
show(story)
print(f"Video: {story['video_url'] or 'not yet'}")
