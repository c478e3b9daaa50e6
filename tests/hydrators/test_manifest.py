"""Manifests as nodes: packages, features, dependencies, and what half-written ones still say."""

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hydrators.manifest import NOTE_INVALID_TOML, dependencies_of, features_of, manifest_facts
from hydrators.toml_text import read_toml, read_values
from store.model import FileFacts, FileStat

MANIFEST = """\
[package]
name = "quill-core"
version = "0.1.0"
edition = "2021"

[dependencies]
serde = { version = "1", optional = true }
quill-macros = { path = "../macros" }
text = { package = "quill-text", path = "../text" }

[dev-dependencies.quill-fixtures]
path = "../fixtures"

[target.'cfg(unix)'.dependencies]
libc = "0.2"

[features]
default = ["std"]
# The standard library.
std = [
    "text/std",
    "serde?/std",
]
full = ["std", "dep:libc"]
"""


def facts_of(text: str | bytes, crate: str = "quill_core", path: str = "core/Cargo.toml") -> FileFacts:
    data = text.encode() if isinstance(text, str) else text
    return manifest_facts(path, data, FileStat(len(data), 1, 1, 1), crate, "")


def slices(facts: FileFacts) -> dict[str, str]:
    return {span.id: facts.text[span.start_byte : span.end_byte].decode() for span in facts.spans}


def mentions(facts: FileFacts, node_id: str) -> list[tuple[str, str, str, str]]:
    start = next(span.start_byte for span in facts.spans if span.id == node_id)
    return [
        (r.name, r.path_text, r.kind, facts.text[start + r.start_byte : start + r.end_byte].decode())
        for r in facts.references.get(node_id, ())
    ]


def test_a_package_is_a_node_that_holds_its_features() -> None:
    facts = facts_of(MANIFEST)
    assert [(node.id, node.kind, node.name, node.qualified_name, node.parent_id) for node in facts.nodes] == [
        ("core/Cargo.toml-Cargo-quill_core", "crate", "quill-core", "quill_core", ""),
        *(
            (f"core/Cargo.toml-Cargo-quill_core/{name}", "feature", name, f"quill_core/{name}",
             "core/Cargo.toml-Cargo-quill_core")
            for name in ("serde", "default", "std", "full")
        ),
    ]  # fmt: skip
    assert [(node.signature_ts, node.signature_syn, node.isgl_level) for node in facts.nodes] == [
        (text, text, level)
        for text, level in (
            ("quill-core 0.1.0 (edition 2021)", 1),
            ('serde = ["dep:serde"]', 2),
            ('default = ["std"]', 2),
            ('std = ["text/std", "serde?/std"]', 2),
            ('full = ["std", "dep:libc"]', 2),
        )
    ]


def test_every_node_stands_where_its_lines_are() -> None:
    facts = facts_of(MANIFEST)
    found = slices(facts)
    root = "core/Cargo.toml-Cargo-quill_core"
    assert found[root] == MANIFEST
    assert found[f"{root}/serde"] == 'serde = { version = "1", optional = true }'
    assert found[f"{root}/std"] == 'std = [\n    "text/std",\n    "serde?/std",\n]'
    lines = {span.id: (span.start_line, span.end_line) for span in facts.spans}
    assert (lines[root], lines[f"{root}/serde"], lines[f"{root}/std"]) == ((1, 24), (7, 7), (20, 23))


def test_dependencies_are_references_of_the_package() -> None:
    facts = facts_of(MANIFEST)
    assert mentions(facts, "core/Cargo.toml-Cargo-quill_core") == [
        ("serde", "serde", "import", 'serde = { version = "1", optional = true }'),
        ("quill_macros", "quill-macros", "import", 'quill-macros = { path = "../macros" }'),
        ("text", "quill-text", "import", 'text = { package = "quill-text", path = "../text" }'),
        (
            "quill_fixtures",
            "quill-fixtures",
            "import",
            '[dev-dependencies.quill-fixtures]\npath = "../fixtures"',
        ),
        ("libc", "libc", "import", 'libc = "0.2"'),
    ]


