"""``vimmerse run``: as near to ``python`` as can be, compared with python itself."""

from __future__ import annotations

import compileall
import io
import os
import subprocess
import sys
import textwrap
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from vimmerse.compat import uninstall
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.process import patching, runner
from vimmerse.compat.process.runner import run_script

from tests.entry_points.fakes import Server, is_installed, uninstall_all

pytestmark = pytest.mark.slow

LAUNCH = "import sys; from vimmerse.compat.process.runner import run_script; sys.exit(run_script(sys.argv[1:]))"


@pytest.fixture(autouse=True)
def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Undo what a run changes in its process. The current folder is ``tmp_path``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    with warnings.catch_warnings():
        yield
    uninstall_all()


def write(name: str, text: str) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text))
    return name


def both(*arguments: str, stdin: str = "") -> tuple[tuple[int, str, str], tuple[int, str, str]]:
    """Exit code, standard output and standard error of python and of ``vimmerse run``."""
    results = []
    for command in (("-W", "ignore::DeprecationWarning"), ("-W", "ignore::DeprecationWarning", "-c", LAUNCH)):
        done = subprocess.run(
            [sys.executable, *command, *arguments],
            timeout=60,
            check=False,
            capture_output=True,
            text=True,
            input=stdin,
        )
        results.append((done.returncode, done.stdout, done.stderr))
    return results[0], results[1]


