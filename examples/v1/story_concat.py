"""Join a story's videos again: a POST without a body. Arguments: STORY_ID."""

import requests
from v1_common import HEADERS, data_of, id_argument, show

url = f"http://api.vimmerse.net/story/{id_argument('story')}/concat"
show(data_of(requests.request("POST", url, headers=HEADERS, timeout=60)))
