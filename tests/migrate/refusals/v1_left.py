# === an unsupported tool | left
import requests

requests.post("https://api.vimmerse.net/media", headers={"X-Api-Key": "k"}, data={"prompt": "p", "motion_type": "Parallax"})
# === an unsupported tool of a story | left
import requests

payload = {"idea": "A dress", "motion_type": "TryOnVideo"}
requests.post("https://api.vimmerse.net/story/idea-2-video", headers={"X-Api-Key": "k"}, data=payload)
# === a motion without a camera | left
import httpx

httpx.post("https://api.vimmerse.net/media", data={"prompt": "p", "motion_type": "StaticMotion"})
# === an unsupported tool in a pose preset | left
import json

import requests

data = {"pose_preset": {"MotionType": "Parallax", "Params": "CameraPath=Cross|Quantity=1"}}
with open("a.png", "rb") as image:
    requests.post("https://api.vimmerse.net/media/upload", data={"data": json.dumps(data)}, files={"image": image})
# === an edit of an existing storyboard | left
import requests

requests.post("https://api.vimmerse.net/story", data={"story_id": "s1", "idea": "A fox"})
# === an extended video | left
import requests

requests.post("https://api.vimmerse.net/media", data={"prompt": "p", "extend_video": "Yes"})
# === an animated character | left
import requests

requests.post("https://api.vimmerse.net/media", data={"prompt": "p", "character_animate": "Yes", "model": "S2V"})
# === a try-on model | left
import requests

requests.post("https://api.vimmerse.net/media", data={"model": "KlingTryOn", "prompt": "p"})
# === a private story | left
import requests

requests.post("https://api.vimmerse.net/story/idea-2-video", data={"idea": "A fox", "visibility_status": "0"})
# === a private story by a number | left
import requests

requests.post("https://api.vimmerse.net/story/idea-2-video", data={"idea": "A fox", "visibility_status": 0})
# === an update of a story | left
import requests

requests.put("https://api.vimmerse.net/story/s1", data={"title": "New"})
# === an image resource | left or untouched
import requests

requests.post("https://api.vimmerse.net/image", files={"image_file": open("a.png", "rb")})
# === an image generation | left or untouched
import requests

requests.post("https://api.vimmerse.net/image/generate", data={"prompt": "p"}).json()["data"]
# === a workflow | left or untouched
import requests

requests.post("https://api.vimmerse.net/workflow", json={"steps": []})
# === a text prompt | left or untouched
import requests

requests.post("https://api.vimmerse.net/text/prompt", data={"text": "t"})
# === the statistics of a customer | left or untouched
import requests

requests.get("https://api.vimmerse.net/customer-statistics/credits", headers={"X-Api-Key": "k"}).json()["data"]
# === an asset | left or untouched
import requests

requests.get("https://api.vimmerse.net/asset/a1").json()["data"]["results"]
# === a GIF of the result | left
import requests

requests.get("https://api.vimmerse.net/media/m1/download", params={"object_type": "bullet_video_gif"})
# === a GIF of the result in the address | left
import requests

gif = requests.get("https://api.vimmerse.net/media/m1/download?object_type=bullet_video_gif&motion_type=Auto1").content
# === a payload from a file | left or needs review
import json

import requests

with open("payload.json", encoding="utf-8") as file:
    payload = json.load(file)
r = requests.post("https://api.vimmerse.net/story/idea-2-video", headers={"X-Api-Key": "k"}, data=payload)
print(r.json()["data"]["id"])
# === a payload from yaml | left or needs review
import requests
import yaml

payload = yaml.safe_load(open("film.yaml"))
requests.post("https://api.vimmerse.net/media", data=payload)
# === keywords from outside | left or needs review
import requests


def create(idea, **options):
    return requests.post("https://api.vimmerse.net/story/idea-2-video", data={"idea": idea, **options}).json()["data"]
# === keywords that are all of it | left or needs review
import requests


def create(**fields):
    return requests.post("https://api.vimmerse.net/media", data=fields)
# === a payload that is a parameter | left or needs review
import requests


def post_story(payload):
    return requests.post("https://api.vimmerse.net/story/idea-2-video", data=payload, headers={"X-Api-Key": "k"})
