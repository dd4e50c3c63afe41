import os
import sys

import requests


def media_title(media_id):
    response = requests.get(
        "https://api.vimmerse.net/media/" + media_id, headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}, timeout=10
    )
    try:
        return response.json()["data"]["title"]
    except KeyError:
        return "error: " + response.json()["message"]


print(media_title(sys.argv[1]))
print(media_title("unknown"))
