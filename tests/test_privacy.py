"""Nobody is shown by default: pseudonyms, quotable comments alone, and 1,000 comments masked."""

from __future__ import annotations

import hmac
import os
import random
import re
from pathlib import Path

import clients
import pytest
from servicegap import load
from servicegap.client import masking, privacy
from servicegap.problems import Refused

_FIRST = "Priya Tomasz Oluwaseun Siobhán Jürgen Xiu Fatima Dmitri Zoë Björn Ngozi Pádraig"
_LAST = "Ramanathan Kowalczyk Adeyemi O'Rourke Müller Zhang al-Sayed Volkov Brontë Østergård"
FIRST, LAST = _FIRST.split(), _LAST.split()
MAILS = (
    "{f}.{l}@elm-desk.co.uk", "{f}@mail.example", "{f} (at) elm (dot) com", "{f}_{l}+x@a.b.example",
    "{f}.{l} @ elm.example", "<{f}@elm.example>",
)  # fmt: skip
PHONES = (
    "020 7946 0018", "+44 (0)20 7946 0018", "07700900123", "(0113) 496-0999", "+1 212.555.0187",
    "0049 30 9018 2000 ext 12", "555-0187-44", "01632 960 983",
)  # fmt: skip
SAYINGS = (
    "Great help from {n}, thanks.", "{n} rang me back at once.", "Please ring {p} or write to {m}.",
    "Regards, {n}", "I asked for {n} twice; nobody came.", "Mr {l} was rude.", "dear {n} thank you",
    "My number is {p}.", "The desk is slow, ask {n}.", "THANKS {N}", "{n}'s answer was wrong.",
    "no jargon, done. {m}", "Spoke to {n} - brilliant.", "Our {n} in accounts had to call {p}.",
)  # fmt: skip


def planted(count: int, seed: int = 3) -> tuple[list[str], list[list[str]]]:
    """Comments, and what each of them must not let out."""
    rng = random.Random(seed)
    texts, secrets = [], []
    for i in range(count):
        first, last = rng.choice(FIRST), rng.choice(LAST)
        mail = rng.choice(MAILS).format(f=first.lower(), l=last.lower())
        phone = rng.choice(PHONES)
        saying = SAYINGS[i % len(SAYINGS)]
        name = rng.choice([first, f"{first} {last}"])
        texts.append(saying.format(n=name, N=name.upper(), l=last, m=mail, p=phone))
        hidden = [first, last] if re.search(r"{[nNl]}", saying) else []
        hidden += [mail, first] if "{m}" in saying else []
        hidden += [phone] if "{p}" in saying else []
        secrets.append(hidden)
    return texts, secrets


def test_a_thousand_comments_let_nothing_out() -> None:
    texts, secrets = planted(1000)
    known = masking.vocabulary(texts)
    leaks = [
        (text, shown, secret)
        for text, hidden in zip(texts, secrets, strict=True)
        for shown in [masking.masked(text, frozenset(), known)]
        for secret in hidden
        if secret.casefold() in shown.casefold()
        or (secret[-4:].isdigit() and re.search(r"\d{3}", shown))
    ]
    assert leaks == []


def test_what_says_something_stays() -> None:
    for text in (
        "The VPN was down on Monday, again. Outlook too.",
        "Quick and friendly. I waited 20 minutes.",
        "It took 3 calls and 2 weeks, from 10:30 to 16:45.",
    ):
        assert masking.masked(text) == text
    assert masking.masked("Thanks Will, ring 020 7946 0018.") == "Thanks [name], ring [number]."


def test_names_that_tables_know_go_in_small_letters_too() -> None:
    names = masking.names_in(["Ann Oak", "Will May"], ["Field Farm Ltd"])
    assert masking.masked("thanks ann, and oak too", names) == "thanks [name], and [name] too"
    assert masking.masked("we at field farm ltd will stay", names) == "we at [name] will stay"


# -- a client's folder


def firm(tmp_path: Path, name: str = "elm", **settings: object):
    tickets = [
        {"ticket_id": f"T{i}", "account_id": f"A{i % 6}", "opened_at": "2025-03-01",
         "technician": ("Ann Oak", "Bo Ash")[i % 2]} for i in range(12)
    ]  # fmt: skip
    ratings = [
        clients.rating(i, i % 6, i, comment="Ann Oak of Firm 1 was great", may_quote=quote)
        for i, quote in enumerate(["yes", "no", ""] * 4)
    ]
    return clients.make(tmp_path / name, settings={"id": name} | settings, tickets=tickets,
                        ratings=ratings, accounts=clients.accounts(6))  # fmt: skip


def test_technicians_stand_under_pseudonyms_that_stay(tmp_path: Path) -> None:
    one = set(firm(tmp_path)["tickets"]["technician"])
    assert len(one) == 2 and all(re.fullmatch(r"Technician [A-Z2-7]{4}", n) for n in one)
    assert set(load(tmp_path / "elm", sealed=False)["tickets"]["technician"]) == one
    assert (tmp_path / "elm" / "pseudonyms.key").is_file()


