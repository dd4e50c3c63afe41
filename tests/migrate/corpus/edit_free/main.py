import os
import sys

import requests

media_id = sys.argv[1]
r = requests.put(
    f"https://api.vimmerse.net/media/{media_id}/edit",
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
    data={"title": "New Updated Title", "description": "", "visibility_status": 2, "rating": 5},
)
r.raise_for_status()
print(r.json()["data"]["title"])
