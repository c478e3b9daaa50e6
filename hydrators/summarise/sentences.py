"""English sentences, bent a little: clauses told from names of things, verbs brought in step, adverbs moved,
what is too long cut where a clause ends.

Plain text in, plain text out; knows nothing of Rust.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from hydrators.summarise.model import MAX_CHARACTERS
from hydrators.summarise.verbs import AMBIGUOUS, THIRD_PERSON, VERBS, base_form
from hydrators.summarise.words import word_set


class Turned(NamedTuple):
    """An order, and how far the sentence had to be bent for it: 0 not at all, 0.1 a little, 0.3 a lot."""

    text: str
    bent: float


_ADVERB = re.compile(
    r"(?:[A-Za-z]+ly|Auto|Also|Just|Always|Never|Either|Then|First|Internally,?|Simply) ", re.IGNORECASE
)

FINITE = re.compile(
    r"^(?:\S+ ){1,5}?(?:is|are|was|were|has|have|had|cannot|can't|can|could|did|does|do|doesn't|didn't|"
    r"isn't|wasn't|failed|must|may|will|would|should|contains|requires|needs|exceeds|ended|occurred|"
    r"expected|exists)\b"
)


def third_to_plain(word: str, following: str) -> str:
    """For the main clause of a condition: a third person, or nothing."""
    return base_form(word, following) if word.lower() in THIRD_PERSON else ""


def lowered(text: str) -> str:
    """With a small first letter, unless the first word is a name."""
    first = text.partition(" ")[0]
    if first.rstrip("',s") in _PROPER or first in _PROPER:
        return text
    return text if len(first) > 1 and not first[1:].islower() else text[:1].lower() + text[1:]


_PROPER = word_set(
    """
    Snowflake Redshift Linux Windows Unix Rust Unicode Tokio Postgres Mac Apple Android Cargo Clippy
    Python Java Oracle Hive Spark Databricks Clickhouse Intel Unified Greek Latin Cyrillic Hebrew
    Arabic English Gregorian Boolean Perl Ruby Git Github Docker Kubernetes Amazon Google Microsoft
    Wasm Dijkstra Teradata Vertica Netezza Cranelift Solaris Fuchsia Haiku Hermit Redis Kafka
    Jaccard Levenshtein Gaussian Euclidean Fibonacci Bayesian Huffman Euler Brandes Kosaraju Tarjan
    """
)


def capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def adverb_behind(sentence: str) -> str:
    """`Mutably borrows the cell` → Borrow the cell mutably (where it is short), else with the adverb behind
    the verb's first words; "" if no adverb opens the sentence."""
    match = _ADVERB.match(sentence)
    if not match:
        return ""
    rest = sentence[match.end() :]
    word, _, tail = rest.partition(" ")
    verb = base_form(word, tail.partition(" ")[0])
    if not verb or not tail:
        return ""
    adverb = match[0].strip(" ,").lower()
    if adverb == "auto":
        adverb = "automatically"
    if adverb in ("also", "just", "simply", "then", "first", "either", "always", "internally"):
        return f"{verb.capitalize()} {tail}"
    if adverb == "never":
        return ""
    stop = _CLAUSE.search(tail)
    if stop is None:
        stop_at = len(tail) if tail.count(" ") < 7 else 0
    else:
        stop_at = stop.start() if stop.start() <= 40 else 0
    if stop_at == 0:
        return f"{verb.capitalize()} {adverb} {tail}"
    return f"{verb.capitalize()} {tail[:stop_at]} {adverb}{tail[stop_at:]}"


_CLAUSE = re.compile(
    r",| (?:that|which|so|if|when|and|or|where|by|using|with|without|from|into|to|in|for|as|until|while|"
    r"unless|but|then|because) |;|:| \(| —| - "
)

_AND = re.compile(
    r"(?P<link>(?:, (?:and |or |then |but )?|; (?:and )?| and | or | then | but |, and then |"
    r" and then )(?:also |then |immediately |optionally |simply |just |otherwise |instead |always |"
    r"finally )?)(?P<verb>[a-z-]+s)(?= (?P<next>[\w`'\"\[]+))"
)

AFTER_VERB = word_set(
    """
    the a an this that these those its it them all any each every one no none some whether if how
    what which itself true false nothing null error errors ok into to from with on in as until when
    by at their his her both either immediately back up down out only exactly
    """
)

_ONLY_NEAR = word_set("into to from with on in as by at until when up down out back if")


def agreed(text: str) -> str:
    """Later verbs in step with the first: `Parse the text and returns it` → … and return it."""

    def plain_form(match: re.Match[str]) -> str:
        verb = THIRD_PERSON.get(match["verb"])
        if not verb or match["next"] not in AFTER_VERB:
            return match[0]
        if match["next"] in _ONLY_NEAR and (verb in AMBIGUOUS or match["link"].startswith(" or")):
            return match[0]
        before = text[: match.start()]
        if _OTHER_SUBJECT.search(before):
            return match[0]
        return match["link"] + verb

    return _AND.sub(plain_form, text) if "s " in text else text


