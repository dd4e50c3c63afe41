"""``POST /media/{id}/process``: v2 has no call for it. The media is read, and its own settings are sent again."""

from __future__ import annotations

import libcst as cst
from vimmerse.compat.flows.media import PRESET_FIELDS
from vimmerse.compat.migrate.rewrite.edits import Edits, can_define
from vimmerse.compat.migrate.rewrite.program import Module
from vimmerse.compat.migrate.rewrite.syntax import comma
from vimmerse.compat.migrate.rewrite.values import HttpCall

_NAME = "process_media"
_NAMES = "\n".join(f'        "{name}": "{to}",' for name, to in PRESET_FIELDS.items())
_SYNC = '''def process_media(client, url, **options):
    """Generate a media again with its own settings. This costs credits."""
    media = client.get(url, **options)
    media.raise_for_status()
    preset = media.json()["pose_preset"]
    names = {
        NAMES
    }
    settings = {to: preset[name] for name, to in names.items() if preset.get(name) is not None}
    return client.put(url, json=settings, **options)
'''.replace("        NAMES", _NAMES)
_ASYNC = (
    _SYNC.replace(f"def {_NAME}", f"async def {_NAME}_async", 1)
    .replace("client.get", "await client.get")
    .replace("client.put", "await client.put")
)
_BODIES = ("data", "json", "files", "content", "params")


class ProcessAgain:
    """The change of a call that processes a media again.

    Attributes:
        reason: Why it can't be changed, or nothing.
    """

    def __init__(self, call: HttpCall, module: Module) -> None:
        self._call = call
        self._is_awaited = isinstance(module.parent(call.node), cst.Await)
        url = call.arguments.get("url")
        is_plain = url is not None and url.node in call.node.args
        self.reason = ""
        if not isinstance(call.node.func, cst.Attribute) or not is_plain or call.library == "urllib":
            self.reason = (
                "v2 takes two calls: GET the media, then PUT its own prompt, video_tool, duration, quantity and loop."
            )
        elif any(name in call.arguments for name in _BODIES):
            self.reason = "It has a body, which v1 ignores."
        self._name, self._code = (f"{_NAME}_async", _ASYNC) if self._is_awaited else (_NAME, _SYNC)
        if not self.reason and not can_define(module.tree, self._name, self._code):
            self.reason = f"The module has a {self._name} of its own, which the migration would define."

    def change(self, edits: Edits) -> None:
        """Call a function of the module instead, which is defined below its imports."""
        edits.define(self._name, self._code)
        url = self._call.arguments["url"].node

        def change(old: cst.Call) -> cst.Call:
            assert isinstance(old.func, cst.Attribute)
            arguments = [cst.Arg(old.func.value, comma=comma())]
            for before, argument in zip(self._call.node.args, old.args, strict=True):
                if before is url:
                    arguments.insert(1, cst.Arg(argument.value, comma=comma()))
                elif before.keyword is not None and before.keyword.value != "method":
                    arguments.append(argument)
            last = arguments[-1].with_changes(comma=old.args[-1].comma)
            return old.with_changes(func=cst.Name(self._name), args=[*arguments[:-1], last])

        edits.change(self._call.node, change)
