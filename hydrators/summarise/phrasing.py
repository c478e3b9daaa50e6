"""The first sentence of documentation as an order, at most MAX_CHARACTERS long: `Returns the number of
elements` → Return the number of elements.

Knows how people begin the docs of each kind of item; takes plain text, gives a `Draft` or None.
"""

from __future__ import annotations

import re

from hydrators.summarise.model import MAX_CHARACTERS, Draft
from hydrators.summarise.sentences import (
    Turned,
    adverb_behind,
    agreed,
    capitalized,
    lowered,
    shortened,
    third_to_plain,
)
from hydrators.summarise.things import FUNCTIONS, TYPES, order_of_thing
from hydrators.summarise.verbs import AMBIGUOUS, GERUNDS, THIRD_PERSON, VERBS, base_form
from hydrators.summarise.words import word_set
from store.model import NodeKind


def order_of(sentence: str, kind: str, name: str, returns: str) -> Draft | None:
    """The order that says what `sentence` does. None for a sentence that says nothing of what the item is or
    does: a pointer to other docs, a remark, something unfinished. `returns`: the return type of a function,
    "" for none."""
    sentence = _TAGGED.sub("", sentence.rstrip(" .;,—–-").lstrip(" .;,—–!?"))
    if not sentence or (kind in FUNCTIONS and _NO_START.match(sentence)) or _REMARK.match(sentence):
        return None
    turned = _turn(_without_subject(sentence, name), kind, name, returns)
    if turned is None:
        return None
    text = turned.text
    bent = turned.bent
    if text.endswith(":") or _LIST_FOLLOWS.search(text):
        shorter = _LIST_FOLLOWS.sub("", text.rstrip(": ")).rstrip(" ,:.")
        if shorter.count(" ") < 1:
            return None
        bent = max(bent, 0.1) if shorter != text.rstrip(": ") else 0.25
        text = shorter
    if len(text) > MAX_CHARACTERS:
        text, lost = shortened(text)
        bent = max(bent, lost)
    if text.count(" ") < 1:
        return None
    return Draft(text, 1.0, 1.0, 1.0, 1.0, 0.98 - bent)


_TAGGED = re.compile(
    r"^(?:\[[\w -]+\]:?|\([\w -]+\):?|(?:[Ii]nternal|PRIVATE|Private|Experimental|EXPERIMENTAL|UNSTABLE|"
    r"Unstable):) +(?=[A-Z])"
)

_NO_START = re.compile(r"[\"'“‘\-+=/|~^%$@]")
_REMARK = re.compile(
    r"(?:TODO|FIXME|XXX|HACK|NOTE|WARNING|SAFETY|Safety|Note|N\.B|NB|See\b|Refer to\b|cf\b|"
    r"Read more\b|Deprecated\b|DEPRECATED|Same as\b.*\babove|Ditto|As above|As with\b|You\b|Please\b|"
    r"Example|Usage|"
    r"Internal use only|Not public|Not part of|Do not\b|Don't\b|Must\b|Should\b|Caller|Callers|Once\b|"
    r"Because\b|Note that)"
)

_LIST_FOLLOWS = re.compile(
    r"(?:[,;:]? (?:as follows|like so|such as|e\.g|i\.e|for example|for instance|like this|including|namely)"
    r"| (?:with|in|by|on|to|of|from|into|for|under|according to|if|when|given)? ?(?:one of |any of |"
    r"all )?(?:the|these) following(?: [\w-]+)?)$"
)

_SUBJECT = re.compile(
    r"(?:This|The|A|An|The provided|The given|Such a|Each) (?:(?:[\w:]+ )?(?:function|method|macro|"
    r"struct|structure|type|enum|enumeration|trait|module|intrinsic|crate|constant|variant|call|routine|"
    r"helper|operation|constructor|builder|iterator|alias|field|library|impl|implementation|test|variable|"
    r"static|function/method|adapter|adaptor|class|object|attribute|error|flag|option|setting))"
    r"(?: (?:will|can be used to|is used to|should|also|just|simply|is responsible for|is intended to|"
    r"is meant to|may be used to|allows you to|lets you))? (?=[a-z])"
)

