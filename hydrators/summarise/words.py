"""Identifiers and types as words: `parse_ident` → parse identifier, `&'a mut Vec<T>` → Vec<T>.

Knows Rust's spelling and abbreviations that programmers share; nothing of what a word does in a sentence.
"""

from __future__ import annotations

import re
from functools import lru_cache


def _table(text: str) -> dict[str, str]:
    """`a=b c=d_e` → {"a": "b", "c": "d e"}."""
    pairs = (entry.split("=") for entry in text.split())
    return {short: long.replace("_", " ") for short, long in pairs}


_EXPANDED = _table(
    """
    addr=address addrs=addresses alloc=allocation arg=argument args=arguments attr=attribute
    attrs=attributes buf=buffer bufs=buffers cfg=config char=character chars=characters cmd=command
    cnt=count conf=config conn=connection ctx=context cur=current curr=current cx=context
    db=database decl=declaration decls=declarations def=definition defs=definitions
    deps=dependencies dict=dictionary dir=directory dirs=directories dst=destination elem=element
    elems=elements env=environment err=error errs=errors expr=expression exprs=expressions
    ext=extension fmt=format fn=function func=function hdr=header ident=identifier
    idents=identifiers idx=index impl=implementation impls=implementations info=information
    int=integer iter=iterator len=length lhs=left-hand_side lit=literal lits=literals loc=location
    max=maximum mem=memory min=minimum msg=message msgs=messages mut=mutable num=number
    param=parameter params=parameters pat=pattern pats=patterns pkg=package pkt=packet pos=position
    prev=previous ptr=pointer ptrs=pointers ref=reference refs=references repr=representation
    req=request resp=response rhs=right-hand_side seq=sequence spec=specification src=source
    stmt=statement stmts=statements str=string strs=strings sz=size tmp=temporary ty=type tys=types
    val=value vals=values var=variable vars=variables vec=vector ver=version sep=separator
    temp=temporary dest=destination async=asynchronous sym=symbol syms=symbols desc=description
    auth=authentication bool=boolean
    """
)

_DEEDS = _table(
    """
    alloc=allocate bench=benchmark calc=calculate canon=canonicalize cleanup=clean_up cmp=compare
    concat=concatenate conv=convert cpy=copy cvt=convert dealloc=deallocate decr=decrement
    dedup=deduplicate del=delete deser=deserialize div=divide dup=duplicate enc=encode eval=evaluate
    exec=execute fmt=format gen=generate impl=implement inc=increment incr=increment init=initialize
    lookup=look_up mk=make mul=multiply realloc=reallocate recv=receive rm=remove rollback=roll_back
    ser=serialize setup=set_up shutdown=shut_down sub=subtract teardown=tear_down
    deinit=deinitialize reinit=reinitialize fsync=sync mkdir=create_directory wakeup=wake_up
    sanitise=sanitize tokenise=tokenize dbg=debug elab=elaborate accum=accumulate regen=regenerate
    """
)
"""Names of deeds that are no English verb as they stand, as the first word of a function's name."""


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is easier to read without quotes."""
    return frozenset(text.split())


_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@lru_cache(maxsize=8192)
def split_identifier(name: str) -> tuple[str, ...]:
    """`HTTPServer_read_u16` → HTTP, Server, read, u16: the pieces as they are written."""
    name = name.removeprefix("r#")
    return tuple([piece for part in name.split("_") if part for piece in _HUMP.split(part)])


@lru_cache(maxsize=8192)
def words_of(name: str) -> tuple[str, ...]:
    """`parse_ident` → parse, ident; `ParseExpr` → parse, expr; `NaN` and other capitals stay as they are."""
    return tuple(
        [
            piece if len(piece) > 1 and piece.isupper() and not name.isupper() else piece.lower()
            for piece in split_identifier(name)
        ]
    )


def phrase(words: tuple[str, ...]) -> str:
    """Words of an identifier as people would write them: `(next, expr)` → next expression."""
    if len(words) > 1 and words[0] in ("num", "nr"):
        return f"number of {phrase(words[1:])}"
    return " ".join([_EXPANDED.get(word, word) for word in words])


def deed(word: str) -> str:
    """The verb that an abbreviation stands for at the head of a name: `fmt` → format; else the word."""
    return _DEEDS.get(word, word)


_LIFETIME = re.compile(r"'(?:r#)?[^\W\d]\w*(?!')(?:, | \+ | )?")
_LONG_PATH = re.compile(r"\b(?:(?:std|core|alloc|crate|self|super)::)(?:\w+::)*(?=\w)")
TYPE_MAX_CHARACTERS = 48


@lru_cache(maxsize=8192)
def short_type(text: str) -> str:
    """A type without lifetimes and without the way to std or the crate's root: `&'a std::io::Error` →
    &Error. Longer than TYPE_MAX_CHARACTERS, its arguments are left out: `Result<…>`."""
    if "'" in text:
        text = _LIFETIME.sub("", text).replace("<>", "").replace(", >", ">").replace("for<> ", "")
        text = text.replace(" + >", ">").replace(" + )", ")").rstrip().removesuffix(" +")
    if "::" in text:
        text = _LONG_PATH.sub("", text)
    if len(text) > TYPE_MAX_CHARACTERS:
        head = text.partition("<")[0]
        text = f"{head}<…>" if head != text and len(head) < TYPE_MAX_CHARACTERS else ""
    return text


_BORROWS = re.compile(r"^(?:&(?:mut )?|\*(?:const|mut) )+")


@lru_cache(maxsize=8192)
def bare_type(text: str) -> str:
    """The same without borrows: `&mut Token` → Token."""
    return _BORROWS.sub("", short_type(text))


def article(noun: str) -> str:
    """`Error` → an Error. By its letters: good enough for what types are called."""
    return f"{'an' if _VOWEL.match(noun) else 'a'} {noun}"


_VOWEL = re.compile(r"[AEIOaeio](?!ne(?![a-z])|u[a-z])|f\d|[Uu][nlmpr](?!i)")
