import os
import sys

import requests

HEADERS = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
media = requests.get(f"https://api.vimmerse.net/media/{sys.argv[1]}", headers=HEADERS).json()["data"]

first = media["result"][0]["url"]
print(first)
print([result["url"] for result in media["result"]])
print(media.get("result")[-1].get("url"))
urls = list(map(lambda item: item["url"], media["result"]))
print(len(urls), urls[0] == first)
