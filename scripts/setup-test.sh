#!/usr/bin/env bash
# Installs what only some tests and the benches need from Debian. Never fails: those tests skip with a reason
# when a tool is absent. Nothing to do on other systems.
set -uo pipefail

say() { printf 'setup-test: %s\n' "$*" >&2; }

command -v dpkg-query >/dev/null 2>&1 || exit 0

is_installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }
runs() { "$1" --version >/dev/null 2>&1; } # rustup's proxies are there even where the component is not

missing=()
# About 1.3 million lines of Rust: the large tree of tests and benches, and the sources of std for rust-analyzer.
[ -n "${ISG_BENCH_TREE:-}" ] || is_installed rust-web-src || missing+=(rust-web-src)
runs cargo && runs rustc || missing+=(cargo-web rustc-web)
runs rust-analyzer || missing+=(rust-web-analyzer)
[ ${#missing[@]} -gt 0 ] || exit 0

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
for package in "${missing[@]}"; do # one by one: what cannot be had must not keep the others away
    ${run[@]+"${run[@]}"} apt-get install -y -qq --no-install-recommends "$package" >&2 ||
        say "could not install $package; the tests that need it will skip"
done
exit 0
