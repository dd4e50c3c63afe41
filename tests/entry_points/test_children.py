"""The Python processes that a program under ``vimmerse run`` starts: translated, and limited, as the program is."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from vimmerse.compat.core.errors import CompatWarning
from vimmerse.compat.process import children, patching
from vimmerse.emulator import Emulator

from tests.entry_points.fakes import uninstall_all
from tests.sampling import sampled

pytestmark = pytest.mark.slow

KEY = "key-of-the-children-0123456789"
COMMAND = "import sys; from vimmerse.cli import main; sys.exit(main(sys.argv[1:]))"
PRINT_IS_TRANSLATED = "import requests; print(hasattr(requests.adapters.HTTPAdapter.send, '__wrapped__'))"

#: Makes a free call, and one that is above the limit; with arguments, in this process alone.
CALLS = """
    import multiprocessing, os, subprocess, sys
    from concurrent.futures import ProcessPoolExecutor

    def call(name):
        import requests
        requests.post("http://api.vimmerse.net/story", data={"idea": name}).raise_for_status()
        try:
            requests.post("http://api.vimmerse.net/story/idea-2-video", data={"idea": "paid " + name})
        except requests.RequestException as error:
            return name, type(error).__name__, "--max-credits" in str(error)
        return name, "sent"

    def show(values):
        os.write(1, (" ".join(map(str, values)) + "\\n").encode())  # at once: many processes write to one pipe

    def main():
        if sys.argv[1:]:
            show(call(sys.argv[1]))
            return
        pools = {name: multiprocessing.get_context(name).Pool(1) for name in ("spawn", "forkserver", "fork")}
        results = [pool.apply_async(call, (name,)) for name, pool in pools.items()]
        code = "import sys; from calls import call, show; show(call('code'))"
        run = [*sys.orig_argv[1:3], "run", "--max-credits", "150", "--quiet", "calls.py", "nested"]
        commands = (["calls.py", "script"], ["-m", "calls", "module"], ["-c", code], run)
        programs = [subprocess.Popen([sys.executable, *each]) for each in commands]
        programs.append(subprocess.Popen(["./console", "console"]))
        for result in results:
            show(result.get(60))
        for pool in pools.values():
            pool.terminate()
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            show(pool.submit(call, "executor").result())
        for program in programs:
            program.wait(60)
        os.system(f'"{sys.executable}" calls.py system')
        os.execv(sys.executable, [sys.executable, "calls.py", "exec"])

    if __name__ == "__main__":
        main()
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    uninstall_all()


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text))
    return path


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", COMMAND, "run", *arguments],
        env={**os.environ, "VIMMERSE_API_KEY": KEY, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def settings(**changes: object) -> str:
    return json.dumps({**children.DEFAULTS, **changes})


def test_every_kind_of_python_child_gets_the_same_translation() -> None:
    write("calls.py", CALLS)
    console = write("console", f"#!{sys.executable}\nimport sys; from calls import main; main()\n")
    console.chmod(0o755)
    with Emulator() as emulator:
        # The limit of the nested run is its own; the rest it has from the outer one.
        done = run("--base-url", emulator.base_url, "--max-credits", "10", "calls.py")
        ideas = [request.json["idea"] for request in emulator.requests if isinstance(request.json, dict)]
        keys = {request.header("x-api-key") for request in emulator.requests}
        paths = {request.path for request in emulator.requests}

    names = ["spawn", "forkserver", "fork", "executor", "script", "module", "code", "console", "system", "exec"]
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.splitlines()) == sorted(
        [*(f"{name} CreditLimitError True" for name in names), "nested sent"]
    )
    assert sorted(ideas) == sorted([*names, "nested", "paid nested"])
    assert paths == {"/v2/story", "/v2/story/idea-2-video"}
    assert keys == {KEY}
    assert "V1DeprecationWarning" in done.stderr
    assert KEY not in done.stdout + done.stderr


