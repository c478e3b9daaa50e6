"""Predicates of cfg: what they say, and that nothing makes them fail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hydrators.cfg import (
    ALWAYS,
    Cfg,
    Gate,
    active,
    all_of,
    conditions,
    features,
    gates,
    is_test_only,
    parse,
    split_cfg_attr,
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("test", "test"),
        ('feature = "a-b"', 'feature = "a-b"'),
        ('feature="a"', 'feature = "a"'),
        ('all(unix, not(feature = "a"),)', 'all(unix, not(feature = "a"))'),
        ("any(\n  unix, // of course\n  /* and */ windows\n)", "any(unix, windows)"),
        ('feature = r#"raw"#', 'feature = "raw"'),
        (r'feature = "\x61\u{62}\"c"', r'feature = "ab\"c"'),
        ("all()", "all()"),
        ("true", "true"),
        ("not(false)", "not(false)"),
        ("r#async", "async"),
        ('unix & feature = "a"', 'all(unix, feature = "a")'),
        ("all(unix, a) & all(unix, b)", "all(unix, a, b)"),
        ('feature = "a & b, (c)"', 'feature = "a & b, (c)"'),
    ],
)
def test_a_predicate_is_read_as_it_is_meant(text: str, said: str) -> None:
    assert str(parse(text)) == said


@pytest.mark.parametrize(
    "text",
    [
        "$cfg",
        "not(a, b)",
        "not()",
        'version("1.2")',
        "feature = $name",
        "=",
        "a b",
        "all(a",
        "))",
        '"x"',
        "é = ",
    ],
)
def test_what_cannot_be_read_is_unknown_and_decides_nothing(text: str) -> None:
    predicate = parse(text)
    if text != "all(a":
        assert "unknown" in {predicate.op, *(operand.op for operand in predicate.operands)}
    assert active(predicate) is None
    assert not is_test_only(predicate)


def test_an_unknown_part_leaves_the_others_as_they_are() -> None:
    predicate = parse('all(feature = "a", version("1.2"), windows)')
    assert gates(predicate) == (Gate("a", False, 1.0),)
    assert active(predicate) is False


def test_all_features_that_are_mentioned_are_told_once_with_their_sign() -> None:
    predicate = parse('all(feature = "a", any(unix, feature = "b", feature = "a"), not(feature = "c"))')
    assert features(predicate) == (("a", False), ("b", False), ("c", True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('feature = "a"', [("a", False, 1.0)]),
        ('not(feature = "a")', [("a", True, 1.0)]),
        ('all(feature = "a", any(unix, feature = "b"))', [("a", False, 1.0), ("b", False, 0.5)]),
        ('any(feature = "a", feature = "b", feature = "c", unix)', [(n, False, 0.25) for n in "abc"]),
        ('any(all(feature = "a", unix), all(feature = "a", windows))', [("a", False, 1.0)]),
        ('not(any(feature = "a", feature = "b"))', [("a", True, 1.0), ("b", True, 1.0)]),
        ('not(all(feature = "a", feature = "b"))', [("a", True, 0.5), ("b", True, 0.5)]),
        ('not(not(feature = "a"))', [("a", False, 1.0)]),
        ('any(test, feature = "a")', [("a", False, 1.0)]),
        (
            'any(docsrs, all(test, unix), feature = "a", feature = "b")',
            [("a", False, 0.5), ("b", False, 0.5)],
        ),
        ("any(test, docsrs)", []),
        ('target_feature = "sse2"', []),
    ],
)
def test_a_feature_gates_by_how_much_hangs_on_it(text: str, expected: list[tuple[str, bool, float]]) -> None:
    assert [tuple(gate) for gate in gates(parse(text))] == expected


def test_an_item_hangs_on_the_features_of_everything_around_it() -> None:
    predicate = all_of([parse('feature = "file"'), parse("unix"), parse('any(feature = "own", windows)')])
    assert {(gate.feature, gate.weight) for gate in gates(predicate)} == {("file", 1.0), ("own", 0.5)}


@pytest.mark.parametrize(
    ("text", "is_test"),
    [
        ("test", True),
        ("all(test, unix)", True),
        ("all(unix, all(test))", True),
        ("any(test, unix)", False),
        ("any(test, all(test, unix))", True),
        ("not(test)", False),
        ("not(not(test))", True),
        ("not(any(not(test), unix))", True),
        ('feature = "test"', False),
        ("any()", False),
        ("all()", False),
        ("testing", False),
    ],
)
def test_test_code_is_what_only_tests_compile(text: str, is_test: bool) -> None:
    assert is_test_only(parse(text)) is is_test


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("unix", True),
        ("windows", False),
        ('target_os = "linux"', True),
        ('target_os = "macos"', False),
        ('not(target_os = "macos")', True),
        ('target_pointer_width = "64"', True),
        ('target_pointer_width = "32"', False),
        ('target_arch = "x86_64"', None),
        ('target_arch = "wasm32"', False),
        ("debug_assertions", True),
        ("test", False),
        ("any(test, miri)", False),
        ('feature = "a"', None),
        ('any(unix, feature = "a")', True),
        ('all(windows, feature = "a")', False),
        ('all(unix, feature = "a")', None),
        ('not(feature = "a")', None),
        ("has_const_fn", None),
        ("all()", True),
        ("any()", False),
        ("true", True),
        ("not(true)", False),
    ],
)
def test_of_two_twins_the_usual_build_takes_one(text: str, holds: bool | None) -> None:
    assert active(parse(text)) is holds


def test_conditional_attributes_are_told_one_by_one_with_their_condition() -> None:
    text = 'cfg_attr(feature = "serde", derive(Serialize, Deserialize), serde(rename_all = "a,b"),)'
    assert [(str(predicate), text) for predicate, text in split_cfg_attr(text)] == [
        ('feature = "serde"', "derive(Serialize, Deserialize)"),
        ('feature = "serde"', 'serde(rename_all = "a,b")'),
    ]


def test_nested_conditional_attributes_need_all_conditions() -> None:
    found = split_cfg_attr("cfg_attr(a, cfg_attr(all(b, c), inline), must_use)")
    assert [(str(predicate), text) for predicate, text in found] == [
        ("all(a, b, c)", "inline"),
        ("a", "must_use"),
    ]


def test_other_attributes_are_not_conditional() -> None:
    assert split_cfg_attr("derive(Debug)") == split_cfg_attr("cfg(unix)") == ()


def test_a_condition_inside_a_conditional_attribute_counts() -> None:
    predicate = conditions("unix", ["inline", 'cfg_attr(a, cfg(feature = "b"))'])
    assert str(predicate) == 'all(unix, any(not(a), feature = "b"))'
    assert conditions("") == ALWAYS
    assert active(ALWAYS) is True


def test_a_thousand_levels_are_unknown_and_hundreds_of_operands_are_not() -> None:
    deep = parse("not(" * 1000 + "unix" + ")" * 1000)
    assert active(deep) is None
    wide = parse("any(" + ", ".join(f'feature = "{n}"' for n in range(500)) + ")")
    assert len(features(wide)) == len(gates(wide)) == 500
    assert split_cfg_attr("cfg_attr(a, " * 1000 + "inline" + ")" * 1000) == ()


pieces = st.sampled_from(
    [
        "all(",
        "any(",
        "not(",
        ")",
        ",",
        " & ",
        "unix",
        "test",
        'feature = "a"',
        "=",
        '"',
        "r#",
        "\\",
        "é",
        "/*",
        "$",
    ]
)


@given(st.lists(pieces).map("".join) | st.text())
def test_no_text_makes_it_fail_and_what_it_says_means_the_same(text: str) -> None:
    predicate = parse(text)
    assert isinstance(predicate, Cfg)
    again = parse(str(predicate))
    assert active(predicate) in (True, False, None)
    assert all(0 < gate.weight <= 1 for gate in gates(predicate))
    if is_test_only(predicate):
        assert active(predicate) is not True
    if "unknown" not in repr(predicate):
        assert (again.op, active(again), gates(again)) == (predicate.op, active(predicate), gates(predicate))
    split_cfg_attr(text)
    split_cfg_attr(f"cfg_attr({text})")
    conditions(text, [text, f"cfg_attr({text}, cfg({text}))"])
