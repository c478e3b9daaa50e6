"""Which English words are verbs, in which form, and how sure that is of a single word.

A list and three rules of spelling; knows nothing of sentences.
"""

from __future__ import annotations

from hydrators.summarise.words import word_set

_PLAIN = """
alloc dealloc union
abandon abbreviate abort absorb accept access accommodate account accumulate acknowledge acquire act
activate adapt add address adhere adjust adopt advance advertise affect aggregate aid aim alias align
allocate allow alter amend amortize analyse analyze animate annotate announce answer append apply
approximate archive arm arrange ask assemble assert assign associate assume attach attempt authenticate
authorise authorize await back backtrack backup balance ban batch become begin behave benchmark benefit
bind bisect blend bless block boot borrow bound box branch break bring broadcast browse buffer build bump
bundle burn bypass cache calculate calibrate call cancel canonicalise canonicalize capture carry carve
cast catch categorize cause cease chain change characterize charge check checkpoint checksum choose chop
chunk circumvent claim clamp classify clean cleanse clear click clip clone close coalesce coerce coin
collapse collate collect collide colorize combine come commence commit communicate compact compare
compensate compete compile complain complement complete compose compress comprise compute concat
concatenate concern conclude condense configure confirm conform conjoin connect consider consist
consolidate constrain construct consult consume contain contract contribute control converge convert
convey cook coordinate copy correct correspond count cover craft crash create cross cut cycle deactivate
deallocate debug decide declare decline decode decompose decompress decorate decouple decrease decrement
decrypt dedent deduce dedup deduplicate deem defer define deflate delay delegate delete delimit deliver
demangle demonstrate demote denormalize denote deny depend depict deploy deposit deprecate dequeue
dereference deregister derive descend describe deserialise deserialize design designate destine destroy
destruct destructure desugar detach detect determine deviate devour diagnose diff differ differentiate
digest dim direct disable disallow disambiguate disassemble discard disconnect discover dismiss dispatch
display dispose disregard dissect dissolve distinguish distribute dive divide do document double downcast
downgrade download downsample drain draw drive drop dump duplicate echo edit elaborate elect elevate elide
eliminate embed embody emit empty emulate enable encapsulate enclose encode encompass encounter encrypt
end endure enforce engage enhance enlarge enqueue enrich ensure entail enter enumerate equal equip erase
err escape establish estimate evaluate evict examine exceed excerpt exchange exclude execute exempt
exercise exhaust exist exit expand expect expedite expire explain explode explore export expose express
extend extract fabricate facilitate factor fail fake fall fan feed fetch figure fill filter finalise
finalize find finesse finish fire fit fix flag flatten flip float flood floor flow flush focus fold follow
forbid force foresee forget fork form format formulate forward foster frame free freeze fulfil fulfill
fuse gain gate gather generate get give glob go govern grab grant grease greet group grow guarantee guard
guess guide halt hand handle hang happen hardcode harvest hash have heal help hex hide highlight hint hit
hoist hold honor hook house identify ignore illustrate imitate impersonate implement import improve
include incorporate increase increment indent index indicate infer inflate inform ingest inherit inhibit
init initialise initialize initiate inject inline inquire insert insist inspect install instantiate
instruct instrument integrate intend interact intercept interleave intern interpolate interpose interpret
interrogate interrupt intersect introduce invalidate invert invite invoke involve isolate issue iterate
join jot judge juggle jump justify keep kick kill know label land launch lay lazy lead leak leap learn
leave lend let level lex lift limit line link lint list listen live load locate lock log look loop lower
lowercase maintain make manage mandate mangle manipulate map mark mask match materialize mean measure
mediate memoize merge migrate mimic minify minimize mint mirror misuse mix mock mode model modify monitor
mount move multiply mutate mute name narrow navigate need negate neglect negotiate nest neutralize
normalise normalize note notice notify nudge nullify number obey observe obtain occupy occur offer offset
omit open operate opt optimise optimize order organize orient originate outline output overflow overlap
overload override overwrite own pace pack pad page paint pair panic parallelize parameterize parenthesize
park parse partition pass paste patch pause peek peel penalize perform permit permute persist pertain pick
pin ping pipe place plan play plot plug point poison poll pop populate portray position post postpone pour
precede precompute predict prefer prefetch prefix prepare prepend prescribe present preserve press presume
prettify prevent prime print prioritize probe proceed process procure produce profile program prohibit
project promote prompt pronounce propagate propose protect prove provide provision proxy prune publish
pull purge purify push put qualify quantify query queue quiesce quit quote race raise randomize rank
rasterize rate reach react read readjust realize realloc reallocate reap rearrange reassemble reassign
rebalance rebase reborrow rebuild recalculate recall recast receive recheck reclaim recognise recognize
recommend recompute reconcile reconfigure reconnect reconstitute reconstruct record recover rectify
recurse recv recycle redirect redo redraw reduce reencode refactor refer reference refill refine reflect
reformat refresh refuse regenerate register regroup regulate rehash reify reindex reinitialize reinsert
reinterpret reissue reject relate relax relay release relinquish reload relocate rely remain remap remark
remember remind remove rename render renew reopen reorder repair repeat replace replay replenish replicate
reply report reposition represent reproduce repurpose request requeue require requote reread rerun rescale
rescan reschedule reserve reset reshape reside resize resolve respect respond restart restore restrict
restructure resubmit result resume retain retake retarget rethrow retire retract retransmit retrieve retry
return reunite reuse reveal reverse revert review revisit revoke rewind rewrite rid rig roll rotate round
route run sample sanction sanitize satisfy save say scale scan scatter schedule scope score scour scrape
screen scroll scrub seal search seed seek segment select send separate sequence serialise serialize serve
set settle setup sever shadow shape share shed shield shift ship shorten show shrink shrug shuffle shunt
shut sift sign signal signify signpost simplify simulate sink size skim skip slap sleep slice slide smooth
snapshot sniff snip solve sort span spare spawn specialize specify speed spell spill spin splat splice
split spot spread squash squeeze stabilize stack stage stall stamp stand start starve stash state stay
steal steer stem step stipulate stitch stop store stream stress stretch stringify strip strive structure
style submit subscribe substitute subtract suffix suggest suit sum summarise summarize summon supersede
supplant supply support suppress suspend sustain swallow swap sweep switch swizzle symbolicate symbolize
sync synchronise synchronize synthesize tack tag tail take talk tally target tear tell template term
terminate test thread throttle throw tick tie tighten time toggle tokenize tolerate total touch trace
track trade trail train transact transcend transcode transfer transform transition translate transmit
transmute transpile transpose trap traverse treat trick trigger trim truncate trust try tune tunnel turn
tweak type typecheck unbind unblock uncompress underline understand undo unescape unfold unify unindent
uninstall unite unlink unload unlock unmap unmark unmask unmount unpack unpark unpin unquote unravel
unregister unroll unset unshare unsplit unsubscribe unwind unwrap unzip upcast update upgrade upload
uppercase upsert use utilize vacate validate vary vendor verify vet veto view visit visualize void wait
wake walk want warn wash watch weigh widen wind wipe wire work wrangle wrap write yield zap zero zip zoom
"""

