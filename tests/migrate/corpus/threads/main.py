import os
from concurrent.futures import ThreadPoolExecutor

import requests

URL = "https://api.vimmerse.net/media"
PROMPTS = ["A red ball rolls", "A blue ball rolls", "A green ball rolls"]


def start(prompt):
    r = requests.post(URL, headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}, data={"prompt": prompt, "quantity": 1})
    r.raise_for_status()
    return r.json()["data"]["id"]


with ThreadPoolExecutor(max_workers=3) as pool:
    ids = list(pool.map(start, PROMPTS))
print(len(set(ids)))
