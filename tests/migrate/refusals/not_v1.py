# === another host with the same paths | untouched
import requests

requests.post("https://stories.example.com/story", data={"idea": "A fox", "narrator": "Rachel"})
requests.get("https://stories.example.com/story/1").json()["data"]
# === another host with media paths | untouched
import requests

API = "https://cdn.example.org"
media = requests.post(f"{API}/media", data={"title": "A", "motion_type": "KlingAI"}).json()["data"]
requests.get(f"{API}/media/{media['id']}/processing-status")
# === a host that only ends alike | untouched
import requests

requests.post("https://not-api.vimmerse.net/media", data={"prompt": "p"})
# === a host that only begins alike | untouched
import requests

requests.post("https://api.vimmerse.net.evil.example/media", data={"prompt": "p"})
# === the host in a query of another address | untouched
import requests

requests.get("https://proxy.example.com/?to=https://api.vimmerse.net/story/1")
# === the host as user of another address | untouched
import requests

requests.get("https://api.vimmerse.net@evil.example/story/1")
# === another host of the vendor | untouched
import requests

video = requests.get("https://media.vimmerse.net/story/1/video.mp4").content
# === the vendor's pages | untouched
import requests

page = requests.get("https://www.vimmerse.net/story/pricing").text
# === calls of v2 | untouched
import requests

API = "https://api.vimmerse.net"
r = requests.post(f"{API}/v2/story/idea-2-video", json={"idea": "A fox", "video_tool": "KlingAI"}, headers={})
story_id = r.json()["id"]
story = requests.get(f"{API}/v2/story/{story_id}").json()
# === calls of v2 with a base of their own | untouched
import httpx

with httpx.Client(base_url="https://api.vimmerse.net/v2") as client:
    media = client.post("/media", json={"prompt": "A fox"}).json()
    client.get(f"/media/{media['id']}")
# === calls of v2 with a v2 constant | untouched
import requests

BASE = "https://api.vimmerse.net"
V2 = BASE + "/v2"


def create(prompt):
    return requests.post(V2 + "/media", json={"prompt": prompt}).json()["id"]
# === an upload of v2 | untouched
import requests

with open("a.png", "rb") as file:
    asset = requests.post("https://api.vimmerse.net/v2/image", files={"image_file": file}).json()
url = asset["results"][0]
# === the typed client | untouched
from vimmerse.v2 import Vimmerse

client = Vimmerse()
story = client.stories.create(idea="A fox", video_tool="KlingAI")
print(story.id)
# === a data wrapper of the program's own API | untouched
import requests

answer = requests.get("https://internal.example.com/api/users/1")
user = answer.json()["data"]
name = user["name"]
# === a helper that unwraps data for another API | untouched
import requests


def unwrap(response):
    return response.json()["data"]


users = unwrap(requests.get("https://internal.example.com/api/users"))
# === a variable that is called motion_type | untouched
motion_type = "walking"


def classify(sensor):
    motion_type = "running" if sensor.speed > 8 else "walking"
    return {"motion_type": motion_type, "duration": sensor.seconds}
# === a model with v1's words | untouched
from dataclasses import dataclass


@dataclass
class Recording:
    motion_type: str
    narrator: str
    background_music: bool = True
    sound_effects: str = "No"


def as_dict(recording):
    return {"narrator": recording.narrator, "background_music": recording.background_music}
# === a dict with narrator for something else | untouched
import requests

book = {"title": "Moby Dick", "narrator": "Frank Muller", "duration": 24}
requests.post("https://audiobooks.example.com/books", json=book)
# === a docstring with an address | untouched
def explain():
    """Send ``POST https://api.vimmerse.net/story/idea-2-video`` with ``motion_type``.

    >>> requests.post("https://api.vimmerse.net/story", data={"idea": "A fox"})
    """
    return None
# === a comment with an address | untouched
import requests

# requests.post("https://api.vimmerse.net/media", data={"prompt": "p", "motion_type": "Auto"})
requests.get("https://example.com/")
# === an address that is only logged | untouched
import logging

logging.getLogger(__name__).info("we use %s", "https://api.vimmerse.net/story")
# === an address that is only printed | untouched
print("See https://api.vimmerse.net/media for the service.")
# === an address in a text to show | untouched
HELP = """\
curl -X POST https://api.vimmerse.net/media -d prompt=A -d motion_type=Auto
"""


def show_help():
    return HELP
# === an address that is compared | untouched
def is_vimmerse(url):
    return url.startswith("https://api.vimmerse.net/")
# === a list of allowed hosts | untouched
ALLOWED_HOSTS = ["api.vimmerse.net", "example.com"]
CORS = {"origins": ["https://api.vimmerse.net"]}
# === a mock server with the same paths | untouched
from flask import Flask, jsonify, request

app = Flask(__name__)


@app.post("/story/idea-2-video")
def idea_to_video():
    return jsonify(data={"id": "1", "idea": request.form["idea"], "motion_type": request.form.get("motion_type")})


@app.get("/story/<story_id>")
def story(story_id):
    return jsonify(data={"id": story_id, "status": "success"})
# === a call of the program's own server | untouched
import requests

requests.post("http://localhost:8000/story/idea-2-video", data={"idea": "A fox", "motion_type": "Auto"})
requests.get("http://127.0.0.1:5000/media/1/processing-status")
# === a path without a host | untouched
from myframework import Client