#: Starts children after it has changed its own environment, or in a changed copy of it.
EDITS = """
    import multiprocessing, os, subprocess, sys
    from calls import call, show

    def main():
        program = [sys.executable, "calls.py"]
        subprocess.run([*program, "copy"], env={**os.environ, "PYTHONPATH": "x"})
        subprocess.run(f"'{sys.executable}' calls.py shell", shell=True, env={**os.environ, "PYTHONPATH": "x"})
        os.environ["PYTHONPATH"] = "x"
        subprocess.run([*program, "set"])
        del os.environ["PYTHONPATH"]
        subprocess.run([*program, "itself"], env=os.environ)
        for name in ("spawn", "forkserver"):
            os.environ["PYTHONPATH"] = "x"
            with multiprocessing.get_context(name).Pool(1) as pool:
                show(pool.apply(call, (name,)))
        del os.environ["PYTHONPATH"]
        os.system(f"'{sys.executable}' calls.py system")
        key = os.environ["VIMMERSE_API_KEY"]
        os.environ.clear()
        os.environ["VIMMERSE_API_KEY"] = key
        subprocess.run([*program, "cleared"])
        del os.environ["VIMMERSE_RUN"]
        os.execv(sys.executable, [*program, "exec"])

    if __name__ == "__main__":
        main()
"""


def test_a_program_that_changes_its_environment_loses_nothing() -> None:
    write("calls.py", CALLS)
    write("edits.py", EDITS)
    with Emulator() as emulator:
        done = run("--base-url", emulator.base_url, "--max-credits", "10", "--quiet", "edits.py")
        ideas = [request.json["idea"] for request in emulator.requests if isinstance(request.json, dict)]

    names = ["copy", "shell", "set", "itself", "spawn", "forkserver", "system", "cleared", "exec"]
    assert done.stdout.splitlines() == [f"{name} CreditLimitError True" for name in names], done.stderr
    assert ideas == names
    assert "not translated" not in done.stderr


