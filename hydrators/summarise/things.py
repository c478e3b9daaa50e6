"""Documentation that says what an item is, as an order fit for its kind: `The number of bytes` of a function
→ Return the number of bytes, of a constant → Define the number of bytes.
"""

from __future__ import annotations

import re

from hydrators.summarise.sentences import (
    AFTER_VERB,
    FINITE,
    Turned,
    agreed,
    is_clause,
    lowered,
    third_to_plain,
)
from hydrators.summarise.verbs import AMBIGUOUS, GERUNDS, VERBS
from hydrators.summarise.words import word_set, words_of
from store.model import NodeKind

FUNCTIONS = frozenset((NodeKind.FUNCTION, NodeKind.METHOD))

TYPES = frozenset(
    (
        NodeKind.STRUCT,
        NodeKind.ENUM,
        NodeKind.UNION,
        NodeKind.TYPE_ALIAS,
        NodeKind.ASSOCIATED_TYPE,
    )
)

_VALUES = frozenset((NodeKind.CONST, NodeKind.STATIC, NodeKind.ASSOCIATED_CONST))

_OPENINGS = {
    NodeKind.TRAIT: "Describe",
    NodeKind.TRAIT_ALIAS: "Describe",
    NodeKind.MODULE: "Provide",
    NodeKind.MACRO: "Provide",
    NodeKind.VARIANT: "Stand for",
    NodeKind.IMPL: "Provide",
    **dict.fromkeys(_VALUES, "Define"),
    **dict.fromkeys(TYPES, "Represent"),
}

_RAISED = re.compile(
    r"(?:(?:Error|Errors|An error|The error|The error type|Error type|Value|The value|The type|"
    r"Type)(?: that is| that are| which is| that may be| that can be)? )?(?:returned|produced|raised|"
    r"thrown|emitted|reported|created|yielded|generated) (?:when|if|by|from|after|on|in|as)\b",
    re.IGNORECASE,
)

_ARTICLED = re.compile(
    r"(?:the|a|an|all|any|some|each|every|its|one|two|this|these|those|no|both) ", re.IGNORECASE
)

_HELD = re.compile(
    r"(?:(?:the|a|an|some|additional|all|various|internal|extra|global|shared|private|common|optional|"
    r"configurable) )*(?:\w+ )?(?:options|settings|configuration|config|state|data|metadata|information|"
    r"info|context|parameters|arguments|statistics|stats|details|properties|fields|flags|storage|"
    r"inner state|contents)(?=$|,| (?:for|of|about|that|which|used|needed|shared|to|on|in|and|passed|"
    r"associated|required|kept|stored|from)\b)",
    re.IGNORECASE,
)

_REPORTS = re.compile(r"(?:the |an |a )?(?:(?!that)\w+ )?errors? ", re.IGNORECASE)

_TELLS = re.compile(
    r"(?:A |The )?(?:type|struct|structure|data structure|enum|enumeration|newtype|object|value|"
    r"wrapper type|datatype|data type|class)s? (?:that |which |to |for )?(?P<verb>[a-z]+) (?=\S)",
    re.IGNORECASE,
)

_ITERATES = re.compile(r"(?:An |The |A )?(?:(?:\w+-?\w* )?)iterator (?P<how>over|of|for) ", re.IGNORECASE)

_BUILDS = re.compile(r"(?:A |The )?builder (?:for|of) ", re.IGNORECASE)

_NO_NOUN = re.compile(
    r"(?:i|we|you|they|he|she|there|here|not|only|but|so|because|since|as|thus|however|it|its|this|that|"
    r"these|to|note|yes|no|ok|and|or|than|then|else|why|how|what|who|where|when|if|after|before|once|"
    r"while|until|unless|given|although|though|whereas)\b",
    re.IGNORECASE,
)


