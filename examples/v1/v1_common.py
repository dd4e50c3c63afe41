"""What the sample programs share: settings, checked responses, waiting, saved files.

Settings come from the command line first, then from the environment: VIMMERSE_API_KEY, VIMMERSE_STORY_ID,
VIMMERSE_MEDIA_ID, V1_OUT (the output directory, ./out) and V1_POLL_SECONDS (5).
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

import requests

HEADERS = {"X-Api-Key": os.environ.get("VIMMERSE_API_KEY", "YOUR_API_KEY")}
IMAGES = Path(__file__).parent / "images"
POLL_SECONDS = float(os.environ.get("V1_POLL_SECONDS", "5"))


def argument(position: int, default: str) -> str:
    """The command-line argument at a position, from 1."""
    return sys.argv[position] if len(sys.argv) > position else default


def id_argument(kind: str) -> str:
    """The story or media to work on: the first argument, or VIMMERSE_STORY_ID or VIMMERSE_MEDIA_ID."""
    variable = f"VIMMERSE_{kind.upper()}_ID"
    value = argument(1, os.environ.get(variable, ""))
    if not value:
        sys.exit(f"Which {kind}? Pass its id: {Path(sys.argv[0]).name} ID, or set {variable}.")
    return value


def data_of(response: requests.Response) -> dict[str, Any]:
    """The object inside v1's ``{"data": ...}``. An error response ends the program with what the service said."""
    if not response.ok:
        sys.exit(
            f"{response.request.method} {response.request.path_url} failed ({response.status_code}): {response.text}"
        )
    data: dict[str, Any] = response.json()["data"]
    return data


def show(data: dict[str, Any]) -> None:
    """Print the id and state of a story or media."""
    state = data.get("processing_status") or data.get("status")
    print(f"{data['id']}: {state}, {data.get('title') or 'no title'}")


def wait_for_media(media_id: str) -> None:
    """Poll the progress until it is 100 percent: then the media has ended, successfully or not."""
    percentage = 0
    while percentage != 100:
        time.sleep(POLL_SECONDS)
        response = requests.get(
            f"https://api.vimmerse.net/media/{media_id}/processing-status", headers=HEADERS, timeout=60
        )
        progress = data_of(response)
        percentage = int(progress["progress_percentage"])
        print(f"Media {media_id}: {percentage}%")


def save(response: requests.Response, name: str) -> None:
    """Write a downloaded file to the output directory."""
    if not response.ok:
        sys.exit(f"The download failed ({response.status_code}): {response.text}")
    directory = Path(os.environ.get("V1_OUT", "out"))
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / name
    path.write_bytes(response.content)
    print(f"Saved {path}")