# A clause with a subject of its own came before: its verb agrees with that.
_OTHER_SUBJECT = re.compile(
    r"(?:\b(?:that|which|who|it|if|when|whenever|where|while|unless|until|whether|because|since|as|what|"
    r"how)\b(?! (?:the|a|an) \w+$)[^,;]*)$"
)

_RELATIVE = re.compile(r"\b(?:that|which|whose|where|who|used|when|if)\b")


def is_clause(sentence: str) -> bool:
    """Whether it is a whole sentence with a verb of its own, and not the name of a thing."""
    sentence = _ASIDE.sub("", sentence)
    if (match := FINITE.match(sentence)) and not _RELATIVE.search(match[0]):
        return True
    words = sentence.split(" ", 15)[:15]
    for word in words:
        if word in _OPEN_WORDS and word not in ("of", "for", "as"):
            break
        if word in ("is", "are", "was", "were", "should", "must", "will", "cannot", "has", "have"):
            return True
    for before, word, after in zip(words, words[1:], words[2:], strict=False):
        if before in _OPEN_WORDS or word in _OPEN_WORDS:
            break
        if before.endswith("s") and word in VERBS and word not in AMBIGUOUS and after in _DETERMINERS:
            return True
    for place, (word, after) in enumerate(pairwise(words)):
        if word in _OPEN_WORDS:
            return False
        verb = THIRD_PERSON.get(word) if place else None
        if verb and (after in AFTER_VERB or (verb not in AMBIGUOUS and after.isalpha())):
            return after not in _AFTER_PLURAL
    return False


_DETERMINERS = frozenset(("the", "a", "an", "this", "their", "its", "all", "any", "each"))
_OPEN_WORDS = word_set("that which whose where who used when if of for whether how what containing as")
_AFTER_PLURAL = word_set("of for and or that which in to from on with as by at when if")

_ASIDE = re.compile(r" \((?=[a-z])[^()]*\)")  # in capitals it is rather a part of some syntax

_CUTS = (
    re.compile(r"; "),
    re.compile(r": "),
    re.compile(r" [—–-]{1,2} "),
    re.compile(
        r", (?:which|where|so|but|and|or|as|with|without|if|when|while|unless|using|otherwise|returning|"
        r"in|by|for|including|such|rather|because|since|then|e\.g|i\.e|thus|to|even|then|except|"
        r"regardless|assuming|provided|except|until|allowing|making|meaning|instead) "
    ),
)

_WEAK_CUT = re.compile(
    r" (?:so that|such that|in order to|because|even if|regardless of|as long as|instead of|rather than|"
    r"without|which|using|based on|according to|unless|while|whenever|by|when|where|until|before|after|"
    r"during|if|that) "
)

_DANGLING = re.compile(
    r"(?: (?:the|a|an|of|to|and|or|with|for|in|on|by|from|as|is|are|that|which|if|when|be|at|into|this|"
    r"its|it|not|no|can|will|any|all|e\.g\.?|i\.e\.?,?|both|either|each|than|but|so|such|was|has|have|"
    r"their|these|those|even|only|just|also|currently|simply|instead|as well))+$"
)


def shortened(text: str) -> tuple[str, float]:
    """At most MAX_CHARACTERS of `text`, cut where a clause ends, and how much that may have lost: 0.02 for
    asides, 0.05 for clauses that only add, 0.13 for those that may limit what is said, 0.2 for a cut with
    "…"."""
    if len(text) <= MAX_CHARACTERS:
        return text, 0.0
    if "(" in text:
        text = _ASIDE.sub("", text)
        if len(text) <= MAX_CHARACTERS and not _DANGLING.search(text):
            return text, 0.02
    for pattern in _CUTS:
        ends = [match.start() for match in pattern.finditer(text) if 30 <= match.start() <= MAX_CHARACTERS]
        for end in reversed(ends):
            cut = text[:end].rstrip(" ,")
            if _is_balanced(cut) and not _DANGLING.search(cut):
                return cut, 0.05
    ends = [match.start() for match in _WEAK_CUT.finditer(text) if 45 <= match.start() <= MAX_CHARACTERS]
    for end in reversed(ends):
        cut = text[:end].rstrip(" ,")
        if _is_balanced(cut) and not _DANGLING.search(cut):
            return cut, 0.13
    cut = text[: MAX_CHARACTERS - 1].rpartition(" ")[0]
    cut = _DANGLING.sub("", cut.rstrip(" ,;:([-—`'\""))
    return cut + "…", 0.2


def _is_balanced(text: str) -> bool:
    return (
        all(text.count(one) == text.count(other) for one, other in ("()", "[]")) and text.count('"') % 2 == 0
    )