VERBS = frozenset(_PLAIN.split())

_IRREGULAR = {
    "has": "have",
    "does": "do",
    "goes": "go",
    "undoes": "undo",
    "redoes": "redo",
    "focuses": "focus",
}


def _third(verb: str) -> str:
    """`parse` → parses, `copy` → copies, `match` → matches."""
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")) and not verb.endswith("oo"):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in "aeou":
        return verb[:-1] + "ies"
    return verb + "s"


def third_person(verb: str) -> str:
    """`parse` → parses."""
    return _third(verb)


THIRD_PERSON = {_third(verb): verb for verb in VERBS} | _IRREGULAR
"""`parses` → parse, of every verb."""

_DOUBLED = word_set(
    """
    begin cut clip chop dim drop dedup fit flag flip forget format get grab hit jot let log map plan
    plug pad pin pop put quit reset rig rid run scan scrub set shed shut skip slap snip spin split
    spot step stop strip swap tag tap trap trim unset unwrap wrap zap zip unzip submit commit emit
    omit permit transmit refer defer infer transfer occur recur prefer bin ban beg bid cancel
    """
) - {"format", "cancel"}


def _gerund(verb: str) -> str:
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    if verb in _DOUBLED:
        return verb + verb[-1] + "ing"
    return verb + "ing"


GERUNDS = {_gerund(verb): verb for verb in VERBS}
"""`parsing` → parse."""

