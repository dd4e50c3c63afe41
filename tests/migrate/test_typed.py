"""``--to typed``: plain calls become methods of ``vimmerse.v2.Vimmerse``, and the program does the same."""

from __future__ import annotations

import gc
import inspect
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from vimmerse.compat.migrate.migration import migrate_tree
from vimmerse.compat.migrate.rewrite import rewrite
from vimmerse.compat.migrate.rewrite.typed import METHODS
from vimmerse.emulator import Emulator
from vimmerse.v2 import Vimmerse, openapi

from tests.migrate import programs
from tests.migrate.cases import CASES, kept_lines, write
from tests.sampling import sampled

#: Programs all of whose calls become methods.
TYPED = (
    *("answers_rebound", "audio_story", "cli_argparse_tool", "conditional_expression", "dict_step_by_step"),
    *("environment_values", "from_imports", "late_form", "late_json"),
    *("lossy_options", "media_items_text", "poll_for_range", "poll_while_true", "prompt_json", "request_verbs"),
    *("result_urls", "session_retry_adapter", "status_constants", "status_match", "status_table", "story_steps"),
    *("string_building", "transition_numbers"),
)
IMPORTS = "import requests\n\nHEADERS = {'X-Api-Key': 'k'}\nROOT = 'https://api.vimmerse.net'\n"


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


def typed(source: str) -> str:
    """The source of a program after a migration to the typed client."""
    result = rewrite({"program.py": IMPORTS + dedent(source)}, target="typed")
    assert result.errors == {}
    return result.sources["program.py"]


# A script leaves its client to the end of the process.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", sampled(TYPED, 6))
def test_the_program_does_the_same(name: str, emulator: Emulator, tmp_path: Path) -> None:
    case = CASES[name]
    before, after = case.copy_to(tmp_path / "v1"), case.copy_to(tmp_path / "v2")
    changes = migrate_tree([after], target="typed").changes
    write(after, {path.relative_to(after).as_posix(): content for path, content in changes.items()})
    assert any(b"vimmerse_client." in content for content in changes.values())

    runs = []
    for directory in (before, after):
        emulator.reset()
        identifier = programs.WORKS[case.works_on](emulator)
        arguments = [argument.replace("{id}", identifier) for argument in case.run]
        environment = {**case.environment, "VIMMERSE_BASE_URL": emulator.base_url}
        runs.append(programs.run(directory, arguments, emulator, shim=directory == before, environment=environment))
    gc.collect()  # while its warnings are ignored

    expected, actual = runs
    assert actual.changes == expected.changes, actual.error
    assert actual.exit == expected.exit, actual.error
    assert kept_lines(actual.output, case.ignore) == kept_lines(expected.output, case.ignore), actual.error


def test_every_method_is_the_clients() -> None:
    with Vimmerse(api_key="k") as client:
        methods = {key: getattr(getattr(client, resource), name) for key, (resource, name) in METHODS.items()}
    paths = {
        (method.upper(), path.replace("{story_id}", "{}").replace("{media_id}", "{}"))
        for path, operations in openapi()["paths"].items()
        for method in operations.keys() - {"parameters"}
    }
    uploads = {("POST", "/v2/image")}
    assert set(METHODS) == paths - uploads
    for (_, path), method in methods.items():
        parameters = inspect.signature(method).parameters
        positional = [one for one in parameters.values() if one.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
        assert len(positional) == path.count("{}")


def test_a_call_and_what_reads_it() -> None:
    code = typed("""
        form = {"prompt": "p", "motion_type": "Vidu"}
        response = requests.post(ROOT + "/media", headers=HEADERS, data=form, timeout=9)
        response.raise_for_status()
        media = response.json()["data"]
        print(media["id"], media.get("title", ""))
    """)

    assert "response = vimmerse_client.media.create(**form, timeout=9)\n" in code
    assert "raise_for_status" not in code
    assert "media = response\n" in code
    assert 'print(media.id, (media.title or ""))' in code
    assert "vimmerse_client = Vimmerse(api_key='k')\n" in code


@pytest.mark.parametrize(
    "use",
    [
        "print(response.status_code)",
        "save(response.json())",
        "print(response.json()['data'])",
        "open('a.json', 'w').write(response.text)",
        "print({**response.json()['data']})",
        "print(response.json()['data']['unheard_of'])",
    ],
)
def test_other_uses_of_a_response_keep_the_http_call(use: str) -> None:
    code = typed(f"""
        response = requests.get(ROOT + "/media/m1", headers=HEADERS)
        {use}
    """)

    assert "requests.get(ROOT" in code
    assert "/v2/media/m1" in code
    assert "vimmerse_client" not in code


@pytest.mark.parametrize(
    "call",
    [
        "requests.get(ROOT + '/media/m1', headers=HEADERS, verify=False)",
        "requests.get(ROOT + '/media/m1', headers=HEADERS, **options)",
        "requests.get(ROOT + '/media/m1/processing-status', headers=HEADERS)",
    ],
)
def test_calls_that_the_client_has_no_words_for_stay(call: str) -> None:
    source = IMPORTS + f"options = load()\nprint({call}.json()['data']['id'])\n"

    result = rewrite({"program.py": source}, target="typed")

    assert "vimmerse_client" not in result.sources.get("program.py", source)


def test_a_call_whose_errors_are_caught_stays() -> None:
    code = typed("""
        try:
            print(requests.get(ROOT + "/media/m1", headers=HEADERS).json()["data"]["id"])
        except requests.RequestException:
            print("later")
    """)

    assert "vimmerse_client" not in code


def test_a_second_run_changes_nothing() -> None:
    code = typed('id = input()\nprint(requests.get(f"{ROOT}/story/{id}", headers=HEADERS).json()["data"]["id"])\n')

    assert "vimmerse_client.stories.get" in code
    assert rewrite({"program.py": code}, target="typed").sources == {}


def test_a_module_without_a_key_keeps_its_calls() -> None:
    source = 'import requests\nprint(requests.get("https://api.vimmerse.net/story/s1").json()["data"]["id"])\n'

    assert "vimmerse_client" not in rewrite({"program.py": source}, target="typed").sources["program.py"]