# === a payload from the environment | left or needs review
import json
import os

import requests

requests.post("https://api.vimmerse.net/media", data=json.loads(os.environ["PAYLOAD"]))
# === a payload that an unknown function changes | left or needs review
import requests

from mylibrary import decorate

payload = {"prompt": "p", "motion_type": "KlingAI"}
decorate(payload)
requests.post("https://api.vimmerse.net/media", data=payload)
# === a payload that an unknown function makes | left or needs review
import requests

from mylibrary import make_payload

requests.post("https://api.vimmerse.net/media", data=make_payload("a fox"))
# === a payload with a computed key | left or needs review
import requests

field = input("field: ")
payload = {"prompt": "p"}
payload[field] = input("value: ")
requests.post("https://api.vimmerse.net/media", data=payload)
# === a payload of pairs from a loop | left or needs review
import sys

import requests

payload = {}
for pair in sys.argv[1:]:
    name, _, value = pair.partition("=")
    payload[name] = value
requests.post("https://api.vimmerse.net/media", data=payload)
# === a payload made of a data class | left or needs review
from dataclasses import asdict, dataclass

import requests


@dataclass
class Job:
    prompt: str
    motion_type: str = "Auto"


requests.post("https://api.vimmerse.net/media", data=asdict(Job("p")))
# === a payload made of an object's attributes | left or needs review
import requests


class Job:
    def __init__(self, **fields):
        for name, value in fields.items():
            setattr(self, name, value)


requests.post("https://api.vimmerse.net/media", data=vars(Job(prompt="p", motion_type="Auto")))
# === a payload that two operations share | left or needs review
import requests

options = {"title": "A fox", "duration": 10}
requests.post("https://api.vimmerse.net/story/idea-2-video", data={**options, "idea": "A fox"})
options["motion_type"] = "KlingAI"
requests.post("https://api.vimmerse.net/story/idea-2-video", data=options)
requests.post("https://api.vimmerse.net/story/s1/videos", data=options)
# === a payload that is also kept elsewhere | left or needs review
import json

import requests

payload = {"prompt": "p", "motion_type": "KlingAI", "sound_effects": "Yes"}
with open("sent.json", "w") as log:
    json.dump(payload, log)
requests.post("https://api.vimmerse.net/media", data=payload)
# === a payload that is also sent to another service | left or needs review
import requests

payload = {"idea": "A fox", "motion_type": "KlingAI", "narrator": "Aria"}
requests.post("https://audit.example.com/log", json=payload)
requests.post("https://api.vimmerse.net/story/idea-2-video", data=payload)
# === a method by name | left or needs review
import sys

import requests

call = getattr(requests, sys.argv[1])
call("https://api.vimmerse.net/media/m1", data={"title": "t"})
# === a method from a variable | left or needs review
import requests


def call(method, path, **fields):
    return requests.request(method, "https://api.vimmerse.net" + path, data=fields)
# === code in a text | untouched or left
eval("requests.post('https://api.vimmerse.net/media', data={'prompt': 'p', 'motion_type': 'Auto'})")
# === code that is executed | untouched or left
CODE = """
import requests
requests.post("https://api.vimmerse.net/media", data={"prompt": "p"})
"""
exec(CODE)
# === an address from outside | untouched or left
import os

import requests

requests.post(os.environ["VIDEO_URL"], data={"idea": "A fox", "motion_type": "KlingAI"})
# === an unknown path of the host | left or untouched
import sys

import requests

requests.get("https://api.vimmerse.net/" + sys.argv[1], headers={"X-Api-Key": "k"})
# === an unknown resource of the host | left or untouched
import requests

requests.get("https://api.vimmerse.net/health")
requests.get("https://api.vimmerse.net/storyboards/1")
# === an unknown step of a story | left or untouched
import requests

requests.post("https://api.vimmerse.net/story/s1/publish", data={"to": "web"})
# === an unknown method of a known path | left or untouched
import requests

requests.patch("https://api.vimmerse.net/media/m1", data={"title": "t"})
# === the answer goes to a file | left or needs review
import json

import requests

r = requests.get("https://api.vimmerse.net/story/s1", headers={"X-Api-Key": "k"})
with open("story.json", "w") as file:
    json.dump(r.json(), file)
