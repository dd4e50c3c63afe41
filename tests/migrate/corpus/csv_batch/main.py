import csv
import os

import requests

session = requests.Session()
session.headers["X-Api-Key"] = os.environ["VIMMERSE_API_KEY"]

with open("films.csv", newline="", encoding="utf-8") as file:
    for row in csv.DictReader(file):
        response = session.post(
            "https://api.vimmerse.net/story/idea-2-video",
            data={"idea": row["idea"], "title": row["title"], "scene_count": row["scenes"], "narrator": "Chris"},
        )
        print(row["title"], response.status_code, response.json()["data"]["title"])
