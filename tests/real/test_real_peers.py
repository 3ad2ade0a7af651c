"""Real panels: fourteen hospices, ninety-five medical groups, four mobile-phone providers."""

from __future__ import annotations

import math
from fractions import Fraction

import by_hand
import pytest
import real_clients
from conftest import report
from servicegap import peers
from servicegap.client import load
from servicegap.sessions import benchmarking

pytestmark = pytest.mark.real
VISITS, BOWEL, CHOICE = "visits_imminent", "opioid_bowel", "treat_pref"


def exact(share):
    """A published percentage as a fraction."""
    return Fraction(share) / 100


def own_share(observed, patients):
    """The share that gives the published percentage, as a fraction of whole people."""
    return Fraction(round(float(observed) * int(patients) / 100), int(patients))


# -- hospices ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(data, tmp_path_factory):
    """A report on a hospice that is sixth of fourteen and believes itself ahead of nearly all."""
    folder = tmp_path_factory.mktemp("hospice") / "client"
    beliefs = {"csat": (95, 90, 99), "good_peer_percentile": (95, 90, 99)}
    folder = real_clients.hospice(data, folder, "011501", VISITS, beliefs)
    return report(folder, "--formats", "html")


def test_people_make_the_published_percentages(data):
    for measure in (VISITS, BOWEL, CHOICE):
        for observed, patients in real_clients.hospice_figures(data, measure).values():
            if observed:
                assert round(100 * float(own_share(observed, patients)), 1) == float(observed)


def test_the_report_places_the_hospice_among_the_thirteen_others(made, data):
    figures = real_clients.hospice_figures(data, VISITS)
    own = own_share(*figures["011501"])
    others = [exact(share) for ccn, (share, _) in figures.items() if ccn != "011501"]
    good = 100 * sorted(others)[-math.ceil(len(others) / 4)]
    assert len(others) == 13

    csat = made.findings["csat"]["evidence"]
    assert (csat["n"], csat["value"]) == (586, pytest.approx(float(100 * own)))
    each = [1.0] * round(own * 586) + [0.0] * (586 - round(own * 586))
    assert (csat["low"], csat["high"]) == pytest.approx(by_hand.interval(each, range(586)))

    place = made.findings["good_peer_percentile"]
    assert place["evidence"]["value"] == pytest.approx(by_hand.percentile(own, others))
    assert place["evidence"]["value"] == pytest.approx(100 * 8 / 13)
    low, high = place["evidence"]["low"], place["evidence"]["high"]
    ends = [csat["low"], csat["high"]]  # a bootstrap's ends lie near Wilson's
    near = [by_hand.percentile(Fraction(e) / 100, others) for e in ends]
    assert low == pytest.approx(near[0], abs=100 / 13 + 0.1)
    assert high == pytest.approx(near[1], abs=100 / 13 + 0.1)
    assert (place["verdict"], place["strength"]) == ("blind spot", "clear")

    dots = made.rows("standing")
    assert len(dots) == 14  # itself, once, and thirteen others
    best = [d["top_marks"] for d in dots if d["good"] == "yes" and d["who"] != "you"]
    assert len(best) >= 4  # a quarter of thirteen, and whoever ties with the last of them
    assert min(best) == pytest.approx(float(good))
    assert f"{float(good):.0f} % top marks" in " ".join(place["caveats"])


@pytest.mark.parametrize("measure", [VISITS, BOWEL, CHOICE])
def test_every_hospice_has_its_place(data, tmp_path, measure):
    """Ties included: most hospices have 100 % on two of the three measures."""
    figures = real_clients.hospice_figures(data, measure)
    for ccn, (observed, patients) in figures.items():
        if not observed:
            continue
        others = [exact(s) for other, (s, _) in figures.items() if other != ccn and s]
        client = load(real_clients.hospice(data, tmp_path / ccn, ccn, measure), False)
        wanted = by_hand.percentile(own_share(observed, patients), others)
        assert benchmarking.place(client).value == pytest.approx(wanted), ccn


def test_a_hospice_with_every_mark_is_not_behind_anybody(data, tmp_path):
    """100 % of 37 patients, where the good ones have 100 % too."""
    client = load(real_clients.hospice(data, tmp_path / "a", "011503", BOWEL), False)
    assert "ahead" not in benchmarking.standing(client).title


