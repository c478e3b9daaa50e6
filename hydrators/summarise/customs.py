"""What functions do that are named by Rust's customs: constructors, conversions, predicates, setters,
iterators and getters.

Each function here answers a draft, or None where its custom does not apply.
"""

from __future__ import annotations

from hydrators.exact.model import Parameter, Signature
from hydrators.summarise.model import Draft
from hydrators.summarise.subject import (
    ADJECTIVES,
    HIGH,
    PREPOSITIONS,
    Subject,
    draft_of,
    fallible_tail,
    from_parameters,
    is_noun,
    made,
    makes_owner,
    name_of,
    object_of,
    on_behalf,
    parameter_name,
    parameters_given,
    returned_type,
    returns_owner,
    returns_something,
    tail_of,
    who_is_asked,
)
from hydrators.summarise.verbs import AMBIGUOUS, THIRD_PERSON, VERBS, third_person
from hydrators.summarise.words import article, bare_type, deed, phrase, word_set


def constructor(subject: Subject, words: tuple[str, ...]) -> Draft | None:
    signature, owner = subject.signature, subject.owner
    if signature is None or not owner or signature.receiver or not makes_owner(subject):
        return None
    tail = made(subject)
    first = words[0] if words else ""
    if words[:1] == ("const",) and len(words) > 1:
        words = words[1:]
        first = words[0]
    if words in (
        ("new",),
        ("create",),
        ("build",),
        ("make",),
        ("init",),
        ("try", "new"),
        ("open",),
        ("start",),
    ):
        verb = {"open": "Open", "start": "Start"}.get(first, "Create")
        if words[0] == "try":
            verb = "Try to create"
        return draft_of(f"{verb} {article(owner)}{from_parameters(signature)}{tail}", cap=HIGH)
    if first == "from" and len(words) > 1:
        source = "the value inside" if words[1:] == ("inner",) else phrase(words[1:])
        return draft_of(f"Create {article(owner)} from {source}{tail}", cap=HIGH)
    if first == "from":
        return draft_of(f"Create {article(owner)}{from_parameters(signature)}{tail}", cap=HIGH)
    if first == "try" and words[1:2] == ("from",):
        return draft_of(
            f"Try to create {article(owner)} from {phrase(words[2:]) or 'what is given'}{tail}", cap=HIGH
        )
    if first in ("with", "new", "without") and len(words) > 1:
        rest = words[1:]
        if first == "new" and rest[0] in ("with", "from", "in", "for", "without"):
            return draft_of(f"Create {article(owner)} {phrase(rest)}{tail}", cap=HIGH)
        if first == "new" and rest in (("unchecked",), ("uninit",), ("zeroed",), ("empty",), ("default",)):
            how = {
                "unchecked": "without checks",
                "uninit": "with uninitialized contents",
                "zeroed": "filled with zeroes",
            }
            if rest[0] in how:
                return draft_of(f"Create {article(owner)} {how[rest[0]]}{tail}", cap=HIGH)
            return draft_of(f"Create {article(f'{rest[0]} {owner}')}{tail}", cap=HIGH)
        if first == "new":
            return draft_of(f"Create {article(owner)} ({phrase(rest)}){tail}", object=0.8, cap=0.85)
        return draft_of(f"Create {article(owner)} {first} {phrase(rest)}{tail}", cap=HIGH)
    if words in (("empty",), ("default",), ("invalid",), ("dummy",), ("none",), ("null",)):
        return draft_of(f"Create {article(f'{first} {owner}')}{tail}", cap=0.85)
    if words in (("parse",), ("do", "parse"), ("read",), ("decode",), ("load",), ("deserialize",)):
        return draft_of(
            f"{words[-1].capitalize()} {article(owner)}{from_parameters(signature)}{tail}", cap=HIGH
        )
    if first not in VERBS and deed(first) == first and not _is_fallible_lookup(signature):
        parameters = from_parameters(signature)
        if len(words) == 1 and first.endswith("ed"):
            return draft_of(
                f"Create {article(f'{first} {owner}')}{parameters}{tail}", object=0.9, qualifiers=0.5, cap=0.8
            )
        return draft_of(
            f"Create {article(owner)} ({phrase(words)}){parameters}{tail}",
            object=0.8,
            qualifiers=0.5,
            cap=0.8,
        )
    return None


def _is_fallible_lookup(signature: Signature) -> bool:
    return signature.return_type.startswith("Option<")


