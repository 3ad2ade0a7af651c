"""Files that go wrong in the ways files do: a balanced ledger with right numbers, or a refusal.

Each case writes one file. `rows=(read, kept, rejected, excluded)` and `cells` say what must come
out of it; `refused=[...]` lists words that the one-sentence refusal must hold: the file, the
row and column where there are any, and the remedy.
"""

# ruff: noqa: E501

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from servicegap import schema
from servicegap.problems import Refused
from servicegap.tables import read_table

RATINGS = "rating_id,account_id,contact_id,answered_at,score,scale\n"
ACCOUNTS = "account_id,name,monthly_fee,since\n"


@dataclass(frozen=True)
class Case:
    name: str
    file: str
    content: bytes | str | Callable[[], bytes]
    rows: tuple[int, int, int, int] | None = None
    cells: tuple[tuple[str, list], ...] = ()
    says: tuple[str, ...] = ()  # words that the problems must hold between them
    refused: tuple[str, ...] = ()

    def write(self, folder: Path) -> Path:
        content = self.content() if callable(self.content) else self.content
        path = folder / self.file
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


def workbook(*rows: tuple, also: dict[str, list[tuple]] | None = None, mac: bool = False) -> bytes:
    book = openpyxl.Workbook()
    if mac:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in rows:
        book.active.append(row)
    for name, more in (also or {}).items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(name: str, text: str, drop: str = "") -> bytes:
    """A small workbook with one part replaced or added."""
    source = zipfile.ZipFile(io.BytesIO(workbook(("account_id", "name"), ("A1", "Acme"))))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        for part in source.namelist():
            if part not in (name, drop):
                book.writestr(part, source.read(part))
        book.writestr(name, text)
    return stream.getvalue()


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "{dimension}<sheetData>{rows}</sheetData></worksheet>"
)
SHEET_FILE = "xl/worksheets/sheet1.xml"


def far_cells() -> bytes:
    """5 kB that ask for a grid of 17 thousand million cells."""
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>account_id</t></is></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    return with_part(SHEET_FILE, SHEET.format(dimension='<dimension ref="A1:B2"/>', rows=rows))


def unaddressed_cells() -> bytes:
    """The same without cell addresses: one wide row, and very many empty ones."""
    rows = "<row>" + "<c/>" * 16_000 + "</row>" + "<row/>" * 1_000_000
    return with_part(SHEET_FILE, SHEET.format(dimension="", rows=rows))


def repeated_string() -> bytes:
    """One long text that very many cells share."""
    shared = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<si><t>{'x' * 5_000_000}</t></si></sst>"
    )
    cells = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, 3000))
    data = with_part(SHEET_FILE, SHEET.format(dimension="", rows=cells))
    source = zipfile.ZipFile(io.BytesIO(data))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        for part in source.namelist():
            text = source.read(part).decode()
            if part == "[Content_Types].xml":
                text = text.replace(
                    "</Types>",
                    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.'
                    'openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
                )
            if part == "xl/_rels/workbook.xml.rels":
                text = text.replace(
                    "</Relationships>",
                    '<Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument'
                    '/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>'
                    "</Relationships>",
                )
            book.writestr(part, text)
        book.writestr("xl/sharedStrings.xml", shared)
    return stream.getvalue()


def unpacks_to_much() -> bytes:
    return with_part("xl/theme/theme1.xml", " " * 60_000_000)


