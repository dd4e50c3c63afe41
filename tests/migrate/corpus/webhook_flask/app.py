import os

import requests
from flask import Flask, jsonify, request

app = Flask(__name__)
API = "https://api.vimmerse.net"
HEADERS = {"X-Api-Key": os.environ.get("VIMMERSE_API_KEY", "")}
finished = {}


@app.route("/hooks/vimmerse", methods=["POST"])
def vimmerse_hook():
    event = request.get_json()
    if event["status"] != "success":
        return jsonify(ok=False), 200
    story_id = event["batch_id"]
    story = requests.get(f"{API}/story/{story_id}", headers=HEADERS).json()["data"]
    finished[story_id] = story["video_url"]
    return jsonify(ok=True)


@app.get("/health")
def health():
    return "ok"