def conversion(subject: Subject, words: tuple[str, ...]) -> Draft | None:
    signature = subject.signature
    if signature is None or len(words) < 2:
        return None
    first, rest = words[0], words[1:]
    owner = subject.owner
    if owner and signature.receiver:
        how = ""
        if rest[-1] == "mut" and len(rest) > 1:
            rest, how = rest[:-1], " mutably"
        elif rest[-1] == "unchecked" and len(rest) > 1:
            rest, how = rest[:-1], " without checks"
        to = "the value inside" if rest == ("inner",) else _as_type(rest, signature.return_type)
        if first == "as" and signature.return_type:
            if rest == ("ref",) or rest == ("mut",):
                mutably = " mutably" if rest == ("mut",) else ""
                borrowed = returned_type(signature) or "a reference"
                return draft_of(f"Borrow {owner}{mutably} as {borrowed}", cap=HIGH)
            return draft_of(f"View {owner} as {to}{how}{fallible_tail(signature)}", cap=HIGH)
        if first == "into" and signature.return_type:
            if rest in (("inner",), ("parts",)):
                what = "the value inside" if rest == ("inner",) else "its parts"
                return draft_of(f"Turn {owner} into {what}{tail_of(signature)}", cap=HIGH)
            return draft_of(f"Turn {owner} into {to}{how}{fallible_tail(signature)}", cap=HIGH)
        if first == "to" and signature.return_type:
            return draft_of(f"Convert {owner} to {to}{how}{fallible_tail(signature)}", cap=HIGH)
        if first == "try" and rest[0] in ("into", "as", "to") and len(rest) > 1:
            return draft_of(
                f"Try to convert {owner} {rest[0]} {phrase(rest[1:])}{tail_of(signature)}", cap=HIGH
            )
    elif signature.parameters and signature.return_type and first in ("to", "into", "as"):
        what = parameter_name(signature.parameters[0])
        if owner and signature.parameters[0].pattern in ("this", "me", "slf"):
            what = owner
        return draft_of(f"Convert {what} to {phrase(rest)}{tail_of(signature)}", cap=0.85)
    elif (
        first == "from"
        and signature.parameters
        and signature.return_type
        and not (owner and makes_owner(subject))
    ):
        checks = " without checks" if rest[-1] == "unchecked" and len(rest) > 1 else ""
        return draft_of(
            f"Convert from {phrase(rest[:-1] if checks else rest)}{checks}{tail_of(signature)}",
            object=0.8,
            cap=0.85,
        )
    return None


def _as_type(words: tuple[str, ...], returned: str) -> str:
    """What a conversion leads to: the type itself, where the name spells it (`into_vec` → Vec<T>)."""
    name = "".join(words)
    type_name = bare_type(returned).partition("<")[0].rpartition("::")[2]
    if type_name.casefold() == name and type_name:
        return bare_type(returned) or phrase(words)
    return phrase(words)


