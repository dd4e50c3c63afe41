import os
import requests

r = requests.post(
    "https://api.vimmerse.net/media",
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
    data={"prompt": "A spoon bends", "title": "Spoon"},
)
result = r.json()
media_id = result.get("data", {}).get("id")
title = (result.get("data") or {}).get("title", "")
if "data" in result:
    print(media_id, title)
else:
    print("no answer")
