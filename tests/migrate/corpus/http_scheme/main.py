import os
import requests

url = "http://api.vimmerse.net/story/idea-2-video"

r = requests.post(url, {"idea": "A bell loses its voice"}, headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]})
story_id = r.json()["data"]["id"]
r = requests.get("http://api.vimmerse.net/story/%(id)s" % {"id": story_id}, headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]})
print(r.json()["data"]["id"] == story_id)
