"""One call with each client, as its documentation shows it: the setup, and the call that is repeated.

They are source text, so that the same lines run in a new process and in this one. ``BASE`` is the server's URL. No call
fails, so no client retries.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

#: The example of idea-2-video on the vendor's page (v1-story.txt).
SHORT_FORM = """{
    "idea": "Make promotion video that cute animals play the musical instruments.",
    "title": "Example Story",
    "aspect_ratio": "9:16",
    "scene_count": 3,
}"""
#: With all options that an integration is likely to use, most of them v1's own.
FORM = """{
    "idea": "Cute animals play instruments in a meadow",
    "title": "Musical animals",
    "aspect_ratio": "9:16",
    "scene_count": 3,
    "option": "FluxKontextPro",
    "motion_type": "KlingAI",
    "duration": 5,
    "narrator": "Sarah",
    "background_music": True,
}"""
#: The same call, written for v2.
BODY = """{
    "idea": "Cute animals play instruments in a meadow",
    "title": "Musical animals",
    "aspect_ratio": "9:16",
    "scene_count": 3,
    "image_tool": "AutoI",
    "video_tool": "KlingAI",
    "scene_duration": 5,
    "audio_option": {"has_bg_music": True, "has_narration": True, "narrator": "Sarah"},
}"""


@dataclass(frozen=True)
class Client:
    """``imports``, then ``setup``, then ``call``, which is an expression.

    ``ready`` is an expression that loads what the call needs, and makes the connection pool, but sends nothing.
    ``poll`` is an expression that gets a v2 story.
    """

    name: str
    imports: str
    setup: str
    call: str
    ready: str = ""
    poll: str = ""

    def program(self, base: str, call: str = "") -> str:
        """A program that makes one call, or ends with another expression."""
        return f"BASE = {base!r}\n{self.imports}\n{self.setup}\n{call or self.call}\n"

    def function(self, base: str, folder: Path) -> Callable[[], Any]:
        """The call as a function in this process, from a file in ``folder`` like a user's program."""
        file = folder / f"{abs(hash((self.name, self.call)))}.py"
        file.write_text(
            f"BASE = {base!r}\n{self.imports}\n{self.setup}\n\ndef call():\n    return (\n{self.call}\n    )\n"
        )
        spec = importlib.util.spec_from_file_location("__main__", file)
        assert spec is not None
        assert spec.loader is not None
        program = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(program)
        function: Callable[[], Any] = program.call
        return function


RAW_V2 = Client(
    "httpx, v2",
    "import httpx",
    'client = httpx.Client(base_url=BASE, headers={"X-Api-Key": "a-key"})',
    f'client.post("/v2/story/idea-2-video", json={BODY}).json()',
    poll='client.get("/v2/story/abc123-def456-ghi789").json()',
)


def _create(caller: str, form: str, more: str = "") -> str:
    return f'{caller}.post(BASE + "/story/idea-2-video", {more}data={form}).json()["data"]'


def _poll(caller: str, more: str = "") -> str:
    return f'{caller}.get(BASE + "/story/abc123-def456-ghi789"{more}).json()["data"]'