LOOK = """
    import sys, os
    import __main__
    print(__name__, sys.argv, __package__, __doc__, __main__.__dict__ is globals())
    print(globals().get("__file__"), __spec__ and (__spec__.name, __spec__.origin), globals().get("__cached__"))
    print(sys.path[0], type(__loader__).__name__ if __spec__ or "__file__" in globals() else "", __builtins__)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["look.py", "a", "--b", "-c"],
        ["./sub/look.py"],
        ["link.py"],
        ["folder", "x"],
        ["archive.zip"],
        ["-m", "package", "-m", "y"],
        ["-m", "package.look"],
        ["-m", "look"],
    ],
)
def test_a_program_sees_what_it_would_see_under_python(arguments: list[str]) -> None:
    for name in ("look.py", "sub/look.py", "folder/__main__.py", "package/__main__.py", "package/look.py"):
        write(name, LOOK)
    write("package/__init__.py", "")
    Path("link.py").symlink_to(Path("sub/look.py"))
    with zipfile.ZipFile("archive.zip", "w") as archive:
        archive.writestr("__main__.py", textwrap.dedent(LOOK))
    plain, ours = both(*arguments)
    assert plain[0] == 0
    assert ours == plain


def test_the_current_folder_may_be_deleted(tmp_path: Path) -> None:
    script, gone = tmp_path / "x.py", tmp_path / "gone"
    script.write_text("import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(5)'])")
    gone.mkdir()
    leave = f"import os, sys; os.chdir({str(gone)!r}); os.rmdir({str(gone)!r}); "
    code = leave + "from vimmerse.cli import main; sys.exit(main(sys.argv[1:]))"

    done = subprocess.run(
        [sys.executable, "-c", code, "run", str(script)], capture_output=True, text=True, check=False, timeout=60
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "5\n", "")


def test_code_and_standard_input() -> None:
    code = "import sys; print(__name__, sys.argv, sys.path[0], '__file__' in globals(), __spec__)"
    for arguments, stdin in ((["-c", code, "a"], ""), (["-", "a"], code)):
        plain, ours = both(*arguments, stdin=stdin)
        assert ours == plain
        assert plain[0] == 0


@pytest.mark.parametrize(
    "text",
    [
        "import sys; sys.exit()",
        "import sys; sys.exit(0)",
        "import sys; sys.exit(3)",
        "import sys; sys.exit('a message')",
        "import sys; sys.exit(['no', 'number'])",
        "raise SystemExit",
        "def f():\n    return 1 / 0\nf()",
        "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise ValueError('x') from error",
        "raise ExceptionGroup('g', [ValueError('x')])",
        "def f(:\n  pass",
        "x = '\\0",
        "import no_such_module",
        "import sys\nsys.excepthook = lambda *error: print('hooked', error[0])\n1 / 0",
        "import atexit\natexit.register(print, 'bye')\nprint('hello')",
        "import threading, time\nthreading.Timer(0.05, print, ['later']).start()\nprint('first')",
        "import warnings\nwarnings.warn('mine')",
        "print(bool(__debug__)); assert True",
    ],
)
def test_a_program_ends_as_it_would_under_python(text: str) -> None:
    write("end.py", text)
    plain, ours = both("end.py")
    assert ours == plain


def test_an_interrupted_program_has_pythons_traceback() -> None:
    write("end.py", "def f():\n    raise KeyboardInterrupt\nf()")
    plain, ours = both("end.py")
    assert ours[0] == 130
    assert ours[2] == plain[2]


def test_a_module_that_is_not_there() -> None:
    write("package/__init__.py", "")
    write("broken/__init__.py", "import no_such_module")
    assert run_script(["-m", "package"]) == 1
    assert run_script(["-m", "nowhere"]) == 1
    assert run_script(["-m", "nowhere.inside"]) == 1
    assert run_script(["-m", "broken.inside"]) == 1


def test_errors_for_a_missing_program(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run_script(["nowhere.py"]) == 2
    assert run_script(["empty"]) == 1
    assert run_script(["-m", "nowhere"]) == 1
    assert run_script(["-m", "os.path.nowhere"]) == 1
    assert run_script(["-m", "sys"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        f"vimmerse run: can't open file '{tmp_path / 'nowhere.py'}': [Errno 2] No such file or directory",
        "vimmerse run: can't find '__main__' module in 'empty'",
        "vimmerse run: No module named nowhere",
        "vimmerse run: No module named os.path.nowhere",
        "vimmerse run: No code object available for sys",
    ]


def test_a_namespace_package_can_not_be_run(capsys: pytest.CaptureFixture[str]) -> None:
    Path("space").mkdir()
    assert run_script(["-m", "space"]) == 1
    assert "'space' is a package and cannot be directly executed" in capsys.readouterr().err


def test_a_compiled_program(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    write("look.py", "print(__name__, __file__)")
    assert compileall.compile_file("look.py", quiet=2, legacy=True)
    assert run_script(["look.pyc"]) == 0
    assert capsys.readouterr().out == f"__main__ {tmp_path / 'look.pyc'}\n"


def test_standard_input_in_this_process(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Input:
        buffer = io.BytesIO(b"print('from', __name__)")

    monkeypatch.setattr(sys, "stdin", Input)
    assert run_script(["-", "x"]) == 0
    assert capsys.readouterr().out == "from __main__\n"
    assert sys.argv == ["-", "x"]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "no program given"),
        (["--quiet"], "no program given"),
        (["--mode"], "--mode needs a value"),
        (["--mode", "loose", "x.py"], "mode is 'loose'; it must be 'lenient' or 'strict'"),
        (["--base-url=ftp://x", "x.py"], "base_url"),
        (["--max-credits", "many", "x.py"], "--max-credits is 'many'; it must be a number"),
        (["--api-key", "x"], "there is no option --api-key"),
        (["--quiet=1", "x.py"], "there is no option --quiet"),
        (["--help=1", "x.py"], "there is no option --help"),
        (["--max-credits", "nan", "x.py"], "max_credits is nan; it must be a number of credits, 0 or more"),
        (["--video-tool", "Kling2", "x.py"], "--video-tool is 'Kling2'; it must be V1=V2"),
        (["--image-tool", "=AutoI", "x.py"], "--image-tool is '=AutoI'; it must be V1=V2"),
        (["--image-tool", "Flux=", "x.py"], "--image-tool is 'Flux='; it must be V1=V2"),
        (["--"], "no program given"),
        (["-x", "x.py"], "there is no option -x"),
        (["-m"], "-m needs a value"),
        (["-c"], "-c needs a value"),
    ],
)
def test_arguments_that_make_no_sense(arguments: list[str], text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_script(arguments) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("vimmerse run: ")
    assert text in line
    assert not is_installed()


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], ["--quiet", "-h"], ["--mode", "strict", "--help", "x.py"], ["-h", "x.py"]]
)
def test_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run_script(arguments) == 0
    assert capsys.readouterr().out == runner.USAGE
    assert not is_installed()


def test_help_names_each_option() -> None:
    for option in (*runner.OPTIONS, *runner.FLAGS, "-h, --help"):
        assert f"\n  {option} " in runner.USAGE


def test_a_second_run_in_one_process_is_translated_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("VIMMERSE_")]:
        monkeypatch.delenv(name)

    for _ in range(2):
        assert run_script(["-c", "import requests"]) == 0
        assert is_installed()
        uninstall()
        assert not is_installed()
        assert "VIMMERSE_RUN" not in os.environ


def test_two_dashes_end_the_options() -> None:
    assert (
        run_script(["--quiet", "--", "-c", "import sys; assert sys.argv == ['-c', '--mode', '--']", "--mode", "--"])
        == 0
    )


@pytest.fixture
def policies(monkeypatch: pytest.MonkeyPatch) -> list[Policy]:
    """Every policy that is installed."""
    seen: list[Policy] = []
    install = patching.install

    def recording(policy: Policy) -> patching.Installation:
        seen.append(policy)
        return install(policy)

    monkeypatch.setattr(patching, "install", recording)
    return seen


def test_options_become_the_policy(policies: list[Policy]) -> None:
    options = ["--base-url", "http://localhost:1", "--mode=strict", "--max-credits", "7.5", "--quiet"]
    options += ["--video-tool", "Kling2=Vidu", "--video-tool=Sora=VeoFast", "--image-tool", "Flux=A=B"]
    assert run_script([*options, "-c", "import sys; assert sys.argv == ['-c', '--mode']", "--mode"]) == 0
    (policy,) = policies
    assert (policy.base_url, policy.mode, policy.max_credits) == ("http://localhost:1", "strict", 7.5)
    assert policy.video_tools == {"Kling2": "Vidu", "Sora": "VeoFast"}
    assert policy.image_tools == {"Flux": "A=B"}


def test_what_an_inner_run_does_not_name_is_as_in_the_outer_one(policies: list[Policy]) -> None:
    assert run_script(["--base-url", "http://localhost:1", "--max-credits", "5", "--video-tool", "A=B", "-c", ""]) == 0
    assert run_script(["--max-credits", "9", "--video-tool", "C=D", "-c", ""]) == 0
    policy = policies[-1]
    assert (policy.base_url, policy.max_credits, policy.video_tools) == ("http://localhost:1", 9, {"A": "B", "C": "D"})


def test_advice_names_the_option(capsys: pytest.CaptureFixture[str]) -> None:
    from vimmerse.emulator import Emulator

    code = """
        import requests
        requests.post("http://api.vimmerse.net/story/idea-2-video", data={"idea": "x", "motion_type": "Kling2"})
        requests.post("http://api.vimmerse.net/story/idea-2-video", data={"idea": "x", "scene_count": "90"})
    """
    with Emulator() as emulator, warnings.catch_warnings(record=True) as caught:
        assert run_script(["--base-url", emulator.base_url, "--max-credits", "500", "-c", textwrap.dedent(code)]) == 1
    text = " ".join(str(each.message) for each in caught) + capsys.readouterr().err
    assert "Choose another with --video-tool Kling2=..." in text
    assert "Raise --max-credits or ask for fewer" in text
    assert "Policy(" not in text


def test_ends_in_this_process(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    codes = [
        run_script(["-c", "raise SystemExit"]),
        run_script(["-c", "raise SystemExit(4)"]),
        run_script(["-c", "raise SystemExit('text')"]),
        run_script(["-c", "1 / 0"]),
        run_script(["-c", "raise KeyboardInterrupt"]),
        run_script(["-c", "("]),
    ]
    assert codes == [0, 4, 1, 1, 130, 1]
    text = capsys.readouterr().err
    assert "runner.py" not in text
    assert text.startswith('text\nTraceback (most recent call last):\n  File "<string>", line 1, in <module>\n')


def test_under_safe_path_the_first_entry_of_sys_path_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    class Flags:
        safe_path = True

    sys.path.insert(0, "first")
    monkeypatch.setattr(sys, "flags", Flags)
    assert run_script(["-c", "pass"]) == 0
    assert sys.path[0] == "first"


EMIT = """
    from vimmerse.compat.core.messages import Notice
    from vimmerse.compat.core.policy import Policy
    from vimmerse.compat.runtime.warnings import emit
    def emit_notice(kind):
        emit(Notice(kind, "POST /story", "", None, "", None, f"it is {kind}"), Policy())
