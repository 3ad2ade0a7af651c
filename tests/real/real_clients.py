"""How does a real file become a client's folder?

A converter does what the person who owns the file would do: rename columns, say on which scale a
question was asked, write down what only they know (the month of the interviews, the day the files
were taken) and what they believe. It cleans nothing: codes for "no answer", question marks, log
rows and odd texts go in as they stand, because dealing with them is the product's work.

Each converter takes the folder of the data sets and the folder to write; it returns the latter.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import NormalDist

import yaml

Row = Mapping[str, object]
Guess = tuple[float, float, float]  # value, low, high


def rows_of(path: Path) -> list[dict[str, str]]:
    """All cells of a CSV file as they stand."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def client_folder(
    folder: Path,
    settings: Mapping[str, object],
    tables: Mapping[str, Sequence[Row]],
    beliefs: Mapping[str, Guess] = {},
) -> Path:
    """Write client.yaml, a CSV per table, and beliefs.csv where there are any."""
    folder.mkdir(parents=True)
    text = yaml.safe_dump(dict(settings), sort_keys=False, allow_unicode=True)
    (folder / "client.yaml").write_text(text, encoding="utf-8")
    said = [
        {"belief_id": b, "value": v, "low": low, "high": high, "stated_by": "management"}
        for b, (v, low, high) in beliefs.items()
    ]
    for name, rows in {**tables, **({"beliefs": said} if said else {})}.items():
        _write(folder / f"{name}.csv", rows)
    return folder


