"""Two services: only the calls of one of them change."""

import os

import requests

VIDEO_API = "https://api.vimmerse.net"
NEWS_API = "https://news.example.com"


def newest():
    # {"data": {"story": {...}}}, a news story
    return {"data": {"story": {"headline": "Bridge opens", "medias": []}}}


def post_comment(story_id, text):
    return requests.post(f"{NEWS_API}/story/{story_id}/comments", data={"text": text, "narrator": "me"})


def film(headline):
    r = requests.post(
        f"{VIDEO_API}/story/idea-2-video",
        headers={"X-Api-Key": os.environ["VIMMERSE_API_KEY"]},
        data={"idea": headline, "narrator": "Bill"},
    )
    return r.json()["data"]


news = newest()["data"]["story"]
print(film(news["headline"])["id"], len(news["medias"]))
