"""A room of attendees: what may be shown of it, and that nobody can be had by subtracting.

The attacks keep everything that was ever shown, of every refresh and of every belief, and look for
a sum or a difference that comes down to fewer than five people.
"""

from __future__ import annotations

import json
import math
import shutil
import threading
import time
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import rooms
from servicegap import schema
from servicegap.client import appending
from servicegap.teaching import fives, handed_in, room, views
from servicegap.verdicts import Stated

FIRM = Path(__file__).resolve().parents[1] / "data" / "sample" / "alder-it"
TRUTH = room.read_truth(FIRM)


def opened(folder: Path) -> room.Room:
    return room.open_room(folder, FIRM)


def a_firm(folder: Path, settings: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "client.yaml").write_text(settings, encoding="utf-8")
    return folder


def atoms(shown: list[frozenset]) -> list[frozenset]:
    """The smallest parts of which every set shown is made."""
    parts: dict[tuple, set] = {}
    for who in frozenset().union(*shown):
        parts.setdefault(tuple(who in one for one in shown), set()).add(who)
    return [frozenset(part) for part in parts.values()]


def fewest_by_subtracting(shown: list[frozenset]) -> int:
    """How few people remain in any difference of two sets shown, or in any atom; 0 is nobody."""
    sizes = [len(atom) for atom in atoms(shown)]
    sizes += [len(a ^ b) for a, b in combinations(set(shown), 2)]
    return min((n for n in sizes if n), default=0)


# -- by fives ----------------------------------------------------------------------------------


def by_name(who: str) -> str:
    return who


