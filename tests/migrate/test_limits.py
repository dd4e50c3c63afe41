"""Programs that are unusual for the analysis: what a call sends is seen all the same, or is left."""

from __future__ import annotations

from textwrap import dedent

from vimmerse.compat.migrate.rewrite import rewrite

CALL = "requests.post('https://api.vimmerse.net/media', data={'prompt': prompt})\n"


def states(**modules: str) -> list[str]:
    result = rewrite({f"{name}.py": dedent(source) for name, source in modules.items()})
    assert result.errors == {}
    return [place.state for place in result.places if place.kind == "call"]


def test_a_function_in_a_default_of_a_function_that_nothing_calls() -> None:
    source = f"""
        import requests

        def send(prompt, key=lambda item: item):
            {CALL}
    """

    assert states(program=source) == ["rewritten"]


def test_a_default_is_that_of_the_module_that_defines_the_function() -> None:
    helper = """
        import requests

        TOOL = "KlingAI"

        def send(prompt, tool=TOOL):
            requests.post("https://api.vimmerse.net/media", data={"prompt": prompt, "motion_type": tool})
    """
    program = """
        from helper import send

        TOOL = "Parallax"
        send("A hat")
    """

    assert states(helper=helper, program=program) == ["rewritten"]


def test_long_sums() -> None:
    source = f"import requests\nprompt = {' + '.join(f'part{number}' for number in range(200))}\n{CALL}"

    assert states(program=source) == ["rewritten"]


def test_long_chains_of_calls() -> None:
    functions = "".join(f"def f{number}(x):\n    return f{number + 1}(x)\n\n" for number in range(60))
    source = f"import requests\n\n{functions}def f60(x):\n    return x\n\nprompt = f0('A hat')\n{CALL}"

    assert states(program=source) == ["rewritten"]


def test_a_boolean_stays_one() -> None:
    source = """
        import requests, sys

        quiet = "-q" in sys.argv
        form = {"idea": "A hat", "background_music": not quiet}
        requests.post("https://api.vimmerse.net/story/idea-2-video", data=form)
    """

    code = rewrite({"program.py": dedent(source)}).sources["program.py"]

    assert '"has_bg_music": not quiet' in code


def test_a_module_that_is_no_python_is_named() -> None:
    result = rewrite({"bad.py": "x = b'p' 'q'\n", "program.py": f"import requests\nprompt = 'p'\n{CALL}"})

    assert "bytes" in result.errors["bad.py"]
    assert [place.state for place in result.places] == ["rewritten"]
