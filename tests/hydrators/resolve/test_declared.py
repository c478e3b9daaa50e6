"""Edges that are declared: feature gates, derives, dependencies between crates."""

from __future__ import annotations

from collections.abc import Sequence

from hydrators.manifest import manifest_facts
from hydrators.resolve.declared import Declared
from hydrators.resolve.definitions import modules_of_nodes
from hydrators.resolve.scope import Scope
from hydrators.resolve.standard import standard_definitions
from indexer.crates import CrateMap, is_manifest
from store.model import Definition, FileFacts
from tests.hydrators.rust_text import NO_STAT, facts_of


class Tree:
    """A workspace in memory: facts of all its files, and the declared edges of each node."""

    def __init__(self, files: dict[str, str]) -> None:
        crates = CrateMap({path: text.encode() for path, text in files.items() if is_manifest(path)})
        self.facts: dict[str, FileFacts] = {}
        for path, text in files.items():
            crate, module = crates.place(path)
            self.facts[path] = (
                manifest_facts(path, text.encode(), NO_STAT, crate, module)
                if is_manifest(path)
                else facts_of(text, path, crate, module)
            )
        self.definitions: dict[str, list[Definition]] = {}
        for facts in self.facts.values():
            for definition in facts.definitions:
                self.definitions.setdefault(definition.key, []).append(definition)
        self._world = crates.world
        self._names = {
            node.id: (node.kind, node.qualified_name) for facts in self.facts.values() for node in facts.nodes
        }
        self.keys: dict[str, set[str]] = {}

    def get(self, key: str) -> Sequence[Definition]:
        return self.definitions.get(key, ())

    def edges(self, kind: str) -> set[tuple[str, str, float, str]]:
        """(source, target, weight, rule) of one kind of edge, by qualified name."""
        scope = Scope(self, self._world, standard_definitions())
        found = set()
        for path, facts in self.facts.items():
            declared = Declared(
                scope, self._world.crates, facts, modules_of_nodes(facts.record, facts.nodes, {})
            )
            self.keys[path] = set()
            for node in facts.nodes:
                scope.begin()
                for edge in declared.of(node):
                    references = facts.references.get(node.id, ())
                    assert all(site < len(references) for site in edge.sites)
                    if edge.kind == kind:
                        target = self._names[edge.target][1]
                        found.add((node.qualified_name, target, edge.weight, edge.rule))
                self.keys[path] |= scope.asked()
        return found


MANIFEST = """[package]
name = "my-lib"
version = "0.1.0"

[features]
default = ["std"]
std = []
net = ["std"]
tls = []
"""


def gates(**sources: str) -> set[tuple[str, str, float, str]]:
    files = {f"src/{name.replace('__', '/')}.rs": text for name, text in sources.items()}
    return Tree({"Cargo.toml": MANIFEST, **files}).edges("FEATURE_GATED_BY")


def test_an_item_leads_to_the_feature_that_its_cfg_names() -> None:
    assert gates(lib='#[cfg(feature = "net")]\nstruct S;\n#[cfg(not(feature = "std"))]\nfn f() {}\n') == {
        ("S", "my_lib/net", 1.0, "cfg"),
        ("f", "my_lib/std", 1.0, "cfg-not"),
    }


def test_alternatives_share_the_weight_and_conjunctions_do_not() -> None:
    assert gates(
        lib='#[cfg(any(feature = "net", feature = "tls"))]\nstruct A;\n'
        '#[cfg(all(unix, feature = "net", feature = "tls"))]\nstruct B;\n'
    ) == {
        ("A", "my_lib/net", 0.5, "cfg"),
        ("A", "my_lib/tls", 0.5, "cfg"),
        ("B", "my_lib/net", 1.0, "cfg"),
        ("B", "my_lib/tls", 1.0, "cfg"),
    }


def test_what_lies_inside_a_gated_item_is_gated_too() -> None:
    assert gates(
        lib='struct S;\n#[cfg(feature = "net")]\nimpl S {\n    fn a(&self) {}\n'
        '    #[cfg(feature = "tls")]\n    fn b(&self) { fn c() {} }\n}\nfn free() {}\n'
    ) == {
        ("impl S", "my_lib/net", 1.0, "cfg"),
        ("S::a", "my_lib/net", 1.0, "cfg-inherited"),
        ("S::b", "my_lib/net", 1.0, "cfg-inherited"),
        ("S::b", "my_lib/tls", 1.0, "cfg"),
        ("S::b::c", "my_lib/net", 1.0, "cfg-inherited"),
        ("S::b::c", "my_lib/tls", 1.0, "cfg-inherited"),
    }


