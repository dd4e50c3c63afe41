"""How programs pass values on: a call sends the same after a migration, or is left where the value can't be told."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest
from vimmerse.compat.migrate.rewrite import rewrite

from tests.migrate.test_generated import execute, pictures

__all__ = ["pictures"]  # the files that the programs upload

HEAD = "import requests\nROOT = 'https://api.vimmerse.net'\nH = {'X-Api-Key': 'a-key-of-the-tests'}\n"

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

SENT_THE_SAME = {
    "an annotated attribute without a value": """
        class Client:
            def __init__(self, tool):
                self.tool: str
                self.tool = tool
            def create(self):
                requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "motion_type": self.tool})
        Client("KlingAI").create()
    """,
    "a name that the program doesn't bind": """
        payload = {"prompt": "p", "motion_type": "KlingAI"}
        if __debug__:
            payload["duration"] = "5"
        requests.post(ROOT + "/media", headers=H, data=payload)
    """,
    "branches that all return": """
        def tool(fast):
            if fast:
                return "VeoFast"
            else:
                return "KlingAI"
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "motion_type": tool(False)})
    """,
    "a loop that returns": """
        def create():
            while True:
                requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "motion_type": "KlingAI"})
                return
        create()
    """,
    "a try that returns after success": """
        def create():
            try:
                requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "motion_type": "KlingAI"})
            except requests.ConnectionError:
                print("no connection")
            else:
                return True
            return False
        create()
    """,
    "a return in a finally": """
        def tool():
            try:
                return "KlingAI"
            finally:
                return "VeoFast"
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "motion_type": tool()})
    """,
    "a subclass of a subclass of a session": """
        class Base(requests.Session):
            pass
        class Client(Base):
            pass
        Client().post(ROOT + "/media", headers=H, data={"prompt": "p", "motion_type": "KlingAI"})
    """,
    "attributes that only Python sets": """
        class Client:
            def create(self):
                name = f"{self.__dict__} {Client.__module__}"
                requests.post(ROOT + "/media", headers=H, data={"prompt": name, "motion_type": "KlingAI"})
        Client().create()
    """,
    "an attribute of a session": """
        session = requests.Session()
        session.root = ROOT
        session.post(session.root + "/media", headers=H, data={"prompt": "p", "motion_type": "KlingAI"})
    """,
    "the longest": """
        tool = max(["KlingAI", "VeoFast"], key=lambda name: len(name))
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "motion_type": tool})
    """,
    "some of the keys are parameters": """
        def create(prompt, **fields):
            requests.post(ROOT + "/media", headers=H, data={"prompt": prompt, **fields})
        create(**{"prompt": "p", "motion_type": "KlingAI"})
    """,
    "a dict from a dict": """
        defaults = {"motion_type": "KlingAI", "duration": "5"}
        requests.post(ROOT + "/media", headers=H, data=dict(prompt="p", **defaults))
    """,
    "getattr": """
        send = getattr(requests, "post")
        send(ROOT + "/media", headers=H, data={"prompt": "p", "motion_type": "KlingAI"})
    """,
    "an element that is popped": """
        tools = ["KlingAI"]
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "motion_type": tools.pop()})
    """,
    "a first element and the rest": """
        tool, *others = ["KlingAI", "VeoFast", "Seedance"]
        requests.post(ROOT + "/media", headers=H, data={"prompt": "p", "motion_type": tool})
    """,
    "an element that is replaced": """
        prompts = ["a", "b"]
        prompts[0] = "c"
        for prompt in prompts:
            requests.post(ROOT + "/media", headers=H, data={"prompt": prompt, "motion_type": "KlingAI"})
    """,
    "the values of a dict": """
        prompts = {"a": "A hat", "b": "A kite"}
        for prompt in prompts.values():
            requests.post(ROOT + "/media", headers=H, data={"prompt": prompt, "motion_type": "KlingAI"})
    """,
    "a default that is there": """
        payload = {"prompt": "p", "motion_type": "KlingAI"}
        payload.setdefault("prompt", "q")
        requests.post(ROOT + "/media", headers=H, data=payload)
    """,
    "the same dict twice": """
        defaults = {"motion_type": "KlingAI"}
        payload = {"prompt": "p", **defaults}
        payload.update(defaults)
        requests.post(ROOT + "/media", headers=H, data=payload)
    """,
    "a generator of generators": """
        def some():
            yield "a"
        def prompts():
            yield from some()
        for prompt in prompts():
            requests.post(ROOT + "/media", headers=H, data={"prompt": prompt, "motion_type": "KlingAI"})
    """,
    "what is deleted elsewhere": """
        import os
        payload = {"prompt": "p", "motion_type": "KlingAI"}
        os.environ["A"] = "b"
        del os.environ["A"]
        copy = payload
        del copy
        requests.post(ROOT + "/media", headers=H, data=payload)
    """,
    "numbers are or-ed": """
        flags = 1
        flags |= 2
        requests.post(ROOT + "/media", headers=H, data={"prompt": str(flags), "motion_type": "KlingAI"})
    """,
    "more prompts than the analysis follows": """
        for prompt in [PROMPTS]:
            requests.post(ROOT + "/media", headers=H, data={"prompt": prompt, "motion_type": "KlingAI"})
    """.replace("PROMPTS", ", ".join(f"'prompt {number}'" for number in range(40))),
    "groups of arguments of the command line": """
        import argparse
        parser = argparse.ArgumentParser()
        group = parser.add_argument_group("video")
        group.add_argument("--tool", default="KlingAI", choices=["KlingAI", "VeoFast"])
        parser.add_argument("prompts", nargs="*", default=["A hat"])
        parser.set_defaults(verbose=False)
        args = parser.parse_args([])
        for prompt in args.prompts:
            requests.post(ROOT + "/media", headers=H, data={"prompt": prompt, "motion_type": args.tool})
    """,
    "a decorator that is a class's instance": """
        class Retried:
            def __init__(self, function):
                self.function = function
            def __call__(self, *args):
                return self.function(*args)
        def retried(function):
            return Retried(function)
        @retried
        def create(prompt):
            requests.post(ROOT + "/media", headers=H, data={"prompt": prompt, "motion_type": "KlingAI"})
        create("p")
    """,
    "arguments of a thread by name": """
        import threading
        def create(prompt):
            requests.post(ROOT + "/media", headers=H, data={"prompt": prompt, "motion_type": "KlingAI"})
        thread = threading.Thread(target=create, kwargs={"prompt": "p"})
        thread.start()
        thread.join()
    """,
    "arguments that are split from a text": """
        def create(prompt, duration):
            requests.post(ROOT + "/media", headers=H, data={"prompt": prompt, "motion_type": "KlingAI"})
        create(*"a,5".split(","))
    """,
    "a list with the elements of another": """
        prompts = ["a", *"b,c".split(",")]
        for prompt in prompts:
            requests.post(ROOT + "/media", headers=H, data={"prompt": prompt, "motion_type": "KlingAI"})
    """,
}

LEFT = {
    "pairs that are added": """
        pairs = [("prompt", "p")]
        pairs.extend([("motion_type", "KlingAI")])
        pairs += [("duration", "5")]
        requests.post(ROOT + "/media", headers=H, data=pairs)
    """,
    "a key that is looked for": """
        payload = {"prompt": "p", "motion_type": "KlingAI"}
        if "motion_type" not in payload:
            raise SystemExit
        requests.post(ROOT + "/media", headers=H, data=payload)
    """,
    "a key that is not known is removed": """
        import sys
        payload = {"prompt": "p", "motion_type": "KlingAI", "duration": "5"}
        payload.pop(sys.argv[0], None)
        requests.post(ROOT + "/media", headers=H, data=payload)
    """,
    "a dict that is cleared": """
        payload = {"prompt": "p", "motion_type": "KlingAI", "duration": "5"}
        payload.clear()
        payload["prompt"] = "q"
        requests.post(ROOT + "/media", headers=H, data=payload)
    """,
    "pairs of which some are not known": """
        import sys
        pairs = [("prompt", "p"), ("motion_type", "KlingAI")]
        pairs.extend(tuple(text.split("=")) for text in sys.argv[9:])
        requests.post(ROOT + "/media", headers=H, data=pairs)
    """,
    "pairs that are added from elsewhere": """
        import sys
        pairs = [("prompt", "p"), ("motion_type", "KlingAI")]
        pairs += sys.argv[9:]
        requests.post(ROOT + "/media", headers=H, data=pairs)
    """,
    "pairs that are added once more in a loop": """
        pairs = [("prompt", "p"), ("motion_type", "KlingAI")]
        for number in range(1):
            pairs.extend([("duration", "5")])
        requests.post(ROOT + "/media", headers=H, data=pairs)
    """,
    "a pair that is a text": """
        pairs = [("prompt", "p"), ["motion_type", "KlingAI"], "xy"]
        requests.post(ROOT + "/media", headers=H, data=pairs)
    """,
}


@pytest.mark.parametrize("name", SENT_THE_SAME)
def test_the_same_is_sent(name: str) -> None:
    code = HEAD + dedent(SENT_THE_SAME[name])

    result = rewrite({"program.py": code})
    new = result.sources["program.py"]

    assert result.errors == {}
    assert {place.state for place in result.places if place.kind == "call"} == {"rewritten"}, new
    expected, _ = execute(code, shim=True)
    assert expected.seen
    assert execute(new, shim=False)[0].seen == expected.seen, new


@pytest.mark.parametrize("name", LEFT)
def test_a_call_is_left(name: str) -> None:
    code = HEAD + dedent(LEFT[name])

    result = rewrite({"program.py": code})

    assert {place.state for place in result.places if place.kind == "call"} == {"left"}, result.sources
    assert ast.dump(ast.parse(result.sources["program.py"])) == ast.dump(ast.parse(code))
