"""Session 08: the satisfied and silent, Kano's pairs, penalty and reward, stories and moments."""

from __future__ import annotations

import re
from pathlib import Path

import clients
import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from servicegap import bundles, charts, load, schema, simulate, stats
from servicegap.client import from_frames
from servicegap.findings import Figure, Finding
from servicegap.sessions import wow_moment_gaps as wow

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data" / "sample"
PARTS = [getattr(wow, part.name) for part in schema.SESSIONS["08"].parts]


def text_of(result) -> str:
    texts = [result.title, getattr(result, "alt", ""), getattr(result, "caption", "")]
    texts += [getattr(result, "sentence", ""), *getattr(result, "caveats", ())]
    return " ".join([*texts, getattr(result, "not_measured", "") or ""])


def answer(i, firms, satisfaction=4, refer=10, **more) -> dict:
    return {"contact_id": f"C{i}", "account_id": f"A{i % firms}", "satisfaction": satisfaction,
            "value": 4, "would_refer": refer, "scale": "1-5",
            "refer_scale": "0-10"} | more  # fmt: skip


def survey(would: int, silent: int, unhappy: int = 0, firms: int = 40, **more) -> list[dict]:
    """Satisfied who would recommend, satisfied who would not, and people who are not satisfied."""
    marks = [(4, 10)] * would + [(4, 8)] * silent + [(3, 10)] * unhappy
    return [answer(i, firms, s, r, **more) for i, (s, r) in enumerate(marks)]


def people(n: int, firms: int = 40) -> list[dict]:
    return clients.contacts(n, firms)


# -- the headline ------------------------------------------------------------------------------


def test_the_silent_are_counted_among_the_satisfied_alone(tmp_path):
    rows = survey(30, 50, unhappy=25)
    rows += [answer(200, 40, 5, None), answer(201, 40, None, 10)]  # half answered: neither counts
    client = clients.make(tmp_path, relationship=rows, contacts=people(210))
    found = wow.silent_share(client)
    assert found.n == 80 and found.value == pytest.approx(100 * 50 / 80)
    assert found.unit == "% of satisfied contacts"


def test_who_thought_that_everybody_talks_has_a_blind_spot(tmp_path):
    client = clients.make(
        tmp_path, relationship=survey(45, 75), contacts=people(120),
        beliefs=clients.beliefs(okay_not_referring=(20, 12, 28)),
    )  # fmt: skip
    finding = wow.okay_not_referring(client)
    assert (finding.verdict.word, finding.verdict.strength) == ("blind spot", "clear")
    assert finding.action.id == "okay_not_referring-mend"
    assert "session 10" in finding.caveats[-1]


def test_a_firm_whose_satisfied_do_refer_is_told_so(tmp_path):
    tables = {
        "relationship": survey(110, 10), "contacts": people(120), "accounts": clients.accounts(40),
        "referrals": [{"referral_id": f"R{i}", "account_id": f"A{i}", "made_on": "2025-02-01",
                       "stage": "won"} for i in range(30)],
        "beliefs": clients.beliefs(okay_not_referring=(45, 35, 55)),
    }  # fmt: skip
    client = clients.make(tmp_path, **tables)
    finding = wow.okay_not_referring(client)
    assert (finding.verdict.word, finding.verdict.strength) == ("hidden strength", "clear")
    assert "introduction" in finding.action.what
    figure = wow.okay_zone(client)
    assert figure.title == (
        "92 in 100 of the satisfied would recommend you; of 40 accounts with somebody who would, "
        "30 did"
    )


@pytest.mark.parametrize("n", [0, 3, 7])
def test_too_few_answers_show_nobody(tmp_path, n):
    rows = survey(n, 0) or [answer(0, 1, None, None)]
    client = clients.make(
        tmp_path, relationship=rows, contacts=people(20), accounts=clients.accounts(40),
        beliefs=clients.beliefs(okay_not_referring=(20, 10, 30)),
    )  # fmt: skip
    finding = wow.okay_not_referring(client)
    assert finding.verdict.word in ("too few to judge", "not measured")
    for part in (wow.okay_zone, wow.four_and_five, wow.by_account, wow.by_group):
        assert part(client).not_measured, part.__name__