def test_a_child_sees_what_it_would_see_under_python() -> None:
    write("mine/sitecustomize.py", "import sys\nsys.stdout.write('mine ')\n")
    code = (
        "import sys, warnings, sitecustomize\n"
        "print(sys.path, sitecustomize.__file__, sys.flags.no_site)\n"
        "print([name for name in ('requests', 'httpx', 'vimmerse.compat.process.patching') if name in sys.modules])"
    )
    write("start.py", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}])")
    mine = str(Path("mine").resolve())
    plain = subprocess.run(
        [sys.executable, "start.py"],
        env={**os.environ, "PYTHONPATH": mine},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    done = run("start.py", PYTHONPATH=mine)

    # The one of the outer process speaks as well.
    assert done.stdout.removeprefix("mine ") == plain.stdout.removeprefix("mine ")
    assert "'mine" not in done.stderr
    assert plain.stdout.endswith("[]\n")
    assert mine in done.stdout


@pytest.mark.parametrize(
    ("text", "message"),
    sampled(
        [
            ("raise ValueError('on purpose')", "ValueError: on purpose"),
            ("import no_such_module", "no_such_module"),
            (None, ""),
        ],
        3,
    ),
)
def test_the_users_own_sitecustomize_fails_as_under_python(text: str | None, message: str) -> None:
    if text is not None:
        write("mine/sitecustomize.py", text)
    start = "import subprocess, sys; subprocess.run([sys.executable, '-c', {!r}])"
    code = f"import sys; print('sitecustomize' in sys.modules); {PRINT_IS_TRANSLATED}"

    done = run("--quiet", "-c", start.format(code), PYTHONPATH="mine")

    assert done.stdout == "False\nTrue\n"
    # Once for each of the two processes.
    assert done.stderr.count("Error in sitecustomize; set PYTHONVERBOSE for traceback:") == 2 * bool(message)
    assert message in done.stderr


def test_untranslated_children_are_reported() -> None:
    write(
        "starts.py",
        """
        import os, pathlib, subprocess, sys
        python = sys.executable
        for _ in range(2):
            subprocess.run([python, "-I", "-c", "pass"])
            subprocess.run([python, "-W", "ignore", "-BE", "-c", "pass"])
            subprocess.run([python, "-c", "pass"], env={})
            subprocess.run([python, "-c", "pass"], env={**os.environ, "PYTHONPATH": "x"})
            subprocess.run([python, "-c", "pass", "-I"], env={**os.environ})
            subprocess.run(["true", "-I"], env={})
            subprocess.run(pathlib.Path("/bin/true"), env={})
        os.execv(python, [python, "-S", "-c", "pass"])
        """,
    )
    name = Path(sys.executable).name

    limited = run("--max-credits", "10", "starts.py")
    free = run("starts.py")

    tail = ": its calls are not translated, and neither --base-url nor --max-credits applies to them"
    assert limited.stderr.splitlines() == [
        f"vimmerse run: {name} is started with -I{tail}",
        f"vimmerse run: {name} is started with -E{tail}",
        f"vimmerse run: {name} is started without VIMMERSE_RUN or its folder in PYTHONPATH{tail}",
        f"vimmerse run: {name} is started with -S{tail}",
    ]
    assert free.stderr == ""


@pytest.mark.parametrize(
    ("handed", "lines"), [(settings(limited=True), 1), ("unreadable", 1), (settings(limited=False), 0), ("", 0)]
)
def test_a_python_without_this_package_continues_with_a_message(handed: str, lines: int) -> None:
    write("broken/vimmerse/__init__.py", "raise ImportError('no such package here')")

    done = subprocess.run(
        [sys.executable, "-c", "print('went on')"],
        env={
            **os.environ,
            "VIMMERSE_RUN": handed,
            "PYTHONPATH": os.pathsep.join([children.FOLDER, "broken"]),
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert done.stdout == "went on\n"
    assert len(done.stderr.splitlines()) == lines
    assert done.stderr.startswith("vimmerse run: the calls of this process are not translated") or not lines


def child(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A child of a run that takes these settings."""
    inherited = {"VIMMERSE_RUN": settings(mode="lenient", base_url="http://127.0.0.1:9", limited=True)}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, "PYTHONPATH": children.FOLDER, **inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_child_that_makes_no_call_imports_almost_nothing() -> None:
    code = "import sys; print(*sys.modules)"
    armed = child(code).stdout.split()
    plain = child(code, VIMMERSE_RUN="").stdout.split()

    loaded = {name.partition(".")[0] for name in set(armed) - set(plain)}
    assert loaded <= {"vimmerse", "__future__", "_posixsubprocess", "importlib", "warnings"}


def test_an_installation_of_the_child_takes_precedence() -> None:
    code = """
        import os, sys
        from vimmerse.compat import install, uninstall

        def call():
            import requests
            try:
                requests.get(f"{base_url}/story/1")
                data = {"idea": "x", "motion_type": "Kling2"}
                return requests.post(f"{base_url}/story/idea-2-video", data=data).status_code
            except requests.RequestException as error:
                return type(error).__name__

        with install(max_credits=5):
            print(call())
        print(call(), "VIMMERSE_RUN" in os.environ)
        uninstall()
        print(call(), "VIMMERSE_RUN" in os.environ, "PYTHONPATH" in os.environ)
    """
    with Emulator() as emulator:
        run_options = settings(mode="lenient", base_url=emulator.base_url, limited=True)
        done = child(code.replace("{base_url}", emulator.base_url), VIMMERSE_RUN=run_options, VIMMERSE_API_KEY=KEY)
        paths = [request.path for request in emulator.requests]

    # The limit of the inner installation, the base URL of the run; then the run alone; then no translation, and no key.
    assert done.stdout.splitlines() == ["CreditLimitError", "200 True", "401 False False"], done.stderr
    story, create = "/story/1", "/story/idea-2-video"
    look_up = [f"/v2{story}", story]  # v1 gets the lookup of a story that v2 does not know
    assert paths == [*look_up, *look_up, f"/v2{create}", story, create]
    assert "Choose another with --video-tool Kling2=..." in done.stderr


def test_a_limit_applies_to_a_program_that_uses_this_package_itself() -> None:
    write(
        "uses.py",
        """
        import httpx, requests as plain
        from vimmerse.compat import CompatAdapter, CompatClient, CompatTransport, Policy, install, requests

        url, paid = "https://api.vimmerse.net/story/idea-2-video", {"idea": "a kite", "motion_type": "Wan"}
        session = plain.Session()
        session.mount("https://", CompatAdapter(policy=Policy()))
        client = httpx.Client(transport=CompatTransport())
        with install():
            for post in (requests.post, session.post, client.post, plain.post):
                try:
                    post(url, data=paid)
                except (plain.RequestException, httpx.RequestError) as error:
                    print(type(error).__name__)
        try:
            CompatClient().idea_to_video(**paid)
        except Exception as error:
            print(type(error).__name__)
        httpx.Client(transport=CompatTransport(policy=Policy(max_credits=1000, api_key="k"))).post(url, data=paid)
        """,
    )
    with Emulator() as emulator:
        done = run("--base-url", emulator.base_url, "--max-credits", "10", "--video-tool", "Wan=Vidu", "uses.py")
        tools = [json.loads(request.body).get("video_tool") for request in emulator.requests]

    assert done.stdout.splitlines() == ["CreditLimitError"] * 5, done.stderr
    assert tools == ["Vidu"], "a limit of its own counts; the run's table holds for it all the same"


def test_without_settings_the_translation_is_loaded_with_the_first_library() -> None:
    code = f"""
        import os, subprocess, sys
        print("vimmerse.compat.process.patching" in sys.modules)
        os.environ.clear()
        subprocess.run([sys.executable, "-c", {PRINT_IS_TRANSLATED!r}])
        {PRINT_IS_TRANSLATED}
        subprocess.run([sys.executable, "-c", {PRINT_IS_TRANSLATED!r}])
        from vimmerse.compat import uninstall
        uninstall()
        print([name for name in os.environ if name.startswith("VIMMERSE")])
        """
    first = "from vimmerse.compat import uninstall; uninstall(); "

    assert sorted(run("-c", textwrap.dedent(code)).stdout.splitlines()) == ["False", "True", "True", "True", "[]"]
    assert run("-c", first + PRINT_IS_TRANSLATED).stdout == "False\n"


def test_a_library_that_is_there_from_the_start_is_covered() -> None:
    write("mine/sitecustomize.py", "import requests")

    assert child(PRINT_IS_TRANSLATED, PYTHONPATH=os.pathsep.join([children.FOLDER, "mine"])).stdout == "True\n"
    assert child(f"import os; os.environ.clear(); {PRINT_IS_TRANSLATED}").stdout == "True\n", (
        "nor is it enough to empty its environment"
    )
    install = "children.install_on_import()"
    late = f"import requests; from vimmerse.compat.process import children; {install}; {install}; {PRINT_IS_TRANSLATED}"
    assert child(late, PYTHONPATH="").stdout == child(late).stdout == "True\n"


@pytest.mark.parametrize(
    "environment", [{"VIMMERSE_API_KEY": "kéy-that-stays-secret"}, {"VIMMERSE_RUN": "[]"}, {"VIMMERSE_RUN": "{"}]
)
def test_settings_that_cannot_be_used_let_no_call_through(environment: dict[str, str]) -> None:
    done = child(
        """
        for name in ("requests", "httpx"):
            try:
                __import__(name)
            except RuntimeError as error:
                print(error)
        """,
        **environment,
    )

    first, second = done.stdout.splitlines()
    assert first.startswith("vimmerse run can't translate the calls of requests: the environment variable VIMMERSE_")
    assert second.startswith("vimmerse run can't translate the calls of httpx: ")
    assert "stays-secret" not in done.stdout + done.stderr


def test_the_environment_is_as_before_once_it_is_uninstalled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["a", "", "b"]))
    monkeypatch.setenv("VIMMERSE_COMPAT_MODE", "strict")
    monkeypatch.setenv("VIMMERSE_API_KEY", KEY)
    before = dict(os.environ)
    changes = {**children.DEFAULTS, "mode": "lenient", "base_url": "http://127.0.0.1:9"}

    for _ in range(2):
        installation = children.apply(changes)
        assert os.environ["PYTHONPATH"].split(os.pathsep) == [children.FOLDER, "a", "", "b"]
        assert os.environ["VIMMERSE_BASE_URL"] == "http://127.0.0.1:9"
        assert os.environ["VIMMERSE_COMPAT_MODE"] == "lenient"
        assert KEY not in os.environ["VIMMERSE_RUN"]
        assert children.inherited_options() == {**changes, "limited": True}
    patching.uninstall()
    installation.uninstall()
    assert dict(os.environ) == before

    children.apply(changes)
    os.environ["VIMMERSE_BASE_URL"] = "http://mine"  # by the program
    patching.uninstall()
    assert dict(os.environ) == {**before, "VIMMERSE_BASE_URL": "http://mine"}


@pytest.mark.exhaustive
def test_what_is_quiet_or_traced_is_so_in_children() -> None:
    write("calls.py", "import requests; print(requests.get('http://api.vimmerse.net/story/1').status_code)")
    start = "import subprocess, sys; subprocess.run([sys.executable, 'calls.py'])"
    with Emulator() as emulator:
        loud = run("--base-url", emulator.base_url, "--trace", "-c", start)
        quiet = run("--base-url", emulator.base_url, "--quiet", "-c", start)
        strict = run("--base-url", emulator.base_url, "-c", start, PYTHONWARNINGS="ignore")

    assert [each.stdout for each in (loud, quiet, strict)] == ["404\n"] * 3
    assert "calls.py:1: V1DeprecationWarning: " in loud.stderr
    assert "v1 GET /story/1 404" in loud.stderr.splitlines()
    assert quiet.stderr == ""
    assert strict.stderr.startswith("vimmerse run: 1 v1 call, 1 failed\n")


def test_one_filter_is_for_all_warnings_of_the_translation() -> None:
    from vimmerse.compat import LossyTranslationWarning, PassthroughWarning, V1DeprecationWarning

    assert all(issubclass(each, CompatWarning) for each in (LossyTranslationWarning, PassthroughWarning))
    assert issubclass(V1DeprecationWarning, CompatWarning)
    assert issubclass(V1DeprecationWarning, DeprecationWarning)


@pytest.mark.parametrize(
    ("program", "arguments", "environment", "why"),
    [
        ("/usr/bin/python3", ["python3", "-bIc", "x"], None, "python3 is started with -I"),
        (None, [b"/x/pypy3", "-X", "dev", "-E"], None, "pypy3 is started with -E"),
        (None, ["python", "-Xdev", "--check-hash-based-pycs", "default", "-E"], None, ""),
        (None, ["python", "-", "-E"], None, ""),
        (None, ["python", "-mI", "-E"], None, ""),
        (None, "python.exe x.py", None, ""),
        (b"/bin/sh", ["python"], {}, ""),
        (None, None, {}, ""),
        (None, ["python"], {}, "python is started without VIMMERSE_RUN or its folder in PYTHONPATH"),
        (None, ["python"], {b"VIMMERSE_RUN": b"x", b"PYTHONPATH": os.fsencode(children.FOLDER)}, ""),
    ],
)
def test_the_reason_why_a_child_is_untranslated(
    program: object, arguments: object, environment: object, why: str
) -> None:
    assert children.why_untranslated(program, arguments, environment) == why


def test_a_python_that_ignores_its_environment_reports_its_pools() -> None:
    done = subprocess.run(
        [sys.executable, "-E", "-c", COMMAND, "run", "--max-credits", "1", "-c", "pass"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert done.stderr.startswith(
        "vimmerse run: multiprocessing starts its processes with the -E, -I or -S of this one"
    )


def test_an_untranslated_child_is_reported_once_and_only_during_a_run() -> None:
    done = child(
        """
        import subprocess, sys, traceback
        from vimmerse.compat import uninstall
        for _ in range(2):
            subprocess.run([sys.executable, "-I", "-c", ""])
        try:
            subprocess.run([sys.executable, 5])
        except TypeError:
            print("subprocess" in traceback.format_exc(), "fsdecode" in traceback.format_exc())
        uninstall()
        subprocess.run([sys.executable, "-E", "-c", ""])
        """
    )

    assert done.stdout == "True False\n", done.stderr
    (line,) = done.stderr.splitlines()
    assert f"{Path(sys.executable).name} is started with -I" in line


def test_what_the_audit_hook_does_before_a_start(capsys: pytest.CaptureFixture[str]) -> None:
    """As children do too, but Python traces no audit hooks, so coverage sees nothing of it there."""
    environment = {**os.environ, children.VARIABLE: "{}", "PYTHONPATH": "mine"}
    installation = children.apply({**children.DEFAULTS, "max_credits": 1.0})
    try:
        children.audit_hook("open", ("x", "r", 0))
        children.audit_hook("os.exec", ("python", ["python", 5], None))  # which Python itself refuses
        children.audit_hook("subprocess.Popen", (sys.executable, [sys.executable, "x.py"], None, environment))
        for _ in range(2):
            children.audit_hook("subprocess.Popen", (None, ["python", "-I"], None, None))
    finally:
        installation.uninstall()
    children.audit_hook("subprocess.Popen", (None, ["python", "-E"], None, None))

    assert environment["PYTHONPATH"].split(os.pathsep) == [children.FOLDER, "mine"]
    (line,) = capsys.readouterr().err.splitlines()
    assert "python is started with -I" in line


def test_each_call_is_traced_once_if_there_is_a_standard_error() -> None:
    call = "import requests; requests.get('http://api.vimmerse.net/story/1')"
    nested = f"""
        import sys
        from vimmerse.cli import main
        main(["run", "--trace", "-c", {call!r}])
        sys.stderr = None
        {call}
        print("done")
    """
    with Emulator() as emulator:
        done = run("--base-url", emulator.base_url, "--trace", "--quiet", "-c", textwrap.dedent(nested))
        paths = [request.path for request in emulator.requests]

    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
    assert paths == ["/v2/story/1", "/story/1"] * 2
    assert done.stderr.splitlines() == [
        "v1 GET /story/1 404",
        "  v2 GET /v2/story/1 404",
        "  v1 GET /story/1 404",
    ]


def test_the_file_does_nothing_under_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [children.FOLDER, *sys.path])

    runpy.run_path(os.path.join(children.FOLDER, "sitecustomize.py"))

    assert sys.path[0] == children.FOLDER


def test_a_run_needs_no_private_module_of_posix() -> None:
    """On Windows there is none: an audit event reports each process."""
    code = f"import sys; sys.modules['_posixsubprocess'] = None; {PRINT_IS_TRANSLATED}"

    done = child(code)

    assert (done.stdout, done.stderr) == ("True\n", "")


def test_a_copy_of_the_environment_gets_the_folder_of_the_options_back() -> None:
    done = child(
        """
        import os, subprocess, sys
        environment = {**os.environ, "PYTHONPATH": "mine"}
        subprocess.run([sys.executable, "-c", ""], env=environment)
        print(environment["PYTHONPATH"])
        """
    )

    assert done.stdout.strip().split(os.pathsep) == [children.FOLDER, "mine"]
