"""What an undocumented function or method does, by its name, its header and, if it is plain, its body.

One rule for each way to name such things; the first that fits speaks.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hydrators.summarise.customs import JOINTS, constructor, conversion, getter, iteration, predicate, setter
from hydrators.summarise.model import Draft
from hydrators.summarise.subject import (
    HIGH,
    PREPOSITIONS,
    SURE,
    Subject,
    clipped,
    draft_of,
    is_noun,
    object_of,
    on_behalf,
    parameters_given,
    returned_type,
    returns_owner,
    returns_something,
    tail_of,
)
from hydrators.summarise.trait_methods import line_of
from hydrators.summarise.verbs import AMBIGUOUS, THIRD_PERSON, VERBS
from hydrators.summarise.words import bare_type, deed, phrase, word_set, words_of


def describe_function(subject: Subject) -> Draft:
    """The draft of what the function does. Never empty."""
    node = subject.node
    words = words_of(node.name)
    for rule in _RULES:
        draft = rule(subject, words)
        if draft is not None:
            return _refusing(draft) if subject.body.kind == "fails" else draft
    return _unknown(subject, words)


def _refusing(draft: Draft) -> Draft:
    """Of a function whose whole body is an error: `Serialize a map …` → Refuse to serialize a map …"""
    if draft.line.startswith(("Test ", "Tell ", "Refuse ")):
        return draft
    return draft._replace(line=clipped(f"Refuse to {draft.line[0].lower()}{draft.line[1:]}"))


def _test(subject: Subject, words: tuple[str, ...]) -> Draft | None:
    attributes = subject.node.attributes
    if not attributes:
        return None
    for attribute in attributes:
        if match := _TEST.match(attribute):
            return _tested(words, is_bench=match[1] is not None)
        if match := _ROUTE.match(attribute):
            return draft_of(f"Handle {match[1].upper()} {match[2]}", cap=SURE)
    return None


_TEST = re.compile(
    r"(?:\w+::)*(?:(bench|divan::bench)|(?:\w+_)?test|rstest|test_case|quickcheck|proptest|"
    r"wasm_bindgen_test)(?:\(|$)"
)

_ROUTE = re.compile(r'(get|post|put|delete|patch|head)\("(/[^"]*)"')


def _tested(words: tuple[str, ...], *, is_bench: bool) -> Draft:
    verb = "Benchmark" if is_bench else "Test"
    while words and words[0] in ("test", "tests", "bench", "it", "check", "should"):
        words = words[1:]
    if words and words[-1] in ("test", "tests", "bench"):
        words = words[:-1]
    if not words:
        return draft_of(f"{verb} what its module is about", object=0.0)
    text = phrase(words)
    if is_bench:
        return draft_of(f"Benchmark {text}")
    first = words[0]
    if len(words) > 1 and first in THIRD_PERSON and THIRD_PERSON[first] not in AMBIGUOUS:
        return draft_of(f"Test that it {text}")
    if first in ("issue", "regression", "bug", "cve", "pr", "gh", "rustsec") and len(words) < 4:
        return draft_of(f"Test for the regression of {text}", object=0.6)
    if len(words) == 1 and len(text) < 3:
        return draft_of(f"Test {text}", object=0.2)
    return draft_of(f"Test {text}", object=1.0 if len(words) > 1 else 0.8)


def _main(subject: Subject, words: tuple[str, ...]) -> Draft | None:
    if words == ("main",) and not subject.owner and subject.node.module == "":
        return draft_of("Run the program", cap=HIGH)
    return None


def _of_trait(subject: Subject, words: tuple[str, ...]) -> Draft | None:
    if not subject.trait:
        return None
    line = line_of(subject.trait, subject.node.name, subject.owner, subject.trait_argument)
    return draft_of(line, cap=SURE) if line else None


def _panics(subject: Subject, words: tuple[str, ...]) -> Draft | None:
    if subject.body.kind == "panic" and subject.body.detail in ("unimplemented", "todo"):
        return draft_of(f"Panic: {phrase(words)} is not implemented{on_behalf(subject)}", cap=HIGH)
    return None


class _Deed(NamedTuple):
    """The words of a name with those taken off that say how: `lead` before the verb, `behind` the order."""

    lead: str
    words: tuple[str, ...]
    behind: str


def _deed_and_object(subject: Subject, words: tuple[str, ...]) -> Draft | None:
    """`parse_ident`, `try_parse`, `maybe_flush`: a verb, and what it is done to."""
    if not words:
        return None
    lead, rest, behind = _taken_apart(words)
    first = rest[0]
    if not _is_deed(first, len(rest), subject):
        return None
    signature = subject.signature
    verb = deed(first)
    if lead in ("pre", "post"):
        verb = f"{lead}-{verb}"
    objects = rest[2:] if rest[1:2] == ("self",) else rest[1:]
    if objects and not _PARTICLES.issuperset(objects):
        text = phrase(objects)
        is_told = any(map(_SPOKEN, objects)) and not (len(objects) == 1 and objects[0].endswith("ed"))
        known = 1.0 if is_told else 0.4
    else:
        found = _object_besides(subject, verb, objects)
        if isinstance(found, Draft):
            return found._replace(line=clipped(f"{found.line}{behind}{tail_of(signature)}"))
        text, known = found
    order = f"{verb} {text}".strip()
    if lead == "try":
        order = f"try to {order}"
    elif lead == "maybe":
        behind = f", if needed{behind}"
    elif lead == "force":
        behind = f" by force{behind}"
    of = on_behalf(subject) if objects and subject.owner not in order else ""
    tail = tail_of(signature)
    if tail.removeprefix("; returns ") in order:
        tail = ""
    is_backed = of or (signature is not None and (signature.parameters or signature.return_type))
    return draft_of(
        f"{order[0].upper()}{order[1:]}{behind}{of}{tail}",
        verb=0.6 if first in AMBIGUOUS else 1.0,
        object=known,
        qualifiers=1.0 if is_backed else 0.3,
        cap=0.88,
    )


def _taken_apart(words: tuple[str, ...]) -> _Deed:
    lead, behind = "", ""
    if len(words) > 1 and words[0] in _LEADS and _is_deed(words[1], len(words) - 1):
        lead, words = words[0], words[1:]
    if len(words) > 1 and words[-1] in _BEHIND and words[-2] not in PREPOSITIONS:
        behind, words = _BEHIND[words[-1]], words[:-1]
    if len(words) > 1 and words[0] in _LEADING and _is_deed(words[1], len(words) - 1):
        behind, words = f"{_LEADING[words[0]]}{behind}", words[1:]
    if len(words) > 1 and words[-1] == "timeout" and words[0] in _TIMED:
        behind, words = f"{behind} with a timeout", words[:-1]
    return _Deed(lead, words, behind)


def _object_besides(subject: Subject, verb: str, particles: tuple[str, ...]) -> tuple[str, float] | Draft:
    """What a deed is done to that the name does not tell, and how sure that is: a parameter, or the type
    that it belongs to. A draft that does not suffice where neither can be meant."""
    text = phrase(particles)
    if (particles or verb.split(" ")[0] in _TAKES_OBJECT) and (said := object_of(subject)):
        return f"{text} {said}".strip(), 0.8
    order = f"{verb.capitalize()} {text}".strip()
    if particles:
        if particles[-1] in _PHRASAL and subject.owner:
            return f"{text} {subject.owner}", 0.9
        return draft_of(f"{order}{on_behalf(subject)}", object=0.4, qualifiers=0.3, cap=0.7)
    if not subject.owner:
        return draft_of(order, object=0.0, qualifiers=0.0, cap=0.6)
    signature = subject.signature
    made = returned_type(signature) if signature is not None and returns_something(signature) else ""
    if verb in ("build", "finish") and made and not returns_owner(subject):
        return f"{made} from {subject.owner}", 1.0
    if verb in _DONE_TO_SELF and not made:
        return subject.owner, 1.0
    return draft_of(f"{order} {subject.owner}", object=0.3, qualifiers=0.3, cap=0.7)


_LEADS = word_set("try maybe do pre post really just force internal fast slow safe")
_SPOKEN = re.compile(r"[^\W\d_]{2}").search
_LEADING = {
    "checked": " with an overflow check",
    "wrapping": ", wrapping around on overflow",
    "saturating": ", saturating on overflow",
    "overflowing": " and tell of an overflow",
    "strict": ", panicking on overflow",
}

_TIMED = word_set(
    """
    park wait recv receive lock read write shutdown send poll join acquire connect sleep block run
    """
)

_DONE_TO_SELF = word_set(
    """
    clear reset close flush start stop run shutdown finish abort cancel pause resume lock unlock
    notify wake reload refresh update validate normalize reverse shrink commit disconnect connect
    unregister destroy free negate simplify initialize terminate stabilize rebuild resize
    canonicalize sort release restart suspend activate deactivate disable enable detach
    """
)


def _is_deed(word: str, count: int, subject: Subject | None = None) -> bool:
    signature = subject.signature if subject is not None else None
    asks = signature is not None and not signature.parameters and signature.receiver in ("&self", "self")
    if deed(word) != word:
        is_doubtful = asks and word in _DOUBTFUL and signature is not None and returns_something(signature)
        return not is_doubtful
    if word not in VERBS:
        return False
    if asks and signature is not None and signature.return_type == "bool":
        return False
    if word not in AMBIGUOUS or subject is None:
        return word not in AMBIGUOUS
    if signature is None:
        return False
    if count > 1 and words_of(subject.node.name)[1].isdigit():
        return False
    # A word that may be a thing is a deed where nothing is returned, or where something is changed by it.
    returned = signature.return_type
    if returned in ("fmt::Result", "!") or not returns_something(signature):
        return True
    if returned == "bool":
        return count > 1 and word not in ("level", "state", "value")
    if signature.receiver.endswith("mut self") and count > 1:
        return True
    return bool(signature.parameters) and word in _DEEDS_WITH_ARGUMENTS


_DOUBTFUL = word_set("sub gen enc dec del dup setup cmp div mul conv calc ser fmt impl elab")

_DEEDS_WITH_ARGUMENTS = word_set(
    """
    map filter match call test process route format count search query request load place shift
    sample scan sum order round hash index mask join mix lift lex label increment guess exchange
    estimate control compact fix lower
    """
)


def _noun(subject: Subject, words: tuple[str, ...]) -> Draft | None:
    """A free or associated function that is named by what it returns."""
    signature = subject.signature
    if signature is None or not words or not returns_something(signature) or not is_noun(words):
        return None
    first = words[0]
    if first in ("on", "handle") or words[-1] in _INNER or words[-1] in _REACTIONS:
        return None
    given = parameters_given(subject) or (
        f" of {subject.owner}" if signature.receiver and subject.owner else ""
    )
    returned = words_of(bare_type(signature.return_type).partition("<")[0].rpartition("::")[2])
    is_named = (
        len(words) > 1 and JOINTS.isdisjoint(words) and (words[-1] in _MEASURED or words[-1] in returned)
    )
    if first in ("num", "n") and len(words) > 1:
        return draft_of(f"Return the number of {phrase(words[1:])}{given}{tail_of(signature)}", cap=0.85)
    verb = 0.6 if is_named and first not in THIRD_PERSON else 0.2
    return draft_of(
        f"Return the {phrase(words)}{given}{tail_of(signature)}",
        verb=verb,
        qualifiers=0.6,
        cap=0.8 if is_named else 0.7,
    )


_MEASURED = word_set(
    """
    length len size number count position index offset name path id idx width height depth limit
    capacity duration version
    """
)


def _reaction(subject: Subject, words: tuple[str, ...]) -> Draft | None:
    if len(words) > 1 and words[0] == "on":
        return draft_of(f"React to {phrase(words[1:])}{on_behalf(subject)}", cap=0.85)
    if (
        len(words) > 1
        and words[-1] in _REACTIONS
        and not _is_deed(words[0], 2)
        and PREPOSITIONS.isdisjoint(words)
    ):
        return draft_of(f"Handle {phrase(words[:-1])}{on_behalf(subject)}", object=0.8, cap=0.8)
    if len(words) > 1 and words[-1] in _INNER:
        return draft_of(
            f"Carry out the inner part of {'_'.join(words[:-1])}{on_behalf(subject)}", object=0.8, cap=0.8
        )
    return None


_INNER = word_set("impl imp inner internal helper")
_REACTIONS = word_set("handler callback hook cb")


def _unknown(subject: Subject, words: tuple[str, ...]) -> Draft:
    name = phrase(words) or subject.node.name or "nothing named"
    where = f" of {subject.trait}" if subject.trait else ""
    line = f"Provide {name}{where}{on_behalf(subject)}{tail_of(subject.signature)}"
    return draft_of(clipped(line), verb=0.2, object=0.5, returns=0.5, qualifiers=0.2, cap=0.6)


_RULES = (
    _test,
    _main,
    _panics,
    _of_trait,
    predicate,
    iteration,
    setter,
    conversion,
    constructor,
    getter,
    _reaction,
    _deed_and_object,
    _noun,
)

_BEHIND = {
    "mut": " mutably", "unchecked": " without checks", "async": " asynchronously", "blocking": ", blocking",
    "slow": " (slow path)", "fast": " (fast path)", "recursive": " recursively", "rec": " recursively",
}  # fmt: skip

_PARTICLES = word_set(
    """
    at in on by to from with into for of or and all up down out off back if as not once only again
    here now first last next away over through while when until after before many
    """
)

_PHRASAL = word_set("off up down out back in over away")


_TAKES_OBJECT = word_set(
    """
    parse write encode decode format visit handle process serialize deserialize convert validate
    push insert add remove delete send append register find hash compile evaluate compare open load
    normalize escape print log render count tokenize resolve match apply merge accept submit emit
    schedule copy clone collect draw drop dispatch execute expand extend filter fold free insert
    install intern invoke join link look lookup lower map mark measure move notify optimize pack
    parse_str prepend publish quote reject release rename replace reverse save scan skip sort spawn
    split store strip trim truncate unescape unpack unquote unregister update upload verify walk
    wrap check assert test call enqueue fill inspect invert
    """
)
