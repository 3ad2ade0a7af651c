"""From an export to a client's tables: what each row becomes, and that none is lost."""

from __future__ import annotations

from pathlib import Path

import exports
import pandas as pd
import pytest
import yaml
from exports import client, taken, write
from servicegap import intake
from servicegap.client import table_files
from servicegap.problems import Refused


def balanced(done: intake.Intake) -> None:
    for one in done.taken:
        ledger = one.ledger
        assert ledger.read == ledger.kept + ledger.rejected + ledger.excluded


def test_zendesk(tmp_path: Path) -> None:
    done, made = taken(tmp_path, exports.zendesk())
    balanced(done)
    (one,) = done.taken
    assert one.columns.format == "zendesk"
    assert one.ledger.read == 30 and one.ledger.kept == 29
    assert one.ledger.reasons == {"merged into another ticket, or a duplicate": 1}
    tickets = made["tickets"].set_index("ticket_id")
    assert tickets.loc["1003", "third_party_hours"] == 2
    assert tickets.loc["1003", "third_party"] == "supplier not named"
    assert tickets["third_party"].notna().sum() == 1
    assert (tickets["source"] == "monitoring").sum() == 1
    assert tickets.loc["1000", "first_reply_at"] == pd.Timestamp("2025-03-01 10:45")
    assert tickets.loc["1000", "account_id"] == "Firm 0"
    ratings = made["ratings"].set_index("ticket_id")
    assert ratings.loc["1000", "score"] == 1 and ratings.loc["1001", "score"] == 0
    assert pd.isna(ratings.loc["1002", "score"]), "asked, and not answered"
    assert "1003" not in ratings.index, "never asked"
    assert set(ratings["scale"]) == {"0/1"}
    assert len(made["accounts"]) == 6 and len(made["contacts"]) == 12
    assert made.problems == ()


def test_rows_are_added_to_the_file_that_is_there_however_its_name_is_written(
    tmp_path: Path,
) -> None:
    rows = exports.zendesk(12)
    taken(tmp_path, rows[:7])
    folder = tmp_path / "client"
    for name in ("tickets", "contacts"):
        (folder / f"{name}.csv").rename(folder / f"{name.title()}.CSV")
    _, made = taken(tmp_path, [rows[0], *rows[7:]], folder=folder, how="add")
    assert len(made["tickets"]) == 11 and made["contacts"]["contact_id"].is_unique
    there, _ = table_files(folder)
    assert all(len(paths) == 1 for paths in there.values())


def test_freshdesk(tmp_path: Path) -> None:
    done, made = taken(tmp_path, exports.freshdesk())
    balanced(done)
    tickets = made["tickets"].set_index("ticket_id")
    assert done.taken[0].columns.format == "freshdesk"
    assert tickets.loc["2", "opened_at"] == pd.Timestamp("2025-04-02 08:30")
    assert tickets["third_party"].notna().sum() == 6, "never waiting on customer"
    assert (~tickets["sla_met"].astype(bool)).sum() == 6
    assert "Cy Dee" in (tmp_path / "client" / "tickets.csv").read_text("utf-8-sig")
    assert tickets["technician"].nunique() == 1
    assert any("several people" in p.what for p in done.taken[0].problems)
    assert tickets.loc["1", "first_reply_at"] == pd.Timestamp("2025-04-01 10:35")
    assert set(made["ratings"]["scale"]) == {"1-5"} and len(made["ratings"]) == 24


def test_a_servicenow_log_is_folded_to_tickets(tmp_path: Path) -> None:
    done, made = taken(tmp_path, exports.servicenow())
    balanced(done)
    assert done.taken[0].ledger.reasons == {"an earlier row of the same ticket": 2}
    tickets = made["tickets"].set_index("ticket_id")
    assert len(tickets) == 2 and len(made.reads["tickets"].superseded) == 2
    assert tickets["technician"].nunique() == 1, "Flo solved both, after Gus had the first"
    assert tickets.loc["INC001", "resolved_at"] == pd.Timestamp("2025-05-01 16:00")
    assert tickets.loc["INC001", "third_party_hours"] == 5
    assert tickets.loc["INC001", "third_party"] == "supplier not named"
    assert pd.isna(tickets.loc["INC002", "third_party"])
    assert tickets.loc["INC001", "sla_met"] and not tickets.loc["INC002", "sla_met"]