def test_the_pair_of_scales_of_most_people_counts(tmp_path):
    rows = survey(20, 40)
    rows += [answer(100 + i, 40, 9, 9, scale="1-10", refer_scale=None) for i in range(15)]
    rows += [answer(130 + i, 40, 4, 5, refer_scale=None) for i in range(8)]  # 1-5 for both
    client = clients.make(tmp_path, relationship=rows, contacts=people(150))
    found = wow.silent_share(client)
    assert found.n == 60 and found.value == pytest.approx(100 * 40 / 60)
    assert any("23 answers on other scales" in c for c in wow.okay_not_referring(client).caveats)


def test_without_contacts_an_account_is_one_voice(tmp_path):
    client = clients.make(tmp_path, relationship=survey(40, 40, firms=20))
    found = wow.silent_share(client)
    assert found.n == 20 and found.value == pytest.approx(50)


def test_the_silence_of_others_is_stated_and_decides_nothing(tmp_path):
    client = clients.make(tmp_path, relationship=survey(10, 30), contacts=people(200))
    said = " ".join(wow.okay_not_referring(client).caveats)
    assert "40 of 200 contacts answered both questions" in said and "between 15 and 95" in said
    # of the satisfied: whoever answered and is not satisfied doesn't come in by being counted
    more = clients.make(tmp_path / "more", relationship=survey(10, 30, unhappy=40),
                        contacts=people(200))  # fmt: skip
    said = " ".join(wow.okay_not_referring(more).caveats)
    worst, best = 100 * 30 / 160, 100 * (30 + 120) / 160  # all 120 silent recommend, or none
    assert f"between {worst:.0f} and {best:.0f}" in said


# -- the okay zone -----------------------------------------------------------------------------


def test_five_of_five_beside_four_of_five(tmp_path):
    rows = [answer(i, 40, 5, 10 if i % 5 else 6) for i in range(60)]
    rows += [answer(60 + i, 40, 4, 10 if i % 5 == 0 else 6) for i in range(60)]
    client = clients.make(tmp_path, relationship=rows, contacts=people(120))
    figure = wow.four_and_five(client)
    assert figure.title == (
        "Of those with the top mark 80 in 100 would recommend you, of the merely satisfied 20"
    )
    first = figure.data.iloc[0]
    assert first["difference"] == pytest.approx(60) and first["people_one"] == 60
    assert "4 of 5" in figure.caption and "four times in five" in figure.caption
    assert not re.search(r"caus|because", text_of(figure))


def test_a_contrast_by_hand():
    """Variance linearised over accounts, by its formula."""
    rng = np.random.default_rng(4)
    rows = pd.DataFrame({"person": [f"P{i}" for i in range(80)],
                         "account_id": [f"A{i % 20}" for i in range(80)],
                         "y": (rng.random(80) < 0.4).astype(float)})  # fmt: skip
    arm = pd.Series(np.arange(80) % 3 == 0)
    found = wow.contrast("y", rows, "y", arm)
    one, other = rows["y"][arm].mean(), rows["y"][~arm].mean()
    total = 0.0
    for firm in range(20):
        mine = rows["account_id"] == f"A{firm}"
        total += (
            (rows["y"][mine & arm] - one).sum() / arm.sum()
            - (rows["y"][mine & ~arm] - other).sum() / (~arm).sum()
        ) ** 2
    error = 100 * np.sqrt(20 / 19 * total)
    assert found.estimate.value == pytest.approx(100 * (one - other))
    assert found.error == pytest.approx(error)
    assert found.visible == pytest.approx(2.8 * error)


