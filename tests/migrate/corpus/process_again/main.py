import os
import sys

import requests

response = requests.post(
    f"https://api.vimmerse.net/media/{sys.argv[1]}/process",
    headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
)
print(response.status_code, response.json()["data"]["id"] == sys.argv[1])
