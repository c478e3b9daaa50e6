"""The declarations of Rust's standard library hang together: they parse, and every name means something."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from hydrators.tolerant import extract_facts
from store.model import FileFacts, NodeFacts
from tests.hydrators.rust_text import NO_STAT

STD = Path(__file__).parents[2] / "hydrators" / "resolve" / "std"

ESSENTIALS = """
any::Any borrow::Cow borrow::ToOwned boxed::Box cell::Cell cell::OnceCell cell::Ref cell::RefCell cell::RefMut
clone::Clone cmp::Ord cmp::Ordering cmp::PartialEq cmp::Reverse collections::TryReserveError
collections::binary_heap::BinaryHeap collections::btree_map::BTreeMap collections::btree_map::Entry
collections::btree_set::BTreeSet collections::hash_map::Entry collections::hash_map::HashMap
collections::hash_map::OccupiedEntry collections::hash_map::VacantEntry collections::hash_set::HashSet
collections::linked_list::LinkedList collections::vec_deque::VecDeque convert::AsRef convert::From convert::Into
convert::TryFrom default::Default env::Args error::Error ffi::c_str::CStr ffi::c_str::CString ffi::os_str::OsStr
ffi::os_str::OsString fmt::Arguments fmt::Debug fmt::Display fmt::Error fmt::Formatter fmt::Result fs::DirEntry
fs::File fs::Metadata fs::OpenOptions fs::ReadDir future::Future hash::Hash hash::Hasher io::BufRead io::BufReader
io::BufWriter io::Cursor io::Error io::ErrorKind io::Read io::Result io::Seek io::Write iter::FromIterator
iter::IntoIterator iter::Iter iter::Iterator iter::Peekable iter::Rev marker::Copy marker::PhantomData
marker::Send mem::ManuallyDrop net::IpAddr net::TcpStream num::NonZero num::ParseIntError num::Wrapping ops::Add
ops::Bound ops::ControlFlow ops::Deref ops::Fn ops::Index ops::Range ops::RangeInclusive ops::Try option::Option
path::Component path::Components path::Path path::PathBuf pin::Pin primitive::Float primitive::Integer
primitive::Pointer process::Child process::Command process::ExitStatus process::Output ptr::NonNull rc::Rc
rc::Weak result::Result slice::Iter slice::SliceIndex str::CharIndices str::Chars str::FromStr string::String
string::ToString sync::Arc sync::Condvar sync::LazyLock sync::Mutex sync::MutexGuard sync::OnceLock sync::RwLock
sync::Weak sync::atomic::Atomic sync::atomic::AtomicUsize sync::atomic::Ordering sync::mpsc::Receiver
sync::mpsc::Sender task::Context task::Poll task::Waker thread::JoinHandle thread::Result thread::Scope
time::Duration time::Instant time::SystemTime vec::IntoIter vec::Vec
"""

PRIMITIVES = "bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 Self ! _"
NAMED = ("struct", "enum", "union", "trait", "type_alias", "module", "function", "const")
NAMES_A_TYPE = ("trait_impl", "self_type", "type", "bound")


class Declared(NamedTuple):
    """Full path → kind of everything with a name, and module → (name in scope, path it stands for)."""

    kinds: dict[str, str]
    imports: dict[str, list[tuple[str, str]]]


@cache
def facts_by_file() -> dict[str, FileFacts]:
    return {
        p.name: extract_facts(p.name, p.read_bytes(), NO_STAT, "std", "") for p in sorted(STD.glob("*.rs"))
    }


def joined(module: str, name: str) -> str:
    return f"{module}::{name}" if module else name


@cache
def declared() -> Declared:
    kinds: dict[str, str] = {}
    imports: dict[str, list[tuple[str, str]]] = {}
    for facts in facts_by_file().values():
        nodes = {node.id: node for node in facts.nodes}
        for node in facts.nodes:
            parent = nodes.get(node.parent_id)
            if node.kind == "use":
                for r in facts.references[node.id]:
                    imports.setdefault(node.module, []).append((r.name, absolute(node.module, r.path_text)))
            elif node.kind == "variant" and parent is not None:
                kinds[f"{joined(node.module, parent.name)}::{node.name}"] = node.kind
            elif node.kind in NAMED and (parent is None or parent.kind == "module"):
                kinds[joined(node.module, node.name)] = node.kind
    return Declared(kinds, imports)


def absolute(module: str, path: str) -> str:
    """`self::a`, `super::a` and `crate::a` without their keyword; other paths start in `module`."""
    head, _, rest = path.partition("::")
    while head == "super":
        module = module.rpartition("::")[0]
        head, _, rest = rest.partition("::")
        if head != "super":
            return joined(module, f"{head}::{rest}" if rest else head)
    if head == "crate":
        return rest
    return joined(module, rest if head == "self" else path)


def meaning(path: str, seen: frozenset[str] = frozenset()) -> str:
    """The declaration that an absolute path stands for, through imports; "" if there is none."""
    if path in declared().kinds:
        return path
    if path in seen:
        return ""
    module, _, name = path.rpartition("::")
    inside = meaning(module, seen | {path}) if module else ""
    if inside and inside != module:
        return meaning(f"{inside}::{name}", seen | {path})
    for alias, target in declared().imports.get(module, ()):
        here = target if alias == name else f"{target.removesuffix('::*')}::{name}" if alias == "*" else ""
        if here and (found := meaning(here, seen | {path})):
            return found
    return ""


def in_scope(module: str, path: str) -> str:
    """What `path`, written in `module`, stands for; "" if nothing."""
    head = path.partition("::")[0]
    found = meaning(absolute(module, path))
    if not found and head not in ("crate", "self", "super"):
        found = meaning(f"prelude::rust_2024::{path}")
    return found


def parameters(signature: str) -> set[str]:
    """Names of the generic parameters that an item declares."""
    start = re.search(r"\b(?:impl|(?:fn|struct|enum|union|trait|type) \w+)<", signature)
    if start is None:
        return set()
    depth, names, expecting = 0, set(), True
    for token in re.findall(r"->|[<>()\[\],]|[\w']+", signature[start.end() - 1 :]):
        if token in ("<", "(", "["):
            depth += 1
        elif token in (">", ")", "]"):
            depth -= 1
            if depth == 0:
                break
        elif token == "," and depth == 1:
            expecting = True
        elif expecting and token not in ("const", "->", ","):
            names.add(token)
            expecting = False
    return names


def mentions() -> Iterator[tuple[NodeFacts, str, str]]:
    """(node, kind, path) of every name of a type or trait that is no generic parameter."""
    primitives = frozenset(PRIMITIVES.split())
    for facts in facts_by_file().values():
        nodes = {node.id: node for node in facts.nodes}
        for node in facts.nodes:
            generic: set[str] = set()
            around: NodeFacts | None = node
            while around is not None:
                generic |= parameters(around.signature_ts)
                around = nodes.get(around.parent_id)
            for r in facts.references.get(node.id, ()):
                head = r.path_text.partition("::")[0]
                if (
                    r.kind in NAMES_A_TYPE
                    and not head.startswith("<")
                    and head not in primitives
                    and head not in generic
                ):
                    yield node, r.kind, r.path_text


def test_the_declarations_parse_without_errors() -> None:
    assert facts_by_file()
    for name, facts in facts_by_file().items():
        assert facts.record.parse_error_count == 0, name
        assert not [n.qualified_name for n in facts.nodes if n.parse_error_count or n.recovered], name


def test_every_essential_type_is_declared() -> None:
    assert [path for path in ESSENTIALS.split() if path not in declared().kinds] == []


def test_no_path_is_declared_twice() -> None:
    paths = [
        (node.kind in ("function", "const"), joined(node.module, node.name))
        for facts in facts_by_file().values()
        for node in facts.nodes
        if node.kind in NAMED and "::" not in node.qualified_name.removeprefix(f"{node.module}::")
    ]
    assert sorted({path for path in paths if paths.count(path) > 1}) == []


def test_every_import_and_every_name_in_the_preludes_leads_to_a_declaration() -> None:
    imports = [(m, path) for m, found in declared().imports.items() for _, path in found]
    lost = [f"{m}: {path}" for m, path in imports if not meaning(path.removesuffix("::*"))]
    assert lost == []


def test_every_impl_names_a_declared_trait_and_a_declared_type() -> None:
    seen = 0
    for node, kind, path in mentions():
        if kind == "trait_impl":
            seen += 1
            assert declared().kinds.get(in_scope(node.module, path)) == "trait", node.signature_ts
        elif kind == "self_type":
            found = declared().kinds.get(in_scope(node.module, path), "")
            assert found in ("struct", "enum", "union", "type_alias", "trait"), node.signature_ts
    assert seen > 1000


def test_every_type_in_a_signature_is_declared() -> None:
    lost = {
        f"{node.module}: {node.signature_ts}: {path}"
        for node, kind, path in mentions()
        if kind in ("type", "bound")
        and f"{path} = " not in node.signature_ts  # the name of an associated type in a bound
        and not in_scope(node.module, path)
    }
    assert sorted(lost) == []


def test_what_dereferences_says_to_what() -> None:
    headers = {
        node.id: node.signature_ts
        for facts in facts_by_file().values()
        for node in facts.nodes
        if node.kind == "impl" and re.search(r"\bDeref for ", node.signature_ts)
    }
    targets = {
        headers[node.parent_id].rpartition(" for ")[2]: node.signature_ts.removeprefix("type Target = ")
        for facts in facts_by_file().values()
        for node in facts.nodes
        if node.parent_id in headers and node.name == "Target"
    }
    assert len(targets) == len(headers)
    assert targets["Vec<T>"] == "[T]"
    assert targets["String"] == "str"
    assert targets["PathBuf"] == "Path"
    assert targets["Arc<T>"] == targets["MutexGuard<'_, T>"] == "T"
