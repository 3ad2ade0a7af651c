"""Nobody is told by a comment: addresses, numbers and names in what people wrote are masked.

Masked are e-mail addresses, web addresses, telephone numbers, every name that the client's own
tables know, what follows a title or stands at a letter's end, and every other capitalised word that
is not known to be an ordinary one. So ordinary words go too at times, and that is the safe side.
Limit: a name that no table knows, written without a capital letter, can't be told from a word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

NAME, MAIL, NUMBER, LINK = "[name]", "[e-mail]", "[number]", "[link]"

_MAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]+\s*(?:@|\(at\)|\[at\]|＠)\s*"
    r"[\w-]+(?:\s*(?:\.|\(dot\)|\[dot\])\s*[\w-]+)+",
    re.I,
)
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|uk|eu|ie|de)\b\S*", re.I
)
_HANDLE = re.compile(r"(?<!\w)@\w+")
# seven digits or more, however they are set apart, with or without a country's or an extension
_PHONE = re.compile(
    r"(?:\+|\b00|\()?\s?\d(?:[\s().\-–/·]{0,3}\d){6,}(?:\s?(?:x|ext\.?)\s?\d+)?", re.I
)
_TITLED = re.compile(
    r"\b(?:mr|mrs|ms|miss|mx|dr|prof|sir|madam|dear|hi|hello|regards|thanks|cheers|signed|name is|"
    r"called|asked for|ask for|spoke (?:to|with))\.?,?\s+((?:\w[\w'’\-]*\s?){1,3})",
    re.I,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_TOKEN = re.compile(r"\w+(?:['’\-]\w+)*")
_INITIALS = re.compile(r"\b(?:[A-Z]\.\s?){1,3}(?=[A-Z])")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# written with a capital letter wherever they stand, and nobody's name
_PROPER = _set(
    """i i'm i'd i'll i've monday tuesday wednesday thursday friday saturday sunday january
    february march april may june july august september october november december english
    microsoft windows outlook office excel word teams sharepoint onedrive azure google chrome
    apple mac iphone ipad android linux citrix vmware cisco adobe zoom slack dell lenovo intune
    exchange entra christmas easter britain england scotland wales ireland london europe it vpn
    sla crm erp pc pcs mfa sso dns usb hr pdf api sql voip lan wan wifi wi-fi msp ok uk eu usa
    fyi asap id ram ssd nas tv av qr sms ip ssl url faq kb gdpr sap m365 o365"""
)
# words with which sentences about a service desk begin
_COMMON = _set(
    """a about after again all also although always am an and another any anyone anything are as at
    back bad because been before being best better both but by call called came can can't clear
    could day days desk did didn't do does doesn't don't done down each easy email engineer
    engineers even ever every everyone everything excellent explained fair fantastic far fast
    few fine first fixed for found friendly from get getting give given go going good got great
    had half happy hard harder hardly has have haven't he help helped helpful her here him his
    hour hours how if in is isn't issue issues it its it's just keep kept knew know last late
    left let like long lots love made make many maybe me minutes more most much my need needs
    never new next nice no nobody none neither nor not nothing now of off often ok okay on once
    one only open or other our out over patient people perfect phone pleasant please polite poor
    problem problems prompt quick quickly quite rang rather really resolved same sat say see
    seems service several she should since slow so some somebody someone something sometimes
    soon sorry sorted staff solved spotted stayed still such super support sure take team
    terrible than thank thanks that that's the their them then there these they they're things
    think third this those though three ticket tickets time to told too took totally twice two
    under until up us useful usual very waited waiting was wasn't we we're well went were what
    whatever when whenever where which while who whole why will with without won't wonderful
    work worked working works would wrong yes yesterday yet you your"""
)
_ENOUGH = 3  # comments in which a word stands in small letters before it counts as a word
_OPENS = '.!?…\n"“”(*-–—•'  # what stands before a sentence's first word


def vocabulary(texts: Iterable[str]) -> frozenset[str]:
    """Words of these people's own: written small in several comments, and never with a capital
    in the middle of a sentence, where only names have one.
    """
    small: Counter[str] = Counter()
    large: set[str] = set()
    for text in map(_bare, texts):
        seen = set()
        for hit in _WORD.finditer(text):
            if hit[0] == hit[0].lower():
                seen.add(hit[0])
            elif not _begins(text, hit.start()):
                large.add(hit[0].casefold())
        small.update(seen)
    return frozenset(w for w, n in small.items() if n >= _ENOUGH and len(w) > 2) - large


def names_in(people: Iterable[str], firms: Iterable[str] = ()) -> frozenset[str]:
    """The names that tables know, folded: of people whole and in parts (`ann oak`, `ann`, `oak`),
    of firms whole, since their parts are words like any other.
    """
    names: set[str] = set()
    for texts, parts in ((people, True), (firms, False)):
        for text in texts:
            whole = _TOKEN.findall(str(text).casefold())
            names |= {" ".join(whole)} if any(map(_WORD.fullmatch, whole)) else set()
            names |= {w for w in whole if parts and len(w) > 2 and _WORD.fullmatch(w)}
    return frozenset(names)


def _begins(text: str, at: int) -> bool:
    """Whether a word at this place is the first of its sentence."""
    before = text[:at].rstrip(" \t")
    return not before or before[-1] in _OPENS


def _bare(text: str) -> str:
    """A text without addresses and numbers, whose pieces are no words."""
    for pattern in (_MAIL, _LINK, _HANDLE, _PHONE):
        text = pattern.sub(" ", text)
    return text


def masked(
    text: str, names: frozenset[str] = frozenset(), known: frozenset[str] = frozenset()
) -> str:
    """The text without what would tell who is meant.

    Args: names, from `names_in`; known, ordinary words beyond our own list, from `vocabulary`.
    """
    text = _MAIL.sub(MAIL, text)
    text = _LINK.sub(LINK, text)
    text = _HANDLE.sub(NAME, text)
    text = _PHONE.sub(lambda hit: f"{' ' if hit[0][:1].isspace() else ''}{NUMBER}", text)
    whole = _whole(names)
    text = whole.sub(NAME, text) if whole else text
    text = _TITLED.sub(lambda hit: _after_title(hit, names), text)
    text = _INITIALS.sub("", text)
    text = _WORD.sub(lambda hit: _word(hit, text, names, known), text)
    return re.sub(rf"{re.escape(NAME)}(?:\s+{re.escape(NAME)})+", NAME, text)


@cache
def _whole(names: frozenset[str]) -> re.Pattern[str] | None:
    """Any name of several words, the longest first, however its words are set apart."""
    several = sorted((n.split() for n in names if " " in n), key=lambda n: (-len(n), n))
    if not several:
        return None
    spaced = (r"[\W_]+".join(map(re.escape, words)) for words in several)
    return re.compile(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)", re.I)


def _after_title(hit: re.Match[str], names: frozenset[str]) -> str:
    """After a title or a greeting a name is a name, in small letters too, unless it is a word."""
    start, tail = hit.start(1) - hit.start(), hit[1]
    head = hit[0][:start]
    formal = re.match(r"(?:mr|mrs|ms|miss|mx|dr|prof|name is)\b", hit[0], re.I)
    first = tail.split()[0]
    if formal or first.casefold() in names:
        return f"{head}{NAME}{tail[len(first) :]}"
    return hit[0]


def _word(hit: re.Match[str], text: str, names: frozenset[str], known: frozenset[str]) -> str:
    word = hit[0]
    if text[max(0, hit.start() - 1) : hit.end() + 1] in (NAME, MAIL, NUMBER, LINK):
        return word
    stem = re.sub(r"['’]s$", "", word)
    folded = stem.casefold().replace("’", "'")
    hidden = f"{NAME}{word[len(stem) :]}"
    if folded in names:
        small_word = word == word.lower() and folded in _COMMON
        return word if small_word else hidden
    if word == word.lower() or folded in _PROPER:  # al-Sayed has its capital further in
        return word
    starts = _begins(text, hit.start()) or text.isupper()
    return word if starts and (folded in _COMMON or folded in known) else hidden
