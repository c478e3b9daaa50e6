"""A function as its line sees it, and the pieces that such lines are made of.

Knows headers and names; what is said of them is `hydrators.summarise.functions`' and `customs`'.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hydrators.exact.model import Parameter, Signature
from hydrators.summarise.body import Body
from hydrators.summarise.model import MAX_CHARACTERS, Draft
from hydrators.summarise.verbs import AMBIGUOUS, GERUNDS, VERBS
from hydrators.summarise.words import article, bare_type, deed, phrase, short_type, word_set, words_of
from store.model import NodeFacts


class Subject(NamedTuple):
    """A function with all that its line may say. `signature` None: its header is not exact."""

    node: NodeFacts
    signature: Signature | None
    body: Body
    owner: str  # how to call the type that it belongs to, "" for a free function
    trait: str  # bare name of the trait that it implements, "" for none
    trait_argument: str  # first type argument of that trait
    in_trait: bool  # it is declared in a trait


HIGH, SURE = 0.9, 0.95

ADJECTIVES = word_set(
    """
    valid invalid empty enabled disabled set unset ready open closed done full active available
    known unknown allowed present supported required needed complete finished running set
    initialized locked free safe
    """
)

PREPOSITIONS = word_set(
    """
    at in on by to from with into for of or and if as when until after before while
    """
)


def draft_of(
    line: str,
    *,
    verb: float = 1.0,
    object: float = 1.0,
    returns: float = 1.0,
    qualifiers: float = 1.0,
    cap: float = 0.9,
) -> Draft:
    """A draft that is sure of all that is not said to be less."""
    return Draft(clipped(line), verb, object, returns, qualifiers, cap)


def clipped(line: str) -> str:
    """Without what it returns, if the line is too long with it; cut at a word as a last resort."""
    if len(line) <= MAX_CHARACTERS:
        return line
    line = line.rpartition("; returns")[0] or line
    if len(line) <= MAX_CHARACTERS:
        return line
    return line[: MAX_CHARACTERS - 1].rpartition(" ")[0].rstrip(" ,;:(") + "…"


def who_is_asked(subject: Subject) -> str:
    if subject.owner and subject.signature is not None and subject.signature.receiver:
        return subject.owner
    if subject.signature is not None and subject.signature.parameters:
        return parameter_name(subject.signature.parameters[0])
    return subject.owner or "it"


def parameters_given(subject: Subject) -> str:
    """` for <parameters>` of a predicate or a noun, behind what `who_is_asked` has taken."""
    signature = subject.signature
    if signature is None:
        return ""
    is_method = bool(subject.owner and signature.receiver)
    parameters = (
        signature.parameters if is_method or signature.return_type != "bool" else signature.parameters[1:]
    )
    named = [name for one in parameters[:3] if (name := name_of(one))]
    if not named or len(named) < len(parameters[:3]) or len(parameters) > 3:
        return ""
    return f" for {_listed(named)}"


def name_of(parameter: Parameter) -> str:
    """A parameter by its own name, if that says something; else by its type."""
    pattern = parameter.pattern.removeprefix("mut ").lstrip("_")
    if pattern.isidentifier() and len(pattern) > 2 and pattern not in _MEANINGLESS:
        return phrase(words_of(pattern))
    name = bare_type(parameter.type)
    if name.replace("_", "").isidentifier() and len(name) > 1:
        return f"a {name}" if name[:1].islower() and name[:1] not in "aeio" else article(name)
    return ""


_MEANINGLESS = word_set(
    """
    arg args this other that val value item x y z ptr tmp foo bar obj thing data input rhs lhs self_
    """
)


def parameter_name(parameter: Parameter) -> str:
    return name_of(parameter) or "what is given"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def from_parameters(signature: Signature) -> str:
    names = [name for one in signature.parameters if (name := name_of(one))]
    if not names or len(names) > 3 or len(names) < len(signature.parameters):
        return ""
    return f" from {_listed(names)}"


def object_of(subject: Subject) -> str:
    """The first parameter, as that which something is done to; "" if it rather says how."""
    signature = subject.signature
    if signature is None or not signature.parameters or len(signature.parameters) > 2:
        return ""
    parameter = signature.parameters[0]
    if (
        parameter.pattern[:1] == "_"
        or _MANNER_NAME.fullmatch(parameter.pattern.removeprefix("mut "))
        or _MANNER_TYPE.search(parameter.type)
    ):
        return ""
    return name_of(parameter)


_MANNER_NAME = re.compile(
    r"_*(?:default|timeout|init|initial|start|end|at|by|from|to|to_.*|acc|accum|with|using|f|func|cx|ctx|"
    r"context|formatter|how|flags?|mode|opts?|options?|config|amt|amount|n|count|len|size|limit|self_|"
    r"now|deadline|duration|span|loc|depth|level|id|how_many|old|new|other|rhs|lhs|cap|capacity|min_.*|"
    r"max_.*|state|env|scope|kind|order|ordering|interest|guard|token|rng|handle|visitor|hasher|"
    r"serializer|deserializer)"
)

_MANNER_TYPE = re.compile(
    r"\b(?:bool|usize|u8|u16|u32|u64|u128|isize|i8|i16|i32|i64|i128|f32|f64|Duration|Instant|Ordering|Fn|"
    r"FnMut|FnOnce|Formatter|Context|dyn Fn|Layout)\b|^F$|^impl Fn"
)


def on_behalf(subject: Subject) -> str:
    """Whose deed it is: ` for Parser`."""
    if not subject.owner or subject.in_trait:
        return ""
    return f" for {subject.owner}"


def is_noun(words: tuple[str, ...]) -> bool:
    """Whether a name can be a thing: it opens with no verb that is nothing else, and with no preposition."""
    first = words[0]
    if first in AMBIGUOUS:
        return True
    if first in VERBS or deed(first) != first or first in GERUNDS:
        return False
    return first not in PREPOSITIONS and first not in _NO_NOUNS


_NO_NOUNS = word_set(
    """
    is are has can should must will would may does did try maybe do with without new to into as not
    no and or only already yet so then really just st simd par
    """
)


def returns_something(signature: Signature) -> bool:
    returned = signature.return_type
    return returned not in ("", "()", "!", "fmt::Result", "Result") and not _UNIT_RESULT.match(returned)


_UNIT_RESULT = re.compile(r"(?:\w+::)*Result<\(\)(?:,|>)")


def makes_owner(subject: Subject) -> bool:
    signature = subject.signature
    if signature is None:
        return False
    made = short_type(signature.return_type)
    while match := _WRAPPED.match(made):
        made = match[1]
    made = made.partition("<")[0].rstrip(">,) ")
    if made.startswith("Self::"):
        return False
    return made.partition(",")[0].rpartition("::")[2] in ("Self", subject.owner)


_WRAPPED = re.compile(r"(?:\w+::)*(?:Option|\w*Result|Box|Rc|Arc|UniqueArc|Pin|Poll)<(.+)")


def returns_owner(subject: Subject) -> bool:
    signature = subject.signature
    if signature is None:
        return False
    return bare_type(signature.return_type).partition("<")[0] in ("Self", subject.owner)


def made(subject: Subject) -> str:
    """The tail of a constructor: only where more than the thing itself is returned."""
    return "" if returns_owner(subject) else tail_of(subject.signature)


def returned_type(signature: Signature) -> str:
    return short_type(signature.return_type) if signature.return_type else ""


def fallible_tail(signature: Signature) -> str:
    is_fallible = signature.return_type.startswith(("Option<", "Result<", "io::Result<"))
    return tail_of(signature) if is_fallible else ""


def tail_of(signature: Signature | None) -> str:
    if signature is None or not signature.return_type or signature.return_type in ("()", "!", "Self", "bool"):
        return ""
    returned = short_type(signature.return_type)
    return f"; returns {returned}" if returned else ""
