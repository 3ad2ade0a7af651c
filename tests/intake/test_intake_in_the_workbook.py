"""Files brought to the workbook: shown, confirmed, asked about, made into tables, looked over."""

from __future__ import annotations

import base64
import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import exports
import pytest
from servicegap import keeping, load, schema
from servicegap.client import table_files
from servicegap.widgets import bringing, parts
from servicegap.widgets.bringing import BringForm
from servicegap.workbook import beginning

WHEN = dt.datetime(2025, 1, 1)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def nothing_swallowed(caplog):
    """A button logs what goes wrong in it and carries on; here that is a failure."""
    yield
    assert "Exception in callback" not in caplog.text


def form(tmp_path: Path, **settings: str) -> BringForm:
    return BringForm(load(exports.client(tmp_path / "elm", **settings)))


def hand_in(mine: BringForm, **files: object) -> None:
    """As the browser does: names and contents."""
    mine.upload.value = tuple(
        {"name": f"{name}.csv", "type": "text/csv", "size": 1, "last_modified": WHEN,
         "content": memoryview((rows if isinstance(rows, str) else exports.as_csv(rows)).encode())}
        for name, rows in files.items()
    )  # fmt: skip


def words(widget) -> str:
    """All that stands in a form, without its marks."""
    texts = [getattr(widget, "value", "")] if hasattr(widget, "value") else []
    texts += [words(child) for child in getattr(widget, "children", ())]
    return re.sub(r"<[^>]+>", " ", " ".join(str(text) for text in texts if text))


def test_a_known_export_is_shown_and_goes_in_by_itself(tmp_path: Path) -> None:
    mine = form(tmp_path)
    hand_in(mine, view=exports.zendesk())
    assert "Zendesk Support" in words(mine.box) and "Organization" in words(mine.box)
    assert mine.files[0].settled and not (mine.folder / "tickets.csv").exists()
    mine.take.click()
    assert "30 rows read, 29 kept, 1 left out" in words(mine.box)
    assert len(load(mine.folder)["tickets"]) == 29
    page = re.search(r'srcdoc="([^"]+)"', mine.result.value)[1]
    assert "tickets.csv" in page and "script" not in page.casefold()
    assert (mine.folder / ".servicegap" / "health.html").is_file()
    assert "Run All Cells" in mine.result.value


def test_dates_and_scales_are_asked_one_after_the_other(tmp_path: Path) -> None:
    mine = form(tmp_path)
    hand_in(mine, desk=exports.freshdesk(3))
    mine.take.click()
    assert "1 April" in words(mine.question)
    menu, go = mine.question.children[1].children
    menu.value = "dmy"
    go.click()
    assert "which scale" in words(mine.question)
    assert not (mine.folder / "tickets.csv").exists(), "nothing is written before all is known"
    menu, go = mine.question.children[1].children
    menu.value = "1-5"
    go.click()
    assert mine.question.children == () and "3 rows read" in words(mine.box)
    assert "2025-04-01" in (mine.folder / "tickets.csv").read_text("utf-8-sig")


def test_what_is_not_sure_waits_for_a_yes(tmp_path: Path) -> None:
    mine = form(tmp_path)
    hand_in(
        mine, jobs="Job no,Client,Logged on,Colour\n1,Acme,2025-01-03,red\n2,Bo,2025-01-04,red\n"
    )
    (one,) = mine.files
    assert not one.settled
    mine.take.click()
    assert "Say yes" in mine.status.value and not (mine.folder / "tickets.csv").exists()
    assert one.meanings["Logged on"].value == "opened_at"
    one.meanings["Logged on"].value = "none"
    one.right.click()
    assert not one.settled and "still missing" in one.status.value
    one.meanings["Logged on"].value = "opened_at"
    one.right.click()
    assert one.settled
    mine.take.click()
    assert len(load(mine.folder)["tickets"]) == 2


def test_a_column_can_be_corrected_and_a_file_taken_for_something_else(tmp_path: Path) -> None:
    mine = form(tmp_path)
    hand_in(mine, view=exports.zendesk())
    (one,) = mine.files
    one.change.click()
    one.meanings["Group"].value = "none"
    assert not one.settled
    one.right.click()
    mine.take.click()
    assert load(mine.folder)["tickets"]["team"].isna().all()
    hand_in(mine, again=exports.zendesk())
    one = mine.files[0]
    assert "as the last time" in words(one.box)
    one.change.click()
    one.kind.value = "feedback"
    assert one.found.columns.makes == "feedback" and not one.settled


