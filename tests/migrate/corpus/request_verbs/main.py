import os
import sys

import requests

media_id = sys.argv[1]
HEADERS = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}

response = requests.request(
    "PUT",
    "https://api.vimmerse.net/media/%s/edit" % media_id,
    headers=HEADERS,
    data={"title": "Kite, second take", "rating": "5", "visibility_status": "2"},
)
print(response.status_code, response.json()["data"]["title"])

response = requests.request(method="get", url="https://api.vimmerse.net/media/{}".format(media_id), headers=HEADERS)
media = response.json()["data"]
print(media["id"], media["title"], media["processing_status"])