# Words that begin the names of functions which return the thing, not only of those which do it.
AMBIGUOUS = word_set(
    """
    union
    access account address alias align back balance batch benchmark block bound box branch broadcast
    buffer bundle burn cache call capture cast cause chain change charge check checksum chunk claim
    click clip clone comment commit complement complete compact concern contract control copy
    correct count cover crash cross cut cycle debug delay design diff digest dim direct display
    document double draw drive drop dump duplicate echo edit empty end equal escape estimate
    exchange exit export express factor fail feed figure fill filter finish fire fit fix flag flow
    float flood floor focus fold follow force fork format forward frame free function fuse gain gate
    glob grant group guard guess guide hand handle hash help hex highlight hint hold hook house
    import incline increase increment indent index init inline input issue join judge jump key kick
    label land launch lay lazy lead level lift limit line link lint list live load lock log look
    loop lower map mark mask match mean measure mirror mix mock mode model mount name narrow need
    nest note notice number offer offset open order output own pack pad page pair panic parameterize
    park pass paste patch pause peel permit phrase pick pin ping pipe place plan play plot plug
    point poll pop position post pre prefix present press prime print probe process produce profile
    program progress project prompt proxy queue query quote race range rank rate reach record
    reference release repeat reply report request reserve reset result return reverse review ring
    roll root round route run sample save say scale scan schedule scope score screen scroll search
    seal seed segment separate sequence set setup shadow shape share shift ship show sign signal
    sink size skip sleep slice slide snapshot sort source space span spin split spot spread stack
    stage stamp stand start state stay step stitch stop store stream stress stretch strip structure
    style suffix sum supply support surface swap sweep switch sync tag tail take talk target tear
    template term test thread tick tie time title total touch trace track trade trail train transfer
    transform transition trap treat trick trim trust try tune tunnel turn type update upgrade upload
    use value vendor view void visit wait wake walk want watch wire work wrap yield zero zip zoom
    hang lex want state err own elaborate abstract mint average clean clear close come arm uppercase
    lowercase
    """
) - word_set(
    """
    access check clone drop visit print run write take update join open close send push pop fetch
    use find split walk strip trim wrap drive skip wait draw handle pick swap try make copy set dump
    save load add drain truncate reset clear wake show fill feed apply poll forward fold sort
    reverse cast escape launch look seed
    """
)

# Forms in -s and bare forms that stand for things more often than for deeds, in front of "of", "for", "to" …
NOUN_BEFORE_OF = AMBIGUOUS | word_set(
    """
    set list map index count result record range state view stream order name type buffer file match
    hash filter update copy access load drop reset fold cast escape run use handle sort walk look
    """
)


def is_verb(word: str) -> bool:
    """Whether a word can open a line, in any case: `parse`, `Parse`, `re-parse`."""
    lower = word.lower()
    if lower in VERBS:
        return True
    head, _, tail = lower.partition("-")
    return bool(tail) and head in _PREFIXES and tail in VERBS


_PREFIXES = frozenset(
    (
        "re",
        "de",
        "un",
        "pre",
        "post",
        "auto",
        "bit",
        "left",
        "right",
        "percent",
        "type",
        "up",
        "down",
        "early",
        "double",
    )
)


def base_form(word: str, following: str) -> str:
    """The verb that `word` opens a sentence with, in its plain form, or "": `Parses` → parse. `following` is
    the next word: a `Set of` is a thing, a `Set the` a deed."""
    lower = word.lower()
    after = following.lower()
    if verb := THIRD_PERSON.get(lower):
        return verb if _is_deed(verb, after) else ""
    if lower in VERBS:
        return lower if _is_deed(lower, after) else ""
    head, dash, tail = lower.partition("-")
    if dash and head in _PREFIXES and tail and (inner := THIRD_PERSON.get(tail, tail)) in VERBS:
        return f"{head}-{inner}"
    return ""


def _is_deed(verb: str, after: str) -> bool:
    return verb not in NOUN_BEFORE_OF or after not in _NOUN_FOLLOWERS or (after == "that" and verb in _THAT)


_THAT = word_set("test check report signal state mean")
_NOUN_FOLLOWERS = frozenset(("of", "that", "which", "containing", "used", "is", "are", "was", "has", "will"))
