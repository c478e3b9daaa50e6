"""What a real rust-analyzer says of fixtures/workspace, as the service gets it."""

from __future__ import annotations

import asyncio

from hydrators.rust_analyzer.model import Refusal, State
from tests.hydrators.rust_analyzer.rig import Rig, place


def test_a_workspace_that_compiles_gets_ready(quill: Rig) -> None:
    state = quill.state
    assert (state.state, state.reason, state.cure) == (State.READY, "", "")
    assert state.version.startswith("rust-analyzer ")
    assert state.generation == 1
    assert state.pid > 0


def test_a_hover_is_a_signature_on_one_line(quill: Rig) -> None:
    path = "crates/measure/src/text.rs"
    hovers = (
        quill.at(path, "fn words", "words"),
        quill.at(path, "struct Words", "Words"),
        quill.at(path, "fn next", "next"),
    )
    assert [hover.signature for hover in quill.ask(path, hovers=hovers).hovers] == [
        "pub fn words(text: &str) -> Words<'_>",
        "pub struct Words<'t> { text: &'t str, offset: usize, }",
        "fn next(&mut self) -> Option<Self::Item>",  # without the head of its impl
    ]


def test_code_that_is_configured_out_has_a_reason(quill: Rig) -> None:
    path = "crates/cli/src/commands/inspect.rs"
    at = quill.at(path, '#[cfg(feature = "lints")]')
    line = quill.text(path).split("\n")[at.line + 1]
    answer = quill.ask(path, hovers=(at._replace(line=at.line + 1, column=line.index("fn ") + 3),))
    assert answer.hovers[0].signature == ""
    assert "inactive" in answer.hovers[0].reason


def test_a_definition_leads_to_the_file_and_range(quill: Rig) -> None:
    path = "crates/measure/src/matrix.rs"
    (target,) = quill.definition(path, "square.trace()", "trace")
    assert target.path == path
    assert quill.named(target) == "trace"
    assert target.whole.start < target.name.start


def test_calls_inside_macro_arguments_resolve(quill: Rig) -> None:
    path = "crates/measure/src/matrix.rs"
    (target,) = quill.definition(path, "assert_eq!(square.trace()", "trace")
    assert quill.named(target) == "trace"


def test_what_lies_in_std_is_named_by_crate_version_and_path(quill: Rig) -> None:
    path = "crates/measure/src/text.rs"
    (target,) = quill.definition(path, ".unwrap_or_else(", "unwrap_or_else")
    external = target.external
    assert external is not None
    assert target.path == ""
    assert (external.crate, external.path, external.kind) == (
        "core",
        "core::option::Option::unwrap_or_else",
        "method",
    )
    assert external.version.split(".")[0] == "1"
    assert external.signature.startswith("pub ")
    assert "\n" not in external.signature


def test_methods_that_need_the_links_between_core_alloc_and_std_resolve(quill: Rig) -> None:
    """With bare library sources they do not, silently: when they do, the shadow is needed no more."""
    path = "crates/measure/src/text.rs"
    text = quill.text(path)
    for method in (".collect()", ".min(", ".enumerate()"):
        (target, *_) = quill.definition(path, method, method[1:4])
        assert target.external is not None, (method, text.count(method))


def test_a_call_that_nothing_explains_has_no_target(quill: Rig) -> None:
    path = "crates/measure/src/units.rs"
    quill.write(path, quill.text(path) + "\nfn lost() { nowhere_to_be_found(); }\n")
    answer = quill.ask(path, definitions=(quill.at(path, "nowhere_to_be_found"),))
    assert answer.definitions == ((),)


def test_the_outline_has_nested_items_with_their_container(quill: Rig) -> None:
    outline = quill.ask("crates/measure/src/text.rs").outline
    assert outline is not None
    by_name = {symbol.name: symbol for symbol in outline}
    assert by_name["Words"].kind == "struct"
    assert by_name["next"].container == "impl Iterator for Words<'t>"
    assert (
        by_name["words"].name_range.start.line
        == place(quill.text("crates/measure/src/text.rs"), "fn words").line
    )


def test_syntax_errors_are_diagnostics_of_the_text_that_was_asked_about(quill: Rig) -> None:
    path = "crates/measure/src/interval.rs"
    path = path if (quill.root / path).exists() else "crates/measure/src/lib.rs"
    before = quill.text(path)
    quill.write(path, before + "\nfn broken( {\n")
    answer = quill.ask(path)
    assert answer.diagnostics is not None
    assert {item.severity for item in answer.diagnostics} >= {"error"}
    quill.write(path, before)
    assert not [item for item in quill.ask(path).diagnostics or () if item.severity == "error"]


def test_columns_are_bytes(quill: Rig) -> None:
    path = "crates/measure/src/units.rs"
    quill.write(
        path,
        quill.text(path)
        + '\nfn wide() -> usize { let _ = "déjà vu 🦀"; narrow() }\nfn narrow() -> usize { 1 }\n',
    )
    (target,) = quill.definition(path, "narrow() }")
    assert quill.named(target) == "narrow"


def test_a_saved_edit_is_seen_at_once(quill: Rig) -> None:
    path = "crates/logstore/src/checksum.rs"
    for turn in range(10):
        quill.write(path, quill.text(path) + f"\npub fn turn_{turn}(at_{turn}: u8) {{}}\n")
        answer = quill.ask(path, hovers=(quill.at(path, f"turn_{turn}"),))
        assert answer.hovers[0].signature == f"pub fn turn_{turn}(at_{turn}: u8)"
    assert answer.generation == 1, "an edit of a source file is no reload"


