import os
import requests

headers = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
r = requests.post("https://api.vimmerse.net/story", headers=headers, data={"idea": "Two socks elope", "scene_count": "2"})
data = r.json()
data = data["data"]
story_id = data["id"]
print(story_id)

resp = requests.get("https://api.vimmerse.net/story/" + story_id, headers=headers)
resp = resp.json()
story, status = resp["data"], resp["data"]["status"]
print(story["id"], len(story["storyboard"]["scenes"]))