# === the answer's text goes to a file | left or needs review
import requests

r = requests.get("https://api.vimmerse.net/story/s1", headers={"X-Api-Key": "k"})
with open("story.json", "wb") as file:
    file.write(r.content)
# === a view returns the answer | left or needs review
import requests
from flask import Flask

app = Flask(__name__)


@app.get("/films/<story_id>")
def film(story_id):
    return requests.get(f"https://api.vimmerse.net/story/{story_id}", headers={"X-Api-Key": "k"}).json()
# === a view returns the object | left or needs review
import requests
from fastapi import FastAPI

app = FastAPI()


@app.get("/clips/{media_id}")
def clip(media_id: str):
    return requests.get(f"https://api.vimmerse.net/media/{media_id}", headers={"X-Api-Key": "k"}).json()["data"]
# === an exported function returns the object | left or needs review
import requests


def get_media(media_id):
    """For our customers: the media as the service gives it."""
    return requests.get(f"https://api.vimmerse.net/media/{media_id}", headers={"X-Api-Key": "k"}).json()["data"]
# === a yielded answer | left or needs review
import requests


def all_media(ids):
    for media_id in ids:
        yield requests.get(f"https://api.vimmerse.net/media/{media_id}").json()["data"]
# === the answer goes to an unknown function | left or needs review
import requests

from mylibrary import store

store(requests.get("https://api.vimmerse.net/media/m1").json()["data"])
# === the response goes to an unknown function | left or needs review
import requests

from mylibrary import check

check(requests.get("https://api.vimmerse.net/media/m1"))
# === a computed key of an answer | left or needs review
import sys

import requests

media = requests.get("https://api.vimmerse.net/media/m1").json()["data"]
print(media[sys.argv[1]])
# === all the items of an answer | left or needs review
import requests

for name, value in requests.get("https://api.vimmerse.net/media/m1").json()["data"].items():
    print(name, value)
# === a field that v2 has not | left or needs review
import requests

media = requests.get("https://api.vimmerse.net/media/m1").json()["data"]
print(media["nsfw"], media["video_history"], media["bullet_version"])
# === a visibility that v2 does not show | left or needs review
import requests

story = requests.get("https://api.vimmerse.net/story/s1").json()["data"]
if story["visibility_status"] == "2":
    print("public")
# === parameters of a preset in an answer | left or needs review
import requests

media = requests.get("https://api.vimmerse.net/media/m1").json()["data"]
print(media["pose_preset"]["Params"].split("|")[0])
# === the raw response of urllib | left or needs review
import sys
from urllib.request import Request, urlopen

body = sys.stdin.buffer.read()
urlopen(Request("https://api.vimmerse.net/media", data=body, method="POST"))
# === several motions in one media | left or needs review
import requests

requests.post("https://api.vimmerse.net/media/prompt", json={"title": "t", "pose_preset": [
    {"MotionType": "Auto", "Params": "Prompt=a|Quantity=1"},
    {"MotionType": "KlingAI", "Params": "Prompt=b|Quantity=1"},
]})
# === a prepared request | left or needs review
import requests

request = requests.Request("POST", "https://api.vimmerse.net/media", data={"prompt": "p", "motion_type": "Auto"})
with requests.Session() as session:
    session.send(request.prepare())
# === another library | untouched or left
import aiohttp


async def create(prompt):
    async with aiohttp.ClientSession() as session:
        async with session.post("https://api.vimmerse.net/media", data={"prompt": prompt}) as answer:
            return (await answer.json())["data"]
# === the standard library's connection | untouched or left
import http.client

connection = http.client.HTTPSConnection("api.vimmerse.net")
connection.request("POST", "/media", body="prompt=p&motion_type=Auto")
# === curl by subprocess | untouched or left
import subprocess

subprocess.run(["curl", "-X", "POST", "https://api.vimmerse.net/media", "-d", "prompt=p"], check=True)
# === a body that is text already | left or needs review
import requests

requests.post(
    "https://api.vimmerse.net/media",
    data="prompt=p&motion_type=KlingAI&duration=5",
    headers={"Content-Type": "application/x-www-form-urlencoded"},
)
# === a storyboard from a file as text | left or needs review
import requests

