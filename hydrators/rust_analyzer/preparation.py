"""All that has to be found on disk before a server can be started for a workspace.

Looks for it in order, off the event loop; starts nothing but cargo.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import NamedTuple

from hydrators.rust_analyzer.options import environment
from hydrators.rust_analyzer.projects import Projects, find_projects
from hydrators.rust_analyzer.sysroot import Sources, prepare_sources
from hydrators.rust_analyzer.toolchain import Toolchain, find_toolchain


class Preparation(NamedTuple):
    """`env` is the whole environment of the server."""

    toolchain: Toolchain
    sources: Sources
    projects: Projects
    env: dict[str, str]


async def prepare(root: Path, cache: Path, rust_analyzer: str) -> Preparation:
    """`rust_analyzer` is the server's path, "" to have it looked for. Raises ToolchainAbsent and OSError."""
    toolchain = await asyncio.to_thread(find_toolchain, rust_analyzer, root)
    await asyncio.to_thread(cache.mkdir, mode=0o700, parents=True, exist_ok=True)
    sources = await asyncio.to_thread(
        prepare_sources, toolchain.libraries, toolchain.release, toolchain.cargo, cache
    )
    env = environment(toolchain, sources, cache)
    projects = await asyncio.to_thread(find_projects, root, toolchain.cargo, env)
    return Preparation(toolchain, sources, projects, env)


async def projects_now(root: Path, rust_analyzer: str) -> Projects:
    """What there is to load by now. Raises ToolchainAbsent."""
    toolchain = await asyncio.to_thread(find_toolchain, rust_analyzer, root)
    env = dict(os.environ, PATH=toolchain.path, CARGO_NET_OFFLINE="true")
    return await asyncio.to_thread(find_projects, root, toolchain.cargo, env)
