import os

import requests

API = "https://api.vimmerse.net"
H = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
PROMPTS = ("A comb becomes a hedgehog", "A hedgehog becomes a comb")

answers = [requests.post(f"{API}/media", headers=H, data={"prompt": p, "duration": 4}).json() for p in PROMPTS]
ids = [answer["data"]["id"] for answer in answers]
print(len(ids))

for media_id in ids:
    if (r := requests.get(f"{API}/media/{media_id}", headers=H)).ok and (media := r.json()["data"])["id"]:
        print(media["id"] == media_id)

by_id = {m["id"]: m["title"] for m in (requests.get(f"{API}/media/{i}", headers=H).json()["data"] for i in ids)}
print(sorted(by_id) == sorted(ids))
