"""docs/reference/: each public name is there, with a docstring that describes its arguments; drift is found."""

from __future__ import annotations

import importlib
import re
import shutil
from pathlib import Path
from types import ModuleType

import griffe
import pytest

from scripts import _reference as reference
from scripts._rendering import Places, final

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def namespace() -> griffe.Object:
    return reference.load()


@pytest.fixture(scope="module")
def pages(namespace: griffe.Object) -> dict[str, reference.Page]:
    places: Places = {}
    return {name: reference.Page(name, namespace, places) for name in reference.PAGES}


@pytest.mark.parametrize("name", reference.PAGES)
def test_every_public_name_is_on_its_page(name: str) -> None:
    package = importlib.import_module(f"vimmerse.{name}")
    text = (ROOT / reference.FOLDER / f"{name}.md").read_text("utf-8")
    headings = set(re.findall(r"^##+ `(.*)`$", text, re.MULTILINE))
    cells = set(re.findall(r"^\| `(?:\w+\.)*(\w+)` \|", text, re.MULTILINE))

    missing = []
    for exported in package.__all__:
        value = getattr(package, exported)
        if not isinstance(value, ModuleType) or exported == "requests":  # a module without __all__
            missing += [exported] if exported not in headings else []
        elif exported in reference.LISTED:
            packages = [getattr(value, each) for each in value.__all__]
            names = [each for one in packages if isinstance(one, ModuleType) for each in one.__all__] or value.__all__
            missing += [f"{exported}: {each}" for each in names if each not in cells]
        else:
            names = set(value.__all__) - set(package.__all__)
            missing += [f"{exported}.{each}" for each in names if f"{exported}.{each}" not in headings]

    assert not missing


def undescribed(definition: griffe.Object, parameters: list[griffe.Parameter]) -> list[str]:
    """The arguments that a docstring does not name; none if it refers to another one."""
    bases = definition.mro() if isinstance(definition, griffe.Class) else []  # they describe what is inherited
    text = "\n".join(each.docstring.value for each in (definition, *bases) if each.docstring)
    if re.search(r"^(Like|As) |he other arguments are those of|, which describes its settings", text):
        return []
    return [each.name for each in parameters if not re.search(rf"\b{each.name}\b", text)]


@pytest.mark.parametrize("name", reference.PAGES)
def test_every_docstring_describes_the_arguments(name: str, pages: dict[str, reference.Page]) -> None:
    page, missing = pages[name], []
    for heading, definition in page.all.items():
        documented = reference.documented(definition)
        if documented.docstring is None and not isinstance(definition, griffe.Attribute):
            missing.append(heading)
        if isinstance(definition, griffe.Function):
            missing += [f"{heading}({each})" for each in undescribed(definition, list(definition.parameters))]
        if not isinstance(definition, griffe.Class) or reference.has_fields(definition):
            continue
        members = page.members(definition)
        parameters = [
            each for each in reference.constructor(definition, members) if each.name != "message"
        ]  # of errors
        if heading not in page.results and not page.accessor(heading):  # users don't create those
            missing += [f"{heading}({each})" for each in undescribed(documented, parameters)]
        for key, each in members.items():
            if isinstance(each, griffe.Function) and each.docstring:
                of_method = undescribed(each, list(each.parameters)[1:])
                missing += [f"{heading}.{key}({argument})" for argument in of_method]

    assert not missing, "\n".join(missing)


def test_drift_is_named_and_put_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], namespace: griffe.Object
) -> None:
    folder = tmp_path / reference.FOLDER
    shutil.copytree(ROOT / reference.FOLDER, folder)
    monkeypatch.setattr(reference, "load", lambda: namespace)
    monkeypatch.setattr("sys.argv", ["_reference", "--root", str(tmp_path)])
    reference.main()
    before = (folder / "jobs.md").read_text("utf-8")
    edited = before.replace("Return the finished story", "Return it").replace("Waiting for jobs", "Waiting")
    assert edited != before
    (folder / "jobs.md").write_text(edited, "utf-8")
    capsys.readouterr()

    monkeypatch.setattr("sys.argv", ["_reference", "--check", "--root", str(tmp_path)])
    assert reference.main() == 1
    assert capsys.readouterr().err.startswith("docs/reference/jobs.md: not up to date")
    assert (folder / "jobs.md").read_text("utf-8") == edited

    monkeypatch.setattr("sys.argv", ["_reference", "--root", str(tmp_path)])
    assert reference.main() == 0
    after = (folder / "jobs.md").read_text("utf-8")
    assert after == before.replace("Waiting for jobs", "Waiting")  # the introduction is the page's own


# How a docstring is rendered

CODE = '''
__all__ = ["LIMIT", "Job", "Other", "lookup"]
LIMIT = 8
"""How many at a time."""

class Job:
    """A job.

    ``id``, ``kind``: which one it is, as
    a text.
    ``seconds``: how long.

    The rest of the text.
    """

    def __init__(self, id: str, *, kind: "str | None" = None) -> None:
        self.secret = id

    def rename(self, name: str, /, *, force: bool = False) -> "Job":
        """Give it another name.

            job.rename("b")

        Args:
            name: The new name, see :meth:`Job.rename`, :func:`lookup`, :class:`str`.
            force: Even if
                it is taken.

        Returns:
            Job: The same, which
            has another name.

        Raises:
            KeyError, ValueError: The name is | taken.
        """

class Other(Job, Exception):
    """Another."""

async def lookup(job: Job, concurrency: int = LIMIT, sleep_between_two_requests: float = 1.0, *more: int) -> None:
    """Look ``job`` up."""
'''

PAGE = """\
## Names

| Name |  |
| --- | --- |
| [`Job`](#job) | A job |
| [`LIMIT`](#limit) | How many at a time |
| [`Other`](#other) | Another |
| [`lookup`](#lookup) | Look `job` up |

## `Job`

```py
class Job(id: str, *, kind: str | None = None)
```

A job.

- `id`, `kind`: which one it is, as a text.
- `seconds`: how long.

The rest of the text.

### `Job.rename`

```py
def rename(name: str, /, *, force: bool = False) -> Job
```

Give it another name.

```py
job.rename("b")
```

Arguments:

- `name`: The new name, see [`Job.rename`](#jobrename), [`lookup`](#lookup), `str`.
- `force`: Even if it is taken.

Returns:

- `Job`: The same, which has another name.

Raises:

- `KeyError`, `ValueError`: The name is | taken.

## `LIMIT`

```py
LIMIT = 8
```

How many at a time.

## `Other`

A subclass of [`Job`](#job), `Exception`.

Another.

## `lookup`

```py
async def lookup(
    job: Job,
    concurrency: int = 8,
    sleep_between_two_requests: float = 1.0,
    *more: int,
) -> None
```

Look `job` up.
"""


def test_both_styles_of_docstrings_are_rendered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "vimmerse" / "sample"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(CODE)
    loader = griffe.GriffeLoader(search_paths=[tmp_path], allow_inspection=False)
    loader.load("vimmerse.sample")
    monkeypatch.setitem(reference.PAGES, "sample", ())

    page = reference.Page("sample", final(loader.modules_collection["vimmerse"]), {})

    assert page.text() == PAGE