def test_a_contrast_where_all_agree_is_not_certain():
    rows = pd.DataFrame({"person": [f"P{i}" for i in range(40)],
                         "account_id": [f"A{i}" for i in range(40)],
                         "y": [1.0] * 20 + [0.0] * 20})  # fmt: skip
    found = wow.contrast("y", rows, "y", pd.Series([True] * 20 + [False] * 20))
    assert found.estimate.low < 100 < found.estimate.high
    few = wow.contrast("y", rows, "y", pd.Series([True] * 9 + [False] * 31))
    assert few is None


def test_accounts_are_counted_and_never_named(tmp_path):
    rows = [answer(i, 30, 4, 10 if i % 30 < 10 else 5) for i in range(90)]
    firms = clients.accounts(30, monthly_fee=100)
    client = clients.make(tmp_path, relationship=rows, contacts=people(90, 30), accounts=firms)
    table = wow.by_account(client)
    assert table.title == (
        "At 20 of 30 accounts nobody of the satisfied would recommend you; they pay £2,000 a month"
    )
    assert "Firm" not in text_of(table) + str(table.data)
    assert "referred" not in table.data  # no table of referrals


def test_a_small_kind_of_account_is_not_had_by_subtraction(tmp_path):
    rows = [answer(i, 30, 4, 5 if i % 30 == 0 else 10) for i in range(90)]
    client = clients.make(tmp_path, relationship=rows, contacts=people(90, 30),
                          accounts=clients.accounts(30))  # fmt: skip
    assert wow.by_account(client).not_measured  # three people: the total would give them away
    for row in rows[:60]:
        if row["account_id"] in {f"A{i}" for i in range(4)}:
            row["would_refer"] = 5
    more = clients.make(tmp_path / "more", relationship=rows, contacts=people(90, 30),
                        accounts=clients.accounts(30))  # fmt: skip
    table = wow.by_account(more)
    shown = table.data.dropna(subset=["people"])
    assert 90 - shown["people"].sum() >= stats.HIDDEN_BELOW and "A dash" in table.caption
    assert list(shown["kind"]) == ["all of the satisfied would"]


def test_groups_are_pooled_and_small_ones_left_out(tmp_path):
    rows = [answer(i, 60, 4, 10 if i % 60 < 30 and i % 3 else 5) for i in range(180)]
    firms = [a | {"segment": "north" if i < 30 else "south" if i < 58 else "tiny"}
             for i, a in enumerate(clients.accounts(60))]  # fmt: skip
    client = clients.make(tmp_path, relationship=rows, contacts=people(180, 60), accounts=firms)
    figure = wow.by_group(client, by="segment")
    assert set(figure.data["group"]) == {"north", "south"} and "tiny" not in text_of(figure)
    assert figure.title.startswith("Worth asking why the satisfied differ here")
    assert "left out" in figure.caption
    often = wow.by_group(client, by="segment", tried=("fee", "size", "site"))
    assert "looked at: four" in often.caption
    assert often.data["p"].to_list() == pytest.approx(
        (4 * figure.data["p"]).clip(upper=1).to_list()
    )
    for row in figure.data.itertuples():
        centre = (figure.data["silent"].min(), figure.data["silent"].max())
        assert centre[0] - 1e-9 <= row.pooled <= centre[1] + 1e-9


def test_pooling_draws_noise_together_and_leaves_real_differences():
    alike = wow.pooled([40, 50, 60], [20, 20, 20])
    assert np.allclose(alike.value, 50) and alike.spread == 0
    apart = wow.pooled([10, 50, 90], [3, 3, 3])
    assert np.allclose(apart.value, [10, 50, 90], atol=0.5)
    noisy = wow.pooled([10, 50, 90], [3, 3, 30])
    assert noisy.value[2] < 85


# -- Kano --------------------------------------------------------------------------------------


