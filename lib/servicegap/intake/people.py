"""Who asked: accounts under one name across tools, people under a code instead of their name."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from servicegap.intake.cols import Col, col_of
from servicegap.intake.data import words
from servicegap.intake.source import Source
from servicegap.placing import put
from servicegap.tables.spellings import squash

_KEY = "people.key"


@dataclass
class People:
    """The accounts and contacts of a folder, as they are met. `key` turns names into codes."""

    key: bytes
    ids: dict[str, str] = field(default_factory=dict)  # an account's id by its squashed name or id
    accounts: dict[str, dict[str, str]] = field(default_factory=dict)
    contacts: dict[str, str] = field(default_factory=dict)  # a contact's account

    def know(self, account_id: str, name: str) -> None:
        """Take over an account that the folder has already."""
        for text in (name, account_id):
            if text:
                self.ids.setdefault(squash(text) or text, account_id)

    def account(self, name: str, key: str = "") -> str:
        """The id of an account by its name, or its own number; a new one is remembered."""
        found = self.ids.get(squash(name) or name) if name else None
        found = found or (self.ids.get(squash(key) or key) if key else None)
        if found is None:
            found = key or name
            self.know(found, name or key)
            self.accounts[found] = {"account_id": found, "name": name or key}
        return found

    def code(self, text: str) -> str:
        """The code of a person: the same for the same name or address, and not to be read back."""
        plain = " ".join(text.casefold().split()).encode()
        return "C-" + hashlib.blake2b(plain, key=self.key, digest_size=5).hexdigest()


def people_of(folder: Path, known: Mapping[str, str]) -> People:
    """The people of a folder. `known` are its accounts' names by id.

    The key lies in DIR/.servicegap and never leaves it: without it a code leads back to nobody.
    """
    path = folder / ".servicegap" / _KEY
    if not path.is_file():
        put(path, secrets.token_bytes(32))
        path.chmod(0o600)
    people = People(path.read_bytes()[:64])
    for account_id, name in known.items():
        people.know(account_id, name)
    return people


def domain(address: str) -> str:
    """The company's part of an address; "" for addresses that anybody may have."""
    _, at, host = address.casefold().rpartition("@")
    return host if at and "." in host and host not in words()["public_mail"] else ""


def who(source: Source, people: People) -> tuple[Col, Col | None]:
    """The account and the contact of each row, as ids. An account that is nowhere said is "".

    Where no company is named, the company's part of the e-mail address stands for it, else the
    place, else the person: each of them is said.
    """
    name, key = source.col("account"), source.col("account_key")
    email, contact, own = (source.col(n) for n in ("contact_email", "contact", "contact_key"))
    person = email or own or contact
    for other in (own, contact):
        if person is not None and other is not None and other is not person:
            person = person.or_else(other)
    if name is not None and key is not None:
        account = _paired(name, key, people)
    elif name is not None or key is not None:
        one = name if name is not None else key
        assert one is not None
        account = one.map_in(people.account, source.kept)
    else:
        account = col_of([""], np.zeros(len(source.fate), np.int32))
    site = source.col("site")
    contacts = None if person is None else person.map_in(people.code, source.kept)
    fallbacks = (
        (email.map(domain) if email else None, "the company's part of the e-mail address"),
        (None if account.says_something else site, "the place"),
        (contacts, "the person"),
    )
    for other, what in fallbacks:
        lack = account.empty & source.kept
        if other is None or not (lack & ~other.empty).any():
            continue
        used = lack & ~other.empty
        source.say(f"no company is named, so {what} stands for it", "nothing to do, or say in "
                   "intake.yaml which column holds the account", row=source.first(used),
                   column=other.header, count=int(used.sum()))  # fmt: skip
        account = account.or_else(other.map_in(people.account, used))
    return account, contacts


def _paired(name: Col, key: Col, people: People) -> Col:
    pairs = name.codes.astype(np.int64) * len(key.words) + key.codes
    distinct, codes = np.unique(pairs, return_inverse=True)
    texts = (
        people.account(n, k) if n or k else ""
        for n, k in ((name.texts[p // len(key.texts)], key.texts[p % len(key.texts)])
                     for p in distinct.tolist())
    )  # fmt: skip
    return col_of(texts, codes, name.header)


def remember(source: Source, people: People, account: Col, contact: Col | None) -> None:
    """Note what the kept rows say about accounts (place, group) and where contacts work."""
    kept = np.flatnonzero(source.kept & ~account.empty)
    for name in ("site", "segment"):
        col = source.col(name)
        if col is None:
            continue
        _, first = np.unique(account.codes[kept], return_index=True)
        for i in kept[first].tolist():
            ident, text = account.texts[account.codes[i]], col.texts[col.codes[i]]
            if text and ident in people.accounts:
                people.accounts[ident].setdefault(name, text)
    if contact is not None:
        width = len(account.texts)
        pairs = contact.codes[kept].astype(np.int64) * width + account.codes[kept]
        for pair in np.sort(np.asarray(pc.unique(pa.array(pairs)))).tolist():
            code, ident = contact.texts[pair // width], pair % width
            if code:
                people.contacts.setdefault(code, account.texts[ident])
