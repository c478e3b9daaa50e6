"""Writes the pages of docs/ that are made from the code; with --check only says which are out of date.

Run by `make docs`; tests/project/test_docs.py runs the check.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import typer

from indexer.cli import make_app
from indexer.cli.exits import Exit
from indexer.config import document_settings
from indexer.methods import document_methods

DOCS = Path(__file__).resolve().parent.parent / "docs"
_EXIT_MEANING = {
    Exit.OK: "done",
    Exit.ERROR: "anything that has no code of its own",
    Exit.USAGE: "wrong arguments",
    Exit.DAEMON_DOWN: "no daemon is running: `isg up`",
    Exit.NOT_FOUND: "no such workspace, file or node",
    Exit.TIMEOUT: "no answer, or not caught up, in time",
    Exit.CONFLICT: "in the way: a daemon runs already, a file exists, a name is ambiguous",
    Exit.NOT_READY: "the workspace is being opened or has failed, or rust-analyzer cannot be asked: see"
    " `isg status`",
}


def document_commands() -> str:
    """docs/commands.md, from the command line's own definitions."""
    root = typer.main.get_command(make_app([]))
    lines = [
        "# Commands",
        "",
        "`isg COMMAND --help` says the same with all options explained. Data goes to standard output,",
        "all else to standard error. Every command but `demo` takes `--json`.",
        "",
        "| command | what it does | options |",
        "| --- | --- | --- |",
    ]
    lines += _command_rows(root, "isg")
    lines += ["", "## Exit codes", "", "| code | meaning |", "| --- | --- |"]
    lines += [f"| {code.value} | {_EXIT_MEANING[code]} |" for code in Exit]
    return "\n".join(lines) + "\n"


def _command_rows(group: Any, prefix: str) -> list[str]:
    rows: list[str] = []
    for name, command in getattr(group, "commands", {}).items():
        if getattr(command, "commands", None):
            rows += _command_rows(command, f"{prefix} {name}")
            continue
        arguments = [_metavar(p) for p in command.params if p.param_type_name == "argument"]
        options = [
            p.opts[0] for p in command.params if p.param_type_name == "option" and p.opts[0] != "--json"
        ]
        usage = " ".join([prefix, name, *arguments]).replace("|", "\\|")
        summary = (command.help or "").split("\n")[0]
        rows.append(f"| `{usage}` | {summary} | {' '.join(f'`{option}`' for option in options) or '–'} |")
    return rows


def _metavar(parameter: Any) -> str:
    name = parameter.metavar or str(parameter.name).upper()
    return name if parameter.required or name.startswith("[") else f"[{name}]"


def main() -> int:
    pages = {
        "settings.md": document_settings(),
        "methods.md": document_methods(),
        "commands.md": document_commands(),
    }
    stale = []
    for name, text in pages.items():
        page = DOCS / name
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                page.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"docs/{name} " + ("is out of date: run make docs" if "--check" in sys.argv else "written"))
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    raise SystemExit(main())