def predicate(subject: Subject, words: tuple[str, ...]) -> Draft | None:
    signature = subject.signature
    if signature is None or signature.return_type != "bool" or not words:
        return None
    first, rest = words[0], words[1:]
    who = who_is_asked(subject)
    always = (
        f"; always {subject.body.detail}"
        if subject.body.detail in ("true", "false") and subject.body.kind == "constant"
        else ""
    )
    given = parameters_given(subject)
    if given and rest and rest[-1] in PREPOSITIONS and not signature.receiver:
        return draft_of(
            f"Tell whether {phrase(words)} holds{given}", verb=0.6, object=0.5, qualifiers=0.3, cap=0.7
        )
    other = signature.parameters[0] if subject.owner and signature.receiver and signature.parameters else None
    if first in ("is", "are") and rest and other is not None:
        if len(signature.parameters) == 1 and _is_same(subject, other):
            link = "" if rest[-1] in PREPOSITIONS else " of" if rest[-1] in _RELATIONS else " by"
            if link != " by":
                return draft_of(
                    f"Tell whether {who} {first} {phrase(rest)}{link} {name_of(other) or 'another'}", cap=HIGH
                )
        return draft_of(
            f"Tell whether {parameter_name(other)} {first} {phrase(rest)} for {who}{always}",
            verb=0.6,
            object=0.7,
            qualifiers=0.3,
            cap=0.72,
        )
    if first == "is" and len(rest) > 1 and rest[-1] in ADJECTIVES and signature.receiver and subject.owner:
        return draft_of(
            f"Tell whether the {phrase(rest[:-1])} of {who} is {rest[-1]}{given}{always}", cap=0.85
        )
    if first in ("is", "are", "was") and rest:
        verb = {"are": "are", "was": "was"}.get(first, "is")
        return draft_of(f"Tell whether {who} {verb} {phrase(rest)}{given}{always}", cap=HIGH)
    if first in ("has", "had") and rest:
        return draft_of(f"Tell whether {who} {first} {phrase(rest)}{given}{always}", cap=HIGH)
    if first in ("can", "should", "must", "may", "will", "would", "could", "does", "did", "cannot") and rest:
        return draft_of(f"Tell whether {who} {first} {phrase(rest)}{given}{always}", cap=HIGH)
    if first in _SAID_OF:
        if rest:
            return draft_of(f"Tell whether {who} {first} {phrase(rest)}{given}{always}", cap=HIGH)
        what = object_of(subject)
        if what:
            return draft_of(f"Tell whether {who} {first} {what}{always}", cap=HIGH)
        return draft_of(f"Tell whether {who} {first}{always}", object=0.6, cap=0.85)
    if first in _TOLD and rest and signature.receiver == "&self" and subject.owner:
        return draft_of(f"Tell whether {who} {third_person(first)} {phrase(rest)}{given}{always}", cap=0.88)
    if words == ("eq",) and signature.parameters:
        return draft_of(f"Tell whether {who} equals {object_of(subject) or 'another'}", cap=HIGH)
    if words == ("ne",) and signature.parameters:
        return draft_of(f"Tell whether {who} differs from {object_of(subject) or 'another'}", cap=HIGH)
    if first in ("any", "all", "no", "some", "none") and len(words) > 1:
        return draft_of(f"Tell whether {phrase(words)}{on_behalf(subject)}{always}", object=0.8, cap=0.85)
    is_plain = signature.receiver and not signature.parameters and subject.body.kind in ("getter", "constant")
    if is_plain and first not in VERBS and deed(first) == first:
        return draft_of(f"Tell whether {who} is marked as {phrase(words)}{always}", object=0.6, cap=0.8)
    return None


_SAID_OF = word_set(
    """
    needs supports contains starts ends allows matches requires uses wants exists accepts implements includes
    equals overlaps intersects satisfies ignores expects covers owns holds succeeds fails prefers follows
    overflows exceeds belongs depends handles
    """
)
_TOLD = word_set("require support allow need use contain include prefer accept ignore")

_RELATIONS = word_set(
    """
    subset superset prefix suffix child parent ancestor descendant descendent sibling member part
    subtype supertype instance neighbor neighbour
    """
)


def _is_same(subject: Subject, parameter: Parameter) -> bool:
    """Whether a parameter has the type of the receiver."""
    return bare_type(parameter.type).partition("<")[0] in ("Self", subject.owner)


def setter(subject: Subject, words: tuple[str, ...]) -> Draft | None:
    signature = subject.signature
    if signature is None or not subject.owner or not signature.receiver or not words:
        return None
    receiver = signature.receiver
    first, rest = words[0], words[1:]
    own = returns_owner(subject)
    if own and receiver in ("self", "mut self", "&mut self") and signature.parameters:
        change = "return the changed" if receiver != "&mut self" else "return the same"
        target = f"{change} {subject.owner}"
        if first in ("with", "set") and rest:
            return draft_of(f"Set {phrase(rest)} and {target}", cap=HIGH)
        if first in ("without", "disable", "no") and rest and receiver != "&self":
            return None
        is_plain = subject.body.kind == "builder"
        is_noun_like = first not in VERBS and deed(first) == first and len(signature.parameters) == 1
        if is_plain or is_noun_like:
            return draft_of(f"Set {phrase(words)} and {target}", cap=HIGH if is_plain else 0.8)
    if first == "set" and rest and "mut" in receiver:
        return draft_of(f"Set {phrase(rest)} of {subject.owner}{tail_of(signature)}", cap=HIGH)
    if subject.body.kind == "setter" and len(signature.parameters) == 1 and first not in VERBS:
        return draft_of(f"Set {phrase(words)} of {subject.owner}", cap=HIGH)
    if first == "get" and words[-1] == "mut" and len(words) > 2:
        return draft_of(
            f"Get the mutable {phrase(words[1:-1])} of {subject.owner}{tail_of(signature)}", cap=HIGH
        )
    return None


