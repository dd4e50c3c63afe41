#!/usr/bin/env python3
"""Make a video from the command line."""

import argparse
import os
import sys
import time

import requests

API = "https://api.vimmerse.net"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("idea")
    parser.add_argument("--title", default="")
    parser.add_argument("--scenes", type=int, default=3)
    parser.add_argument("--aspect", choices=["16:9", "9:16"], default="16:9")
    parser.add_argument("--wait", action="store_true")
    return parser.parse_args()


def main():
    args = parse_arguments()
    headers = {"X-Api-Key": os.environ["VIMMERSE_API_KEY"]}
    response = requests.post(
        f"{API}/story/idea-2-video",
        headers=headers,
        data={"idea": args.idea, "title": args.title, "scene_count": args.scenes, "aspect_ratio": args.aspect},
    )
    if response.status_code != 200:
        print(f"error {response.status_code}", file=sys.stderr)
        return 1
    story = response.json()["data"]
    print(f"story {story['id']}")
    while args.wait and story["status"] not in ("success", "fail"):
        time.sleep(3)
        story = requests.get(f"{API}/story/{story['id']}", headers=headers).json()["data"]
    if args.wait:
        print(story["status"])
    return 0 if story["status"] != "fail" else 2


if __name__ == "__main__":
    sys.exit(main())