def test_after_a_sync_other_files_are_asked_about_in_the_light_of_the_edit(quill: Rig) -> None:
    callee, caller = "crates/vm/src/lib.rs", "crates/vm/src/value.rs"
    quill.write(caller, quill.text(caller) + "\nfn asks() -> usize { crate::newly_made() }\n")
    quill.write(callee, quill.text(callee) + "\npub fn newly_made() -> usize { 1 }\n")
    asked = quill.question(callee)
    moved = quill.call(quill.compiler.sync({callee: asked.hash}, ()))
    assert moved == frozenset()
    (target,) = quill.definition(caller, "crate::newly_made", "newly_made")
    assert target.path == callee


def test_a_sync_tells_which_files_have_moved_on(quill: Rig) -> None:
    path = "crates/vm/src/value.rs"
    assert quill.call(quill.compiler.sync({path: "0" * 32}, ())) == {path}


def test_a_question_about_a_text_that_is_gone_is_refused(quill: Rig) -> None:
    path = "crates/vm/src/value.rs"
    question = quill.question(path)._replace(hash="0" * 32)
    assert quill.refusal(quill.compiler.ask(question)).kind is Refusal.MOVED_ON


def test_line_ends_of_windows_change_no_answer(quill: Rig) -> None:
    path = "crates/derive/src/emit.rs"
    quill.write(path, quill.text(path).replace("\n", "\r\n"))
    answer = quill.ask(path, hovers=(quill.at(path, "fn describe", "describe"),))
    assert answer.hovers[0].signature == "pub(crate) fn describe(item: &Item) -> String"


def test_a_new_file_is_known_once_it_is_announced(quill: Rig) -> None:
    quill.write("crates/measure/src/added.rs", "pub fn appeared() -> u8 { 1 }\n")
    lib = "crates/measure/src/lib.rs"
    quill.write(lib, quill.text(lib) + "\npub mod added;\n")
    questions = {path: quill.question(path).hash for path in (lib, "crates/measure/src/added.rs")}
    assert quill.call(quill.compiler.sync(questions, ())) == frozenset()
    path = "crates/measure/src/added.rs"
    answer = quill.ask_until(path, hovers=(quill.at(path, "appeared"),))
    assert answer.hovers[0].signature == "pub fn appeared() -> u8"
    assert answer.generation == 1, "the server looks at the manifests again, which say what they said"


def test_many_questions_at_once_are_all_answered(quill: Rig) -> None:
    paths = [
        path.relative_to(quill.root).as_posix()
        for path in sorted((quill.root / "crates/syntax").rglob("*.rs"))
    ]

    async def all_of_them() -> list[str]:
        answers = await asyncio.gather(*[quill.compiler.ask(quill.question(path)) for path in paths])
        return [answer.path for answer in answers]

    assert quill.call(all_of_them()) == paths


def test_nothing_is_written_into_the_workspace(quill: Rig) -> None:
    assert not list(quill.root.rglob("target"))


def test_what_a_macro_makes_in_std_is_that_item_and_the_macro(quill: Rig) -> None:
    path = "crates/measure/src/text.rs"
    found = [target.external for target in quill.definition(path, "usize::from(source", "from")]
    assert [(one.kind, one.path) for one in found if one is not None] == [
        ("function", "core::convert::num::from"),
        ("macro", "core::convert::num::impl_from_bool"),
    ]


def test_a_call_that_leads_on_names_the_trait_s_function_too(quill: Rig) -> None:
    path = "crates/measure/src/lib.rs"
    text = quill.text(path)
    added = """
use std::convert::TryInto;
pub fn led(n: u8) -> (u16, String) { (n.into(), n.to_string()) }
pub fn led_too(s: &str) -> (u8, u8) { (s.parse().unwrap(), 7i32.try_into().unwrap()) }
"""
    quill.write(path, text + added)
    quill.ask_until(path)
    try:
        into = quill.definition(path, "n.into()", "into")
        to_string = quill.definition(path, "n.to_string()", "to_string")
        parse = quill.definition(path, "s.parse()", "parse")
        try_into = quill.definition(path, "7i32.try_into()", "try_into")
    finally:
        quill.write(path, text)
        quill.ask_until(path)
    for found, function in (
        (into, "core::convert::<T as Into<U>>::into"),
        (to_string, "alloc::string::<T as ToString>::to_string"),
        (parse, "core::str::parse"),
        (try_into, "core::convert::<T as TryInto<U>>::try_into"),
    ):
        items = [one.external for one in found if one.external is not None]
        assert [item.kind for item in items if item.path == function] == ["method"], found
        assert all(item.version.startswith("1.") for item in items), found


def test_a_call_that_leads_on_ends_in_the_impl_of_the_workspace(quill: Rig) -> None:
    path = "crates/measure/src/lib.rs"
    text = quill.text(path)
    added = """
pub struct Led;
impl From<Led> for u8 { fn from(_: Led) -> u8 { 1 } }
pub fn led() -> u8 { Led.into() }
"""
    quill.write(path, text + added)
    quill.ask_until(path)
    try:
        behind, named = quill.definition(path, "Led.into()", "into")
        assert quill.named(behind) == "from"
    finally:
        quill.write(path, text)
        quill.ask_until(path)
    assert named.external is not None
    assert named.external.path == "core::convert::<T as Into<U>>::into"


def test_what_a_macro_makes_here_is_its_name_in_the_macro_and_the_call(quill: Rig) -> None:
    made, call = quill.definition("crates/syntax/src/token.rs", "kind.text()", "text")
    assert made.path == "crates/syntax/src/macros.rs"
    assert quill.named(made) == "text"
    assert call.path == "crates/syntax/src/token.rs"
    assert quill.named(call) == "text_enum!"