def test_people_come_in_by_fives() -> None:
    for n in range(26):
        shown, blocks = fives.admit([f"p{i:02}" for i in range(n)], (), by_name)
        assert len(shown) == 5 * (n // 5) == sum(map(len, blocks))


def test_one_more_waits_and_the_fifth_brings_them_in() -> None:
    _, blocks = fives.admit(list("abcde"), (), by_name)
    for more, expected in (("f", 5), ("fgh", 5), ("fghij", 10), ("fghijk", 10)):
        assert len(fives.admit(list("abcde" + more), blocks, by_name)[0]) == expected


def test_whoever_goes_takes_four_along_and_they_stay_away_until_all_are_back() -> None:
    everybody = list("abcdefghij")
    first, blocks = fives.admit(everybody, (), by_name)
    less, blocks = fives.admit(set(everybody) - {"d"}, blocks, by_name)
    assert len(first) == 10 and len(less) == 5 and "d" not in less
    with_one_new, blocks = fives.admit({*everybody, "k"} - {"d"}, blocks, by_name)
    assert with_one_new == less
    back, blocks = fives.admit(everybody, blocks, by_name)
    assert back == first


@pytest.mark.parametrize("seed", range(30))
def test_whatever_happens_no_sum_or_difference_is_about_fewer_than_five(seed: int) -> None:
    rng = np.random.default_rng(seed)
    there: set[str] = set()
    blocks: tuple = ()
    shown: list[frozenset] = []
    for step in range(25):
        there |= {f"{step}-{i}" for i in range(rng.integers(0, 7))}
        gone = [p for p in sorted(there) if rng.random() < 0.04]
        there -= set(gone)
        now, blocks = fives.admit(there, blocks, by_name)
        guessed_again = [p for p in now if rng.random() < 0.8]
        again, blocks = fives.admit(guessed_again, blocks, by_name, newcomers=False)
        assert now <= there and again <= now
        assert len(now) % 5 == len(again) % 5 == 0
        shown += [now, again]
    assert fewest_by_subtracting(shown) >= 5


def test_the_attack_finds_who_is_new_where_everybody_is_shown() -> None:
    naive = [frozenset(f"p{i}" for i in range(n)) for n in (8, 9, 12)]
    assert fewest_by_subtracting(naive) == 1


# -- files -------------------------------------------------------------------------------------


def test_thirty_files_one_withdrawn_one_rubbish(tmp_path: Path) -> None:
    rooms.fill(tmp_path, TRUTH, 30)
    (tmp_path / "seat-03.csv").write_bytes(b"PK\x03\x04 not a table at all \x00\xff")
    here = opened(tmp_path)
    assert here.people == 25
    assert here.told == ()
    assert here.of_files == ("seat-03.csv is left out: it is no file of guesses, or it can't be "
                             "read as one.",)  # fmt: skip
    (tmp_path / "seat-07.csv").unlink()
    here.refresh()
    assert here.people in (20, 25)
    shown = {s.person for b in here.beliefs.values() for s in b.first}
    left = {s.person for those in handed_in.read(tmp_path).said.values() for s in those}
    assert shown <= left


def test_names_of_files_wait_for_a_click_and_the_rest_does_not(tmp_path: Path) -> None:
    rooms.fill(tmp_path, TRUTH, 5)
    here = opened(tmp_path)
    assert "<details" not in here.html and here.html == here._repr_html_()
    (tmp_path / "Anna & <b>Bo.csv").write_bytes(b"no guess")
    own = a_firm(tmp_path / "1" / "ours", "name: Ours\nid: ours\n")
    rooms.put(own / "beliefs.csv", rooms.guesses(TRUTH, 9))
    here.refresh()
    at_once, click = here.html.split("<details>")
    assert "5 people" in at_once and "1 file about another firm" in at_once
    assert "Anna" not in at_once and "Anna" not in click.split("</summary>")[0]
    assert "Anna &amp; &lt;b&gt;Bo.csv is left out" in click


def test_under_five_nothing_is_shown(tmp_path: Path) -> None:
    rooms.fill(tmp_path, TRUTH, 4)
    here = opened(tmp_path)
    assert here.people == 0 and "Fewer than 5" in here.summary
    for look in (views.ranges, *views.VIEWS):
        found = look(here)
        assert found.not_measured and not len(found.data)
    rooms.fill(tmp_path, TRUTH, 1, first=5)
    here.refresh()
    assert here.people == 5 and all(look(here).data is not None for look in views.VIEWS)


def test_a_belief_that_four_answered_is_not_shown_and_counts_nowhere(tmp_path: Path) -> None:
    for seat in range(1, 13):
        beliefs = None if seat <= 4 else [b for b in schema.HEADLINES if b != "csat"]
        rooms.put(tmp_path / f"{seat}.csv", rooms.guesses(TRUTH, seat, beliefs=beliefs))
    here = opened(tmp_path)
    assert here.beliefs["csat"].first == () and here.people == 10
    for look in (views.ranges, *views.VIEWS):
        found = look(here)
        assert "Top marks" not in set(found.data["belief"])
        assert set(found.data["people"]) <= {10, 110}
    total = views.calibration(here).data.set_index("belief")
    others = total.drop("All together")
    assert total.loc["All together", "held"] == others["held"].sum()


def test_one_person_twice_is_one_person(tmp_path: Path) -> None:
    rooms.fill(tmp_path, TRUTH, 5)
    shutil.copy(tmp_path / "seat-01.csv", tmp_path / "copy of seat-01.csv")
    rooms.put(tmp_path / "own" / "beliefs.csv", rooms.guesses(TRUTH, 2, after=False))
    said = handed_in.read(tmp_path).said["csat"]
    assert len(said) == 5 and all(one.again for one in said)


def test_files_in_folders_count_where_they_are_called_beliefs(tmp_path: Path) -> None:
    for seat in range(1, 6):
        rooms.put(tmp_path / f"{seat}" / "beliefs.csv", rooms.guesses(TRUTH, seat))
        (tmp_path / f"{seat}" / "tickets.csv").write_text("ticket_id\n1\n", encoding="utf-8")
        rooms.put(tmp_path / f"{seat}" / ".servicegap" / "beliefs.csv", [])
    (tmp_path / "learning-1.csv").write_text("occasion\n01\n", encoding="utf-8")
    read = handed_in.read(tmp_path)
    assert len(read.said["csat"]) == 5 and read.told == read.of_files == ()


def test_a_guess_about_another_firm_does_not_count_and_is_told_as_a_number(tmp_path: Path) -> None:
    """An attendee's workbook holds all three made-up firms, and perhaps their own."""
    for seat in range(1, 7):
        for i, firm in enumerate(("alder-it", "birch-support", "cedar-desk")):
            own = a_firm(tmp_path / f"{seat}" / firm, f"name: {firm}\nid: {firm}\n")
            rooms.put(own / "beliefs.csv", rooms.guesses(TRUTH, 10 * seat + i))
    for name, settings in (("ours", "name: Ours\nid: ours\n"), ("nameless", "name: Nobody\n"),
                           ("broken", "id: [alder-it")):  # fmt: skip
        own = a_firm(tmp_path / "7" / name, settings)
        rooms.put(own / "beliefs.csv", rooms.guesses(TRUTH, len(name) + 90))
    rooms.put(tmp_path / "8" / "beliefs.csv", rooms.guesses(TRUTH, 80))  # no firm's folder
    rooms.put(tmp_path / "9.csv", rooms.guesses(TRUTH, 81))
    read = handed_in.read(tmp_path, "alder-it")
    assert len(read.said["csat"]) == 8
    assert read.told == ("15 files about another firm did not count.",)
    assert len(handed_in.read(tmp_path).said["csat"]) == 23
    assert opened(tmp_path).people == 5
    of_birch = room.open_room(tmp_path, FIRM.with_name("birch-support"))
    assert of_birch.firm == "birch-support" and of_birch.people == 5


def test_a_file_without_a_time_is_one_person_under_whatever_name(tmp_path: Path) -> None:
    for seat in range(1, 6):
        rows = [[*row[:-1], ""] for row in rooms.guesses(TRUTH, seat)]
        rooms.put(tmp_path / f"seat-{seat}.csv", rows)
    shutil.copy(tmp_path / "seat-1.csv", tmp_path / "copy of seat-1.csv")
    (tmp_path / "own").mkdir()
    shutil.copy(tmp_path / "seat-2.csv", tmp_path / "own" / "beliefs.csv")
    assert len(handed_in.read(tmp_path).said["csat"]) == 5
    # two who agree on one belief are still two
    rows = [[*row[:-1], ""] for row in rooms.guesses(TRUTH, 6)]
    for name, first in (("a", rooms.guesses(TRUTH, 7)[:2]), ("b", rooms.guesses(TRUTH, 8)[:2])):
        rooms.put(tmp_path / f"{name}.csv", [*([*row[:-1], ""] for row in first), *rows[2:]])
    assert len(handed_in.read(tmp_path).said["stay_share"]) == 7


def test_a_half_written_line_is_left_out_and_told(tmp_path: Path) -> None:
    rooms.fill(tmp_path, TRUTH, 5, after=False)
    path = tmp_path / "seat-02.csv"
    text = path.read_text(encoding="utf-8-sig").rstrip()
    last = text.splitlines()[-1].split(",")
    path.write_text(text[: text.rindex(",".join(last[1:]))] + last[1][:1], encoding="utf-8")
    read = handed_in.read(tmp_path)
    assert [len(read.said[b]) for b in ("csat", "stay_share")] == [5, 4]
    assert len(read.of_files) == 1 and "cut off" in read.of_files[0]
    for size in range(0, 120, 7):
        path.write_bytes(path.read_bytes()[:size])
        handed_in.read(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"belief_id,value\n", b"<html>", b"a;b\n1;2\n", b"\n\n\n",
     b"belief_id,value\ncsat,lots\n", b"belief_id,value\ncsat,-3\n", b"x" * 1_100_000,
     b"belief_id,value\nweather,5\n", b'belief_id,value\n"csat,50\n'],
)  # fmt: skip
def test_rubbish_stops_nobody_and_is_not_read_out(content: bytes, tmp_path: Path) -> None:
    rooms.fill(tmp_path, TRUTH, 5)
    (tmp_path / "rubbish.csv").write_bytes(content)
    here = opened(tmp_path)
    assert here.people == 5 and len(here.of_files) <= 1
    assert not any(word in "".join(here.of_files) for word in ("html", "lots", "weather"))