"""


@pytest.mark.parametrize(
    ("python", "options", "expected"),
    [
        ([], [], ["deprecated", "lossy"]),
        ([], ["--quiet"], []),
        (["-W", "ignore"], [], []),
        (["-W", "error"], ["--quiet"], []),
    ],
)
def test_warnings_of_the_programs_modules_are_shown(python: list[str], options: list[str], expected: list[str]) -> None:
    write("helper.py", EMIT + "\n    def work():\n        emit_notice('deprecated')\n        emit_notice('lossy')\n")
    write("main.py", "import helper\nhelper.work()\n")
    done = subprocess.run(
        [sys.executable, *python, "-c", LAUNCH, *options, "main.py"],
        timeout=60,
        check=True,
        capture_output=True,
        text=True,
    )
    assert [word for word in ("deprecated", "lossy") if f"it is {word}" in done.stderr] == expected
    assert "helper.py" in done.stderr or not expected


def test_a_trace_goes_to_standard_error(server: Server) -> None:
    code = "import requests; requests.get('http://api.vimmerse.net/story/1?a=secret', headers={'X-Api-Key': 'k'})"
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH, "--quiet", "--trace", "--base-url", server.url, "-c", code],
        timeout=60,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stderr.splitlines() == ["v1 GET /story/1 200", "  v2 GET /v2/story/1 200"]


def test_a_program_is_still_translated_after_its_last_line() -> None:
    assert run_script(["-c", "pass"]) == 0
    assert is_installed()
    uninstall()
    assert not is_installed()
