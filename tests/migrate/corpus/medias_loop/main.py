import os
import sys

import requests

story_id = sys.argv[1]
response = requests.get(
    f"https://api.vimmerse.net/story/{story_id}", headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
)
story = response.json()["data"]
for index, media in enumerate(story["medias"]):
    print(index, media["id"], media["processing_status"])
    for result in media["result"]:
        print("  ", result["url"])
finished = [media for media in story["medias"] if media["processing_status"] == "success"]
print(len(finished), "of", len(story["medias"]))
print(story["scenes"][0]["image_url"] == story["storyboard"]["scenes"][0]["image_url"])
