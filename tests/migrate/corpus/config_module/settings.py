"""Settings of the video jobs."""

import os

VIMMERSE_BASE = "https://api.vimmerse.net"
VIMMERSE_KEY = os.environ["VIMMERSE_API_KEY"]
CREATE_URL = VIMMERSE_BASE + "/story/idea-2-video"
STORY_URL = VIMMERSE_BASE + "/story/{story_id}"
DEFAULT_TOOL = "Seedance"
VOICE = "Charlotte"
TIMEOUT = 45