def test_parts_of_an_item_and_imports_have_only_gates_of_their_own() -> None:
    assert gates(
        lib='#[cfg(feature = "net")]\nmod m {\n    use std::fmt;\n'
        '    enum E { A, #[cfg(feature = "tls")] B }\n}\n'
    ) == {
        ("m", "my_lib/net", 1.0, "cfg"),
        ("m::E", "my_lib/net", 1.0, "cfg-inherited"),
        ("m::E::B", "my_lib/tls", 1.0, "cfg"),
    }


def test_a_file_inherits_from_the_mod_declarations_that_it_hangs_on() -> None:
    found = gates(
        lib='#[cfg(feature = "net")]\nmod outer;\nmod free;\n',
        outer='#[cfg(feature = "tls")]\npub mod inner;\nfn o() {}\n',
        outer__inner="fn i() {}\n",
        free="fn f() {}\n",
    )
    assert found == {
        ("outer", "my_lib/net", 1.0, "cfg"),
        ("inner", "my_lib/net", 1.0, "cfg-inherited"),
        ("inner", "my_lib/tls", 1.0, "cfg"),
        ("o", "my_lib/net", 1.0, "cfg-inherited"),
        ("i", "my_lib/net", 1.0, "cfg-inherited"),
        ("i", "my_lib/tls", 1.0, "cfg-inherited"),
    }


def test_a_module_that_is_also_declared_without_a_cfg_is_not_gated() -> None:
    found = gates(
        lib='#[cfg(feature = "net")]\nmod m;\n#[cfg(not(feature = "net"))]\nmod m;\nmod n;\n',
        main='#[cfg(feature = "net")]\nmod n;\n',
        m="fn either() {}\n",
        n="fn always() {}\n",
    )
    assert {one for one in found if one[0] in ("either", "always")} == {
        ("either", "my_lib/net", 0.5, "cfg-inherited"),
        ("either", "my_lib/net", 0.5, "cfg-not-inherited"),
    }


def test_a_module_whose_path_attribute_names_another_file_gates_that_one_only() -> None:
    found = gates(
        lib='mod imp;\n#[cfg(feature = "net")]\n#[path = "other.rs"]\nmod imp;\n', imp="fn by_name() {}\n"
    )
    assert not [one for one in found if one[0] == "by_name"]


def test_a_file_that_a_path_attribute_names_inherits_from_there() -> None:
    found = gates(
        lib='#[cfg(feature = "net")]\nmod outer;\n',
        outer='#[cfg(feature = "tls")]\n#[path = "odd.rs"]\nmod inner;\n'
        '#[cfg_attr(unix, path = "even.rs")]\n#[cfg(feature = "std")]\nmod even_or_not;\n',
        odd="fn o() {}\nmod beside;\n",
        beside="fn b() {}\n",
        even="fn e() {}\n",
    )
    assert {one for one in found if len(one[0]) == 1} == {
        ("o", "my_lib/net", 1.0, "cfg-inherited"),
        ("o", "my_lib/tls", 1.0, "cfg-inherited"),
        ("b", "my_lib/net", 1.0, "cfg-inherited"),
        ("b", "my_lib/tls", 1.0, "cfg-inherited"),
        ("e", "my_lib/net", 1.0, "cfg-inherited"),
        ("e", "my_lib/std", 1.0, "cfg-inherited"),
    }


def test_each_declaration_of_a_file_is_a_way_to_it() -> None:
    found = gates(
        lib='#[cfg(feature = "net")]\nmod shared;\nmod a;\nmod b;\n',
        a='#[cfg(feature = "tls")]\n#[path = "shared.rs"]\nmod one;\n'
        '#[cfg(feature = "tls")]\n#[path = "free.rs"]\nmod two;\n',
        b='#[path = "free.rs"]\nmod two;\n',
        shared="fn s() {}\n",
        free="fn f() {}\n",
    )
    assert {one for one in found if len(one[0]) == 1 and one[3] == "cfg-inherited"} == {
        ("s", "my_lib/net", 0.5, "cfg-inherited"),
        ("s", "my_lib/tls", 0.5, "cfg-inherited"),
    }


def test_a_cfg_inside_a_cfg_attr_counts() -> None:
    assert gates(lib='#[cfg_attr(unix, cfg(feature = "net"))]\nstruct S;\n') == {
        ("S", "my_lib/net", 0.5, "cfg")
    }


def test_a_feature_that_no_manifest_declares_makes_no_edge() -> None:
    assert gates(lib='#[cfg(feature = "absent")]\nstruct S;\n') == set()
    assert Tree({"src/lib.rs": '#[cfg(feature = "net")]\nstruct S;\n'}).edges("FEATURE_GATED_BY") == set()


def test_tests_and_binaries_hang_on_the_features_of_their_package() -> None:
    tree = Tree({"Cargo.toml": MANIFEST, "tests/end.rs": '#[cfg(feature = "net")]\nfn f() {}\n'})
    assert tree.edges("FEATURE_GATED_BY") == {("f", "my_lib/net", 1.0, "cfg")}