RAW_V1 = Client(
    "httpx, v1",
    "import httpx",
    'client = httpx.Client(headers={"X-Api-Key": "a-key"})',
    _create("client", SHORT_FORM),
)
RAW_REQUESTS = Client(
    "requests",
    "import requests",
    'headers = {"X-Api-Key": "a-key"}',
    _create("requests", SHORT_FORM, "headers=headers, "),
)
RAW_SESSION = Client(
    "requests.Session",
    "import requests",
    'session = requests.Session()\nsession.headers["X-Api-Key"] = "a-key"',
    _create("session", SHORT_FORM),
)
TYPED_V2 = Client(
    "vimmerse.v2",
    "from vimmerse.v2 import AuthenticatedClient\n"
    "from vimmerse.v2.api.story import get_story, idea_to_video\n"
    "from vimmerse.v2.models import IdeaToVideoRequest, Story, StoryAudioOption",
    'client = AuthenticatedClient(base_url=BASE, token="a-key")',
    """idea_to_video.sync(
    client=client,
    body=IdeaToVideoRequest(
        idea="Cute animals play instruments in a meadow",
        title="Musical animals",
        aspect_ratio="9:16",
        scene_count=3,
        image_tool="AutoI",
        video_tool="KlingAI",
        scene_duration=5,
        audio_option=StoryAudioOption(has_bg_music=True, has_narration=True, narrator="Sarah"),
    ),
)""",
    "client.get_httpx_client(), idea_to_video.sync, IdeaToVideoRequest, Story, __import__('httpcore')",
    'get_story.sync("abc123-def456-ghi789", client=client)',
)
RESOURCE = Client(
    "Vimmerse",
    "from vimmerse.v2 import Vimmerse",
    'client = Vimmerse(api_key="a-key", base_url=BASE)',
    """client.stories.create(
    idea="Cute animals play instruments in a meadow",
    title="Musical animals",
    aspect_ratio="9:16",
    scene_count=3,
    image_tool="AutoI",
    video_tool="KlingAI",
    scene_duration=5,
    audio_option={"has_bg_music": True, "has_narration": True, "narrator": "Sarah"},
)""",
    # httpx loads httpcore with the client, this library with the first request.
    'client.get_httpx_client(), client.estimate(client.stories.create, idea="A whale"), __import__("httpcore")',
    'client.stories.get("abc123-def456-ghi789")',
)
TRANSPORT = Client(
    "CompatTransport",
    "import httpx\nfrom vimmerse.compat import CompatTransport",
    'client = httpx.Client(transport=CompatTransport(base_url=BASE), headers={"X-Api-Key": "a-key"})',
    _create("client", SHORT_FORM),
)
DROP_IN = Client(
    "the requests drop-in",
    'import os\nos.environ["VIMMERSE_BASE_URL"] = BASE\nfrom vimmerse.compat import requests',
    'headers = {"X-Api-Key": "a-key"}',
    _create("requests", SHORT_FORM, "headers=headers, "),
)
DROP_IN_SESSION = Client(
    "the drop-in Session",
    'import os\nos.environ["VIMMERSE_BASE_URL"] = BASE\nfrom vimmerse.compat import requests',
    'session = requests.Session()\nsession.headers["X-Api-Key"] = "a-key"',
    _create("session", SHORT_FORM),
)


def detailed(client: Client) -> Client:
    """The same client, with all options."""
    return replace(client, call=client.call.replace(SHORT_FORM, FORM))


def polling(client: Client) -> Client:
    """The same client, getting a story."""
    if client.poll:
        return replace(client, call=client.poll)
    caller = client.call.partition(".")[0]
    return replace(client, call=_poll(caller, ", headers=headers" if caller == "requests" else ""))


PEERS = (
    Client(
        "runwayml",
        "from runwayml import RunwayML",
        'client = RunwayML(api_key="key_a", base_url=BASE)',
        'client.text_to_video.create(model="veo3.1", prompt_text="A whale", ratio="1280:720", duration=4)',
        "client.text_to_video.create",
    ),
    Client(
        "lumaai",
        "from lumaai import LumaAI",
        'client = LumaAI(auth_token="a-key", base_url=BASE)',
        'client.generations.create(model="ray-2", prompt="A whale", aspect_ratio="16:9", duration="5s")',
        "client.generations.create",
    ),
    Client(
        "openai",
        "from openai import OpenAI",
        'client = OpenAI(api_key="a-key", base_url=BASE)',
        'client.videos.create(prompt="A whale", model="sora-2", seconds="4")',
        "client.videos.create",
    ),
    Client(
        "replicate",
        "import replicate",
        'client = replicate.Client(api_token="a-key", base_url=BASE)',
        'client.predictions.create(version="a-version", input={"prompt": "A whale", "duration": 5})',
        "client._client, client.predictions.create",
    ),
    Client(
        "fal_client",
        "import fal_client.client\nfrom fal_client import SyncClient",
        # Its URL is a constant with https.
        'fal_client.client.QUEUE_URL_FORMAT = BASE + "/"\nclient = SyncClient(key="a-key")',
        'client.submit("fal-ai/a-model", arguments={"prompt": "A whale", "duration": 5})',
        "client._client, client.submit",
    ),
)


def _first_byte(name: str, imports: str, setup: str, path: str) -> Client:
    function = f"""
def download():
    with client.stream("GET", {path}) as response:
        for chunk in response.iter_raw():
            return chunk
"""
    return Client(name, imports, setup + function, "download()")


FIRST_BYTE_RAW = _first_byte("httpx", "import httpx", "client = httpx.Client()", 'BASE + "/file/1000000"')
FIRST_BYTE = _first_byte("CompatTransport", TRANSPORT.imports, TRANSPORT.setup, 'BASE + "/media/file-1000000/download"')