client = Client()
client.post("/media", data={"prompt": "p", "motion_type": "Auto"})
# === a test client of a web framework | untouched
from fastapi.testclient import TestClient

from shop.main import app

client = TestClient(app)


def test_story():
    answer = client.post("/story", data={"idea": "A fox"})
    assert answer.json()["data"]["id"]
# === a client of another host with v1 paths | untouched
import httpx

with httpx.Client(base_url="https://cms.example.com") as client:
    stories = client.get("/story/1").json()["data"]
    client.post("/media", files={"image": open("a.png", "rb")})
# === requests of another library named alike | untouched
from mylibrary import requests

requests.post("https://api.example.com/media", data={"prompt": "p"})
# === a dictionary that has a method post | untouched
class Board:
    def post(self, url, data=None):
        self.last = (url, data)


Board().post("https://example.com/story", data={"idea": "A fox"})
# === a queue of messages | untouched
import json


def enqueue(queue, idea):
    queue.put(json.dumps({"data": {"idea": idea, "option": "FluxKontextPro", "narrator": "Rachel"}}))
# === the answer of another service beside | untouched
import requests

weather = requests.get("https://weather.example.com/today").json()["data"]
result = requests.get("https://search.example.com/?q=a").json()["result"][0]["url"]
# === result urls of a search | untouched
def first_url(answer):
    return answer["result"][0]["url"]


def medias(answer):
    return [media["id"] for media in answer["medias"]]
# === processing status of an order | untouched
import time


def wait_for(order):
    while order.refresh()["processing_status"] != "success":
        time.sleep(5)
    return order.progress_percentage == 100
# === a receiver of another service | untouched
from flask import Flask, request

app = Flask(__name__)


@app.post("/hooks/payments")
def payments():
    event = request.get_json()
    return {"paid": event["status"] == "success", "payment": event["payment_id"]}
# === a receiver with a batch id of a factory | untouched
from flask import Flask, request

app = Flask(__name__)


@app.post("/factory/batches")
def batches():
    event = request.get_json()
    return {"batch": event["batch_id"], "litres": event["litres"]}
# === a batch id in a database | untouched
def load(connection, batch_id):
    row = connection.execute("select media_id, status from jobs where batch_id = ?", (batch_id,)).fetchone()
    return row["media_id"]
# === mocks of another service | untouched
import requests
import responses


@responses.activate
def test_story():
    responses.add(responses.GET, "https://cms.example.com/story/1", json={"data": {"id": 1}})
    assert requests.get("https://cms.example.com/story/1").json()["data"]["id"] == 1
# === mocks of v2 | untouched
import requests
import responses


@responses.activate
def test_story():
    responses.add(responses.GET, "https://api.vimmerse.net/v2/story/1", json={"id": "1", "status": "success"})
    assert requests.get("https://api.vimmerse.net/v2/story/1").json()["id"] == "1"
# === texts in tests of something else | untouched
def test_links():
    text = "video by https://api.vimmerse.net/story/1"
    assert find_links(text) == ["https://api.vimmerse.net/story/1"]


def find_links(text):
    return [word for word in text.split() if word.startswith("http")]
# === the compat layer itself | untouched
from vimmerse.compat import CompatClient

client = CompatClient()
story = client.idea_to_video(idea="A fox", motion_type="KlingAI")
print(story["data"]["id"])
# === a form of a browser test | untouched
def fill(page):
    page.fill("#idea", "A fox")
    page.select_option("#motion_type", "KlingAI")
    page.fill("#narrator", "Rachel")
# === an enum of v1's values | untouched
from enum import Enum


class Tool(str, Enum):
    LUMA = "LumaAI"
    RUNWAY = "RunwayML"
    KLING = "KlingAI"
# === a pandas frame named data | untouched
import pandas

frame = pandas.DataFrame({"data": [1, 2], "duration": [3, 4]})
total = frame["data"].sum() + frame.get("data").max()
# === graphql answers | untouched
import requests


def query(text):
    return requests.post("https://graph.example.com/", json={"query": text}).json()["data"]["story"]
# === a file path that looks like one | untouched
from pathlib import Path

ROOT = Path("/media")
for file in (ROOT / "story").glob("*.mp4"):
    print(file)
# === a router of paths | untouched
PATHS = {"/story": "stories", "/media": "media", "/media/upload": "uploads"}


def route(path):
    return PATHS.get(path)
# === robots and links of a page | untouched
LINKS = {
    "api": "https://api.vimmerse.net",
    "docs": "https://docs.vimmerse.net/story",
}
# === an empty module | untouched
# === only a comment | untouched
# nothing here
# === another method name on a session | untouched
import requests

session = requests.Session()
session.headers["X-Api-Key"] = "another key"
session.post("https://images.example.com/media", files={"image": b""})
# === urllib to another host | untouched
from urllib.parse import urlencode
from urllib.request import Request, urlopen

with urlopen(Request("https://example.com/media", data=urlencode({"prompt": "p"}).encode())) as answer:
    answer.read()
# === a story class with its own narrator | untouched
class Story:
    def __init__(self, idea, narrator="Rachel"):
        self.idea, self.narrator = idea, narrator

    def payload(self):
        return {"idea": self.idea, "narrator": self.narrator, "scene_count": 3}
# === a config of another tool with sound effects | untouched
SETTINGS = {"sound_effects": "Yes", "background_music": False, "is_transition": "No"}


def apply(game):
    game.configure(**SETTINGS)