def order_of_thing(sentence: str, kind: str, name: str, returns: str) -> Turned | None:
    """A sentence that says what the item is, as an order fit for its kind."""
    first = sentence.partition(" ")[0]
    is_name = len(first) > 1 and first.isupper()
    if _NO_NOUN.match(sentence) and not is_name and not (kind == NodeKind.VARIANT and first in _LIMITS):
        return None
    gerund = GERUNDS.get(first.lower())
    if kind in FUNCTIONS or kind == NodeKind.MACRO:
        if gerund:
            return None
        if FINITE.match(sentence):
            return None
        if kind == NodeKind.MACRO:
            return Turned(f"Provide {lowered(sentence)}", 0.08)
        if not returns:
            return None
        if first[:1].islower() and not _ARTICLED.match(sentence):
            return None
        if (match := _HELPS.match(sentence)) and match[1].lower() not in words_of(name):
            return Turned(f"Serve as {lowered(sentence)}", 0.15)
        if not _ARTICLED.match(sentence) and _OPERATION.match(sentence):
            return Turned(f"Perform {lowered(sentence)}", 0.08)
        if returns == "bool" or (not _ARTICLED.match(sentence) and _is_plain_deed(name)):
            return Turned(f"Return {lowered(sentence)}", 0.3)
        return Turned(f"Return {lowered(sentence)}", 0.05 if _ARTICLED.match(sentence) else 0.12)
    if gerund and kind != NodeKind.VARIANT:
        rest = sentence[len(first) + 1 :]
        after = rest.partition(" ")[0].lower()
        if after in AFTER_VERB or after in _OF:
            if after in _OF and kind == NodeKind.MODULE:
                return Turned(f"Provide {lowered(sentence)}", 0.08)
            return None if after in _OF else Turned(f"{gerund.capitalize()} {rest}", 0.12)
    if kind in TYPES:
        if match := _RAISED.match(sentence):
            is_bare = first.lower() == "thrown" or first.lower().endswith("ed")
            opening = "Stand for what is" if is_bare else "Represent"
            return Turned(f"{opening} {lowered(sentence)}", 0.05)
        if match := _ITERATES.match(sentence):
            return Turned(f"Iterate over {sentence[match.end() :]}", 0.0)
        if match := _BUILDS.match(sentence):
            return Turned(f"Build {sentence[match.end() :]}", 0.02)
        if (match := _TELLS.match(sentence)) and (verb := third_to_plain(match["verb"], "")):
            return Turned(agreed(f"{verb.capitalize()} {sentence[match.end() :]}"), 0.02)
        if _REPORTS.match(sentence):
            return Turned(f"Report {lowered(sentence)}", 0.02)
        if _HELD.match(sentence):
            return Turned(f"Hold {lowered(sentence)}", 0.02)
        if is_clause(sentence):
            return None
        return Turned(f"Represent {lowered(sentence)}", 0.02 if _ARTICLED.match(sentence) else 0.08)
    if kind == NodeKind.VARIANT:
        if (match := _RAISED.match(sentence)) and match[0][:1] not in "etvETV":
            return Turned(f"Stand for what is {lowered(sentence)}", 0.05)
        if is_clause(sentence):
            return Turned(f"Mean that {lowered(sentence)}", 0.08)
        return Turned(f"Stand for {lowered(sentence)}", 0.03)
    if is_clause(sentence):
        return None
    if kind == NodeKind.TRAIT:
        if match := _TRAIT_FOR.match(sentence):
            rest = sentence[match.end() :]
            word, _, tail = rest.partition(" ")
            done, _, to = tail.partition(" ")
            if word.endswith("ly") and done in GERUNDS:
                return Turned(f"{GERUNDS[done].capitalize()} {to} {word}", 0.05)
            if verb := (
                GERUNDS.get(word)
                or third_to_plain(word, "")
                or (word if word in VERBS and match[0].endswith("to ") else "")
            ):
                return Turned(agreed(f"{verb.capitalize()}{rest[len(word) :]}"), 0.05)
            return Turned(f"Describe {rest}", 0.05)
        if _IS_TRAIT.match(sentence):
            return Turned(f"Serve as {lowered(sentence)}", 0.05)
        if _PROVIDED.match(sentence):
            return Turned(f"Provide {lowered(sentence)}", 0.03)
    return Turned(
        f"{_OPENINGS[NodeKind(kind)]} {lowered(sentence)}", 0.03 if _ARTICLED.match(sentence) else 0.08
    )


_TRAIT_FOR = re.compile(r"(?:A |The )?trait (?:for|to|that|which|describing|representing) ", re.IGNORECASE)
_IS_TRAIT = re.compile(r"(?:(?:a|an|the) )?(?:[\w-]+ ){0,3}(?:trait|interface|supertrait)\b", re.IGNORECASE)

_PROVIDED = re.compile(
    r"(?:[\w-]+ )*?(?:extensions?|methods|operations|functionality|functions|helpers?|utilities|support|"
    r"implementation|behaviou?r|api)\b",
    re.IGNORECASE,
)


def _is_plain_deed(name: str) -> bool:
    """Whether a function's name opens with a verb that does not promise a thing."""
    words = words_of(name)
    return bool(words) and words[0] in VERBS and words[0] not in AMBIGUOUS and words[0] not in _PROMISING


_PROMISING = word_set(
    """
    get find read load make create build compute calculate fetch take peek pop receive generate
    choose pick select extract collect open obtain retrieve derive produce
    """
)

_OPERATION = re.compile(
    r"(?:checked|saturating|wrapping|overflowing|unchecked|strict|exact|carrying|borrowing|bitwise|"
    r"logical|raw|atomic|"
    r"fused|panic-free|(?:[\w-]+ ){0,3}(?:addition|subtraction|multiplication|division|negation|"
    r"comparison|conversion|"
    r"transmutation|exponentiation|rotation|reduction|initialization|normalization|substitution|"
    r"arithmetic))\b",
    re.IGNORECASE,
)

_OF = frozenset(("of", "for", "and"))
_LIMITS = frozenset(("No", "Not", "Only"))
_HELPS = re.compile(
    r"(?:the |a |an )?(?:(?!of |for |to |that |which |in |from |with |by )[\w-]+ ){0,4}?"
    r"(helper|core|indirection|abstraction|glue|shim|trampoline|fallback|entry point|entrypoint|"
    r"callback|hook|wrapper|"
    r"implementation|function|method|routine|version|variant|counterpart|shortcut|algorithm)\b",
    re.IGNORECASE,
)