text = open("storyboard.json").read()
requests.post("https://api.vimmerse.net/story/s1/scenes", data={"storyboard": text})
# === a tool from a function of somewhere | left or needs review
import requests

from mylibrary import best_tool

requests.post("https://api.vimmerse.net/media", data={"prompt": "p", "motion_type": best_tool()})
# === a tool from a request of a user | left or needs review
import requests
from flask import Flask, request

app = Flask(__name__)


@app.post("/films")
def film():
    form = request.form
    requests.post("https://api.vimmerse.net/media", data={"prompt": form["prompt"], "motion_type": form["tool"]})
    return "", 204
# === whether a story is private is not known | left or needs review
import sys

import requests

requests.post("https://api.vimmerse.net/story/idea-2-video", data={"idea": "i", "visibility_status": sys.argv[1]})
# === a transition from outside | left or needs review
import sys

import requests

requests.post("https://api.vimmerse.net/story/s1/videos", data={"is_transition": sys.argv[1]})
# === an address that differs by a flag | left or needs review
import sys

import requests

step = "elements" if "--elements" in sys.argv else "scenes"
requests.post(f"https://api.vimmerse.net/story/s1/{step}", data={"option": "AutoI", "narrator": "Will"})
# === a global that another module changes | left or needs review
import requests

PAYLOAD = {"prompt": "p", "motion_type": "KlingAI"}


def send():
    return requests.post("https://api.vimmerse.net/media", data=PAYLOAD).status_code


def configure(**options):
    PAYLOAD.update(options)
# === a response hook | left or needs review
import requests


def unwrap(response, *args, **kwargs):
    response.payload = response.json()["data"]


session = requests.Session()
session.hooks["response"].append(unwrap)
media = session.get("https://api.vimmerse.net/media/m1").payload
print(media["result"][0]["url"])
# === a subclass of a session | left or needs review or rewritten
import requests


class Api(requests.Session):
    def request(self, method, url, **options):
        return super().request(method, "https://api.vimmerse.net" + url, **options)


Api().post("/media", data={"prompt": "p", "motion_type": "KlingAI"})
# === a star of arguments | left or needs review or rewritten
import requests

arguments = ("https://api.vimmerse.net/media",)
options = {"data": {"prompt": "p", "motion_type": "KlingAI"}}
requests.post(*arguments, **options)
# === more than one file from a directory | left or needs review
import glob

import requests

files = [("image_files", open(name, "rb")) for name in glob.glob("*.png")]
requests.post("https://api.vimmerse.net/media", data={"title": "t"}, files=files)
# === an image on a story | left or needs review or rewritten
import requests

with open("a.png", "rb") as image:
    requests.post("https://api.vimmerse.net/story", data={"idea": "i"}, files={"image_files": image})
# === native audio of a story | needs review
import requests

requests.post("https://api.vimmerse.net/story/idea-2-video", data={"idea": "i", "sound_effects": "Yes"})
# === a dropped field | needs review
import requests

requests.post("https://api.vimmerse.net/story/s1/elements", data={"aspect_ratio": "16:9", "seed": 4669})
# === an approximated tool | needs review
import requests

requests.post("https://api.vimmerse.net/media", data={"prompt": "p", "motion_type": "LumaAI"})
# === an approximated length | needs review
import requests

requests.post("https://api.vimmerse.net/story/idea-2-video", data={"idea": "i", "duration": 6})
# === a public story | needs review
import requests

requests.post("https://api.vimmerse.net/story/idea-2-video", data={"idea": "i", "visibility_status": "2"})
# === a described story | needs review
import requests

requests.post("https://api.vimmerse.net/story/idea-2-video", data={"idea": "i", "description": "d"})
# === a camera | needs review
import requests

requests.post("https://api.vimmerse.net/media", data={"prompt": "p", "camera_control": "Circular", "motion_range": 8})
# === a misspelled tool | needs review or rewritten or left
import requests

requests.post("https://api.vimmerse.net/media", data={"prompt": "p", "motion_type": "KlingIA"})
# === a field that v1 never knew | needs review or rewritten or left
import requests

requests.post("https://api.vimmerse.net/media", data={"prompt": "p", "our_reference": "42"})
