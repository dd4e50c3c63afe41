import os

import requests

BASE_URL = "https://api.vimmerse.net"


def auth():
    return {"X-Api-Key": os.environ["VIMMERSE_API_KEY"], "Accept": "application/json"}


def make_session():
    session = requests.Session()
    session.headers.update(auth())
    return session


def create_story(session, idea):
    with session.post(f"{BASE_URL}/story/idea-2-video", data={"idea": idea, "narrator": "Callum"}) as response:
        response.raise_for_status()
        body = response.json()
    if "data" not in body:
        raise ValueError("no data in the answer")
    return body["data"]["id"], body["data"]["status"]


def delete_story(session, story_id):
    response = session.delete(f"{BASE_URL}/story/{story_id}")
    return response.status_code == 200


session = make_session()
story_id, status = create_story(session, "A button elopes")
print(story_id, bool(status))
print(delete_story(session, story_id))
