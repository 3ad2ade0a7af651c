"""Names that people typed: which of them are one, and how that one is written."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from servicegap.tables.spellings import name_key


def one_spelling(said: pd.Series) -> pd.Series:
    """Names without spaces too many; those alike but for case are one, written as most often.

    Where two spellings are as frequent, one that isn't all in small or all in capital letters (as
    typed in haste), else the first by letters: “Acme” of “ACME” and “Acme”, whatever the order of
    the rows. A name of nothing but spaces is missing.
    """
    codes, found = pd.factorize(said)
    names = [" ".join(str(x).split()) for x in found]
    counts = Counter[str]()
    for name, count in zip(
        names, np.bincount(codes[codes >= 0], minlength=len(names)), strict=True
    ):
        counts[name] += int(count)
    usual: dict[str, str] = {}
    for name in sorted(counts, key=lambda n: (-counts[n], n in (n.lower(), n.upper()), n)):
        usual.setdefault(name_key(name), name)
    written = pd.array([usual[name_key(name)] or None for name in names], dtype="str")
    return pd.Series(written.take(codes, allow_fill=True), index=said.index)
