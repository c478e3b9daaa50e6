"""The composition root: daemon, RPC, command line, settings, and the pipeline that wires the parts."""

from typing import Final

__version__: Final = "0.1.0"
