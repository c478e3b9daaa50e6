"""Which look-up keys a file's items are known under, and how keys are spelled.

| key | what it finds |
| --- | --- |
| `crate::module::name` | a free item, an import (`use … as name`), an enum's variant under the enum's path |
| `crate::module` | of the module that a file is by its place, also the `#[path]` that names the file |
| `crate::module::*` | glob imports of a module |
| `crate*name` | what can be imported by a glob, wherever in the crate |
| `crate::name!` | macros of a crate |
| `Owner::name` | what impls associate with a type; the owner is named by its last path segment |
| `~name` | what traits declare |
| `impl Owner` | impl headers of a type; `impl *` where the type is a parameter |
| `.name` | methods, whoever owns them |

Knows nothing of how a name is looked up (see `hydrators.resolve.scope`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from hydrators.cfg import active, parse
from hydrators.resolve.blocks import Blocks, blocks_of_nodes
from hydrators.resolve.module_files import DECLARED_BESIDE, LIVES_ELSEWHERE, ModuleFiles
from hydrators.resolve.types import Syntax, read_type
from store.model import Definition, FileRecord, NodeFacts, NodeKind, NodeSpan, Reference

_FREE = frozenset(
    kind.value
    for kind in (
        NodeKind.FUNCTION,
        NodeKind.METHOD,
        NodeKind.STRUCT,
        NodeKind.ENUM,
        NodeKind.UNION,
        NodeKind.TRAIT,
        NodeKind.TRAIT_ALIAS,
        NodeKind.TYPE_ALIAS,
        NodeKind.CONST,
        NodeKind.STATIC,
        NodeKind.MODULE,
        NodeKind.EXTERN_CRATE,
    )
)
TYPE_KINDS = frozenset(
    k.value
    for k in (
        NodeKind.STRUCT,
        NodeKind.ENUM,
        NodeKind.UNION,
        NodeKind.TRAIT,
        NodeKind.TRAIT_ALIAS,
        NodeKind.TYPE_ALIAS,
        NodeKind.MODULE,
        NodeKind.CRATE,
        NodeKind.VARIANT,
    )
)
"""What a path in type position can name."""
_IMPL, _TRAIT, _USE = NodeKind.IMPL.value, NodeKind.TRAIT.value, NodeKind.USE.value
_ASSOCIATED_CONST, _MACRO_CALL = NodeKind.ASSOCIATED_CONST.value, NodeKind.MACRO_CALL.value
_VARIANT, _MACRO, _METHOD = NodeKind.VARIANT.value, NodeKind.MACRO.value, NodeKind.METHOD.value
_EXTERN_CRATE, _MODULE = NodeKind.EXTERN_CRATE.value, NodeKind.MODULE.value

_GENERICS = re.compile(r"(?:\bimpl|\b(?:fn|struct|enum|union|trait|type)\s+(?:r#)?\w+)\s*<")
_WORDS = re.compile(r"'\w+|\w+|->|=>|[<>(){}\[\],]|\S")
_IMPL_GENERICS = re.compile(r"^(?:default |unsafe )*(?:const )?impl\s*<")
_PLAIN = re.compile(r"^\w+$")


def join(*parts: str) -> str:
    """Path of the parts that are not empty."""
    return "::".join(filter(None, parts))


def module_of(record: FileRecord) -> str:
    """Absolute module path of a file: its crate first, "_" for files of no crate."""
    return join(record.crate or "_", record.module_path)


def owner_of(self_type: str, header: str) -> str:
    """How impls for `self_type` are keyed: the last segment of a nominal type, `*` for a parameter of the
    impl, `[]`, `()` … for the shapes that have no name."""
    if _PLAIN.match(self_type) and not _IMPL_GENERICS.match(header):
        return self_type
    return owner_of_syntax(read_type(self_type), type_parameters(header))


def owner_of_syntax(type_: Syntax, parameters: Collection[str] = ()) -> str:
    """As `owner_of`, of a type that was read."""
    for _ in range(8):
        if type_.kind != "ref":
            break
        type_ = type_.parts[0]
    kind = type_.kind
    if kind == "path":
        last = type_.name.rpartition("::")[2]
        return "*" if last in parameters else last
    if kind in ("dyn", "impl") and type_.parts:
        return owner_of_syntax(type_.parts[0])
    return {"slice": "[]", "array": "[;]", "tuple": "()", "ptr": "*ptr", "fn": "fn", "never": "!"}.get(
        kind, "*"
    )


@lru_cache(maxsize=16384)
def type_parameters(header: str) -> frozenset[str]:
    """Names of the type and const parameters in an item's header."""
    match = _GENERICS.search(header)
    if match is None:
        return frozenset()
    depth, at = 1, match.end()
    while at < len(header) and depth:
        char = header[at]
        depth += (char == "<") - (char == ">" and header[at - 1] not in "-=")
        at += 1
    names: set[str] = set()
    depth, begin = 0, True
    for word in _WORDS.findall(header[match.end() : at - 1]):
        if begin and depth == 0 and word != "const":
            if word[0] != "'":
                names.add(word)
            begin = False
        if word in "<([{":
            depth += 1
        elif word in ">)]}":
            depth -= 1
        elif word == "," and depth == 0:
            begin = True
    return frozenset(names)