def test_an_empty_value_withdraws_and_a_later_one_after_it_speaks(tmp_path: Path) -> None:
    first = ["csat", "70", "60", "80", "workbook", "2026-11-20 10:00:00"]
    gone = ["csat", "", "", "", "workbook", "2026-11-20 11:00:00"]
    back = ["csat", "66", "60", "", "workbook", "2026-11-20 12:00:00"]
    for rows, expected in (
        ([first], [Stated(70, 60, 80)]),
        ([first, gone], []),
        ([gone], []),
        ([gone, back], [Stated(66, 60, 71)]),
        ([first, gone, back], [Stated(70, 60, 80)]),
    ):
        rooms.put(tmp_path / "one.csv", rows)
        assert [one.first for one in handed_in.read(tmp_path).said["csat"]] == expected


def test_a_room_without_a_folder_waits(tmp_path: Path) -> None:
    here = opened(tmp_path / "room")
    assert here.people == 0 and "no folder" in here.told[0]
    rooms.fill(tmp_path / "room", TRUTH, 5)
    here.refresh()
    assert here.people == 5 and here.told == ()


def test_a_copy_handed_out_has_no_truth(tmp_path: Path) -> None:
    (tmp_path / "firm").mkdir()
    with pytest.raises(ValueError, match=r"TRUTH\.yaml"):
        opened_with = room.open_room(tmp_path, tmp_path / "firm")
        assert opened_with