_PRONOUN = re.compile(
    r"(?:It|We|This|Used|Can be used|Useful|Helper|A helper|Helper function|A helper function|"
    r"Utility function|Utility|Convenience function|"
    r"Convenience method|A convenience method|A convenience function|Helper method|A helper method|"
    r"A utility function|A utility|Internal helper|Internal function|Function|Method|Macro|A macro|"
    r"A function|"
    r"A method|A routine|Responsible for|In charge of|The job of|Meant|Intended|Designed|Try and)"
    r"(?:,? (?:will|can be used|is used|should|also|just|simply|which|that))*(?: (?P<to>to|for|"
    r"in order to))? (?=[a-z])"
)


def _without_subject(sentence: str, name: str) -> str:
    """`This function parses …`, `Used to parse …`, `` `Foo` holds … `` → what follows, if a verb does."""
    if match := _SUBJECT.match(sentence):
        rest = sentence[match.end() :]
        if _verb_first(rest):
            return rest
        if rest.startswith(("is ", "are ")):
            return capitalized(rest.partition(" ")[2])
        if match[0].endswith(
            ("used to ", "responsible for ", "intended to ", "meant to ", "allows you to ", "lets you ")
        ):
            return rest
    if match := _PRONOUN.match(sentence):
        rest = sentence[match.end() :]
        first = rest.partition(" ")[0]
        if match["to"] in ("to", "in order to") and first.lower() in VERBS:
            return rest
        if match["to"] == "for" and first in GERUNDS:
            return GERUNDS[first] + rest[len(first) :]
        if match["to"] is None and match[0].split()[0] in ("It", "We", "This") and _verb_first(rest):
            return rest
    if name and sentence.startswith((f"{name} ", f"{name}()")):
        rest = sentence[len(name) :].removeprefix("()").lstrip()
        if _verb_first(rest) or rest.startswith(("is ", "are ")):
            return rest
    return sentence


def _verb_first(text: str) -> bool:
    first, _, rest = text.partition(" ")
    lower = first.rstrip(",").lower()
    return lower in THIRD_PERSON and base_form(lower, rest.partition(" ")[0]) != ""


_CONDITION = re.compile(
    r"(?P<when>(?:If|When|Whenever|Given|On|For|After|Before|Unless|In case|With|Without|Until|Upon|"
    r"During|In|At|By|As|Where|While) [^,]{3,70}), "
    r"(?:then )?(?:this (?:function |method |will )?|it (?:will )?|we (?:will )?|"
    r"that )?(?:(?P<adverb>[a-z]+ly|also|always|just) )?(?P<verb>[a-z-]+) (?P<rest>.+)"
)

_IS = re.compile(
    r"(?:(?:This|It|That) )?(?:is|are|was|'s) (?=(?:the|a|an|one|used|intended|called|like|similar|"
    r"equivalent|just|simply|basically|essentially|only|all)\b)",
    re.IGNORECASE,
)

_WHETHER = re.compile(r"(?:Whether or not|Whether|If) ", re.IGNORECASE)

_TRUE_IF = re.compile(
    r"(?:Is )?(?:`?true`?|`?false`?|Some|None|Ok) (?:if|when|iff|unless|while)\b", re.IGNORECASE
)

_QUESTION = re.compile(r"(?:Is|Are|Does|Do|Has|Have|Can|Should|Was|Were|Will|Did) (?=[a-z])")

_USED = re.compile(
    r"(?:(?:Mainly|Mostly|Only|Usually|Currently|Primarily|Internally) )?used (?:internally )?(by|in|for|"
    r"as|to|with|inside|within|during|on|when|if|whenever) ",
    re.IGNORECASE,
)