def test_no_name_and_no_address_of_a_person_is_kept(tmp_path: Path) -> None:
    taken(tmp_path, exports.zendesk())
    for path in (tmp_path / "client").glob("*.csv"):
        text = path.read_text("utf-8-sig")
        assert "Person" not in text and "@" not in text and "Printer" not in text


def test_a_person_has_one_code_in_all_files_of_a_folder(tmp_path: Path) -> None:
    _, made = taken(tmp_path, exports.zendesk())
    rows = [
        ["Rating", "Company", "Contact Email", "Ticket ID", "Ticket Agents", "Rated On"],
        ["Positive", "FIRM 1 ", "P1@Firm1.example.net.uk", "1001", "A, B", "2025-03-05"],
    ]
    _, made = taken(tmp_path, rows, "smile.csv", "smileback", tmp_path / "client", how="add")
    ratings = made["ratings"]
    (new,) = ratings[ratings["scale"] == "-1/0/1"].to_dict("records")
    old = ratings[ratings["ticket_id"] == "1001"].iloc[0]
    assert new["contact_id"] == old["contact_id"] and new["account_id"] == "Firm 1"


def test_the_mapping_is_written_edited_and_honoured(tmp_path: Path) -> None:
    done, _ = taken(tmp_path, exports.zendesk())
    folder = tmp_path / "client"
    text = (folder / "intake.yaml").read_text()
    told = yaml.safe_load(text)
    assert told["exports"][0]["columns"]["Organization"] == "account"
    assert "# the company that asked" in text
    (folder / "intake.yaml").write_text(text.replace('"Group": team', '"Group": none'))
    shuffled = [list(reversed(row)) for row in exports.zendesk()]
    done, made = taken(tmp_path, shuffled, "other.csv", folder=folder, how="replace")
    assert "team" not in made.reads["tickets"].present
    assert made["tickets"]["team"].isna().all()
    assert done.taken[0].columns.format == "zendesk"


@pytest.mark.parametrize(("text", "says"), [
    ("exports: [", "line 1"), ("a: 1", "list of exports"), ("exports:\n- x", "columns"),
    ("exports:\n- makes: tickets\n  columns: {A: nonsense}", "nonsense"),
    ("exports:\n- makes: cakes\n  columns: {A: none}", "cakes"),
    ("exports:\n- makes: tickets\n  dates: xyz\n  columns: {A: none}", "xyz"),
    ("exports:\n- makes: tickets\n  timezone: Mars\n  columns: {A: none}", "Mars"),
    ("!!python/object/apply:os.system ['true']", "list of exports"),
])  # fmt: skip
def test_a_broken_mapping_is_refused_in_words(tmp_path: Path, text: str, says: str) -> None:
    folder = client(tmp_path / "client")
    (folder / "intake.yaml").write_text(text)
    with pytest.raises(Refused, match=says):
        taken(tmp_path, exports.zendesk(), folder=folder)


def test_rows_that_are_there_are_never_lost(tmp_path: Path) -> None:
    taken(tmp_path, exports.zendesk(20))
    folder = tmp_path / "client"
    before = (folder / "tickets.csv").read_bytes()
    with pytest.raises(Refused, match=r"--add.*--replace"):
        taken(tmp_path, exports.zendesk(25), folder=folder)
    assert (folder / "tickets.csv").read_bytes() == before
    done, made = taken(tmp_path, exports.zendesk(25), folder=folder, how="add")
    assert len(made["tickets"]) == 24 and done.replaced == {"tickets": 19, "ratings": 15}
    (kept,) = (folder / ".servicegap" / "before").iterdir()
    assert (kept / "tickets.csv").read_bytes() == before
    _, made = taken(tmp_path, exports.zendesk(9), folder=folder, how="replace")
    assert len(made["tickets"]) == 8
    assert len(list((folder / ".servicegap" / "before").iterdir())) == 2