@pytest.mark.parametrize(
    "content",
    ["", "beliefs:", "beliefs: [1, 2", "42", "- a\n- b\n", "beliefs:\n  csat: {}\n",
     "\x00", "[" * 4000],
)  # fmt: skip
def test_a_truth_that_is_none_is_told_in_plain_words(content: str, tmp_path: Path) -> None:
    (tmp_path / room.TRUTH).write_text(content, encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"can't be read as the truth of a firm.+servicegap sample"
    ):
        room.read_truth(tmp_path)


def test_a_truth_cut_short_is_told_in_plain_words(tmp_path: Path) -> None:
    whole = (FIRM / room.TRUTH).read_bytes()
    for part in range(0, len(whole) - 1500, 701):
        (tmp_path / room.TRUTH).write_bytes(whole[:part])
        with pytest.raises(ValueError, match="can't be read as the truth"):
            room.read_truth(tmp_path)


# -- between refreshes -------------------------------------------------------------------------


def published(here: room.Room) -> dict[str, list[frozenset]]:
    """Whom each figure on the screen is about now, by belief."""
    return {
        name: [frozenset(s.person for s in those) for those in (b.first, b.again) if those]
        for name, b in here.beliefs.items()
    }


@pytest.mark.parametrize("seed", range(3))
def test_nobody_is_had_by_subtracting_one_refresh_from_another(seed: int, tmp_path: Path) -> None:
    """People come, go, guess again and guess some things only; the notebook is opened anew."""
    rng = np.random.default_rng(seed)
    shown: dict[str, list[frozenset]] = {b: [] for b in schema.HEADLINES}
    screens: list[dict[str, tuple[int, int]]] = []
    seats, here = 0, None
    for step in range(9):
        for _ in range(int(rng.integers(1, 7))):
            seats += 1
            some = [b for b in schema.HEADLINES if rng.random() < 0.9]
            rooms.put(tmp_path / f"{seats}.csv",
                      rooms.guesses(TRUTH, seats, after=False, beliefs=some))  # fmt: skip
        for path in sorted(tmp_path.glob("*.csv")):
            if rng.random() < 0.03:
                path.unlink()
            elif step > 3 and rng.random() < 0.4:
                rooms.put(path, rooms.guesses(TRUTH, int(path.stem)))
        if here is None or step % 3 == 0:
            here = opened(tmp_path)
        else:
            here.refresh()
        for belief, those in published(here).items():
            shown[belief] += those
        if here.people:
            data = views.calibration(here).data.set_index("belief")
            screens.append({b: (int(r["people"]), int(r["held"])) for b, r in data.iterrows()})
    assert any(len(those) > 1 for those in shown.values())
    for belief, those in shown.items():
        if those:
            assert fewest_by_subtracting(those) >= 5, belief
    for before, now in combinations(screens, 2):
        for belief in set(before) & set(now):
            assert (now[belief][0] - before[belief][0]) % 5 == 0
            if now[belief][0] == before[belief][0] and belief != "All together":
                assert now[belief] == before[belief] or now[belief][0] >= 5