def test_a_feature_refers_to_the_features_and_dependencies_that_it_turns_on() -> None:
    facts = facts_of(MANIFEST)
    root = "core/Cargo.toml-Cargo-quill_core"
    assert mentions(facts, f"{root}/std") == [
        ("text", "quill-text", "import", "text/std"),
        ("std", "text/std", "path", "text/std"),
        ("serde", "serde", "import", "serde?/std"),
        ("std", "serde/std", "path", "serde?/std"),
    ]
    assert mentions(facts, f"{root}/full") == [
        ("std", "std", "path", "std"),
        ("libc", "libc", "import", "dep:libc"),
    ]


def test_definitions_are_found_under_the_name_that_the_workspace_gives_the_crate() -> None:
    facts = facts_of(MANIFEST, "quill_core@examples/two")
    assert [definition.key for definition in facts.definitions[:3]] == [
        "crate quill_core@examples/two",
        "feature quill_core@examples/two/serde",
        "feature quill_core@examples/two/default",
    ]
    assert facts.nodes[0].id == "core/Cargo.toml-Cargo-quill_core"


def test_the_library_names_the_crate() -> None:
    facts = facts_of('[package]\nname = "a-b"\n[lib]\nname = "c"\n', "")
    assert [(node.name, node.qualified_name) for node in facts.nodes] == [("a-b", "c")]
    assert facts.definitions[0].key == "crate c"


@pytest.mark.parametrize(
    ("fields", "signature"),
    [
        ("", "a (edition 2015)"),
        ('version = "1.0.0"\n', "a 1.0.0 (edition 2015)"),
        (
            "version.workspace = true\nedition = { workspace = true }\n",
            "a version.workspace (edition.workspace)",
        ),
    ],
)
def test_a_signature_says_what_the_manifest_says(fields: str, signature: str) -> None:
    assert facts_of(f'[package]\nname = "a"\n{fields}').nodes[0].signature_ts == signature


def test_a_workspace_without_a_package_has_no_nodes() -> None:
    facts = facts_of('[workspace]\nmembers = ["*"]\n', "")
    assert (len(facts.nodes), len(facts.definitions)) == (0, 0)
    assert facts.record.notes == ("manifest",)


def test_an_optional_dependency_is_a_feature_unless_it_is_named_as_a_dependency() -> None:
    content = tomllib.loads(
        '[dependencies]\na = {version="1", optional=true}\nb = {version="1", optional=true}\nc = "1"\n'
        '[target."cfg(unix)".build-dependencies]\nd = {version="1", optional=true}\n'
        '[features]\nx = ["dep:b", "a"]\n'
    )
    assert features_of(content) == {"x": ("dep:b", "a"), "a": ("dep:a",), "d": ("dep:d",)}
    assert [(d.kind, d.target, d.key) for d in dependencies_of(content)][-1] == ("build", "cfg(unix)", "d")


def test_comments_and_spaces_change_no_meaning() -> None:
    first, second = facts_of(MANIFEST), facts_of("# new\n" + MANIFEST.replace(" = ", "="))
    assert [node.meaning_hash for node in first.nodes] == [node.meaning_hash for node in second.nodes]
    assert first.nodes[0].hash != second.nodes[0].hash


# ---------------------------------------------------------------- half-written


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('version = "0.1.0"\n', "version = \n"),
        ('version = "0.1.0"\n', 'version = "0.1.0\n'),
        ("[dependencies]\n", "[dependencies\n"),
        ("[dependencies]\n", "[dependencies]\nhalf = { version = \n"),
        ("[dependencies]\n", '[dependencies]\nhalf = { version = "1", features = [\n'),
        ("[dependencies]\n", "[dependencies]\nhalf\n"),
        ("[dependencies]\n", '[dependencies]\n<<<<<<< HEAD\na = "1"\n=======\na = "2"\n>>>>>>> b\n'),
        ("[dependencies]\n", '[dependencies]\na = "\\q"\n'),
        ("[dependencies]\n", "[dependencies]\na = 'x\n"),
    ],
)
def test_one_mistake_costs_one_statement(old: str, new: str) -> None:
    broken = facts_of(MANIFEST.replace(old, new))
    assert broken.record.notes == ("manifest", NOTE_INVALID_TOML)
    assert broken.record.parse_error_count == 1
    whole = facts_of(MANIFEST)
    assert [node.id for node in broken.nodes] == [node.id for node in whole.nodes]
    names = [reference.name for reference in broken.references[broken.nodes[0].id]]
    assert set(names) >= {"serde", "quill_macros", "text", "libc", "quill_fixtures"}
    assert all(node.recovered and not node.signature_syn for node in broken.nodes)


