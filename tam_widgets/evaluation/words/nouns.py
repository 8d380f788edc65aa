"""Singular and plural of English nouns by rule: enough to match "buses" to the category "bus"."""

from __future__ import annotations

import re
from functools import lru_cache

_IRREGULAR = {
    "calf": "calves",
    "child": "children",
    "deer": "deer",
    "fish": "fish",
    "foot": "feet",
    "goose": "geese",
    "half": "halves",
    "knife": "knives",
    "leaf": "leaves",
    "life": "lives",
    "loaf": "loaves",
    "mouse": "mice",
    "ox": "oxen",
    "person": "people",
    "scarf": "scarves",
    "sheep": "sheep",
    "shelf": "shelves",
    "thief": "thieves",
    "tooth": "teeth",
    "wife": "wives",
    "wolf": "wolves",
}
_MAN = re.compile(r"(.*)(?<!hu)(?<!ger)man$")
_SIBILANT = re.compile(r".*(s|x|z|ch|sh)$")
_CONSONANT_Y = re.compile(r".*[^aeiou]y$")
_CONSONANT_O = re.compile(r".*[^aeiou]o$")
_POSSESSIVE = re.compile(r"['’]s?$")
_SEPARATORS = re.compile(r"[\s\-‐‑]+")


def plurals(noun: str) -> set[str]:
    """Returns the plurals that a lower-case singular noun may have."""
    if noun in _IRREGULAR:
        return {_IRREGULAR[noun]}
    if man := _MAN.match(noun):
        return {man[1] + "men"}
    if _SIBILANT.match(noun):
        return {noun + "es"}
    if _CONSONANT_Y.match(noun):
        return {noun[:-1] + "ies"}
    return {noun + "s", noun + "es"} if _CONSONANT_O.match(noun) else {noun + "s"}


@lru_cache(maxsize=2**14)
def plain(phrase: str) -> str:
    """Folds case and drops spaces, hyphens and a possessive ending: "Hot-Dog's" is "hotdog"."""
    return _SEPARATORS.sub("", _POSSESSIVE.sub("", phrase.strip().casefold()))


def same_noun(phrase: str, name: str) -> bool:
    """Whether two phrases are the same noun, whatever their number, case and hyphenation.

    A compound inflects its last word, so its words can be joined first: "hot dogs" is the plural of
    "hot dog", and "cellphone" the same as "cell phone".
    """
    a, b = plain(phrase), plain(name)
    return a == b or a in inflected(name) or b in inflected(phrase)


@lru_cache(maxsize=2**14)
def inflected(phrase: str) -> frozenset[str]:
    """Returns the `plain` plurals that a noun or compound may have."""
    *modifiers, head = _SEPARATORS.split(_POSSESSIVE.sub("", phrase.strip().casefold())) or [""]
    return frozenset("".join([*modifiers, plural]) for plural in plurals(head) if head)
