import os
import sys

import requests


def again(media_id, tool, seconds=9):
    url = "https://api.vimmerse.net/media/" + media_id
    response = requests.put(url, headers=headers, data={"motion_type": tool, "duration": str(seconds)})
    return response.json()["data"]


headers = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
media = again(sys.argv[1], "Seedance")
print(media["id"] == sys.argv[1])