def test_two_clients_can_not_be_matched(tmp_path: Path) -> None:
    one, other = (set(firm(tmp_path, n)["tickets"]["technician"]) for n in ("elm", "oak"))
    assert not one & other


def test_next_period_has_the_same_pseudonyms(tmp_path: Path) -> None:
    one = firm(tmp_path, "elm", as_of="2024-06-30")
    two = firm(tmp_path, "now", id="elm", previous="../elm")
    assert set(one["tickets"]["technician"]) == set(two["tickets"]["technician"])


@pytest.fixture
def read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key can be written, whoever runs the test."""
    opened = os.open

    def refusing(path, flags, *more, **options):
        if Path(path).name == privacy.KEY:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, flags, *more, **options)

    monkeypatch.setattr(os, "open", refusing)


def test_where_no_key_can_be_kept_a_person_is_still_one(tmp_path: Path, read_only: None) -> None:
    one = list(firm(tmp_path)["tickets"]["technician"])
    assert list(load(tmp_path / "elm", sealed=False)["tickets"]["technician"]) == one
    assert not (tmp_path / "elm" / privacy.KEY).exists()
    other = set(firm(tmp_path, "oak")["tickets"]["technician"])
    assert len(other) == 2 and not other & set(one)


def without_a_secret(ident: str) -> set[str]:
    """What anybody could work out who knows the names and the client's id."""
    key = hmac.digest(b"servicegap", ident.encode(), "sha256")
    return set(privacy.pseudonyms(["Ann Oak", "Bo Ash"], key).values())


def test_where_no_key_can_be_kept_names_can_not_be_tried_out(
    tmp_path: Path, read_only: None
) -> None:
    assert not set(firm(tmp_path)["tickets"]["technician"]) & without_a_secret("elm")
    (tmp_path / "elm" / "tickets.csv").write_text(
        (tmp_path / "elm" / "tickets.csv").read_text().replace("2025-03-01", "2025-03-02")
    )
    later = set(load(tmp_path / "elm", sealed=False)["tickets"]["technician"])
    assert len(later) == 2 and not later & without_a_secret("elm")


def test_a_key_of_which_nothing_is_left_is_no_key(tmp_path: Path) -> None:
    firm(tmp_path)
    (tmp_path / "elm" / privacy.KEY).write_bytes(b"")
    one, two = (set(load(tmp_path / "elm", sealed=False)["tickets"]["technician"]) for _ in "12")
    assert one == two and not one & without_a_secret("elm")


def test_a_full_disk_leaves_no_empty_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int, *how: str) -> None:
        os.close(handle)
        raise OSError(28, "No space left on device")

    firm(tmp_path)
    (tmp_path / "elm" / privacy.KEY).unlink()
    with monkeypatch.context() as patched:
        patched.setattr(privacy.os, "fdopen", full)
        one = set(load(tmp_path / "elm", sealed=False)["tickets"]["technician"])
    assert not (tmp_path / "elm" / privacy.KEY).exists()
    assert not one & without_a_secret("elm")


def test_a_made_up_firm_needs_no_key(tmp_path: Path) -> None:
    firm(tmp_path, made_up="yes")
    assert not (tmp_path / "elm" / "pseudonyms.key").exists()


def test_pseudonyms_never_fall_together() -> None:
    names = [f"Person {i}" for i in range(5000)]
    made = privacy.pseudonyms(names, b"key")
    assert len(set(made.values())) == 5000


def test_comments_are_shown_where_they_may_be_and_masked(tmp_path: Path) -> None:
    said = firm(tmp_path)["ratings"]["comment"].dropna()
    assert list(said) == ["[name] of [name] was great"] * 4


@pytest.mark.parametrize(
    ("option", "shown"),
    [
        ({"comments": "all"}, {"[name] of [name] was great": 12}),
        ({"comments": "none"}, {}),
        ({"masking": "no"}, {"Ann Oak of Firm 1 was great": 4}),
    ],
)
def test_more_or_less_is_shown_when_asked(tmp_path: Path, option: dict, shown: dict) -> None:
    comments = firm(tmp_path, privacy=option)["ratings"]["comment"]
    assert comments.value_counts().to_dict() == shown


def test_names_of_technicians_when_asked(tmp_path: Path) -> None:
    client = firm(tmp_path, privacy={"technicians": "names"})
    assert set(client["tickets"]["technician"]) == {"Ann Oak", "Bo Ash"}


@pytest.mark.parametrize("option", [{"technician": "names"}, {"comments": "some"}])
def test_what_can_not_be_asked_for_is_refused(tmp_path: Path, option: dict) -> None:
    with pytest.raises(Refused, match=r"client\.yaml, column “privacy”"):
        firm(tmp_path, privacy=option)
