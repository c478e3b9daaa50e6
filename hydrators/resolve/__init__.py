"""Name resolution without a compiler: the references of a file become edges, as a pure function of facts."""

from hydrators.resolve.definitions import definitions_of
from hydrators.resolve.edges import Resolution, Resolver, foreign_keys
from hydrators.resolve.scope import Definitions, World
from hydrators.resolve.standard import standard_definitions

__all__ = [
    "Definitions",
    "Resolution",
    "Resolver",
    "World",
    "definitions_of",
    "foreign_keys",
    "standard_definitions",
]
