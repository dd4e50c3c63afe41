"""Mentions of https://api.vimmerse.net/story/idea-2-video in a docstring are no calls."""

import requests

KEY = {"X-Api-Key": "YOUR_API_KEY"}

# Neither is https://api.vimmerse.net/media in a comment.
film = requests.post(
    "https://api.vimmerse.net/story/idea-2-video",
    headers=KEY,
    data={"idea": "A kite over the dunes", "motion_type": "Kling2", "duration": 7, "seed": 11},
)
story_id = film.json()["data"]["id"]
requests.get(f"http://api.vimmerse.net/story/{story_id}", headers=KEY)
requests.put("https://API.vimmerse.net:443/story/" + story_id, headers=KEY, data={"visibility_status": "0"})
requests.delete("https://api.vimmerse.net/story/%s" % story_id, headers=KEY)
requests.request("POST", "https://api.vimmerse.net/story/{}/concat".format(story_id), headers=KEY)
