#!/usr/bin/env bash
# Installs what only some tests and the benches need from Debian. Never fails: those tests skip with a reason
# when a tool is absent. Nothing to do on other systems.
set -uo pipefail

packages=(rust-web-src) # about 1.3 million lines of Rust, the large tree of tests and benches

say() { printf 'setup-test: %s\n' "$*" >&2; }

command -v dpkg-query >/dev/null 2>&1 || exit 0
missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0
[ -z "${ISG_BENCH_TREE:-}" ] || exit 0

run=()
if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        say "some tests will skip; to run them too: sudo apt install ${missing[*]}"
        exit 0
    fi
    run=(sudo -n)
fi
say "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
${run[@]+"${run[@]}"} apt-get update -qq >&2
${run[@]+"${run[@]}"} apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
    say "could not install ${missing[*]}; the tests that need it will skip"
exit 0