def test_a_manifest_without_a_readable_name_is_recorded_and_no_more() -> None:
    facts = facts_of(b"[package\nname =", "")
    assert facts.nodes == ()
    assert facts.record.notes == ("manifest", NOTE_INVALID_TOML)


def test_inline_tables_over_several_lines_are_valid() -> None:
    text = '[package]\nname = "a"\n[dependencies]\nb = {\n  path = "../b", # there\n  optional = true,\n}\n'
    facts = facts_of(text, "a")
    assert facts.record.notes == ("manifest",)
    assert [node.name for node in facts.nodes] == ["a", "b"]


def test_a_byte_order_mark_moves_nothing() -> None:
    facts = facts_of(b"\xef\xbb\xbf" + MANIFEST.encode())
    assert facts.record.notes == ("manifest",)
    assert slices(facts)["core/Cargo.toml-Cargo-quill_core/full"] == 'full = ["std", "dep:libc"]'


def test_strings_that_look_like_statements_are_strings() -> None:
    text = (
        '[package]\nname = "a"\ndescription = """\n[features]\nx = ["y"]\n"quoted\\""""\n'
        "readme = '''\n[lib]\nname = \"c\"\n'''\n[features]\nreal = ['''b''']\n"
    )
    facts = facts_of(text, "a")
    assert facts.record.notes == ("manifest",)
    assert slices(facts)["core/Cargo.toml-Cargo-a/real"] == "real = ['''b''']"


def test_the_same_values_are_read_from_a_text_and_from_its_statements() -> None:
    content, is_valid = read_values(MANIFEST.encode() + b"oops\n")
    assert not is_valid
    assert content == tomllib.loads(MANIFEST)


def test_a_deep_or_huge_manifest_is_read_in_time() -> None:
    for text in (
        "[" + ".".join("a" * 5000) + "]\nx = 1\n",
        "x = " + "[" * 100_000,
        "x = {\n" * 20_000,
        "x = [\n" * 20_000,
        '"""' * 20_001,
        "[[a]]\n" * 20_000 + "=",
        'x = """\n' * 5001,
    ):
        facts = facts_of('[package]\nname = "a"\n' + text, "a")
        assert facts.record.path == "core/Cargo.toml"


toml_pieces = st.sampled_from(
    ["[package]", "\n", 'name = "a"', "[features]", "x = [", "]", "{", "}", '"', "'''", '"""', "#", "=", ".", "\\", ",", "é",
     "[dependencies.b]", "optional = true", "\r\n", "[[bin]]", "\x00"]
)  # fmt: skip


@given(st.lists(toml_pieces, max_size=40).map("".join) | st.text(), st.binary(max_size=3))
def test_no_bytes_make_it_fail_and_spans_lie_inside(text: str, noise: bytes) -> None:
    data = text.encode() + noise
    facts = facts_of(data, "a")
    assert len({node.id for node in facts.nodes}) == len(facts.nodes) == len(facts.spans)
    for span in facts.spans:
        assert 0 <= span.start_byte <= span.end_byte <= len(data)
        assert 1 <= span.start_line <= span.end_line
    for toml_span in read_toml(data).spans.values():
        assert 0 <= toml_span.start_byte <= toml_span.end_byte <= len(data)
    json.dumps([node.signature_ts for node in facts.nodes]).encode()