def modules_of_nodes(
    record: FileRecord, nodes: Sequence[NodeFacts], blocks: Mapping[str, Blocks]
) -> dict[str, tuple[str, str]]:
    """Node id → (module that it is defined in, module that its own text is read in, but for its blocks).

    A block with items in it is a module of its own, without a name: `crate::module::{1f0c9a3e}`. Its names
    hide those of the module around it.
    """
    base = module_of(record)
    named: dict[str, tuple[str, str]] = {}  # module as the node tells it → where most of its nodes stand
    found: dict[str, tuple[str, str]] = {}
    inside: set[str] = set()
    for node in nodes:
        node_id, parent_id = node.id, node.parent_id
        if parent_id in inside:
            outer = found[parent_id][1]
            if parent_id in blocks:
                outer = f"{outer}::{blocks[parent_id].around[node_id].name}"
            inside.add(node_id)
            place = outer, outer
        else:
            told = node.module
            place = named.get(told) or named.setdefault(told, (join(base, told),) * 2)
        if node_id in blocks:
            inside.add(node_id)
        found[node_id] = place
    return found


def named_module(module: str) -> str:
    """The module around a body."""
    return module.partition("::{")[0]


def is_within(viewer: str, module: str) -> bool:
    """Whether a module is this one or stands in it."""
    return viewer == module or viewer.startswith(f"{module}::")


@lru_cache(maxsize=16384)
def _is_usual(cfg: str) -> bool:
    """Whether a usual build holds what stands under these conditions."""
    return active(parse(cfg), guess=True) is not False


def usual(definitions: Sequence[Definition]) -> Sequence[Definition]:
    """Without those that a usual build leaves out."""
    return [d for d in definitions if not d.cfg or _is_usual(d.cfg)]


def live(definitions: Sequence[Definition]) -> Sequence[Definition]:
    """As `usual`, if others remain."""
    return usual(definitions) or definitions if len(definitions) > 1 else definitions


def definitions_of(
    record: FileRecord,
    nodes: Sequence[NodeFacts],
    spans: Sequence[NodeSpan],
    references: Mapping[str, Sequence[Reference]],
    file_text: bytes,
) -> tuple[Definition, ...]:
    """What can be found in a file, under its keys."""
    path = record.path
    base = module_of(record)
    crate = base.partition("::")[0]
    modules = modules_of_nodes(record, nodes, blocks_of_nodes(nodes, spans, file_text))
    parents = {node.parent_id for node in nodes}
    by_id: dict[str, NodeFacts] = {}
    gated: dict[str, str] = {}  # node → its cfg predicates and those around it
    owners: dict[str, str] = {}
    files = ModuleFiles(record, base)
    found: list[Definition] = []

    def define(key: str, kind: str, owner: str, text: str, container: str = "") -> None:
        found.append(Definition(key, node_id, kind, path, module, owner, visibility, text, container, cfg))

    for node in nodes:
        node_id, kind, name, parent_id, visibility = (
            node.id,
            node.kind,
            node.name,
            node.parent_id,
            node.visibility,
        )
        parent = by_id.get(parent_id)
        # A macro call is transparent: what stands in it stands where the call stands.
        by_id[node_id] = parent if kind == _MACRO_CALL and parent is not None else node
        module = modules[node_id][0]
        is_local = "::{" in module
        text = node.signature_syn or node.signature_ts
        cfg = node.cfg
        if parent_id in gated:
            cfg = f"{gated[parent_id]} & {cfg}" if cfg else gated[parent_id]
        if cfg:
            gated[node_id] = cfg
        if files.moved:
            files.pass_on(node)
        if kind == _USE:
            for leaf in references.get(node_id, ()):
                if leaf.name == "*":
                    define(f"{module}::*", kind, "", leaf.path_text.removesuffix("::*"))
                else:  # `as _` too: it brings a trait into scope
                    define(f"{module}::{leaf.name}", kind, "", leaf.path_text)
                    if visibility and not is_local:
                        define(f"{crate}*{leaf.name}", kind, "", "")
        elif kind == _IMPL:
            owner = owners[node_id] = owner_of(name, text)
            define(f"impl {owner}", kind, owner, text)
        elif kind == _MACRO:
            if any(attribute.startswith("macro_export") for attribute in node.attributes):
                visibility = "pub"
            define(f"{crate}::{name}!", kind, "", text)
        elif parent is not None and (parent.kind == _IMPL or parent.kind == _TRAIT):
            owner = owners.get(parent.id, node.owner)
            container = parent.signature_syn or parent.signature_ts
            define(f"~{name}" if parent.kind == _TRAIT else f"{owner}::{name}", kind, owner, text, container)
            if kind == _METHOD:
                define(f".{name}", kind, owner, "", container)
        elif kind == _ASSOCIATED_CONST and node.owner:  # a flag of `bitflags!`
            define(f"{node.owner}::{name}", kind, node.owner, f"{text}: {node.owner}", f"impl {node.owner}")
        elif kind == _VARIANT:
            if parent is not None:
                container = parent.signature_syn or parent.signature_ts
                define(f"{module}::{parent.name}::{name}", kind, parent.name, text, container)
        elif kind in _FREE:
            owner = ""
            has_body = kind == _MODULE and node_id in parents
            if has_body:
                files.enter(node, named_module(module))
            elif kind == _MODULE:
                declared = f"{named_module(module)}::{name}"
                own_cfg, elsewhere = cfg, files.of_line(node, named_module(module))
                for target, way_back, condition in elsewhere:
                    cfg = " & ".join(filter(None, (own_cfg, condition)))
                    define(f"{module}::{name}", LIVES_ELSEWHERE, "", target)
                    if way_back:
                        define(target, way_back, "", declared)
                cfg = own_cfg
                if not elsewhere and not is_local and (beside := files.beside(declared)):
                    owner = base
                    define(beside, DECLARED_BESIDE, owner, declared)
            if kind == _EXTERN_CRATE and " as " in text:
                name = text.rstrip(";").rpartition(" as ")[2].strip()
            define(f"{module}::{name}", kind, owner, text, "{}" if has_body else "")
            if visibility and not is_local:
                define(f"{crate}*{name}", kind, "", "")
    return tuple(found)
