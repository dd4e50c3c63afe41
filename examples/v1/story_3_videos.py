"""Step 3: create the videos of a story's scenes with one tool. Arguments: STORY_ID."""

import requests
from v1_common import HEADERS, data_of, id_argument, show

url = f"https://api.vimmerse.net/story/{id_argument('story')}/videos"
payload = {"title": "The lemonade spring, animated", "motion_type": "KlingAI"}
story = data_of(requests.post(url, headers=HEADERS, data=payload, timeout=60))
show(story)
print(f"Videos: {len(story['medias'])}")
