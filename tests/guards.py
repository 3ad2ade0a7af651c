"""The guards that keep the workbook from being wrong, and the tests that hold each of them.

A guard is patched out by writing one piece of the library anew, in a copy of it; then at least one
of the tests named must fail (tests/test_guards.py). CONTRIBUTING has the same list as a table.
"""

# ruff: noqa: E501 - pieces of the library as they stand there
from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

CONTRIBUTING = Path(__file__).resolve().parents[1] / "CONTRIBUTING.md"
BEGIN, END = "<!-- guards: tests/guards.py -->", "<!-- /guards -->"


@dataclass(frozen=True)
class Guard:
    """`name` says what is kept; `old` of `file` becomes `new`, which takes it out."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    quick: bool = False  # also tried in `make test`


_STATS, _VERDICTS = "tests/test_stats.py::", "tests/test_verdicts.py::"
_BENCHMARKING = "tests/sessions/test_benchmarking.py::"
_PEERS = "sessions/benchmarking/among_peers.py"
_GRID = f"{_VERDICTS}test_a_grid_of_cases_by_the_book"

GUARDS = (
    Guard("floor: ten people in five accounts", "stats/estimate.py",
          "return bool(people >= SPEAKS_FROM and accounts >= ACCOUNTS_FROM)", "return True",
          (f"{_STATS}test_the_floor",), quick=True),
    Guard("fewer than five people are not shown", "stats/estimate.py",
          "HIDDEN_BELOW = 5 ", "HIDDEN_BELOW = 0 ", (f"{_STATS}test_the_floor",)),
    Guard("ten accounts where accounts are counted", "stats/estimate.py",
          "return self.measured and self.accounts >= SPEAKS_FROM", "return self.measured",
          (f"{_STATS}test_accounts_speak_from_ten",)),
    Guard("effective n: people of an account resemble each other", "stats/shares.py",
          "return max(1.0, n / max(1.0, linearised / (share * (1 - share) / n) * wider**2))",
          "return float(n)", (f"{_STATS}test_effective_n_by_hand",), quick=True),
    Guard("effective n: few accounts know less of their variance", "stats/shares.py",
          "/ n) * wider**2))", "/ n)))", (f"{_STATS}test_effective_n_by_hand",)),
    Guard("effective n: all of one mind are as many as their accounts", "stats/shares.py",
          "    if share in (0.0, 1.0):\n        return alike",
          "    if share in (0.0, 1.0):\n        return float(n)",
          (f"{_STATS}test_what_answers_are_worth",)),
    Guard("no spread in the draws is no proof", "stats/bootstrap.py",
          "    if error < _NO_ERROR:\n        return _of_one_mind(value, 0.0, 100.0, sizes, unit, per)",
          "    error = max(error, 1e-9)",
          (f"{_STATS}test_accounts_of_one_mind_are_not_sure_of_everybody",)),
    Guard("a place among peers: few accounts know less of their spread", _PEERS,
          "errors * math.sqrt(alike / (alike - 1)) * ratio", "errors",
          (f"{_BENCHMARKING}test_resampled_shares_know_from_how_few_accounts_they_come",)),
    Guard("a place among peers: all of one mind is not certainty", _PEERS,
          "if np.ptp(errors) < _ALL_ONE:", "if np.ptp(errors) < _ALL_ONE:\n        return own + errors",
          (f"{_BENCHMARKING}test_ten_accounts_of_one_mind_are_not_certain_of_their_place",)),
    Guard("shares: few accounts of many people are not sure", "stats/shares.py",
          "len(values) <= _CROWDED * firms", "True",
          (f"{_STATS}test_few_accounts_of_many_people_are_not_sure_however_little_they_seem_to_differ",)),
    Guard("small groups hide a neighbour from subtraction", "subtraction.py",
          "if not rest or len(np.unique(np.concatenate(rest))) >= HIDDEN_BELOW:", "if True:",
          (f"{_STATS}test_one_person_in_two_small_teams_is_one_person",), quick=True),
    Guard("bounds for the silent", "stats/shares.py",
          "return value * heard, value * heard + 100 * (1 - heard)", "return value, value",
          (f"{_STATS}test_the_silent_can_be_all_bad_or_all_good",)),
    Guard("α: twelve beliefs share one report's risk", "verdicts.py",
          "ALPHA = 0.05 / 12 ", "ALPHA = 0.05 ", (_GRID,), quick=True),
    Guard("the belief's own range is respected", "verdicts.py",
          "outside = not low <= estimate.value <= high", "outside = True", (_GRID,)),
    Guard("nobody escapes by a range from 0 to 100", "verdicts.py",
          "max(stated.low, away(-2))", "stated.low", (_GRID,)),
    Guard("well judged takes sixty answers, and never of USPs", "verdicts.py",
          "estimate.n >= WELL_JUDGED_FROM.get(estimate.per, 60)", "estimate.n >= 1",
          (f"{_VERDICTS}test_usps_are_never_called_well_judged", _GRID)),
    Guard("a comparison turns only where that is likely", "comparisons.py",
          "return self.reversed_with >= LIKELY", "return self.raw * self.standardised < 0",
          ("tests/test_comparisons.py::test_a_turn_is_called_only_where_it_is_likely",)),
    Guard("many looks make p larger", "comparisons.py",
          "return false_discovery_control(p) if len(p) else p", "return p",
          ("tests/test_comparisons.py::test_three_looks_by_hand",)),
    Guard("better or worse only at the strict level", "changes.py",
          "verdict = _verdict(headline, strict)", "verdict = _verdict(headline, (low, high))",
          ("tests/test_changes.py::test_the_interval_is_newcombes",
           "tests/test_changes.py::test_no_change_is_rarely_called_one")),
    Guard("what stood out comes back by chance, in words", "changes.py",
          'if leans == BETTER and start == "blind spot":', "if False:",
          ("tests/test_changes.py::test_a_rise_from_a_low_start_is_partly_chance",)),
    Guard("floor in each arm of a comparison", "sessions/third_party_impact/chain.py",
          "return all(stats.enough(*arm) for arm in arms(frame))", "return True",
          ("tests/sessions/test_third_party_impact.py::"
           "test_the_floor_is_that_of_the_smaller_side",)),
    Guard("the own row is no peer", "peers.py",
          '& ~peers["peer"].map(name_key).isin(own)', '& peers["peer"].notna()',
          ("tests/test_panel.py::test_each_client_sees_the_others_and_not_itself",
           "tests/test_peers.py::test_only_like_is_compared_with_like")),
    Guard("the ledger balances", "tables/reading.py",
          'assert self.read == self.kept + self.rejected + self.excluded, "the ledger must balance"',
          "pass", ("tests/test_tables.py",)),
    Guard("last period is the same client's", "client/previous.py",
          "if earlier.settings.id != own:", "if False:",
          ("tests/test_client_previous.py::test_what_can_not_serve_is_refused_in_plain_words",)),
    Guard("the earliest value is the belief", "client/folder.py",
          "        first, *after = valued", "        *after, first = valued",
          ("tests/test_client.py::test_the_earliest_value_is_the_belief",)),
    Guard("sealed until the guess is made", "client/folder.py",
          "return any(guess.id not in said for guess in schema.SESSIONS[session].guesses)",
          "return False", ("tests/test_bundles.py::test_before_the_guess_only_the_card_is_shown",)),
    Guard("pseudonyms hang on the client's own key", "client/privacy.py",
          "hmac.digest(key, ", 'hmac.digest(b"k", ',
          ("tests/test_privacy.py::test_two_clients_can_not_be_matched",)),
    Guard("names and addresses in comments are masked", "client/masking.py",
          "    text = _MAIL.sub(MAIL, text)", "    return text",
          ("tests/test_privacy.py::test_a_thousand_comments_let_nothing_out",)),
    Guard("numbers in bundles are finite", "bundles.py",
          "    if math.isinf(value):", "    if False:",
          ("tests/test_bundles.py::test_an_infinite_number_is_refused",)),
    Guard("hostile text stays text in a notebook", "bundles.py",
          "from html import escape", "def escape(text: str) -> str:\n    return text\n",
          ("tests/test_bundles.py::test_hostile_text_stays_text",)),
    Guard("hostile text stays text in the report", "report/html.py",
          "autoescape=True", "autoescape=False",
          ("tests/report/test_report_html.py::test_hostile_text_stays_text",
           "tests/report/test_report_html.py::test_hostile_words_are_still_there")),
    Guard("the report asks nothing of the network", "report/templates/report.html.j2",
          "default-src 'none'; img-src", "default-src *; img-src",
          ("tests/report/test_report_html.py::test_no_script_and_no_request",)),
    Guard("a parameter's name is never code", "run/parameters.py",
          "        if name not in known:", "        if False:",
          ("tests/test_run_parameters.py::test_a_name_that_is_code_or_no_name_at_all_never_passes",)),
    Guard("the manifest is written last", "run/publish.py",
          "            for name, data in files.items():\n                _write(self.new / name, data)\n"
          '            _write(self.new / MANIFEST, as_json({**manifest, "outputs": outputs}))\n',
          '            _write(self.new / MANIFEST, as_json({**manifest, "outputs": outputs}))\n'
          "            for name, data in files.items():\n                _write(self.new / name, data)\n",
          ("tests/test_run_publish.py::test_the_manifest_is_written_last",)),
    Guard("a draft until exactly this content is approved", "run/approval.py",
          "return Approval(by, day) if key == content and by else None",
          "return Approval(by, day) if by else None",
          ("tests/report/test_report_draft.py::test_draft_approved_and_draft_again",)),
    Guard("nothing leaks from one session into the next", "run/resetting.py",
          "    shell.reset(new_session=True)\n    _libraries()", "    _libraries()",
          ("tests/test_run_kernels.py::test_nothing_leaks_from_one_session_into_the_next",)),
)  # fmt: skip


def table() -> str:
    """The list as CONTRIBUTING shows it."""
    lines = ["| guard | kept in | tests that hold it |", "|---|---|---|"]
    for guard in GUARDS:
        held = ", ".join(f"`{test.removeprefix('tests/')}`" for test in guard.tests)
        lines.append(f"| {guard.name} | `{guard.file}` | {held} |")
    return "\n".join(lines)


if __name__ == "__main__":
    page = CONTRIBUTING.read_text(encoding="utf-8")
    new = f"{BEGIN}\n{table()}\n{END}"
    page = re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: new, page, flags=re.DOTALL)
    CONTRIBUTING.write_text(page, encoding="utf-8")