_DONE_BY = re.compile(
    r"(?:Implemented|Provided|Created|Generated|Made|Exposed|Constructed|Allocated|Stored|Defined|Taken|Copied|"
    r"Derived|Inherited|Shared|Protected|Guarded|Based|Adapted|Ported) (?:by|in|from|on|with|between)\b",
    re.IGNORECASE,
)
_ALIKE = re.compile(
    r"(?:Similar to|Like|Just like|Same as|The same as|Exactly like|Equivalent to|Identical to|"
    r"Analogous to|Works like|Behaves like|Shorthand for|A shorthand for|Short for|Alias for|"
    r"An alias for|Alias of|Alias to|Synonym for|Equivalent of)\b,? ",
    re.IGNORECASE,
)

_CALLED = re.compile(
    r"(?:This (?:method |function )?is )?(?:Called|Invoked|Executed|Run|Emitted|Triggered|Fired) (?:when|"
    r"whenever|if|after|before|once|by|on|for|from|to|as|at|during|with|in|every|each|immediately|just|"
    r"right|between|until|while|upon|inside|only|automatically|internally)\b",
    re.IGNORECASE,
)

_NOUN_DEEDS = {
    "constructor": "Construct",
    "getter": "Get",
    "accessor": "Get",
    "setter": "Set",
    "wrapper": "Wrap",
    "conversion": "Convert",
    "implementation": "Implement",
    "parser": "Parse",
    "initializer": "Initialize",
    "destructor": "Destroy",
}

_NOUN_DEED = re.compile(
    rf"(?:An? |The |Default |Internal |Convenience |Simple |Private |Safe |"
    rf"Thin )*(?P<noun>{'|'.join(_NOUN_DEEDS)}) (?P<of>for|of|around|from|over|to) (?=\S)",
    re.IGNORECASE,
)


def _turn(sentence: str, kind: str, name: str, returns: str) -> Turned | None:
    first, _, rest = sentence.partition(" ")
    following = rest.partition(" ")[0]
    is_function = kind in FUNCTIONS or kind == NodeKind.MACRO
    word = first.rstrip(",:/")
    is_name = len(word) > 1 and word.isupper()
    verb = "" if is_name else base_form(word, following)
    if verb and not is_function and word.lower() in VERBS and _is_thing(word.lower(), following, kind):
        verb = ""
    if verb and is_function and _is_named_thing(word.lower(), following, returns):
        verb = ""
    if verb:
        return Turned(agreed(verb.capitalize() + sentence[len(word) :]), 0.0)
    if (match := _IS.match(sentence)) and sentence[match.end() :]:
        return _bent(_turn(capitalized(sentence[match.end() :]), kind, name, returns), 0.02)
    if (match := _CONDITION.fullmatch(sentence)) and (
        verb := third_to_plain(match["verb"], match["rest"].partition(" ")[0])
    ):
        when = match["when"]
        if base_form(when.partition(" ")[0], "") != "":
            return None
        main = f"{verb.capitalize()} {match['rest']}"
        if match["adverb"]:
            main = f"{match['adverb'].capitalize()} {verb} {match['rest']}"
            main = adverb_behind(main) or main
        return Turned(f"{agreed(main)} {when[0].lower()}{when[1:]}", 0.12)
    if _TRUE_IF.match(sentence):
        return Turned("Return " + lowered(re.sub(r"^(?i:is) ", "", sentence)), 0.02) if is_function else None
    if match := _WHETHER.match(sentence):
        if match[0].lower() == "if " and "," in sentence:
            return None
        return Turned(f"Tell whether {sentence[match.end() :]}", 0.02)
    if _QUESTION.match(sentence):
        after = sentence.partition(" ")[2]
        if sentence.startswith("Can ") and after.partition(" ")[0] in VERBS:
            return Turned(capitalized(after), 0.05)
        return _answered(sentence)
    if match := _USED.match(sentence):
        how = "" if match[1].lower() == "by" else f"{match[1].lower()} "
        return Turned(f"Serve {how}{sentence[match.end() :]}", 0.1)
    if match := _DONE_BY.match(sentence):
        return None if is_function else Turned(f"Stand for what is {lowered(sentence)}", 0.1)
    if match := _ALIKE.match(sentence):
        return _likened(sentence, match, kind)
    if match := _CALLED.match(sentence):
        when = match[0].rpartition(" ")[2].lower()
        return Turned(f"Run {when}{sentence[match.end() :]}", 0.05) if is_function else None
    if not is_name and (moved := adverb_behind(sentence)):
        return Turned(agreed(moved), 0.0)
    if is_function and following in THIRD_PERSON and rest.partition(" ")[2].partition(" ")[0] in _AFTER_BARE:
        return Turned(agreed(f"{THIRD_PERSON[following].capitalize()}{rest[len(following) :]}"), 0.1)
    if match := _NOUN_DEED.match(sentence):
        if is_function and not (returns and match["noun"].lower() in ("wrapper", "implementation", "parser")):
            return Turned(f"{_NOUN_DEEDS[match['noun'].lower()]} {sentence[match.end() :]}", 0.05)
        if kind in TYPES and match["noun"].lower() == "wrapper":
            return Turned(f"Wrap {sentence[match.end() :]}", 0.02)
    return order_of_thing(sentence, kind, name, returns)


