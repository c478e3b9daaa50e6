"""What rust-analyzer is told: its settings, what we can do, and the environment it runs in.

Each setting that is not a matter of taste has its reason beside it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from lsprotocol import types

from hydrators.rust_analyzer.sysroot import Sources
from hydrators.rust_analyzer.toolchain import Toolchain

_INHERITED = (
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "SSL_CERT_FILE",
)


def environment(toolchain: Toolchain, sources: Sources, cache: Path) -> dict[str, str]:
    """The whole environment of the server and of the cargo that it runs."""
    chosen = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    chosen |= {name: value for name, value in os.environ.items() if name.startswith(("CARGO_", "RUSTUP_"))}
    chosen |= {
        "PATH": toolchain.path,
        "CARGO_NET_OFFLINE": "true",  # a dependency that cannot be had is known at once, not after 30 s
        "CARGO_TARGET_DIR": os.fspath(cache / "target"),  # nothing is ever built in the user's tree
        "RUSTUP_AUTO_INSTALL": "0",
        "RUSTFMT": os.fspath(
            cache / "no-rustfmt"
        ),  # expansions of macros are not worth 20 ms of rustfmt each
        "RA_LOG": "error",
    }
    if sources.folder:
        chosen["RUST_SRC_PATH"] = sources.folder  # loose files know no cargo.sysrootSrc
    return chosen


def settings(
    sources: Sources, cache: Path, manifests: tuple[Path, ...], *, with_experimental: bool = False
) -> dict[str, Any]:
    """`initializationOptions`, and the answer to `workspace/configuration`. `manifests` are the Cargo.toml
    of the packages and workspaces to load."""
    cargo: dict[str, Any] = {
        "targetDir": os.fspath(cache / "target"),
        "extraEnv": {"CARGO_NET_OFFLINE": "true", "CARGO_TARGET_DIR": os.fspath(cache / "target")},
        "buildScripts": {"enable": True},
        "autoreload": True,
    }
    if sources.folder:
        cargo["sysrootSrc"] = sources.folder
    return {
        "linkedProjects": [os.fspath(manifest) for manifest in manifests],
        "cargo": cargo,
        "procMacro": {"enable": True},
        "checkOnSave": False,  # verdicts are rustc's, and asked for elsewhere
        "cachePriming": {"enable": False},  # 200 MB for answers that we may never ask for
        "files": {"watcher": "client"},  # we watch the tree already
        "diagnostics": {
            "enable": True,
            # Finds unresolved names, and false ones where metadata is incomplete: only against a baseline.
            "experimental": {"enable": with_experimental},
        },
        "hover": {
            "actions": {"enable": False},
            "documentation": {"enable": False},
            "links": {"enable": False},
            "memoryLayout": {"enable": False},
            "maxSubstitutionLength": 0,
        },
        "notifications": {"cargoTomlNotFound": False},
    }


def first_words(root: Path, settings_: dict[str, Any]) -> types.InitializeParams:
    """What a server is greeted with."""
    folder = types.WorkspaceFolder(uri=root.as_uri(), name=root.name)
    return types.InitializeParams(
        process_id=os.getpid(),
        capabilities=capabilities(),
        root_uri=folder.uri,
        workspace_folders=[folder],
        initialization_options=settings_,
    )


def capabilities() -> types.ClientCapabilities:
    """What we can do, which decides how the server speaks: columns in bytes, links with ranges, pulled
    diagnostics."""
    return types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind.Utf8]),
        window=types.WindowClientCapabilities(work_done_progress=True),
        workspace=types.WorkspaceClientCapabilities(
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
        ),
        text_document=types.TextDocumentClientCapabilities(
            hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown]),
            definition=types.DefinitionClientCapabilities(link_support=True),
            document_symbol=types.DocumentSymbolClientCapabilities(hierarchical_document_symbol_support=True),
            diagnostic=types.DiagnosticClientCapabilities(),
        ),
        experimental={"serverStatusNotification": True},
    )