def iteration(subject: Subject, words: tuple[str, ...]) -> Draft | None:
    signature = subject.signature
    if signature is None or not subject.owner or not signature.receiver or not words or signature.parameters:
        return None
    returned, first = signature.return_type, words[0]
    if words in (("iter",), ("iter", "mut"), ("into", "iter"), ("drain",), ("par", "iter")) and returned:
        how = {
            "iter": f"Iterate over the items of {subject.owner}",
            "into": f"Consume {subject.owner} and iterate over its items",
            "drain": f"Drain the items of {subject.owner}",
            "par": f"Iterate in parallel over the items of {subject.owner}",
        }[first]
        mutable = ", which may be changed" if words[-1:] == ("mut",) else ""
        return draft_of(f"{how}{mutable}{tail_of(signature)}", cap=HIGH)
    if returned.startswith("impl Iterator<") and words[0] not in VERBS:
        return draft_of(f"Iterate over {phrase(words)} of {subject.owner}{tail_of(signature)}", cap=HIGH)
    if words[:1] == ("iter",) and len(words) > 1 and returned:
        return draft_of(f"Iterate over {phrase(words[1:])} of {subject.owner}{tail_of(signature)}", cap=0.85)
    return None


def getter(subject: Subject, words: tuple[str, ...]) -> Draft | None:
    """A noun for a name, a receiver, nothing else asked for, something returned."""
    signature = subject.signature
    if (
        signature is None
        or not subject.owner
        or not signature.receiver
        or not words
        or not signature.return_type
    ):
        return None
    if signature.return_type in ("Self", "!") or signature.parameters:
        return None
    first = words[0]
    is_shown = subject.body.kind == "getter"
    if not is_shown and (not is_noun(words) or not returns_something(signature)):
        return None
    if first in THIRD_PERSON and not is_shown and THIRD_PERSON[first] not in AMBIGUOUS:
        return None
    if signature.receiver.endswith("mut self") and not is_shown and words[-1] != "mut":
        return None
    if first == "get" and len(words) > 1:
        words = words[1:]
    mutable = " for change" if words[-1] == "mut" else ""
    names = words[:-1] if mutable and len(words) > 1 else words
    if names in (("len",), ("length",)):
        return draft_of(f"Return the length of {subject.owner}", cap=HIGH)
    if names == ("inner",) or names == ("mut",):
        return draft_of(
            f"Return what {subject.owner} holds inside{mutable}{tail_of(signature)}",
            cap=HIGH if is_shown else 0.8,
        )
    if names[-1] == "ref" and len(names) > 1:
        names = names[:-1]
    tail = tail_of(signature)
    is_odd = (
        names[-1].endswith("ed")
        or names[-1] in PREPOSITIONS
        or names[-1] in ADJECTIVES
        or names[0] in ("no", "all", "any")
    )
    if is_odd and is_shown:
        return draft_of(f"Return the field {subject.body.detail} of {subject.owner}{mutable}{tail}", cap=HIGH)
    if is_odd and is_noun(words):
        return draft_of(f"Return {phrase(names)} of {subject.owner}{mutable}{tail}", verb=0.3, cap=0.7)
    if names[0] in ("num", "n", "nr") and len(names) > 1:
        return draft_of(f"Return the number of {phrase(names[1:])} of {subject.owner}{tail}", cap=0.85)
    is_doubtful = (not is_shown and not JOINTS.isdisjoint(names[1:])) or (
        not is_shown
        and ((len(names) == 1 and first in AMBIGUOUS and first not in _PLAIN_NOUNS) or len(names) > 4)
    )
    changed = "mutable " if mutable else ""
    return draft_of(
        f"Return the {changed}{phrase(names)} of {subject.owner}{tail}",
        verb=1.0 if is_shown else 0.4 if is_doubtful else 0.7,
        cap=HIGH if is_shown else 0.7 if is_doubtful else 0.85,
    )


JOINTS = word_set("to into from with by or and if as on at when")

_PLAIN_NOUNS = word_set(
    """
    name value key state range type size index count order level position score rank record result
    source target view scope span shape style tag term time title total weight limit line list label
    mode model mask mean measure handle head host group function format file error end data cause
    buffer address account block body bound batch branch stage step stream structure string suffix
    prefix sum tail text thread token input output option parent root route row section segment
    sequence signal space speed scale stack status store stamp start stop page path pair point pool
    port peer query queue quote rate ratio reason reference region request response message metadata
    number note offset
    """
)