def _bent(turned: Turned | None, more: float) -> Turned | None:
    return None if turned is None else Turned(turned.text, turned.bent + more)


def _is_thing(word: str, following: str, kind: str) -> bool:
    """Whether a bare form such as `Handle`, `Map`, `Lock` opens the docs of a type or value as a noun."""
    if following in _AFTER_BARE or word == "use":
        return False
    if kind == NodeKind.MODULE or kind == NodeKind.IMPL:
        return word in AMBIGUOUS and following in ("of", "for", "that", "which", "types", "and", "module")
    return word in AMBIGUOUS or word in _THINGS_TOO


_THINGS_TOO = word_set("set handle access run write read open split add drop find save load copy cast")


def _is_named_thing(word: str, following: str, returns: str) -> bool:
    """Whether the docs of a function open with what it returns: `Position of …`, `Length in bytes`."""
    if word not in AMBIGUOUS or not returns:
        return False
    return following in ("in", "for", "at", "from", "between") and word in _MEASURES


_AFTER_BARE = word_set("the a an all each every no any this its it only another some")

_MEASURES = word_set(
    """
    length size number count position index offset value name state time delay limit range key type
    source
    """
)


def _answered(sentence: str) -> Turned | None:
    """`Is the queue empty` → Tell whether the queue is empty, where the subject can be told."""
    aux, _, rest = sentence.partition(" ")
    match = _ASKED.match(rest)
    if match is None or aux.lower() in ("do", "does", "did"):
        return None
    return Turned(f"Tell whether {match[1].strip()} {aux.lower()} {rest[match.end() :]}", 0.1)


_ASKED = re.compile(r"((?:the|this|a|an|all|any|these|our) [\w-]+ |(?:there|it|we|this) )(?=\S)")


def _likened(sentence: str, match: re.Match[str], kind: str) -> Turned | None:
    """`Like push, but …` → Do the same as push, but …"""
    rest = sentence[match.end() :]
    how = match[0].lower()
    if how.startswith(("shorthand", "short ", "a shorthand", "alias", "an alias", "synonym")):
        return (
            Turned(f"Stand for {rest}", 0.02)
            if kind not in FUNCTIONS
            else Turned(f"Do the same as {rest}", 0.05)
        )
    if kind in FUNCTIONS or kind == NodeKind.MACRO:
        rest = _BUT.sub(lambda found: f"{found[1]}{THIRD_PERSON.get(found[2], found[2])} ", rest)
        same = how.startswith(("same", "the same", "equivalent", "identical", "exactly"))
        return Turned(f"Do the same as {rest}" if same else f"Act like {rest}", 0.08)
    return Turned(f"Act like {rest}" if kind in TYPES else f"Stand for the same as {rest}", 0.1)


_BUT = re.compile(r"(,? (?:but|except that it|except) (?:also |only |instead |always )?)([a-z-]+s) ")
