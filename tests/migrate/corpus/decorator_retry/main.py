import functools
import os
import time

import requests

API = "https://api.vimmerse.net"


def retry(times, pause=1.0):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for attempt in range(1, times + 1):
                try:
                    return function(*args, **kwargs)
                except requests.ConnectionError:
                    if attempt == times:
                        raise
                    time.sleep(pause * attempt)
        return wrapper
    return decorate


def authorized(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        kwargs.setdefault("headers", {})["X-Api-Key"] = os.environ["VIMMERSE_API_KEY"]
        return function(*args, **kwargs)
    return wrapper


@retry(times=3)
@authorized
def fetch_story(story_id, headers=None):
    response = requests.get(f"{API}/story/{story_id}", headers=headers, timeout=30)
    response.raise_for_status()
    return response.json()["data"]


@authorized
def start_story(idea, headers=None):
    response = requests.post(f"{API}/story/idea-2-video", headers=headers, data={"idea": idea}, timeout=60)
    response.raise_for_status()
    return response.json()["data"]["id"]


identifier = start_story("A lighthouse keeper befriends a whale")
story = fetch_story(identifier)
print(identifier == story["id"], len(story["storyboard"]["scenes"]))