def test_rows_that_are_there_already_are_asked_about(tmp_path: Path) -> None:
    mine = form(tmp_path)
    for _ in range(2):
        hand_in(mine, view=exports.zendesk(6))
        mine.take.click()
    assert "take their place" in words(mine.question)
    menu, go = mine.question.children[1].children
    menu.value = "replace"
    go.click()
    assert len(load(mine.folder)["tickets"]) == 6
    assert list((mine.folder / ".servicegap" / "before").rglob("tickets.csv"))


def test_our_own_form_filled_in_goes_where_it_belongs(tmp_path: Path) -> None:
    mine = form(tmp_path)
    hand_in(mine, referrals="referral_id,account_id,made_on,stage\nR1,A1,2025-03-01,won\n")
    assert "our own form" in words(mine.box)
    mine.take.click()
    assert len(load(mine.folder)["referrals"]) == 1


@pytest.mark.parametrize("old", ["Contacts.csv", "CONTACTS.CSV", "contacts.csv", "Contacts.xlsx"])
def test_a_filled_form_takes_the_place_of_a_file_however_its_name_is_written(
    tmp_path: Path, old: str
) -> None:
    before, after = (f"contact_id,account_id\n{who},A1\n".encode() for who in ("C1", "C2"))
    (tmp_path / old).write_bytes(before)
    path = beginning.keep_upload(tmp_path, "Contacts.csv", after)
    beginning.put_table(tmp_path, path, schema.TABLES["contacts"])
    there, _ = table_files(tmp_path)
    assert [p.read_bytes() for p in there["contacts"]] == [after]
    (kept,) = (tmp_path / keeping.BEFORE).glob("*/*")
    assert (kept.name, kept.read_bytes()) == (old, before)


def test_a_file_that_is_nothing_is_refused_by_name(tmp_path: Path) -> None:
    mine = form(tmp_path)
    hand_in(mine, empty="")
    assert "empty.csv" in mine.status.value
    assert [p.name for p in mine.folder.glob("*.csv")] == []


def test_a_name_with_a_way_out_stays_inside(tmp_path: Path) -> None:
    for name in ("../../up.csv", "..\\..\\up.csv", "/etc/up.csv"):
        kept = beginning.keep_upload(tmp_path, name, b"x")
        assert kept == tmp_path / ".servicegap" / "uploads" / "up.csv"


def test_words_of_a_file_are_no_html(tmp_path: Path) -> None:
    mine = form(tmp_path)
    rows = exports.zendesk(6)
    rows[1][13] = "<img src=x onerror=alert(1)>"
    hand_in(mine, view=rows)
    assert "<img" not in mine.files[0].box.children[1].value
    mine.take.click()
    assert "<img" not in mine.result.value


# -- a firm of one's own -----------------------------------------------------------------------


def test_beside_a_made_up_firm_an_own_folder_is_made_first(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "alder-it" / "workbook").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "alder-it" / "workbook")
    mine = BringForm(load(exports.client(tmp_path / "alder-it", made_up="yes")))
    led = []
    mine.lead = led.append
    mine.begin.click()
    assert "called?" in mine.status.value
    mine.name.value, mine.currency.value = "Ash & Sons", "pounds"
    mine.begin.click()
    assert "three letters" in mine.status.value
    mine.currency.value = "EUR"
    mine.begin.click()
    folder = tmp_path / "ash-sons"
    made = load(folder)
    assert (made.settings.name, made.settings.currency) == ("Ash & Sons", "EUR")
    assert not made.settings.made_up
    assert len(list((folder / "workbook").glob("*.ipynb"))) == len(schema.SESSIONS)
    assert 'href="../../ash-sons/workbook/00_start_here.ipynb"' in led[0]
    hand_in(mine, view=exports.zendesk())
    mine.take.click()
    assert len(load(folder)["tickets"]) == 29
    assert not (tmp_path / "alder-it" / "tickets.csv").exists()
    again = BringForm(load(tmp_path / "alder-it"))
    again.name.value = "Ash Sons"
    again.begin.click()
    assert "already" in again.status.value


def test_the_empty_forms_are_handed_out_as_one_file(tmp_path: Path) -> None:
    mine = form(tmp_path)
    mine.templates.click()
    content = re.search(r"base64,([^\"]+)", mine.link.value)[1]
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(content))) as archive:
        names = set(archive.namelist())
    assert {"ratings.csv", "tickets.csv", "README.txt", "belief-form.pdf"} <= names
    assert "client.yaml" not in names


def test_the_form_is_shown_with_its_link_below(tmp_path: Path, monkeypatch) -> None:
    shown = []
    monkeypatch.setattr(parts, "show", shown.append)
    monkeypatch.setattr(parts, "line_below", lambda: print)
    bringing.bring(load(exports.client(tmp_path / "elm")))
    assert len(shown) == 1
