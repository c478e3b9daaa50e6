# What a developer does here; `make help` lists it. Works with GNU Make 3.81 (macOS) and later.
.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test lint format type bench accuracy docs lock clean

BIN := .venv/bin
STAMP := .venv/installed.lock
WORKSPACE ?=
TESTS ?=
BENCH ?=
ACCURACY ?= all

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup: $(STAMP) ## make .venv from requirements.lock (needs Python >= 3.11 only)

$(STAMP): requirements.lock pyproject.toml scripts/setup.sh
	@scripts/setup.sh

setup-test: setup ## setup, and what only some tests need from Debian (when allowed to install it)
	@scripts/setup-test.sh

run: setup ## watch the service follow an edit (WORKSPACE=path for your own tree)
	@$(BIN)/isg demo $(if $(WORKSPACE),--workspace "$(WORKSPACE)")

test: setup-test ## run every test (TESTS="tests/store -k name" for some)
	@$(BIN)/pytest $(TESTS)

lint: setup ## ruff, formatting, and the direction of dependence
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

format: setup ## let ruff sort imports and format
	@$(BIN)/ruff check --fix --select I .
	@$(BIN)/ruff format .

type: setup ## mypy --strict
	@$(BIN)/mypy

bench: setup-test ## measure every budget against its limit (BENCH="--tree fixture" for a part)
	@$(BIN)/python -P bench/run.py $(BENCH)

accuracy: setup-test ## compare with rust-analyzer, rustdoc and syn (ACCURACY="calls --crate semver --show 40")
	@$(BIN)/python -P tests/oracles/run.py $(ACCURACY)

docs: setup ## write the generated pages of docs/ anew (settings, commands, methods)
	@$(BIN)/python -P scripts/write_docs.py

lock: setup ## resolve requirements.lock anew from pyproject.toml
	@$(BIN)/python -P -m venv .venv/lock-tools && .venv/lock-tools/bin/python -P -m pip install -q uv
	@.venv/lock-tools/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --extra dev \
		--no-emit-index-url --custom-compile-command "make lock" --upgrade -o requirements.lock pyproject.toml

clean: ## remove .venv, caches and bench results
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache bench/results build dist
