"""The page about a client's data: what it counts, what it escapes, where it is written."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner
from servicegap import cli, health, healthpage
from servicegap.client import load


def folder(tmp_path: Path) -> Path:
    (tmp_path / "client.yaml").write_text("name: <b>Acme & Sons</b>\nid: acme\n")
    (tmp_path / "accounts.csv").write_text("account_id,name\nA1,x\nA2,y\n")
    tickets = "".join(
        f"T{i},A{i % 3 + 1},2025-0{i % 3 + 1}-10,{'many' if i < 2 else 1}\n" for i in range(9)
    )
    (tmp_path / "tickets.csv").write_text(
        "ticket_id,account_id,opened_at,<script>alert(1)</script>,touches\n"
        + re.sub(r"(\d|many)\n", r"=1+1,\1\n", tickets)
    )
    ratings = "".join(
        f"R{i},A{i % 2 + 1},C{i},2025-03-01,{5 if i < 4 else ''},1-5\n" for i in range(6)
    )
    (tmp_path / "ratings.csv").write_text(
        "rating_id,account_id,contact_id,answered_at,score,scale\n" + ratings
    )
    return tmp_path


def looked_at(tmp_path: Path) -> tuple[health.Health, healthpage.Facts, Path | None]:
    client = load(folder(tmp_path), sealed=False, tolerate=True)
    found = health.of(client)
    counted = healthpage.facts(client, found)
    return found, counted, healthpage.write(client, found, counted)


def test_it_counts_what_is_there_and_what_is_not_known(tmp_path: Path) -> None:
    _, counted, _ = looked_at(tmp_path)
    assert (counted.accounts, counted.contacts, counted.answering) == (3, 6, 4)
    (tickets,) = [t for t in counted.tables if t.ledger.table == "tickets"]
    assert tickets.months == (("2025-01", 3), ("2025-02", 3), ("2025-03", 3))
    assert ("tickets.account_id", "accounts.account_id", 9, 6) in counted.links
    names = [name for name, _ in counted.next_tables]
    assert names and not {"tickets", "ratings", "accounts"} & set(names[:3])
    said = "\n".join(healthpage.lines(counted))
    assert "3 of 9 tickets.account_id are not in accounts" in said
    assert "would unlock" in said


def test_nothing_of_a_file_runs_on_the_page(tmp_path: Path) -> None:
    _, _, page = looked_at(tmp_path)
    assert page == tmp_path / ".servicegap" / "health.html"
    html = page.read_text("utf-8")
    assert "<script>" not in html and "&lt;script&gt;" in html and "&lt;b&gt;Acme" in html
    assert "default-src 'none'" in html
    assert not re.search(r"""(?:src|href)=["']""", html)
    rest = (tmp_path / ".servicegap" / "problems.csv").read_text("utf-8-sig")
    assert "“many” is not a number" in rest
    assert not re.search(r"(?m)(?:^|,)=", rest)


def test_the_command_names_the_page(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli.main, ["check", str(folder(tmp_path))])
    assert done.exit_code == 0, done.output
    assert "As a page:" in done.output and "Who and when" in done.output


def test_a_sample_is_never_written_to() -> None:
    client = load("data/sample/cedar-desk", sealed=False)
    found = health.of(client)
    assert healthpage.write(client, found, healthpage.facts(client, found)) is None