def test_a_missing_score_is_left_out_and_counted(data, tmp_path):
    figures = real_clients.hospice_figures(data, BOWEL)
    assert [ccn for ccn, (share, _) in figures.items() if not share] == ["011510"]
    client = load(real_clients.hospice(data, tmp_path / "a", "011500", BOWEL), False)
    ledger = client.reads["peers"].ledger
    assert (ledger.read, ledger.kept, ledger.rejected) == (14, 13, 1)
    assert dict(ledger.reasons) == {"no value": 1}
    assert len(peers.panel(client, "csat_positive_2").shares) == 12


# -- medical groups ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def groups(data):
    return real_clients.rows_of(data / real_clients.MEDICAL_GROUPS)


@pytest.fixture(scope="module")
def medical(data, groups, tmp_path_factory):
    folder = tmp_path_factory.mktemp("groups") / "client"
    return load(real_clients.medical_group(data, folder, groups[0]["org_pac_id"]), False)


def test_seventy_five_missing_scores_are_counted(medical, groups):
    assert sum(not g["prf_rate"] for g in groups) == 75
    ledger = medical.reads["peers"].ledger
    assert (ledger.read, ledger.kept, ledger.rejected, ledger.excluded) == (500, 425, 75, 0)
    assert dict(ledger.reasons) == {"no value": 75}


def test_each_measure_has_its_own_panel(medical, groups):
    """The client's own row is left out of each, and its own score has its place in the others'."""
    own = groups[0]["org_pac_id"]
    for measure in sorted({g["measure_cd"] for g in groups}):
        rows = [g for g in groups if g["measure_cd"] == measure and g["prf_rate"]]
        others = sorted(int(g["prf_rate"]) for g in rows if g["org_pac_id"] != own)
        panel = peers.panel(medical, measure)
        assert panel.shares.tolist() == others
        assert panel.good_from == others[-math.ceil(len(others) / 4)]
        for mine in (int(g["prf_rate"]) for g in rows if g["org_pac_id"] == own):
            wanted = by_hand.percentile(Fraction(mine), list(map(Fraction, others)))
            assert float(peers.percentile(mine, panel.shares)[0]) == pytest.approx(wanted)


def test_unlike_measures_are_never_compared(medical):
    """425 figures, none of them a share of 0/1 marks: no place, and the reason why."""
    place = benchmarking.place(medical)
    assert not place.measured
    assert "csat_positive_2" in place.why
    assert benchmarking.standing(medical).not_measured
    assert benchmarking.good_peer_percentile(medical).verdict.word == "not measured"
    assert benchmarking.top_marks(medical).value == 50


# -- providers ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def answers(data):
    """Provider → its customers' satisfaction, 1 to 7; -99 where nothing was said."""
    found = {}
    for row in real_clients.rows_of(data / real_clients.PROVIDERS):
        found.setdefault(row["serviceprovider"], []).append(int(row["cusa"]))
    return found


@pytest.fixture(scope="module")
def own(answers):
    """The provider with a missing answer."""
    return next(name for name, marks in answers.items() if -99 in marks)


@pytest.fixture(scope="module")
def provider(data, own, tmp_path_factory):
    folder = tmp_path_factory.mktemp("provider") / "client"
    beliefs = {"csat": (50, 40, 60), "good_peer_percentile": (75, 60, 90)}
    return report(real_clients.provider(data, folder, own, beliefs), "--formats", "html")


def test_three_providers_are_no_panel(provider):
    place = provider.findings["good_peer_percentile"]
    assert (place["verdict"], place["evidence"]) == ("not measured", None)
    for why in (place["sentence"], provider.shown["standing"]["not_measured"]):
        assert "8 peers of the group “mobile”" in why
        assert "there are 3" in why
        assert why.removeprefix("Not measured. ") in provider.html
    assert provider.shown["standing"]["data"]["rows"] == []


def test_the_share_of_top_marks_is_measured_all_the_same(provider, answers, own):
    given = [m for m in answers[own] if m != -99]
    tops = [float(m == 7) for m in given]
    evidence = provider.findings["csat"]["evidence"]
    assert evidence["n"] == len(given) == len(answers[own]) - 1
    assert evidence["value"] == pytest.approx(100 * sum(tops) / len(given))
    ends = by_hand.interval(tops, range(len(tops)))
    assert (evidence["low"], evidence["high"]) == pytest.approx(ends)
    ledger = provider.manifest["ledger"]["ratings"]
    assert (ledger["read"], ledger["kept"]) == (len(answers[own]), len(answers[own]))
    why = {row["table"]: row["why"] for row in provider.rows("health")}
    assert why["ratings"] == "1 unusable cell of score"