def pairs(moment: str, counts: dict[tuple[int, int], int], firms: int = 20) -> list[dict]:
    given_ = [pair for pair, n in counts.items() for _ in range(n)]
    return [{"contact_id": f"C{i}", "touchpoint_id": moment, "present": so, "absent": not_so}
            for i, (so, not_so) in enumerate(given_)]  # fmt: skip


def touchpoints(*names, stage="using") -> list[dict]:
    return [{"touchpoint_id": n, "name": f"Moment {n}", "stage": stage} for n in names]


def test_the_table_of_letters():
    said = ["".join(wow.evaluate([i] * 5, [1, 2, 3, 4, 5])) for i in range(1, 6)]
    assert said == ["QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ"]
    for bad in (0, 6, 2.5, np.nan):
        with pytest.raises(ValueError, match="whole number"):
            wow.evaluate([bad], [1])


def test_columns_are_read_by_name_and_not_by_place(tmp_path):
    rows = pairs("a", {(1, 3): 40, (2, 5): 5, (3, 3): 5})
    turned = [dict(reversed(row.items())) for row in rows]
    place = touchpoints("a")
    one = clients.make(tmp_path / "1", kano=rows, touchpoints=place, contacts=people(60))
    other = clients.make(tmp_path / "2", kano=turned, touchpoints=place, contacts=people(60))
    assert wow.kano(one).alt == wow.kano(other).alt
    assert wow.kano(one).title.startswith("One moment would delight")


def test_swapped_columns_are_noticed_and_nothing_is_drawn(tmp_path):
    rows = pairs("a", {(1, 3): 30, (2, 5): 30})
    turned = [row | {"present": row["absent"], "absent": row["present"]} for row in rows]
    client = clients.make(tmp_path, kano=turned, touchpoints=touchpoints("a"), contacts=people(60))
    assert "changed places" in wow.kano(client).not_measured
    assert "changed places" in wow.kano_answers(client).title


def test_a_category_only_with_its_posterior(tmp_path):
    rows = pairs("sure", {(2, 5): 40, (3, 3): 8, (1, 1): 2})
    rows += pairs("torn", {(2, 5): 20, (1, 3): 18, (3, 3): 10})
    rows += pairs("few", {(2, 5): 9})
    client = clients.make(
        tmp_path, kano=rows, touchpoints=touchpoints("sure", "torn", "few"), contacts=people(60)
    )
    figure = wow.kano(client)
    data = figure.data.set_index("moment")
    assert data.loc["Moment sure", "kind"] == "basic"
    assert data.loc["Moment torn", "kind"] == "not settled"
    assert data.loc["Moment torn", "chance"] < 90 < data.loc["Moment sure", "chance"]
    assert data.loc["Moment sure", "Q"] == 2  # questionable answers are counted
    assert "Moment few" not in data.index and "1 moment left out" in figure.caption
    assert "two kinds of people: “Moment torn”" in figure.caption
    table = wow.kano_answers(client)
    assert table.title == "The commonest pair of answers is “basic”: 69 of 107"
    assert table.caption.endswith("has misread a question: 2 pairs.")
    assert "no pairs." in wow.kano_answers(client, moment="Moment torn").caption