def test_two_windows_on_one_room_choose_the_same_people(tmp_path: Path) -> None:
    """A notebook, a second one, and the page for the end: together they are one room."""
    shown: dict[str, list[frozenset]] = {b: [] for b in schema.HEADLINES}

    def seen(here: room.Room) -> dict[str, list[frozenset]]:
        for belief, those in published(here).items():
            shown[belief] += those
        return published(here)

    rooms.fill(tmp_path, TRUTH, 7)
    a = opened(tmp_path)
    seen(a)
    rooms.fill(tmp_path, TRUTH, 5, first=8)
    b = opened(tmp_path)
    seen(b)
    rooms.fill(tmp_path, TRUTH, 2, first=13)
    a.refresh()
    c = opened(tmp_path)
    assert seen(a) == seen(c) and a.people == c.people == b.people == 10
    assert a.beliefs == c.beliefs
    for belief, those in shown.items():
        assert fewest_by_subtracting(those) >= 5, belief
    b.refresh()
    assert seen(b) == published(a)


@pytest.mark.parametrize("seed", range(3))
def test_nobody_is_had_by_subtracting_what_three_windows_show(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng([5, seed])
    shown: dict[str, list[frozenset]] = {b: [] for b in schema.HEADLINES}
    windows: list[room.Room] = []
    for step in range(9):
        for seat in range(10 * step, 10 * step + int(rng.integers(1, 7))):
            rooms.put(tmp_path / f"{seat}.csv", rooms.guesses(TRUTH, seat, after=False))
        for path in sorted(tmp_path.glob("*.csv")):
            if rng.random() < 0.05:
                path.unlink()
            elif rng.random() < 0.3:
                rooms.put(path, rooms.guesses(TRUTH, int(path.stem)))
        if len(windows) < 3:
            windows.append(opened(tmp_path))
        here = windows[int(rng.integers(len(windows)))]
        here.refresh()
        for belief, those in published(here).items():
            shown[belief] += those
    assert any(len(set(those)) > 1 for those in shown.values())
    assert min(fewest_by_subtracting(those) for those in shown.values() if those) >= 5


def test_a_window_waits_while_another_one_shows(tmp_path: Path) -> None:
    rooms.fill(tmp_path, TRUTH, 7)
    here = opened(tmp_path)
    done: list[float] = []
    other = threading.Thread(target=lambda: (here.refresh(), done.append(time.monotonic())))
    with appending.locked(tmp_path / room.SHOWN):
        other.start()
        time.sleep(0.2)
        free = time.monotonic()
        assert not done
    other.join()
    assert done[0] >= free


def test_one_newcomer_changes_nothing_that_is_seen(tmp_path: Path) -> None:
    rooms.fill(tmp_path, TRUTH, 10)
    here = opened(tmp_path)
    before = [look(here).data for look in (views.ranges, *views.VIEWS)]
    rooms.fill(tmp_path, TRUTH, 1, first=99)
    here.refresh()
    for look, seen in zip((views.ranges, *views.VIEWS), before, strict=True):
        assert look(here).data.equals(seen)
    again = opened(tmp_path)
    assert views.ranges(again).data.equals(before[0])


def test_a_second_guess_shows_only_with_five_who_made_one(tmp_path: Path) -> None:
    rooms.fill(tmp_path, TRUTH, 10, after=False)
    here = opened(tmp_path)
    assert views.before_after(here).not_measured
    for seat in range(1, 10):
        rooms.put(tmp_path / f"seat-{seat:02}.csv", rooms.guesses(TRUTH, seat))
        here.refresh()
        assert len(here.beliefs["csat"].again) == 5 * (seat // 5)
    rooms.fill(tmp_path, TRUTH, 10)
    here.refresh()
    assert len(here.beliefs["csat"].again) == 10


def test_what_is_kept_has_no_names_and_no_numbers(tmp_path: Path) -> None:
    rooms.fill(tmp_path, TRUTH, 10)
    opened(tmp_path)
    text = (tmp_path / room.SHOWN).read_text(encoding="utf-8")
    assert "seat" not in text and set(json.loads(text)) == {"salt", "blocks", "again"}
    (tmp_path / room.SHOWN).write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="new folder"):
        opened(tmp_path)


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path, monkeypatch) -> None:
    rooms.fill(tmp_path, TRUTH, 5)

    def refuse(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    here = opened(tmp_path)
    assert here.people == 5 and "can't be written to" in here.told[0] and not here.kept
    rooms.fill(tmp_path, TRUTH, 7)
    here.refresh()  # as long as it stays open it knows whom it has shown
    assert here.people == 5 and len(here.memory.blocks["csat"]) == 1


# -- figures -----------------------------------------------------------------------------------


def test_the_figures_are_those_of_the_people_shown(tmp_path: Path) -> None:
    rooms.fill(tmp_path, TRUTH, 10)
    here = opened(tmp_path)
    true = TRUTH["beliefs"]["csat"]["true_value"]
    firsts = [one.first for one in handed_in.read(tmp_path).said["csat"]]
    rows = {look: look(here).data.set_index("belief") for look in views.VIEWS}
    held = sum(g.low <= true <= g.high for g in firsts)
    assert rows[views.against_truth].loc["Top marks", "held"] == held
    assert rows[views.against_truth].loc["Top marks", "guess"] == round(
        float(np.median([g.value for g in firsts]))
    )
    flattered = sum(true < g.low for g in firsts)
    assert rows[views.blind_spots].loc["Top marks", "flattered"] == flattered
    low, high = views.exact(held, 10)
    assert rows[views.calibration].loc["Top marks", ["low", "high"]].tolist() == [low, high]


def test_exact_intervals_are_clopper_and_pearsons() -> None:
    low, high = views.exact(3, 10)
    assert (low, high) == (pytest.approx(6.67, abs=0.01), pytest.approx(65.25, abs=0.01))
    assert views.exact(0, 5)[0] == 0 and views.exact(0, 5)[1] == pytest.approx(52.18, abs=0.01)


def test_every_view_can_be_drawn_and_says_its_finding(tmp_path: Path) -> None:
    rooms.fill(tmp_path, TRUTH, 10)
    here = opened(tmp_path)
    for look in (views.ranges, *views.VIEWS):
        found = look(here)
        assert found.title and found.caption and len(found.title) < 130
        if hasattr(found, "draw"):
            assert len(found.alt) > 100
            found.draw()
    assert "flatters" in views.against_truth(here).title
    assert math.isfinite(views.calibration(here).data["low"].min())


def test_the_middle_word_follows_the_rule() -> None:
    head = schema.HEADLINES["stay_share"]  # true 92
    fake = room.Room(Path(), "alder-it", TRUTH, room.Memory(""))
    for value, low, high, word in (
        (99, 97, 100, "blind spot"), (70, 60, 80, "hidden strength"), (95, 93, 97, "well judged"),
        (85, 80, 95, "well judged"),
    ):  # fmt: skip
        said = tuple(handed_in.Said(str(i), Stated(value, low, high)) for i in range(5))
        assert views.beside(fake, room.OneBelief(head, said, ())).word == word
