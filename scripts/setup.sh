#!/usr/bin/env bash
# Makes .venv with exactly what requirements.lock says, and this project in it. Needs Python >= 3.11 only;
# PYTHON names the interpreter. Run by `make setup`; safe to run again.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }

as_root() { # root, or sudo that asks no password
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        # A version manager's shim may exist and still refuse to run, so ask the interpreter itself.
        if "$candidate" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    say "no Python >= 3.11 found. Install one (Debian 12: apt install python3; macOS: brew install python@3.12)"
    say "or name it: make setup PYTHON=/path/to/python3"
    return 1
}

make_venv() {
    local python=$1
    rm -rf .venv
    # -P: nothing of the current folder shadows the standard library.
    if "$python" -P -c 'import ensurepip' 2>/dev/null; then
        "$python" -P -m venv .venv && return
    fi
    rm -rf .venv
    if command -v virtualenv >/dev/null 2>&1; then
        say "this Python has no ensurepip; using virtualenv"
        virtualenv -q -p "$python" .venv && return
    fi
    if "$python" -P -m pip --version >/dev/null 2>&1; then
        say "this Python has no ensurepip; using its pip from outside"
        "$python" -P -m venv --without-pip .venv
        "$python" -P -m pip --python .venv/bin/python install -q pip && return
    fi
    if command -v apt-get >/dev/null 2>&1 && as_root true 2>/dev/null; then
        say "installing Debian's python3-venv"
        as_root apt-get update -qq >&2 || say "apt-get update failed; trying with the lists that are here"
        if DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq python3-venv >&2; then
            rm -rf .venv
            "$python" -P -m venv .venv && return
        fi
    fi
    say "cannot make a virtual environment: run 'sudo apt install python3-venv', then try again"
    return 1
}

# An environment that was copied from another folder, or whose Python is gone, is made anew.
if ! .venv/bin/python -P -c 'import sys, os; raise SystemExit(os.path.realpath(sys.prefix) != os.path.realpath(".venv"))' 2>/dev/null
then
    python=$(find_python)
    say "making .venv with $("$python" --version 2>&1)"
    make_venv "$python"
fi

find_compiler() {
    command -v c++ >/dev/null 2>&1 && return
    if command -v apt-get >/dev/null 2>&1 && as_root true 2>/dev/null; then
        say "installing Debian's g++"
        as_root apt-get update -qq >&2 || say "apt-get update failed; trying with the lists that are here"
        DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq g++ >&2 && return
    fi
    say "llama.cpp is built from source and needs a C++ compiler (Debian: sudo apt install g++; macOS: xcode-select --install)"
    return 1
}

if ! .venv/bin/python -P -c 'import llama_cpp' 2>/dev/null; then
    find_compiler
    say "llama.cpp is built once, which takes some minutes"
fi
# Without its image and network parts, which nothing here uses; tuned to this machine.
export CMAKE_ARGS="${CMAKE_ARGS:--DLLAVA_BUILD=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_COMMON=OFF}"

say "installing requirements.lock"
pip=(.venv/bin/python -P -m pip --disable-pip-version-check)
"${pip[@]}" install -q --require-hashes -r requirements.lock
"${pip[@]}" install -q --no-deps --no-build-isolation -e .
cp requirements.lock .venv/installed.lock
say "done: .venv/bin/isg"