def test_nothing_is_written_where_one_file_is_refused(tmp_path: Path) -> None:
    folder = client(tmp_path / "client")
    good = write(tmp_path, "good.csv", exports.zendesk())
    rows = exports.freshdesk(2)
    rows[1][8] = rows[2][8] = "03/04/2025 08:00"
    bad = write(tmp_path, "bad.csv", rows)
    found = intake.recognise([good, bad], folder)
    with pytest.raises(Refused, match=r"bad\.csv.*--dates dmy"):
        intake.take_in(found, folder)
    assert sorted(path.name for path in folder.iterdir()) == [".servicegap", "client.yaml"]


def test_totals_repeated_headers_and_rows_without_a_number(tmp_path: Path) -> None:
    rows = exports.zendesk(5)
    rows += [[], rows[0], ["", *rows[1][1:]], ["Total", *[""] * 16, "120"], [""] * 17 + ["120"]]
    done, made = taken(tmp_path, rows)
    balanced(done)
    assert done.taken[0].ledger.reasons == {
        "the headers once more": 1, "a total, not a row": 2, "no ticket_id": 1,
    }  # fmt: skip
    assert len(made["tickets"]) == 5


def test_a_file_with_unknown_headers_is_proposed_and_not_taken_by_itself(tmp_path: Path) -> None:
    rows = [["Job no", "Customer", "Logged on", "Fixed on", "Engineer", "How happy?"]] + [
        [f"J{i}", f"Firm {i % 4}", f"2025-02-{i + 1:02d}", f"2025-02-{i + 2:02d}", "Al", "5"]
        for i in range(20)
    ]
    (found,) = intake.recognise([write(tmp_path, "jobs.csv", rows)])
    assert not found.sure and found.choices == ("tickets", "feedback", "survey")
    assert found.columns.makes == "tickets"
    assert {h: m for h, m in found.columns.columns.items() if m != "none"} == {
        "Job no": "ticket_id", "Customer": "account", "Logged on": "opened_at",
        "Fixed on": "resolved_at", "Engineer": "technician",
    }  # fmt: skip
    _, made = taken(tmp_path, rows, as_format="tickets")
    assert len(made["tickets"]) == 20 and set(made["tickets"]["account_id"]) == {
        f"Firm {i}" for i in range(4)
    }


def test_what_can_not_be_made_of_anything_says_what_is_lacking(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"no column was found for .*opened_at"):
        taken(tmp_path, [["Ticket ID", "Colour"], ["1", "red"]], as_format="tickets")
    with pytest.raises(Refused, match="no format called lotus"):
        taken(tmp_path, [["a"], ["1"]], as_format="lotus")


def test_formulas_are_written_as_text(tmp_path: Path) -> None:
    rows = exports.zendesk(3)
    rows[1][13], rows[2][13], rows[3][10] = "=1+1", "@SUM(A1)", "-2+3"
    _, made = taken(tmp_path, rows)
    assert set(made["tickets"]["account_id"]) == {"'=1+1", "'@SUM(A1)", "Firm 2"}
    assert "'-2+3" in set(made["tickets"]["type"])
    assert set(made["accounts"]["account_id"]) >= {"'=1+1", "'@SUM(A1)"}


