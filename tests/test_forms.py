"""A new folder explains itself, its forms are one page each, the dictionary is current."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest
from servicegap import forms, health, load, schema
from servicegap.client.settings import KEYS
from servicegap.forms import paper
from servicegap.problems import Refused

NAMES = ("Acme IT", 'Söhne & "Co" #1 <b>*_$\\', "株式会社ﾃｽﾄ", "Endless " * 30, "")


def test_the_data_dictionary_is_current() -> None:
    assert forms.README.read_text("utf-8") == forms.dictionary(), f"run `{forms.REFRESH}`"


def test_the_data_dictionary_holds_everything() -> None:
    text = forms.dictionary()
    for table in schema.TABLES.values():
        assert f"### {table.name}\n" in text
        for column in table.columns:
            assert f"| `{column.name}`{' *' if column.required else ''} | {column.about} |" in text
    for headline in schema.HEADLINES.values():
        assert headline.question in text and headline.evidence in text
    for session in schema.SESSIONS.values():
        for part in session.parts:
            assert f"| {session.stem} | `{part.name}` |" in text


def test_a_new_folder_loads_without_a_word(tmp_path: Path) -> None:
    made = forms.new_folder(tmp_path / "Über & Söhne")
    assert len(made) == len(schema.TABLES) + 4
    assert all(path.is_file() for path in made)
    client = load(tmp_path / "Über & Söhne")
    assert client.settings.name == "Über & Söhne" and client.settings.id == "über-söhne"
    assert client.problems == ()
    assert health.check(tmp_path / "Über & Söhne").exit_code == 0
    assert not any(client.has(table) for table in schema.TABLES)


def test_every_table_has_its_headers_as_excel_wants_them(tmp_path: Path) -> None:
    forms.new_folder(tmp_path / "x")
    for table in schema.TABLES.values():
        raw = (tmp_path / "x" / f"{table.name}.csv").read_bytes()
        assert raw == b"\xef\xbb\xbf" + ",".join(table.names).encode() + b"\r\n"


@pytest.mark.parametrize("name", [n for n in NAMES if n])
def test_any_name_can_be_a_clients_name(tmp_path: Path, name: str) -> None:
    forms.new_folder(tmp_path / "x", name)
    assert load(tmp_path / "x").settings.name == " ".join(name.split())


def test_every_key_is_explained_and_its_example_works(tmp_path: Path) -> None:
    text = forms.client_yaml("Acme")
    for key in KEYS.values():
        assert f"# {key.name}: {key.about[:40]}" in text
        if key.example and not key.required:
            settings = f"name: A\nid: a\n{key.name}: {key.example}\n"
            (tmp_path / "client.yaml").write_text(settings)
            assert load(tmp_path).problems == ()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_text("mine")
    with pytest.raises(Refused, match=r"holds ratings\.csv already; choose a new folder"):
        forms.new_folder(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["ratings.csv"]


def test_the_guide_names_every_column(tmp_path: Path) -> None:
    guide = forms.guide()
    for table in schema.TABLES.values():
        assert f"{table.name}.csv" in guide
        assert all(f"  {name}" in guide for name in table.names)
    assert max(map(len, guide.splitlines())) <= 96


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("make", [paper.belief_form, paper.data_request])
def test_a_form_is_one_accessible_page(make, name: str) -> None:
    raw = make(name)
    assert raw == make(name), "equal forms are equal files"
    document = pypdf.PdfReader(io.BytesIO(raw))
    assert len(document.pages) == 1
    root = document.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    width, height = document.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (595, 842), "A4"


def test_the_forms_say_what_they_must() -> None:
    def words(raw: bytes) -> str:
        return " ".join(pypdf.PdfReader(io.BytesIO(raw)).pages[0].extract_text().split())

    belief = words(paper.belief_form("Acme IT"))
    assert "Acme IT" in belief
    for headline in schema.HEADLINES.values():
        assert headline.question in belief and headline.id in belief
    request = words(paper.data_request("Acme IT"))
    asked = set(schema.TABLES) - {"beliefs", "peers", "commitments"}
    for table in asked:
        assert table in request
        assert all(column in request for column in schema.TABLES[table].names)
