# shellcheck shell=bash
# Makes this repository's virtual environments; sourced by the other scripts. Needs Python 3.11 or newer and a package
# index. Uses uv if it is installed, otherwise venv and pip.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
unset PYTHONPATH PYTHONHOME VIRTUAL_ENV
unset PYTHONDONTWRITEBYTECODE # else each of the many processes would compile everything again

die() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Print the comment at the top of the script, and exit: 0 for -h or --help, 2 for anything else.
usage() {
    sed -n '2,/^set /s/^# \{0,1\}//p' "$root/scripts/$(basename "$0")"
    case "${1:-}" in
        -h | --help) exit 0 ;;
        *) exit 2 ;;
    esac
}

# Whether "$1" runs and is new enough. It has to be run: pyenv has shims for versions that are not active.
python_works() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    local candidate
    if [ -n "${PYTHON:-}" ]; then
        python_works "$PYTHON" || die "PYTHON=$PYTHON does not run, or is older than Python 3.11."
        command -v "$PYTHON"
        return
    fi
    for candidate in python3 python python3.14 python3.13 python3.12 python3.11; do
        if python_works "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    die "No Python 3.11 or newer on PATH. Install one, or name it: PYTHON=/path/to/python3 $0"
}

python_version() {
    "$1" -c 'import sys; print(sys.version)'
}

# What an environment was made from: its lock file, pyproject.toml, the interpreter, and its path (scripts in an
# environment contain absolute paths, so a moved clone needs a new one).
fingerprint() {
    "$1" -c '
import hashlib, pathlib, sys
digest = hashlib.sha256(repr(sys.argv[2:] + [sys.version, sys.prefix]).encode())
for name in sys.argv[1:]:
    digest.update(pathlib.Path(name).read_bytes())
print(digest.hexdigest())' "$2" "$root/pyproject.toml"
}

# pip_install ENVIRONMENT ARGUMENTS...
pip_install() {
    local python="$1/bin/python"
    shift
    if command -v uv >/dev/null 2>&1; then
        uv pip install --quiet --python "$python" "$@"
    else
        "$python" -m pip --version >/dev/null 2>&1 || "$python" -m ensurepip >/dev/null
        "$python" -m pip install --quiet --disable-pip-version-check --no-input "$@"
    fi
}

# new_environment DIRECTORY: an empty environment with the Python that find_python prints.
new_environment() {
    local python
    python="$(find_python)" || exit 1
    rm -rf "$1"
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --python "$python" "$1" || die "uv can't make an environment with $python."
    else
        "$python" -m venv "$1" ||
            die "$python can't make a virtual environment. On Debian and Ubuntu: apt install python3-venv"
    fi
}

# ensure_env DIRECTORY LOCK editable|wheel: an environment with the versions of the lock file and this project, editable
# or as a wheel that .venv builds each time. The lock is installed only if the environment does not match it yet. An
# existing environment is kept and changed to the lock's versions, unless PYTHON names another interpreter.
ensure_env() {
    local env="$root/$1" lock="$root/$2" expected wheels
    if ! python_works "$env/bin/python"; then
        echo "Making $1 ..." >&2
        new_environment "$env"
    elif [ -n "${PYTHON:-}" ]; then
        find_python >/dev/null || exit 1
        if [ "$(python_version "$PYTHON")" != "$(python_version "$env/bin/python")" ]; then
            echo "Making $1 again, with $PYTHON ..." >&2
            new_environment "$env"
        fi
    fi
    expected="$(fingerprint "$env/bin/python" "$lock")"
    if [ "$(cat "$env/.stamp" 2>/dev/null)" != "$expected" ]; then
        echo "Installing $2 into $1 ..." >&2
        rm -f "$env/.stamp"
        # Not left to errexit, which a caller's `||` would switch off.
        pip_install "$env" --no-deps --require-hashes -r "$lock" || die "$2 could not be installed into $1."
        [ "$3" != editable ] || pip_install "$env" --no-deps --no-build-isolation -e "$root" ||
            die "This project could not be installed into $1."
        echo "$expected" >"$env/.stamp"
    fi
    if [ "$3" = wheel ]; then
        wheels="$(mktemp -d)"
        (cd "$root" && .venv/bin/python -m hatchling build -t wheel -d "$wheels" >/dev/null 2>&1) ||
            die "The wheel can't be built: .venv/bin/python -m hatchling build -t wheel"
        pip_install "$env" --no-deps --force-reinstall "$wheels"/*.whl || die "The wheel could not be installed."
        rm -rf "$wheels"
    fi
}
