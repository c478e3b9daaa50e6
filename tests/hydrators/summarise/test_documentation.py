"""The first sentence of documentation becomes an order, in plain text, at most 120 characters long."""

import pytest

from hydrators.summarise import MAX_CHARACTERS, THRESHOLD
from tests.hydrators.summarise.summary_text import first_line, summaries

FUNCTION = "pub fn f(a: u8) -> u8 { a }"


@pytest.mark.parametrize(
    ("docs", "line"),
    [
        ("Returns the number of elements.", "Return the number of elements"),
        ("Parses the text and returns the tree.", "Parse the text and return the tree"),
        ("Copies a value that matches the pattern.", "Copy a value that matches the pattern"),
        ("Create a parser", "Create a parser"),
        ("Re-parses all of it.", "Re-parse all of it"),
        ("The number of elements.", "Return the number of elements"),
        ("Length of the tail, in bytes.", "Return length of the tail, in bytes"),
        ("This function splits the words. More.", "Split the words"),
        ("Used to split the words.", "Split the words"),
        ("Returns `true` if the queue is empty.", "Return true if the queue is empty"),
        ("`true` if the queue is empty.", "Return true if the queue is empty"),
        ("Whether the queue is empty.", "Tell whether the queue is empty"),
        ("Mutably borrows the cell.", "Borrow the cell mutably"),
        ("If the queue is full, drops the oldest.", "Drop the oldest if the queue is full"),
        ("On success, returns the old value.", "Return the old value on success"),
        ("Same as [`Vec::push`], but returns the index.", "Do the same as Vec::push, but return the index"),
        ("Called when a window opens.", "Run when a window opens"),
        ("Constructor for windows.", "Construct windows"),
        ("A convenience routine for parsing.", "Serve as a convenience routine for parsing"),
        ("\\[Generic\\] Return the weight.", "Return the weight"),
        ("Returns e.g. Zero. Not one.", "Return e.g. Zero"),
        ("Gets the [`Ok`](Result::Ok) of **this** _thing_.", "Get the Ok of this thing"),
        ("Gets [the value][value] at `[a, b)`.", "Get the value at [a, b)"),
        ("Borrows a `&mut Vec<u8>` <b>now</b>.", "Borrow a &mut Vec<u8> now"),
        ("Reads the file: `a. B`, or `c`.", "Read the file: a. B, or c"),
        ("# Heading\n\nWrites the file.", "Write the file"),
        ("Binary searches this slice.", "Search this slice"),
    ],
)
def test_the_docs_of_a_function_say_what_it_does(docs: str, line: str) -> None:
    comment = "".join(f"/// {part}\n" for part in docs.split("\n"))
    summary = summaries(f"{comment}{FUNCTION}")["f"]
    assert summary.one_line == line
    assert summary.provenance == "rule_based"
    assert summary.confidence >= THRESHOLD


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("/// A parsed manifest.\nstruct A { b: u8 }", "Represent a parsed manifest"),
        ("/// An iterator over the words.\nstruct A { b: u8 }", "Iterate over the words"),
        ("/// A builder for windows.\nstruct A { b: u8 }", "Build windows"),
        ("/// Options for the parser.\nstruct A { b: u8 }", "Hold options for the parser"),
        ("/// An error that a parser returns.\nenum A { B }", "Report an error that a parser returns"),
        ("/// Handle to a window.\nstruct A { b: u8 }", "Represent handle to a window"),
        ("/// Format all elements lazily.\nstruct A { b: u8 }", "Format all elements lazily"),
        ("/// Returned by `parse`.\nstruct A { b: u8 }", "Stand for what is returned by parse"),
        ("/// The maximum number of retries.\nconst A: u8 = 3;", "Define the maximum number of retries"),
        ("/// Trait for decoding frames.\ntrait A {}", "Decode frames"),
        ("/// A type that can be decoded.\ntrait A {}", "Describe a type that can be decoded"),
        ("/// Utilities for parsing.\nmod a {}", "Provide utilities for parsing"),
        ("mod a {\n//! Utilities for parsing.\n}", "Provide utilities for parsing"),
        ("/** Counts\n * the words. */\nfn f() {}", "Count the words"),
        ('#[doc = "Counts the words."]\nfn f() {}', "Count the words"),
        ("#[inline]\n/// Counts the words.\nfn f() {}", "Count the words"),
        ("/// Counts\r\n/// the words.\r\nfn f() {}", "Count the words"),
    ],
)
def test_the_docs_of_other_items_say_what_they_are(text: str, line: str) -> None:
    assert first_line(text) == line


def test_variants_have_a_line_only_where_they_have_docs() -> None:
    text = "enum Failure {\n/// The file was not found.\nNotFound,\n/// A comma.\nComma,\nOther }"
    found = {name: one.one_line for name, one in summaries(text).items()}
    assert found["Failure::NotFound"] == "Mean that the file was not found"
    assert found["Failure::Comma"] == "Stand for a comma"
    assert "Failure::Other" not in found


@pytest.mark.parametrize(
    "docs",
    ["TODO: write docs.", "See `parse`.", "```\nlet a = 1;\n```", "| a | b |", "", "Note that it panics."],
)
def test_docs_that_say_nothing_leave_the_word_to_the_name(docs: str) -> None:
    comment = "".join(f"/// {part}\n" for part in docs.split("\n"))
    assert first_line(f"{comment}fn parse_words(text: &str) {{}}") == "Parse words"


def test_a_long_sentence_ends_where_a_clause_does() -> None:
    text = (
        "/// Reads the next frame from the socket and decodes it into a message, which is put into the queue of\n"
        "/// the connection that it belongs to, unless that is closed.\nfn f() {}"
    )
    assert first_line(text) == "Read the next frame from the socket and decode it into a message"


def test_a_sentence_without_an_end_is_cut_at_a_word_and_trusted_less() -> None:
    summary = summaries(f"/// Reads {'many words and ' * 30}more.\nfn f() {{}}")["f"]
    assert len(summary.one_line) <= MAX_CHARACTERS
    assert summary.one_line.endswith(("many words…", "many words and many…", "many…"))
    assert summary.confidence < 0.85


def test_control_characters_of_docs_are_not_in_the_line() -> None:
    summary = summaries("/// Reads \x1b[31mthe\x07 \u202efile\u200b.\nfn f() {}")["f"]
    assert summary.one_line.isprintable()
