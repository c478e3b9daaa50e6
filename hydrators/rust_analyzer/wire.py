"""Records to lines of JSON and back, for the pipes between the daemon and its worker. Records travel as
arrays of their fields."""

from __future__ import annotations

import json
import types as python_types
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import orjson

T = TypeVar("T")
LINE_LIMIT_BYTES = 256 << 20


def encode(message: dict[str, Any]) -> bytes:
    """One line. The standard library writes NamedTuples as arrays at full speed, which orjson refuses."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> dict[str, Any]:
    message = orjson.loads(line)
    if not isinstance(message, dict):
        raise ValueError("a message is an object")
    return message


def read(kind: type[T], value: Any) -> T:
    """The record that `encode` wrote. Raises ValueError, TypeError or KeyError for what is none."""
    made: T = _reader(kind)(value)  # type: ignore[arg-type]  # a type is hashable
    return made


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    if isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields"):
        hints = get_type_hints(kind)
        readers = [_reader(hints[name]) for name in kind._fields]
        if all(reader is _as_is for reader in readers):
            return lambda value: kind(*value)
        return lambda value: kind(*[read(item) for read, item in zip(readers, value, strict=True)])
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple and arguments[-1] is ...:
        item = _reader(arguments[0])
        return tuple if item is _as_is else lambda value: tuple([item(each) for each in value])
    if origin is tuple:
        items = [_reader(argument) for argument in arguments]
        return lambda value: tuple([read(each) for read, each in zip(items, value, strict=True)])
    if origin in (Union, python_types.UnionType):
        (inner,) = [argument for argument in arguments if argument is not type(None)]
        some = _reader(inner)
        return lambda value: None if value is None else some(value)
    return _as_is


def _as_is(value: Any) -> Any:
    return value
