"""isg config show: the settings as they stand, and where each comes from."""

from __future__ import annotations

from dataclasses import asdict

import typer

from indexer.cli import output
from indexer.cli.options import JsonOption
from indexer.paths import resolve_paths

group = typer.Typer(name="config", help="The settings.", no_args_is_help=True, pretty_exceptions_enable=False)


@group.callback()
def _settings() -> None:
    """The settings."""


@group.command("show")
def show(json: JsonOption = False) -> None:
    """Show every setting, its value, and where that comes from."""
    from indexer.config import list_settings

    output.use_json(json)
    paths = resolve_paths()
    rows = list_settings(paths)
    if json:
        places = {
            "settings_file": str(paths.settings_file),
            "data_dir": str(paths.data_dir),
            "log_file": str(paths.log_file),
            "socket": str(paths.socket),
        }
        output.print_json({"settings": [asdict(row) for row in rows], "paths": places})
        return
    output.show(
        output.table(
            ["SETTING", "VALUE", "FROM", "MEANING"],
            [
                [
                    output.paint(row.name, "bold"),
                    output.paint(_shown(row.value), "" if row.source == "default" else "green"),
                    output.paint(row.source, "dim"),
                    row.description,
                ]
                for row in rows
            ],
            wrap=True,
        )
    )
    there = "" if paths.settings_file.exists() else " (not there yet)"
    output.note(
        f"\nsettings file  {paths.settings_file}{there}\nstores         {paths.data_dir}\n"
        f"log            {paths.log_file}\nsocket         {paths.socket}\n"
        "a changed setting holds from the next start: isg down && isg up"
    )


def _shown(value: object) -> str:
    return (", ".join(map(str, value)) or "none") if isinstance(value, tuple) else str(value)


def register(app: typer.Typer) -> None:
    app.add_typer(group, rich_help_panel="Maintenance")
