import os
import requests

r = requests.post(
    "https://api.vimmerse.net/media",
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
    data={"prompt": "A diary closes", "visibility_status": "0", "title": "Diary"},
)
r.raise_for_status()
print(r.json()["data"]["id"])