def parquet(**columns: list) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def moment(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


CASES = (
    # --- the ways of a CSV file
    Case("semicolons", "accounts.csv", "account_id;name;monthly_fee;since\nA1;Acme;12,5;2020-01-02\n",
         (1, 1, 0, 0), (("monthly_fee", [12.5]), ("name", ["Acme"]))),
    Case("tabs", "accounts.csv", "account_id\tname\tmonthly_fee\nA1\tAcme, Ltd\t12.5\n",
         (1, 1, 0, 0), (("name", ["Acme, Ltd"]),)),
    Case("a sep= line", "accounts.csv", "sep=;\r\naccount_id;name\r\nA1;Acme, Ltd\r\n;Nobody\r\n",
         (2, 1, 1, 0), (("name", ["Acme, Ltd"]),), ("row 3", "account_id")),
    Case("UTF-8 with its mark", "accounts.csv", b"\xef\xbb\xbfaccount_id,name\nA1,Caf\xc3\xa9\n",
         (1, 1, 0, 0), (("name", ["Café"]),)),
    Case("Windows text", "accounts.csv", "account_id,name\nA1,Café £5\n".encode("cp1252"),
         (1, 1, 0, 0), (("name", ["Café £5"]),), ("cp1252", "UTF-8")),
    Case("UTF-16 little", "accounts.csv", "\ufeffaccount_id\tname\nA1\tCafé\n".encode("utf-16-le"),
         (1, 1, 0, 0), (("name", ["Café"]),)),
    Case("UTF-16 big", "accounts.csv", "\ufeffaccount_id,name\nA1,Café\n".encode("utf-16-be"),
         (1, 1, 0, 0), (("name", ["Café"]),)),
    Case("UTF-16 without its mark", "accounts.csv", "account_id,name\nA1,Café\n".encode("utf-16-le"),
         refused=("accounts.csv", "letters can't be read", "save it as CSV UTF-8")),
    Case("UTF-8 with one broken byte", "accounts.csv",
         "account_id,name\nA1,Café\nA2,Zoë\nA3,Noël\n".encode() + b"A4,\xff\n",
         (4, 4, 0, 0), (("name", ["Café", "Zoë", "Noël", "\ufffd"]),), ("could not be read",)),
    Case("a cell of several lines", "accounts.csv", 'account_id,name\nA1,"Acme\nHolding"\n,x\nA3,C\n',
         (3, 2, 1, 0), (("name", ["Acme\nHolding", "C"]),), ("row 3",)),
    Case("doubled quotes", "accounts.csv", 'account_id,name\nA1,"The ""Best"" Ltd"\nA2,5" discs\n',
         (2, 2, 0, 0), (("name", ['The "Best" Ltd', '5" discs']),)),
    Case("a quote never closed", "accounts.csv", 'account_id,name\nA1,"Acme\nA2,Beta\nA3,Gamma\n',
         refused=("accounts.csv", "row 2", "quote", "close the quote")),
    Case("a quote closed rows later", "accounts.csv",
         'account_id,name\nA1,"Acme\nA2,Beta\nA3,"Gamma"\nA4,Delta\n',
         refused=("accounts.csv", "row 2", "quote")),
    Case("NUL bytes", "accounts.csv", b"account_id,name\nA1,Ac\x00me\nA2,\x00\n",
         (2, 1, 1, 0), (("name", ["Acme"]),), ("control characters", "row 3")),
    Case("a row with too many cells", "accounts.csv", "account_id,name\nA1,Acme\nA2,Smith, Jones\n",
         (2, 1, 1, 0), (("name", ["Acme"]),), ("row 3", "3 cells for 2 headers", "quotes")),
    Case("rows with too few cells", "accounts.csv", ACCOUNTS + "A1,Acme,10,2020-01-02\nA2,Beta\nA3\n",
         (3, 2, 1, 0), (("monthly_fee", [10, None]),), ("row 3", "fewer cells", "row 4")),
    Case("blank lines", "accounts.csv", "account_id,name\n\nA1,Acme\n,\n\n,Beta\n\n",
         (2, 1, 1, 0), (("name", ["Acme"]),), ("row 6",)),
    Case("old Mac line ends", "accounts.csv", "account_id,name\rA1,Acme\rA2,Beta\r",
         (2, 2, 0, 0), (("name", ["Acme", "Beta"]),)),
    Case("the same header twice", "accounts.csv", "account_id,name,Account ID\nA1,Acme,A2\n",
         refused=("accounts.csv", "Account ID", "twice", "delete or rename")),
    Case("headers in capitals with spaces", "accounts.csv", " ACCOUNT ID , Name,Monthly-Fee\nA1,A,3\n",
         (1, 1, 0, 0), (("monthly_fee", [3]),)),
    Case("a misspelt header", "accounts.csv", "acount_id,name\nA1,Acme\n",
         refused=("accounts.csv", "row 1", "no column account_id", "rename “acount_id”")),
    Case("a title above the headers", "accounts.csv", "Our accounts\n\naccount_id,name\nA1,Acme\n,x\n",
         (2, 1, 1, 0), (("name", ["Acme"]),), ("2 row(s) above", "row 5")),
    Case("the headers once more", "accounts.csv", "account_id,name\nA1,Acme\naccount_id,name\nA2,B\n",
         (3, 2, 0, 1), (("name", ["Acme", "B"]),), ("once more", "row 3")),
    Case("an empty file", "accounts.csv", "", refused=("accounts.csv", "empty", "headers")),
    Case("only spaces", "accounts.csv", "\n \n", refused=("accounts.csv", "empty", "headers")),
    Case("headers and nothing else", "accounts.csv", ACCOUNTS, (0, 0, 0, 0)),
    Case("a letter, not a table", "accounts.csv", "Dear Sam,\nplease find attached.\n",
         refused=("accounts.csv", "no column account_id", "add it")),
    Case("an unknown column", "accounts.csv", "account_id,name,segmnt,mood\nA1,A,x,y\n",
         (1, 1, 0, 0), says=("segmnt", "rename it to segment", "mood", "nothing reads this column")),
    Case("a workbook called .csv", "accounts.csv", lambda: workbook(("account_id", "name")),
         refused=("accounts.csv", "Excel workbook", "save it")),
    Case("an old .xls called .xlsx", "accounts.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
         refused=("accounts.xlsx", ".xls", "save it as .xlsx")),
    Case("text called .xlsx", "accounts.xlsx", "account_id,name\nA1,Acme\n",
         refused=("accounts.xlsx", "not a .xlsx", ".csv")),
    # --- ids and texts
    Case("N/A is a company", "accounts.csv", "account_id,name\nA1,N/A\nNA,None\n",
         (2, 2, 0, 0), (("name", ["N/A", "None"]), ("account_id", ["A1", "NA"])), ("taken as an id",)),
    Case("007 stays 007", "accounts.csv", "account_id,name\n007,Bond\n7,Seven\n",
         (2, 2, 0, 0), (("account_id", ["007", "7"]),)),
    Case("ids that Excel rounded", "accounts.csv", "account_id,name\n1.23457E+12,A\n1.23457E+12,B\n77,C\n",
         (3, 1, 2, 0), (("name", ["C"]),), ("rounded", "row 2", "as text")),
    Case("a total", "accounts.csv", ACCOUNTS + "A1,Acme,10,\nA2,Total,20,\nTotal,,30,\nGrand total:,,30,\n",
         (4, 2, 0, 2), (("name", ["Acme", "Total"]), ("monthly_fee", [10, 20])), ("row 4",)),
    Case("a total beside an empty key", "accounts.csv", "account_id,name,monthly_fee\nA1,Acme,10\n,Sum,10\n",
         (2, 1, 0, 1), (("monthly_fee", [10]),)),
    Case("the same key with other values", "accounts.csv", "account_id,name\nA1,Acme\nA1,Acme\nA1,Other\n",
         (3, 1, 1, 1), (("name", ["Acme"]),), ("row 3", "exact repeat", "row 4", "other values")),
    Case("a very long text", "mentions.csv", "date,place,tone,text\n2025-01-02,x,1," + "ab " * 60_000 + "\n",
         (1, 1, 0, 0), (("text", [("ab " * 60_000).strip()]),)),
    # --- numbers
    Case("decimal commas", "accounts.csv", 'account_id,name,monthly_fee\nA1,A,"1.234,5"\nA2,B,"1,500"\n',
         (2, 2, 0, 0), (("monthly_fee", [1234.5, 1.5]),)),
    Case("thousands with commas", "accounts.csv", 'account_id,name,monthly_fee\nA1,A,"1,234.50"\nA2,B,"1,500"\n',
         (2, 2, 0, 0), (("monthly_fee", [1234.5, 1500]),)),
    Case("a comma that nothing decides", "tickets.csv",
         'ticket_id,account_id,opened_at,hours_worked\nT1,A1,2025-01-02,2\nT2,A1,2025-01-02,"1,500"\n',
         refused=("tickets.csv", "row 3", "hours_worked", "“1,500”", "dot for decimals")),
    Case("a dot that nothing decides", "accounts.csv", "account_id,name,monthly_fee\nA1,A,1.500\n",
         refused=("accounts.csv", "row 2", "monthly_fee", "“1.500”", "dot for decimals")),
    Case("two kinds of decimals", "tickets.csv",
         'ticket_id,account_id,opened_at,hours_worked\nT1,A,2025-01-02,"1,5"\nT2,A,2025-01-02,2.5\n'
         'T3,A,2025-01-02,"1,500"\n',
         refused=("tickets.csv", "row 4", "hours_worked", "dot for decimals")),
    Case("signs of money and percent", "price_survey.csv",
         "contact_id,too_cheap,cheap,intent_cheap\nC1,£30,\"£1,200\",45%\nC2,€40,£50.50,0.5\nC3,30 GBP,2,150%\n",
         (3, 3, 0, 0), (("too_cheap", [30, 40, 30]), ("cheap", [1200, 50.5, 2]),
                        ("intent_cheap", [0.45, 0.5, None])), ("row 4", "above 1")),
    Case("words among numbers", "accounts.csv",
         "account_id,name,seats,monthly_fee\nA1,A,12,ask\nA2,B,3.5,-\nA3,C,-2,1e3\nA4,D,inf,nan\n",
         (4, 4, 0, 0), (("seats", [12, None, None, None]), ("monthly_fee", [None, None, 1000, None])),
         ("“ask” is not a number", "not a whole number", "below 0", "“inf” is not a number")),
    # --- dates
    Case("days before months", "referrals.csv",
         "referral_id,account_id,made_on,stage\nR1,A,03/04/2025,won\nR2,A,25/04/2025,Lost\n",
         (2, 2, 0, 0), (("made_on", [moment("2025-04-03"), moment("2025-04-25")]),
                        ("stage", ["won", "lost"]))),
    Case("months before days", "referrals.csv",
         "referral_id,account_id,made_on,stage\nR1,A,03/04/2025,won\nR2,A,04/25/2025,met\n",
         (2, 2, 0, 0), (("made_on", [moment("2025-03-04"), moment("2025-04-25")]),)),
    Case("a date that nothing decides", "referrals.csv",
         "referral_id,account_id,made_on,stage\nR1,A,04/04/2025,won\nR2,A,03/04/2025,won\n",
         refused=("referrals.csv", "row 3", "made_on", "3 April 2025", "4 March 2025", "2025-04-03")),
    Case("two orders in one column", "referrals.csv",
         "referral_id,account_id,made_on,stage\nR1,A,25/04/2025,won\nR2,A,04/25/2025,won\n",
         refused=("referrals.csv", "row 3", "made_on", "two orders", "2025-04-03")),
    Case("two-digit years in any order", "referrals.csv",
         "referral_id,account_id,made_on,stage\nR1,A,25-04-03,won\n",
         refused=("referrals.csv", "row 2", "made_on", "2025-04-03")),
    Case("Excel's day numbers", "referrals.csv",
         "referral_id,account_id,made_on,stage\nR1,A,45000,won\nR2,A,2025-04-03,won\nR3,A,7,won\n",
         (3, 2, 1, 0), (("made_on", [moment("2023-03-15"), moment("2025-04-03")]),),
         ("day numbers", "“7” is not a date", "row 4")),
    Case("dates that can't be", "referrals.csv",
         "referral_id,account_id,made_on,stage\nR1,A,2025-02-30,won\nR2,A,0025-04-03,won\n"
         "R3,A,soon,won\nR4,A,9999-12-31,won\nR5,A,3 Apr 2025,won\n",
         (5, 1, 4, 0), (("made_on", [moment("2025-04-03")]),), ("“2025-02-30”", "outside the years")),
    Case("offsets from UTC", "tickets.csv",
         "ticket_id,account_id,opened_at\nT1,A,2025-07-01T10:00:00+01:00\nT2,A,2025-07-01 10:00Z\n",
         (2, 2, 0, 0), (("opened_at", [moment("2025-07-01 09:00"), moment("2025-07-01 10:00")]),),
         ("UTC",)),
    Case("clock times", "tickets.csv",
         "ticket_id,account_id,opened_at\nT1,A,13/05/2025 2:05 PM\nT2,A,01/05/2025 00:10\nT3,A,13/05/2025 25:00\n",
         (3, 2, 1, 0), (("opened_at", [moment("2025-05-13 14:05"), moment("2025-05-01 00:10")]),),
         ("“13/05/2025 25:00” is not a date", "row 4")),
    # --- choices, scales, marks
    Case("codes that are no marks", "ratings.csv",
         RATINGS + "R1,A,C,2025-01-02,0,1-5\nR2,A,C,2025-01-02,6,1-5\nR3,A,C,2025-01-02,3.5,1-5\n"
         "R4,A,C,2025-01-02,5,1-5\nR5,A,C,2025-01-02,11,0-10\nR6,A,C,2025-01-02,6,0-10\nR7,A,C,,,1-5\n",
         (7, 7, 0, 0), (("score", [None, None, None, 5, None, 6, None]),),
         ("“0” is not a mark on the scale 1-5", "“11” is not a mark on the scale 0-10", "row 3")),
    Case("a scale that Excel made a date", "ratings.csv",
         RATINGS + "R1,A,C,2025-01-02,5,05-Jan\nR2,A,C,2025-01-02,4,1 to 5\n",
         (2, 1, 1, 0), (("score", [4]),), ("turned into a date", "row 2", "1 to 5")),
    Case("yes and no in their spellings", "accounts.csv",
         "account_id,name,fit\n" + "".join(
             f"A{i},x,{word}\n" for i, word in enumerate(
                 ("yes", "No", "TRUE", "false", "1", "0", "Y", "n", "", "perhaps"))),
         (10, 10, 0, 0),
         (("fit", [True, False, True, False, True, False, True, False, None, None]),),
         ("“perhaps” is neither yes nor no", "row 11")),
    Case("choices in other spellings", "staff_survey.csv",
         "person_role,item_id,score,scale\nTech,Role Clarity,4,1-5\nTech,teamwork,4,1-5\nTech,pay,4,1-5\nLead,tools,9,1-5\n",
         (4, 2, 2, 0), (("item_id", ["role clarity", "team-work"]),), ("“pay” is not one of", "row 5")),
    Case("a log of several rows a ticket", "tickets.csv",
         "ticket_id,account_id,opened_at,sla_met\nT1,A,2025-01-02,yes\nT2,A,2025-01-02,yes\n"
         "T1,A,2025-01-02,no\nT1,A,2025-01-02,yes\nT2,A,2025-01-02,yes\n",
         (5, 2, 0, 3), (("ticket_id", ["T1", "T2"]), ("sla_met", [True, True])), ("exact repeat",)),
    Case("impossible beliefs", "beliefs.csv",
         "belief_id,value,low,high\ncsat,140,,\ncsat,60%,70,50\ncsat,55,50,160\ncsat,,,\n",
         (4, 3, 1, 0), (("value", [60, 55, None]), ("low", [None, 50, None]), ("high", [None, None, None])),
         ("“140” is not possible for csat", "0 to 100", "row 2", "above high")),
    # --- workbooks
    Case("a workbook as people make it", "accounts.xlsx", lambda: workbook(
             ("Account ID", "Name", "Seats", "Monthly fee", "Since", "Fit"),
             ("007", "N/A", 12.0, 1.125, pd.Timestamp("2025-04-03 10:00"), True),
             (8, "B", 3, 2000, 45000, "no"), (None,) * 6, ("Total", None, 15, None, None, None)),
         (3, 2, 0, 1), (("account_id", ["007", "8"]), ("name", ["N/A", "B"]), ("seats", [12, 3]),
                        ("monthly_fee", [1.125, 2000]), ("fit", [True, False]),
                        ("since", [moment("2025-04-03"), moment("2023-03-15")])), ("day numbers",)),
    Case("a Mac's day numbers", "accounts.xlsx", lambda: workbook(
             ("account_id", "name", "since"), ("A1", "A", 45000), mac=True),
         (1, 1, 0, 0), (("since", [moment("2027-03-16")]),)),
    Case("several sheets, one of them right", "accounts.xlsx", lambda: workbook(
             ("read me",), also={"Data": [("account_id", "name"), ("A1", "Acme")]}),
         (1, 1, 0, 0), (("name", ["Acme"]),)),
    Case("several sheets that could be it", "accounts.xlsx", lambda: workbook(
             ("account_id", "name"), ("A1", "A"), also={"Old": [("account_id", "name"), ("A2", "B")]}),
         refused=("accounts.xlsx", "several sheets", "Old", "call the right one accounts")),
    Case("formulas without results", "accounts.xlsx", lambda: workbook(
             ("account_id", "name", "monthly_fee"), ("A1", "A", "=1+1")),
         refused=("accounts.xlsx", "formula", "open the workbook in Excel and save it again")),
    Case("an Excel error", "accounts.xlsx", lambda: with_part(SHEET_FILE, SHEET.format(
             dimension="", rows='<row r="1"><c r="A1" t="inlineStr"><is><t>account_id</t></is></c>'
             '<c r="B1" t="inlineStr"><is><t>name</t></is></c></row><row r="2"><c r="A2" t="inlineStr">'
             '<is><t>A1</t></is></c><c r="B2" t="e"><v>#REF!</v></c></row>')),
         (1, 0, 1, 0), says=("Excel error", "row 2")),
    Case("cells far apart", "accounts.xlsx", far_cells, refused=("accounts.xlsx", "too large", "CSV")),
    Case("cells without addresses", "accounts.xlsx", unaddressed_cells,
         refused=("accounts.xlsx", "too large", "CSV")),
    Case("one text repeated", "accounts.xlsx", repeated_string,
         refused=("accounts.xlsx", "too large", "CSV")),
    Case("a bomb", "accounts.xlsx", unpacks_to_much, refused=("accounts.xlsx", "too large", "CSV")),
    Case("half a workbook", "accounts.xlsx", lambda: workbook(("account_id", "name"))[:2000],
         refused=("accounts.xlsx", "damaged", "save it again")),
    Case("a zip that is no workbook", "accounts.xlsx",
         lambda: with_part("x", "y", "xl/workbook.xml"),
         refused=("accounts.xlsx", "damaged", "save it again")),
    # --- Parquet
    Case("Parquet with types", "accounts.parquet", lambda: parquet(
             account_id=[7.0, 8.0], name=["N/A", "B"], monthly_fee=[1.125, None], fit=[True, None],
             since=[moment("2025-04-03"), None]),
         (2, 2, 0, 0), (("account_id", ["7", "8"]), ("monthly_fee", [1.125, None]),
                        ("fit", [True, None]), ("since", [moment("2025-04-03"), None]))),
    Case("Parquet with lists", "accounts.parquet", lambda: parquet(account_id=["A"], name=[["x"]]),
         refused=("accounts.parquet", "name", "lists", "one plain value a cell")),
    Case("half a Parquet file", "accounts.parquet", lambda: parquet(account_id=["A"], name=["B"])[:90],
         refused=("accounts.parquet", "damaged", "export it again")),
)  # fmt: skip


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 40
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_file(case: Case, tmp_path: Path) -> None:
    path = case.write(tmp_path)
    table = schema.TABLES[path.stem]
    start = time.process_time()
    if case.refused:
        with pytest.raises(Refused) as refusal:
            read_table(path, table)
        assert time.process_time() - start < 1, "a refusal must be quick"
        text = str(refusal.value)
        assert "\n" not in text
        for words in case.refused:
            assert words in text, text
        return
    read = read_table(path, table)
    ledger = read.ledger
    assert (ledger.read, ledger.kept, ledger.rejected, ledger.excluded) == case.rows, ledger
    assert len(read.frame) == ledger.kept == len(read.rows)
    assert tuple(read.frame.columns) == table.names
    for column, expected in case.cells:
        found = [None if pd.isna(value) else value for value in read.frame[column]]
        assert found == expected, column
    said = "\n".join(map(str, read.problems))
    for words in case.says:
        assert words in said, said