def test_people_of_one_account_count_less(tmp_path):
    """All of ten accounts agree within themselves: the same counts, a smaller chance."""
    from servicegap.sessions.wow_moment_gaps.kano_pairs import design_effect

    letters = np.array(["M"] * 30 + ["A"] * 20)
    alone = design_effect(letters, np.arange(50))
    together = design_effect(letters, np.arange(50) // 5)
    assert alone == pytest.approx(1, abs=0.05) and together > 4
    counts = np.array([20, 0, 30, 0, 0, 0])
    assert wow.categorise(counts / together).chance < wow.categorise(counts).chance


@given(st.lists(st.integers(0, 60), min_size=6, max_size=6).filter(any))
@settings(max_examples=25, deadline=None)
def test_the_chance_of_a_category_is_a_chance(counts):
    found = wow.categorise(counts)
    assert 0 < found.chance <= 1
    assert counts[wow.LETTERS.index(found.letter)] == max(counts)
    assert found.letter == found.peaks[0]


def test_better_and_worse_of_nothing_are_not_numbers():
    assert all(np.isnan(wow.better_worse({"R": 5, "Q": 2})))


# -- penalty and reward ------------------------------------------------------------------------


def marked(effect: tuple[float, float], n=300, firms=60, seed=1) -> dict[str, list[dict]]:
    """Overall satisfaction that falls by the one where R is low and rises by the other if high."""
    rng = np.random.default_rng(seed)
    level = rng.integers(0, 3, (n, 2))
    marks = np.array([2, 4, 6])[level] + rng.integers(0, 2, (n, 2))
    moved = np.array([effect[0], 0, effect[1]])[level[:, 0]]
    overall = np.clip(np.round(5 + moved + rng.normal(0, 0.7, n)), 1, 7).astype(int)
    rows = [
        {"contact_id": f"C{i}", "account_id": f"A{i % firms}", "item_id": item,
         "perceived": int(marks[i, k]), "scale": "1-7"}
        for i in range(n)
        for k, item in enumerate(("R", "E"))
    ]  # fmt: skip
    said = [{"contact_id": f"C{i}", "account_id": f"A{i % firms}", "satisfaction": int(overall[i]),
             "scale": "1-7"} for i in range(n)]  # fmt: skip
    items = [{"item_id": "R", "text": "It works.", "dimension": "reliability", "side": "process"},
             {"item_id": "E", "text": "They care.", "dimension": "empathy",
              "side": "service"}]  # fmt: skip
    return {"survey": rows, "relationship": said, "items": items, "contacts": people(n, firms)}


@pytest.mark.parametrize(
    ("effect", "kind", "title"),
    [
        ((-2.0, 0.0), "basic: costs more than it pays", "Costs more when it is bad"),
        ((0.0, 1.8), "delight: pays more than it costs", "Pays more when it is good"),
        ((-1.2, 1.2), "not settled", "No evidence that anything costs more"),
    ],
)
def test_what_costs_and_what_pays(tmp_path, effect, kind, title):
    client = clients.make(tmp_path, **marked(effect))
    for options in ({"by": "question", "cut": "scale"}, {}):
        figure = wow.penalty_reward(client, **options)
        kinds = dict(zip(figure.data["thing"], figure.data["kind"], strict=True))
        assert kinds["It works." if options else "reliability"] == kind
        assert kinds["They care." if options else "empathy"] == "not settled"
        assert figure.title.startswith(title)
        assert charts.png(figure.draw())


def test_a_side_that_hardly_anybody_took_is_not_drawn(tmp_path):
    tables = marked((-2.0, 0.0))
    for row in tables["survey"]:
        if row["item_id"] == "E" and row["perceived"] < 4:
            row["perceived"] = 4
    figure = wow.penalty_reward(clients.make(tmp_path, **tables), by="question", cut="scale")
    row = figure.data.set_index("thing").loc["They care."]
    assert row["kind"] == "too few marked it low" and pd.isna(row["low_people"])
    assert "is not drawn" in figure.caption


def test_fifty_people_are_too_few_for_twenty_dummies(tmp_path):
    tables = marked((-2.0, 0.0), n=18)
    figure = wow.penalty_reward(clients.make(tmp_path, **tables))
    assert figure.not_measured.startswith("It takes 20 people")


# -- stories -----------------------------------------------------------------------------------


def story(account, day="2025-03-03", moment="a", by="client") -> dict:
    return {"date": day, "account_id": f"A{account}", "touchpoint_id": moment, "what": "x",
            "told_by": by}  # fmt: skip


def test_the_log_by_account_and_quarter(tmp_path):
    log = [story(0), story(0, "2025-06-30"), story(1, "2024-07-01"), story(2, "2024-06-30"),
           story(3, "2024-10-01", by="staff")]  # fmt: skip
    client = clients.make(tmp_path, wow_log=log, accounts=clients.accounts(12))
    figure = wow.wow_log(client)
    assert figure.title == "4 stories in 12 months; 9 of 12 accounts have none"  # June 2024 is out
    assert list(figure.data.columns[1:]) == [
        "Jul–Sep 2024", "Oct–Dec 2024", "Jan–Mar 2025", "Apr–Jun 2025"]  # fmt: skip
    assert figure.data.set_index("account").loc["Firm 0"].tolist() == [0, 0, 1, 1]
    assert "three of 4 told by a client" in figure.caption


def test_many_accounts_share_a_line(tmp_path):
    log = [story(i) for i in range(20)]
    figure = wow.wow_log(clients.make(tmp_path, wow_log=log, accounts=clients.accounts(20)))
    assert len(figure.data) == 12 and figure.data["account"].iloc[-1] == "9 other accounts"
    assert figure.data.iloc[:, 1:].to_numpy().sum() == 20
    assert "every one of 20 accounts has one" in figure.title


def test_the_journey_knows_its_ends(tmp_path):
    places = [*touchpoints("a", "b", stage="starting"), *touchpoints("c", "d", stage="using")]
    log = [story(0, moment="a"), story(1, moment="c"), story(2, moment=None)]
    client = clients.make(tmp_path, wow_log=log, touchpoints=places)
    figure = wow.journey(client)
    assert figure.title == "Stories come from 2 of 4 moments, and none from the end of a stage"
    assert list(figure.data["end"]) == ["", "yes", "", "yes"]
    assert "1 story named no moment" in figure.caption


def test_the_last_mark_goes_with_recommending(tmp_path):
    ratings, rows, n = [], [], 0
    for i in range(60):
        last = i % 2
        for day, score in enumerate((5, 2, 5 if last else 3)):
            n += 1
            ratings.append(clients.rating(n, i % 20, i, score, f"2025-03-0{day + 1}"))
        rows.append(answer(i, 20, 4, 10 if last else 3))
    client = clients.make(tmp_path, ratings=ratings, relationship=rows, contacts=people(60, 20))
    figure = wow.peak_end(client)
    assert figure.title.startswith("People recommend more often where the last mark was a top mark")
    assert "no mark was below" not in figure.alt  # all had a bad one: nothing to compare


def test_accounts_with_a_story_beside_the_others(tmp_path):
    rows = [answer(i, 40, 4, 10 if i % 40 < 20 else 3) for i in range(120)]
    tables = {"relationship": rows, "contacts": people(120), "accounts": clients.accounts(40),
              "wow_log": [story(i) for i in range(20)]}  # fmt: skip
    figure = wow.told_and_silent(clients.make(tmp_path, **tables))
    assert "would warmly recommend you" in figure.title and "other way" in figure.caption
    turned = tables | {"wow_log": [story(i) for i in range(20, 40)]}
    assert wow.told_and_silent(clients.make(tmp_path / "t", **turned)).title.startswith("Less")


def worked(account, n, broke, day="2025-03-01") -> list[dict]:
    return [
        {"ticket_id": f"T{account}-{i}-{day}", "account_id": f"A{account}", "opened_at": day,
         "sla_met": "no" if i < broke else "yes"}
        for i in range(n)
    ]  # fmt: skip


def test_a_wow_on_top_of_a_broken_basic_is_marked(tmp_path):
    tickets = [t for a in range(1, 20) for t in worked(a, 10, 1)] + worked(0, 10, 7)
    tickets += worked(5, 10, 9, "2024-08-01")  # long before the story
    log = [story(0), story(5), story(6, moment="basic")]
    kano = pairs("basic", {(2, 5): 40})
    client = clients.make(
        tmp_path, wow_log=log, tickets=tickets, accounts=clients.accounts(20), kano=kano,
        touchpoints=touchpoints("a", "basic"), contacts=people(60),
    )  # fmt: skip
    table = wow.broken_basics(client)
    assert table.title == "One of 3 stories stands on a broken basic"
    flags = dict(zip(table.data["account"], table.data["flag"], strict=True))
    assert flags == {"Firm 0": "mend first", "Firm 6": "a basic", "Firm 5": ""}
    assert "would be marked by luck" in table.caption


def test_what_is_broken_now_is_what_the_last_90_days_say(tmp_path):
    tickets = [t for a in range(1, 20) for t in worked(a, 10, 1, "2025-06-01")]
    tickets += worked(0, 10, 7, "2025-06-01") + worked(1, 10, 9, "2024-12-01")
    client = clients.make(tmp_path, tickets=tickets, accounts=clients.accounts(20))
    assert set(wow.broken_now(client)) == {"A0"}
    assert wow.broken(10, 7, 0.1) and not wow.broken(10, 1, 0.01) and not wow.broken(10, 2, 0.2)


def test_where_a_moment_would_be_noticed(tmp_path):
    kano = pairs("a", {(2, 5): 40}) + pairs("b", {(1, 3): 40}) + pairs("c", {(1, 3): 40})
    client = clients.make(
        tmp_path, kano=kano, touchpoints=touchpoints("a", "b", "c", "d"), contacts=people(60),
        wow_log=[story(0, moment="b")],
    )  # fmt: skip
    table = wow.moments(client)
    assert table.title == "Two of 4 moments would delight; of one nobody has told yet"
    assert list(table.data["moment"]) == [f"Moment {x}" for x in "cbda"]
    assert table.data["kind"].tolist() == ["delight", "delight", "not asked", "basic"]
    bare = clients.make(tmp_path / "bare", touchpoints=touchpoints("a"))
    assert wow.moments(bare).title.startswith("Nobody has been asked yet")


# -- the samples, and strange folders ----------------------------------------------------------


@pytest.mark.parametrize("firm", ["alder-it", "birch-support", "cedar-desk"])
def test_the_samples_are_judged_as_their_truth_says(firm):
    client = load(SAMPLES / firm, sealed=False)
    truth = yaml.safe_load((SAMPLES / firm / "TRUTH.yaml").read_text(encoding="utf-8"))
    wanted = truth["beliefs"]["okay_not_referring"]
    finding = wow.okay_not_referring(client)
    assert finding.verdict.word in wanted["expected"]
    assert finding.verdict.strength == wanted["strength"]
    absent = [part(client).not_measured for part in PARTS[1:]]
    assert all(absent) if firm == "cedar-desk" else not any(absent)


@pytest.mark.parametrize("firm", ["alder-it", "birch-support"])
def test_kano_of_the_samples_is_never_settled_wrongly(firm):
    """The generator says which moments are basics; what is settled agrees with it."""
    from servicegap.simulate.words import TOUCHPOINTS

    letters = {"basic": "M", "performance": "O", "attractive": "A", "indifferent": "I"}
    made = {t[0]: letters[t[3]] for t in TOUCHPOINTS}
    found = wow.kano_of(load(SAMPLES / firm, sealed=False))
    settled = [m for m in found if m.category.settled]
    assert len(settled) >= 8 and all(m.category.letter == made[m.id] for m in settled)


def test_a_large_made_up_firm_agrees_with_its_truth():
    made = simulate.make("alder-it", seed=5, size="large",
                         only=("accounts", "contacts", "relationship", "beliefs"))  # fmt: skip
    truth = made.truth["beliefs"]["okay_not_referring"]["true_value"]
    found = wow.silent_share(from_frames(made.tables, made.settings))
    assert found.low <= truth <= found.high


def strange() -> dict[str, dict]:
    firms = clients.accounts(20, monthly_fee=100, seats=5, segment="north")
    everything = {
        "accounts": firms, "contacts": people(120, 20), "relationship": survey(60, 60, firms=20),
        "wow_log": [story(i) for i in range(12)], "touchpoints": touchpoints("a", "b"),
        "kano": pairs("a", {(2, 5): 40}) + pairs("b", {(1, 3): 30}),
        "tickets": [t for a in range(20) for t in worked(a, 6, 1)],
        "ratings": [clients.rating(3 * i + k, i % 20, i, 5 - k) for i in range(120)
                    for k in range(3)],
        **{k: v for k, v in marked((-1, 1), 120, 20).items() if k in ("items", "survey")},
    }  # fmt: skip
    hostile = [dict(a, name="$x$ <b>&", segment="<script>$\\frac$" if i % 2 else "=1+1")
               for i, a in enumerate(firms)]  # fmt: skip
    odd = [{"touchpoint_id": t, "name": "<script>alert(1)</script>" * 4, "stage": "$s$"}
           for t in "ab"]  # fmt: skip
    return {
        "nothing": {},
        "everything": everything,
        "three people": everything | {
            "relationship": survey(2, 1), "kano": pairs("a", {(1, 3): 3}),
            "ratings": [clients.rating(1, 0, 0)], "survey": everything["survey"][:3]},
        "one account": everything | {"accounts": firms[:1],
                                     "relationship": survey(20, 20, firms=1)},
        "everybody satisfied, everybody would": everything
        | {"relationship": [answer(i, 20, 5, 10) for i in range(120)]},
        "nobody satisfied": everything | {"relationship": survey(0, 0, 120, firms=20)},
        "all say the same of a moment": everything | {"kano": pairs("a", {(5, 5): 60})},
        "only questionable": everything | {"kano": pairs("a", {(1, 1): 40, (5, 5): 20})},
        "unknown moments": everything | {"kano": pairs("zz", {(1, 3): 40})},
        "a log long ago": everything | {"wow_log": [story(0, "2011-01-01")]},
        "stories of strangers": everything | {"wow_log": [story("gone", moment="zz")] * 2},
        "everybody left": everything
        | {"accounts": [dict(a, left_on="2020-01-01") for a in firms]},
        "hostile names": everything | {"accounts": hostile, "touchpoints": odd},
        "a new client": everything | {"settings": {"period": {"start": "2025-05-15",
                                                             "end": "2025-06-30"}}},
        "three faces": everything | {"relationship": [
            answer(i, 20, 1 if i % 3 else 0, 1 if i % 2 else -1, scale="-1/0/1",
                   refer_scale=None, value=None) for i in range(120)]},
    }  # fmt: skip


@pytest.mark.parametrize("name", strange())
def test_every_part_says_something_sensible_of(tmp_path, name):
    tables = {"settings": {"currency": "CHF"}} | strange()[name]
    client = clients.make(tmp_path, **tables)
    for part in PARTS:
        result = part(client)
        text = text_of(result)
        assert not re.search(r"\bnan\b|\bNone\b(?! of)|\binf\b|<NA>", text), (
            f"{part.__name__}: {text}"
        )
        shown = bundles.bundle(result)
        assert shown["text/html"] and result.title
        if name in ("nothing", "three people") and not isinstance(result, Finding):
            kind = part.__name__
            stays = kind in ("wow_log", "journey", "broken_basics", "moments", "told_and_silent")
            if name == "nothing" or not stays:
                assert result.not_measured, f"{kind} speaks: {text}"
        if isinstance(result, Figure) and result.draw:
            assert result.alt and len(result.data)
            assert "<script>" not in shown["text/html"]


@pytest.mark.parametrize("firm", ["alder-it", "birch-support"])
def test_options_of_the_notebook_work(firm):
    client = load(SAMPLES / firm, sealed=False)
    for by in ("fee", "size", "segment", "trade", "site"):
        assert wow.by_group(client, by=by).title
    for by in ("dimension", "question"):
        for cut in ("quarters", "scale"):
            assert wow.penalty_reward(client, by=by, cut=cut).title
    name = wow.places(client)[0].name
    assert name in wow.kano_answers(client, moment=name).caption