def test_feedback_with_silent_ones_deleted_ones_and_several_answers(tmp_path: Path) -> None:
    rows = [["id", "created", "modified", "customer_company", "customer_email",
             "ticket_external_id", "sentiment", "question_id", "response_id",
             "comment"]]  # fmt: skip
    rows += [
        ["1", "2025-01-01", "2025-01-01", "Acme", "a@acme.co", "T1", "positive", "Q1", "R1", "=x"],
        ["2", "2025-01-01", "2025-01-01", "Acme", "a@acme.co", "T1", "negative", "Q2", "R1", ""],
        ["3", "2025-01-02", "2025-01-02", "Beta", "b@beta.co", "T2", "negative", "Q1", "R2", ""],
        ["3", "2025-01-02", "2025-01-05", "Beta", "b@beta.co", "T2", "neutral", "Q1", "R2", ""],
        ["4", "2025-01-03", "2025-01-03", "Beta", "b@beta.co", "T3", "", "Q1", "R3", ""],
    ]
    done, made = taken(tmp_path, rows)
    balanced(done)
    assert done.taken[0].columns.format == "simplesat"
    ratings = made["ratings"].set_index("ticket_id")
    assert ratings["score"].fillna(9).to_dict() == {"T1": 1, "T2": 0, "T3": 9}
    assert pd.isna(ratings.loc["T3", "answered_at"])
    assert "'=x" in (tmp_path / "client" / "ratings.csv").read_text("utf-8-sig")


def test_a_survey_with_two_rows_of_headers(tmp_path: Path) -> None:
    heads = ["Respondent ID", "Collector ID", "Start Date", "End Date", "Email Address",
             "Overall, how satisfied are you with us?", "How would you rate our", "", "",
             "How likely are you to recommend us?"]  # fmt: skip
    below = ["", "", "", "", "", "Response", "speed of answers", "kindness on the phone",
             "clarity of invoices", "Response"]  # fmt: skip
    rows = [heads, below] + [
        [str(i), "7", "01/13/2025 10:00:00 AM", "01/13/2025 10:05:00 AM", f"p{i}@firm{i % 3}.co",
         "Very satisfied" if i % 2 else "Dissatisfied",
         str(i % 5 + 1), str(i % 2 + 4), str(i % 3 + 3), str(i % 11)]
        for i in range(44)
    ]  # fmt: skip
    done, made = taken(tmp_path, rows)
    balanced(done)
    assert done.taken[0].columns.format == "surveymonkey"
    assert done.taken[0].ledger.read == 44
    rel = made["relationship"]
    assert len(rel) == 44 and set(rel["satisfaction"]) == {5, 2}
    assert set(rel["refer_scale"]) == {"0-10"} and rel["would_refer"].max() == 10
    assert len(made["items"]) == 3 and len(made["survey"]) == 132
    assert "How would you rate our - kindness on the phone" in set(made["items"]["text"])
    assert set(made["survey"]["account_id"]) == {"firm0.co", "firm1.co", "firm2.co"}


def test_a_code_book_says_what_short_headers_ask(tmp_path: Path) -> None:
    rows = [["RESP", "Q1A", "Q1B", "Q1ALL", "AGE"]] + [
        [str(i), str(i % 7), "5", str(i % 5 + 1), str(i % 4 + 1)] for i in range(70)
    ]
    book = [["Field", "Question", ""], ["RESP", "Respondent number", ""], ["Q1A", "Speed", ""],
            ["Q1B", "Kindness", ""], ["Q1ALL", "The firm as a whole", ""], ["", "5", "Outstanding"],
            ["", "4", ""], ["", "3", ""], ["", "2", ""], ["", "1", "Unacceptable"],
            ["", "6", "Have never used"], ["", "0", "Blank"], ["AGE", "How old are you?", ""],
            ["", "1", "under 18"], ["", "2", "18 to 40"], ["", "3", "to 60"],
            ["", "4", "more"]]  # fmt: skip
    folder = client(tmp_path / "client")
    paths = [write(tmp_path, "survey.csv", rows), write(tmp_path, "codes.csv", book)]
    (found,) = intake.recognise(paths, folder, "survey")
    assert dict(found.columns.columns) == {
        "RESP": "response_id", "Q1A": "item", "Q1B": "item", "Q1ALL": "satisfaction", "AGE": "none",
    }  # fmt: skip
    intake.take_in([found], folder)
    from servicegap.client import load

    made = load(folder, sealed=False)
    assert made["survey"]["perceived"].max() == 5 and made["survey"]["perceived"].min() == 1
    assert (made["survey"]["item_id"] == "Q1A").sum() == 50, "0 and 6 are no marks"
    assert set(made["items"]["text"]) == {"Speed", "Kindness"}