def test_a_file_depends_on_the_keys_of_features_and_modules() -> None:
    tree = Tree(
        {
            "Cargo.toml": MANIFEST,
            "src/lib.rs": "mod a;\n",
            "src/a.rs": '#[cfg(feature = "absent")]\nstruct S;\n',
        }
    )
    tree.edges("FEATURE_GATED_BY")
    assert {"feature my_lib/absent", "my_lib::a"} <= tree.keys["src/a.rs"]


# ---------------------------------------------------------------------------- derives


def derives(**sources: str) -> set[tuple[str, str, float, str]]:
    files = {f"src/{name}.rs": text for name, text in sources.items()}
    other = {
        "dep/Cargo.toml": '[package]\nname = "dep"\n',
        "dep/src/lib.rs": "pub trait Store {}\npub mod deep { pub trait Load {} }\npub struct Plain;\n",
    }
    manifest = '[package]\nname = "app"\n[dependencies]\ndep = { path = "dep" }\n'
    return Tree({"Cargo.toml": manifest, **files, **other}).edges("IMPLEMENTS")


def test_a_derive_implements_the_trait_that_its_name_means() -> None:
    assert derives(
        lib="use dep::Store;\n#[derive(Clone, Store, dep::deep::Load, Unknown)]\nstruct S;\n"
        "#[derive(::dep::Store)]\nenum E { A }\nstruct Bare;\n"
    ) == {
        ("S", "Store", 0.9, "derive"),
        ("S", "deep::Load", 0.9, "derive"),
        ("E", "Store", 0.9, "derive"),
    }


def test_a_derive_in_a_cfg_attr_counts() -> None:
    assert derives(lib="#[cfg_attr(unix, derive(Debug, dep::Store))]\nunion U { a: u8 }\n") == {
        ("U", "Store", 0.9, "derive")
    }


def test_a_derive_of_the_prelude_is_no_trait_of_the_project() -> None:
    assert derives(lib="trait Clone {}\ntrait Hash {}\n#[derive(Clone, Hash)]\nstruct S;\n") == set()


def test_a_derive_that_means_a_type_implements_nothing() -> None:
    assert derives(lib="use dep::Plain;\n#[derive(Plain, Parser)]\nstruct Parser;\n") == set()


def test_a_trait_beside_the_type_counts_less() -> None:
    assert derives(lib="trait Own {}\n#[derive(Own)]\nstruct S;\n") == {("S", "Own", 0.6, "derive")}


# ---------------------------------------------------------------------------- crates and features


def test_packages_depend_on_the_packages_of_the_workspace_that_their_manifests_name() -> None:
    tree = Tree(
        {
            "Cargo.toml": '[workspace]\nmembers = ["app", "low", "gen"]\n'
            '[workspace.dependencies]\nlow-level = { path = "low" }\n',
            "app/Cargo.toml": '[package]\nname = "app"\n[dependencies]\n'
            'renamed = { package = "low-level", path = "../low", optional = true }\nserde = "1"\n'
            '[build-dependencies]\ngen = { path = "../gen" }\n[dev-dependencies]\nlow-level.workspace = true\n',
            "low/Cargo.toml": '[package]\nname = "low-level"\n[features]\nfast = []\n',
            "gen/Cargo.toml": '[package]\nname = "gen"\n[dev-dependencies]\ngen = { path = "." }\n',
            "app/build.rs": "extern crate gen;\nextern crate renamed;\n",
            "app/src/lib.rs": "extern crate low_level as low;\nextern crate serde;\nextern crate self as app;\n",
        }
    )
    assert tree.edges("DEPENDS") == {
        ("app", "low_level", 1.0, "manifest"),
        ("app", "gen", 1.0, "manifest"),
        ("app/renamed", "low_level", 1.0, "feature"),
        ("gen", "gen", 1.0, "extern-crate"),
        ("low_level", "low_level", 1.0, "extern-crate"),
    }
    assert "crate low_level" in tree.keys["app/Cargo.toml"]


def test_a_feature_depends_on_what_it_turns_on() -> None:
    tree = Tree(
        {
            "Cargo.toml": '[package]\nname = "app"\n[dependencies]\nlow = { path = "low", optional = true }\n'
            '[features]\ndefault = ["full"]\nfull = ["low/fast", "low?/odd", "dep:low", "serde/derive", "self"]\n'
            'self = ["self"]\n',
            "low/Cargo.toml": '[package]\nname = "low"\n[features]\nfast = []\nodd = []\n',
        }
    )
    assert {(source, target) for source, target, _, rule in tree.edges("DEPENDS") if rule == "feature"} == {
        ("app/default", "app/full"),
        ("app/full", "app/self"),
        ("app/full", "low"),
        ("app/full", "low/fast"),
        ("app/full", "low/odd"),
    }