def _write(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


# -- an IT company's incident log --------------------------------------------------------------

SERVICENOW = "uci-servicenow-incident-log/incident_event_log_handout_first3500.csv"
_SERVICENOW_NAMES = {
    "number": "ticket_id",
    "caller_id": "contact_id",
    "location": "account_id",
    "contact_type": "channel",
    "category": "type",
    "made_sla": "sla_met",
    "assignment_group": "team",
    "resolved_by": "technician",
    "vendor": "third_party",
    "reopen_count": "reopened",
    "reassignment_count": "reassigned",
    "sys_mod_count": "touches",
}


def servicenow(data: Path, folder: Path) -> Path:
    """The whole log as tickets: a row for each change, "?" where nothing is known."""
    tickets = [
        {_SERVICENOW_NAMES.get(name, name): cell for name, cell in row.items()}
        for row in rows_of(data / SERVICENOW)
    ]
    settings = {
        "name": "An IT company",
        "id": "servicenow-log",
        "as_of": "2017-02-07",  # the last day on which anything was closed
        "notes": "ServiceNow incident log, the first 3,500 incidents.",
    }
    return client_folder(folder, settings, {"tickets": tickets})


# -- an airport's passengers -------------------------------------------------------------------

AIRPORT = "sfo-passenger-survey/sfo_2017.csv"
AIRPORT_SCALES = {"Q7ALL": "1-5", "Q9ALL": "1-5", "NETPRO": "0-10"}
AIRPORT_MONTH = "2017-05"  # the file has days and weekdays: in 2017 they fit May alone


def airport(
    data: Path, folder: Path, questions: Iterable[str], beliefs: Mapping[str, Guess] = {}
) -> Path:
    """Airlines as accounts, passengers as contacts, one row per passenger and question asked."""
    people = rows_of(data / AIRPORT)
    accounts = {p["AIRLINE_CODE"]: p["AIRLINE"] for p in people}
    ratings = [
        {
            "rating_id": f"{p['RESPNUM']}-{question}",
            "account_id": p["AIRLINE_CODE"],
            "contact_id": p["RESPNUM"],
            "asked_at": f"{AIRPORT_MONTH}-{int(p['INTDATE']):02d}",
            "score": p[question],
            "scale": AIRPORT_SCALES[question],
        }
        for question in questions
        for p in people
    ]
    tables = {
        "accounts": [{"account_id": code, "name": name} for code, name in accounts.items()],
        "contacts": [{"contact_id": p["RESPNUM"], "account_id": p["AIRLINE_CODE"]} for p in people],
        "ratings": ratings,
    }
    settings = {"name": "An airport", "id": "airport", "as_of": "2017-12-31"}
    return client_folder(folder, settings, tables, beliefs)


# -- hospices and medical groups ---------------------------------------------------------------

HOSPICES = "cms-cahps-patient-experience/cms_patient_care.csv"
MEDICAL_GROUPS = "cms-cahps-patient-experience/cms_patient_experience.csv"


def hospice_figures(data: Path, measure: str) -> dict[str, tuple[str, str]]:
    """Of each hospice: its observed % (as it stands, "" where there is none) and its patients."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows_of(data / HOSPICES):
        if row["measure_abbr"] == measure:
            found[row["ccn"]][row["type"]] = row["score"]
    return {ccn: (kinds["observed"], kinds["denominator"]) for ccn, kinds in found.items()}


def hospice(
    data: Path, folder: Path, ccn: str, measure: str, beliefs: Mapping[str, Guess] = {}
) -> Path:
    """One hospice: its patients as 0/1 ratings; all hospices, itself among them, as the panel."""
    figures = hospice_figures(data, measure)
    observed, patients = figures[ccn]
    yes = round(float(observed) * int(patients) / 100)
    ratings = [
        {
            "rating_id": i + 1,
            "account_id": f"patient {i + 1}",  # nobody knows who belongs together
            "asked_at": "2018-12-31",
            "score": int(i < yes),
            "scale": "0/1",
        }
        for i in range(int(patients))
    ]
    peers = [
        {"measure": "csat_positive_2", "peer": other, "group": "hospice", "value": share,
         "n": n, "source": "CMS hospice care"}
        for other, (share, n) in figures.items()
    ]  # fmt: skip
    settings = {"name": f"Hospice {ccn}", "id": ccn, "as_of": "2018-12-31", "group": "hospice"}
    return client_folder(folder, settings, {"ratings": ratings, "peers": peers}, beliefs)


def medical_group(data: Path, folder: Path, organisation: str) -> Path:
    """One medical group with the panel of all: each CAHPS measure under its own name."""
    peers = [
        {"measure": r["measure_cd"], "peer": r["org_pac_id"], "group": "medical group",
         "value": r["prf_rate"], "source": r["measure_title"]}
        for r in rows_of(data / MEDICAL_GROUPS)
    ]  # fmt: skip
    settings = {
        "name": "A medical group", "id": organisation, "as_of": "2018-12-31",
        "group": "medical group",
    }  # fmt: skip
    ratings = [
        {"rating_id": i, "account_id": f"patient {i}", "score": i % 2, "scale": "0/1"}
        for i in range(20)
    ]
    return client_folder(folder, settings, {"ratings": ratings, "peers": peers})


# -- mobile-phone providers --------------------------------------------------------------------

PROVIDERS = "seminr-corporate-reputation/corp_rep_data.csv"


def provider(data: Path, folder: Path, own: str, beliefs: Mapping[str, Guess] = {}) -> Path:
    """One provider's customers, who said how satisfied they are; the other providers as peers."""
    answers: dict[str, list[str]] = defaultdict(list)
    for row in rows_of(data / PROVIDERS):
        answers[row["serviceprovider"]].append(row["cusa"])
    ratings = [
        {"rating_id": i, "account_id": f"customer {i}", "score": score, "scale": "1-7"}
        for i, score in enumerate(answers[own], 1)
    ]
    peers = []
    for name, scores in sorted(answers.items()):  # what each provider would publish of itself
        given = [s for s in scores if s != "-99"]
        share = 100 * given.count("7") / len(given)
        peers.append({"measure": "csat_top_1_7", "peer": f"provider {name}", "group": "mobile",
                      "value": f"{share:.2f}", "n": len(given)})  # fmt: skip
    settings = {
        "name": f"provider {own}", "id": f"provider {own}", "as_of": "2010-12-31",
        "group": "mobile", "notes": "The file has no dates.",
    }  # fmt: skip
    return client_folder(folder, settings, {"ratings": ratings, "peers": peers}, beliefs)


# -- people as they see themselves and as others see them --------------------------------------

ROUND_ROBIN = "tripler-self-vs-others/multiGroup.csv"
HIGH = 5  # "sees her or him as outgoing (or steady)": at least 5 on the scale of 1 to 7
Seen = tuple[int, dict[str, int]]  # the person's own mark; the marks of the others, by rater


def seen(data: Path, trait: str) -> dict[str, Seen]:
    """Of each person who rated herself: her own mark and what the others gave her.

    `trait` is "ex" (outgoing) or "ne" (turned round: steady, 8 − the mark), so that more is more
    of what people like to be.
    """
    selves: dict[str, int] = {}
    others: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows_of(data / ROUND_ROBIN):
        mark = int(row[trait]) if trait == "ex" else 8 - int(row[trait])
        if row["perceiver.id"] == row["target.id"]:
            selves[row["target.id"]] = mark
        else:
            others[row["target.id"]][row["perceiver.id"]] = mark
    return {person: (mark, others[person]) for person, mark in selves.items()}


def spread_of_marks(people: Mapping[str, Seen]) -> float:
    """How far the marks that one person gets lie apart (pooled standard deviation)."""
    squares, freedom = 0.0, 0
    for _, marks in people.values():
        if len(marks) > 1:
            mean = sum(marks.values()) / len(marks)
            squares += sum((m - mean) ** 2 for m in marks.values())
            freedom += len(marks) - 1
    return math.sqrt(squares / freedom)


def self_view_as_belief(mark: int, spread: float) -> Guess:
    """The share of others whom somebody expects to see her high, given her mark of herself.

    The rule, fixed before anybody looked at whom it favours, and the same for everyone: others'
    marks scatter round the mark she gives herself as widely as marks do scatter round a person.
    A mark stands for half a point up and down; that is her range.
    """

    def share(centre: float) -> float:
        return 100 * (1 - NormalDist(centre, spread).cdf(HIGH - 0.5))

    return share(mark), share(mark - 0.5), share(mark + 0.5)


def person_seen(folder: Path, person: str, view: Seen, spread: float) -> Path:
    """One person as a client: every other who marked her is a contact, saying high (1) or not."""
    mark, marks = view
    ratings = [
        {"rating_id": f"{person}-{rater}", "account_id": rater, "score": int(given >= HIGH),
         "scale": "0/1"}
        for rater, given in marks.items()
    ]  # fmt: skip
    settings = {"name": f"Person {person}", "id": person, "as_of": "2010-12-31"}
    beliefs = {"csat": self_view_as_belief(mark, spread)}
    return client_folder(folder, settings, {"ratings": ratings}, beliefs)


# -- a practice export in which ratings depend on nothing --------------------------------------

SHOP = "synthetic-ticket-exports/customer_support_tickets.csv"
_SHOP_NAMES = {
    "Ticket ID": "ticket_id",
    "Customer Email": "account_id",
    "Ticket Type": "type",
    "Ticket Priority": "priority",
    "Ticket Channel": "channel",
    "First Response Time": "opened_at",  # the first moment that the export knows of
    "Time to Resolution": "resolved_at",
}


def shop(data: Path, folder: Path, team: str, beliefs: Mapping[str, Guess] = {}) -> Path:
    """A shop's tickets and the ratings of the closed ones; `team` is the column that makes teams.

    Every e-mail address is an account. The customer's words go along as the rating's comment.
    """
    tickets, ratings = [], []
    for row in rows_of(data / SHOP):
        tickets.append({**{_SHOP_NAMES.get(k, k): v for k, v in row.items()}, "team": row[team]})
        if row["Ticket Status"] == "Closed":
            ratings.append(
                {
                    "rating_id": f"r{row['Ticket ID']}",
                    "account_id": row["Customer Email"],
                    "ticket_id": row["Ticket ID"],
                    "answered_at": row["Time to Resolution"],
                    "score": row["Customer Satisfaction Rating"],
                    "scale": "1-5",
                    "comment": row["Ticket Description"],
                    "may_quote": "no",
                }
            )
    settings = {"name": "A shop", "id": "shop", "as_of": "2023-06-02", "made_up": "yes"}
    return client_folder(folder, settings, {"tickets": tickets, "ratings": ratings}, beliefs)
