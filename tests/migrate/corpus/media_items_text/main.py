import json
import os

import requests

items = [
    {"type": "image", "url": "https://example.com/first.png", "position": "First"},
    {"type": "image", "url": "https://example.com/last.png", "position": "Last"},
]
r = requests.post(
    "https://api.vimmerse.net/media",
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
    data={
        "title": "Items",
        "media_items": json.dumps(items),
        "prompt": "",
        "webhook_url": "https://example.org/hook",
    },
)
print(r.json()["data"]["id"], r.json()["data"]["title"])
