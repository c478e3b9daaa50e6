"""The records and constants of summaries, and how confidence is counted. Knows neither Rust nor English."""

from __future__ import annotations

from typing import NamedTuple

RULES_VERSION = "1"
"""Raised whenever the same node would get another line or confidence: all lines are then made anew."""

MAX_CHARACTERS = 120
THRESHOLD = 0.75

RULE_BASED = "rule_based"
RULE_BASED_INSUFFICIENT = "rule_based_insufficient"
LLM_ASSISTED = "llm_assisted"


class Summary(NamedTuple):
    """What a node is or does in one line of at most MAX_CHARACTERS, a verb first. A hint, never authority."""

    one_line: str
    provenance: str  # RULE_BASED from THRESHOLD on, RULE_BASED_INSUFFICIENT below it, or LLM_ASSISTED
    confidence: float  # 0..1, in hundredths


class SummaryPrompt(NamedTuple):
    """What a generation model is asked, and the two hashes that its answer is kept under."""

    text: str
    grammar: str  # GBNF
    max_tokens: int
    temperature: float
    seed: int
    stop: tuple[str, ...]
    prompt_hash: str  # of text and grammar
    params_hash: str  # of the rest


class Draft(NamedTuple):
    """A line before it is judged, with what is known of each of its parts, 0..1."""

    line: str
    verb: float  # 1 where the text says what is done; less where the kind of thing or the type implies it
    object: float  # 1 where the text says to what; less where only a type does
    returns: float  # 1 where the header is exact, so that what the line says of types is so
    qualifiers: float  # 1 where owner, parameters, body or documentation back it up
    cap: float = 1.0  # of its source: how far such lines can be trusted at best


_VERB, _OBJECT, _RETURNS, _QUALIFIERS, _VALID = 0.3, 0.25, 0.15, 0.1, 0.2
_INVALID_CAP = 0.5


def confidence_of(draft: Draft, failed: tuple[str, ...]) -> float:
    """The sum of what is known, weighted: verb 0.3, object 0.25, returns 0.15, qualifiers 0.1, all validators
    0.2; at most the cap of its source, and at most 0.5 with a failed validator."""
    known = (
        _VERB * draft.verb
        + _OBJECT * draft.object
        + _RETURNS * draft.returns
        + _QUALIFIERS * draft.qualifiers
        + (0.0 if failed else _VALID)
    )
    return round(min(known, draft.cap, _INVALID_CAP if failed else 1.0), 2)
