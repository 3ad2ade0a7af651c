"""What a client's folder may hold, what each session asks, and what it needs.

Everything here is data: tables and columns, rating scales, the twelve headline beliefs, the
sessions and their parts. Reading, checks, templates, the data dictionary and the "not measured"
messages are all derived from it, so a change here is a change everywhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from types import MappingProxyType

from servicegap._columns import TABLE_TEXT


@dataclass(frozen=True)
class Scale:
    """A rating scale: its ends, its boxes and the measure name under which peers report it.

    `satisfied` and `top` are lower ends of boxes; answers from `neutral` up to `satisfied` are
    neither happy nor unhappy (None where the scale has no middle). `continuous` scales take any
    number between the ends, the others only whole steps.
    """

    name: str
    low: float
    high: float
    top: float
    satisfied: float
    neutral: float | None
    measure: str
    continuous: bool = False
    also: tuple[str, ...] = ()


_SCALES = (
    Scale("1-5", 1, 5, 5, 4, 3, "csat_top_1_5", also=("1–5", "1 to 5", "1..5", "5", "stars")),
    Scale("1-7", 1, 7, 7, 6, 4, "csat_top_1_7", also=("1–7", "1 to 7", "1..7", "7")),
    Scale("0-10", 0, 10, 9, 7, 5, "csat_top_0_10", also=("0–10", "0 to 10", "0..10", "nps")),
    Scale("1-10", 1, 10, 9, 7, 5, "csat_top_1_10", also=("1–10", "1 to 10", "1..10", "10")),
    Scale("-1/0/1", -1, 1, 1, 1, 0, "csat_positive_3", also=("faces", "three faces", "-1..1")),
    Scale("0/1", 0, 1, 1, 1, None, "csat_positive_2", also=("0-1", "0–1", "thumbs", "0 or 1")),
    Scale("0-100", 0, 100, 90, 70, 50, "csat_top_0_100", True, ("0–100", "percent", "100", "%")),
)
SCALES = MappingProxyType({s.name: s for s in _SCALES})
SCALE_ALIASES = MappingProxyType({a.casefold(): s.name for s in _SCALES for a in (s.name, *s.also)})


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `kind` is the rule by which the text of a cell is read: id, text, number, whole, date (a day),
    time (a day with or without a clock time), yesno, choice (one of `choices`), scale (a name in
    SCALES) or score (a number on the scale that the row's scale column names). `low` and `high`
    are the ends of what is possible, both included.
    """

    name: str
    kind: str
    about: str
    required: bool = False
    unit: str = ""
    choices: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    scale_in: str = "scale"


@dataclass(frozen=True)
class Table:
    """One table of a client's folder. `key` is the column whose values are unique, if any."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: str | None = None

    def __getitem__(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.required)


def _column(line: str) -> Column:
    """Read one line of TABLE_TEXT: `name* | kind | unit, choices or range | what it is`."""
    name, kind, limits, about = (cell.strip() for cell in line.split("|"))
    options: dict = {"required": name.endswith("*")}
    if kind == "choice":
        options["choices"] = tuple(limits.split("/"))
    elif kind == "score":
        options["scale_in"] = limits or "scale"
    elif limits:
        unit, _, span = limits.partition(":")
        options["unit"] = unit.strip()
        if span:
            low, high = span.split("..")
            options["low"] = float(low or -math.inf)
            options["high"] = float(high or math.inf)
    return Column(name.rstrip("*"), kind, about, **options)


def _tables() -> dict[str, Table]:
    tables = {}
    for block in TABLE_TEXT.strip().split("\n\n"):
        head, *lines = block.splitlines()
        name, key, about = (cell.strip() for cell in head.split("|"))
        tables[name] = Table(name, about, tuple(map(_column, lines)), key or None)
    return tables


TABLES = MappingProxyType(_tables())


@dataclass(frozen=True)
class Headline:
    """One of the twelve beliefs that every report tests.

    `evidence` is the exact definition; `per` says what is counted (contacts, accounts, tickets or
    USPs); `better` is "higher" or "lower"; `delta` is the smallest gap worth a verdict, in `unit`,
    or in natural logarithms where `ratio` is true.
    """

    id: str
    session: str
    label: str
    question: str
    evidence: str
    tables: tuple[str, ...]
    unit: str
    per: str
    better: str
    delta: float
    low: float = 0
    high: float = 100
    ratio: bool = False


_HEADLINES = (
    Headline(
        "csat", "01", "Top marks",
        "Of 100 contacts who rate you, how many give the top mark?",
        "Mean over contacts of own top-box ratings ÷ own answered ratings, in the window.",
        ("ratings",), "% of contacts", "contacts", "higher", 5,
    ),
    Headline(
        "good_peer_percentile", "01", "Ahead of peers",
        "Of 100 firms like yours, how many have a lower share of top marks?",
        "100 × (like-for-like peers below the own share of top marks + half of the ties) ÷ "
        "like-for-like peers. The panel is taken as fixed, the own share is resampled by account.",
        ("ratings", "peers"), "percentile", "contacts", "higher", 10,
    ),
    Headline(
        "usp_months_alone", "02", "Months alone with a USP",
        "When you launch something special, after how many months does the first rival have it?",
        "Median (ln 2 × the exponential mean) of launch to first copier per USP, interval-censored "
        "between the last check without it and the sighting, right-censored at the as-of date.",
        ("usps", "sightings"), "months", "USPs", "higher", math.log(1.2), 0, 600, True,
    ),
    Headline(
        "service_share", "03", "Service in satisfaction",
        "Of 100 parts of what makes clients satisfied, how many are service and process rather "
        "than product?",
        "LMG share of R² of the service and process blocks in a regression of satisfaction on a "
        "contact's block means of perceived.",
        ("items", "survey", "relationship"), "% of R²", "contacts", "lower", 10,
    ),
    Headline(
        "worst_segment_csat", "04", "Top marks, worst-served group",
        "In the group of clients you serve worst, how many of 100 give the top mark?",
        "Posterior median of the minimum over segments of the segment's share of top marks.",
        ("accounts", "ratings"), "% of contacts", "contacts", "higher", 5,
    ),
    Headline(
        "good_value_share", "05", "Top marks for value",
        "Of 100 contacts, how many give you the top mark for value for money?",
        "Contacts with value in the top box ÷ contacts with value.",
        ("relationship",), "% of contacts", "contacts", "higher", 5,
    ),
    Headline(
        "watermelon_share", "06", "Green on SLA, red with the person",
        "Of 100 rated tickets closed inside the SLA, how many left the person less than satisfied?",
        "Rated human tickets with the SLA met whose last rating is below satisfied ÷ all rated "
        "human tickets with the SLA met.",
        ("tickets", "ratings"), "% of tickets", "tickets", "lower", 5,
    ),
    Headline(
        "third_party_harm", "07", "Top marks lost to suppliers",
        "When a supplier is involved, how many fewer of 100 ratings are top marks?",
        "Minus the doubly robust effect on the treated of a third party on the top box, rated "
        "human tickets, adjusted for priority, type, channel and month opened.",
        ("tickets", "ratings"), "points", "contacts", "lower", 5, -100, 100,
    ),
    Headline(
        "okay_not_referring", "08", "Satisfied but silent",
        "Of 100 satisfied contacts, how many would not warmly recommend you?",
        "Contacts satisfied with would_refer below its top box ÷ contacts satisfied with "
        "would_refer answered.",
        ("relationship",), "% of satisfied contacts", "contacts", "lower", 5,
    ),
    Headline(
        "expectations_met", "09", "Expectations met",
        "Of 100 things your clients expect of you, how many do you meet?",
        "Mean over contacts of RATER items with perceived ≥ expected ÷ RATER items with both.",
        ("items", "survey"), "% of items per contact", "contacts", "higher", 5,
    ),
    Headline(
        "did_refer_share", "10", "Accounts that referred",
        "Of 100 accounts, how many referred someone to you in the past 12 months?",
        "Accounts with at least one referral in the window ÷ accounts active at its start.",
        ("accounts", "referrals"), "% of accounts", "accounts", "higher", 5,
    ),
    Headline(
        "stay_share", "10", "Accounts that stayed",
        "Of 100 accounts you had 12 months ago, how many are still with you?",
        "Accounts active at the window's start and not left by its end ÷ accounts active at its "
        "start.",
        ("accounts",), "% of accounts", "accounts", "higher", 5,
    ),
)  # fmt: skip
HEADLINES = MappingProxyType({h.id: h for h in _HEADLINES})


@dataclass(frozen=True)
class WarmUp:
    """A practice guess: same form, same seal, but no verdict and no place in the counts."""

    id: str
    session: str
    label: str
    question: str
    unit: str
    low: float = 0
    high: float = 100


WARM_UPS = MappingProxyType(
    {
        w.id: w
        for w in (
            WarmUp(
                "answering_share", "00", "Contacts who answered",
                "Of 100 people you look after, how many told you anything at all in 12 months?",
                "% of contacts",
            ),
        )
    }
)  # fmt: skip


GUESSES: MappingProxyType[str, Headline | WarmUp] = MappingProxyType({**HEADLINES, **WARM_UPS})


@dataclass(frozen=True)
class Part:
    """One part of a session: a function of its module, and the columns it can't do without.

    `needs` lists tables, or `table.column` where an optional column is needed too.
    """

    name: str
    label: str
    needs: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(need.partition(".")[0] for need in self.needs))


@dataclass(frozen=True)
class Session:
    """One notebook: its stem, the claim it tests, and its parts."""

    stem: str
    claim: str
    parts: tuple[Part, ...] = field(default=())

    @property
    def number(self) -> str:
        return self.stem[:2]

    @property
    def module(self) -> str:
        return self.stem[3:]

    @property
    def title(self) -> str:
        title = self.module.replace("_", " ").capitalize()
        return title.replace("Usp", "USP")

    @property
    def guesses(self) -> tuple[Headline | WarmUp, ...]:
        """What is guessed before anything is shown."""
        return tuple(g for g in GUESSES.values() if g.session == self.number)

    @property
    def headlines(self) -> tuple[Headline, ...]:
        return tuple(h for h in HEADLINES.values() if h.session == self.number)


_SESSIONS = (
    Session(
        "00_start_here", "I know how we are doing.",
        (
            Part("health", "what your files hold, and what was left out"),
            Part("unlocked", "what can be measured now, and which table unlocks the next"),
            Part("voices", "who has told you anything in 12 months", ("ratings",)),
            Part("answering", "your practice guess against the files", ("ratings", "contacts")),
        ),
    ),
    Session(
        "01_benchmarking", "We are better than most.",
        (
            Part("csat", "the share of contacts who give the top mark", ("ratings",)),
            Part("translator", "one satisfaction figure in every dialect", ("ratings",)),
            Part("silent", "what the silent could change", ("ratings",)),
            Part("silent_accounts", "accounts that never answered", ("accounts", "ratings")),
            Part("standing", "your place among firms like yours", ("ratings", "peers")),
            Part("good_peer_percentile", "how many peers you are ahead of", ("ratings", "peers")),
            Part("average_of_averages", "averages of averages", ("ratings", "tickets.team")),
            Part("simpson", "a comparison that turns round", ("ratings", "tickets.team")),
            Part("sla_per_event", "the SLA per ticket and per log row", ("tickets.sla_met",)),
            Part("funnel", "teams of unequal size", ("ratings", "tickets.team")),
            Part("regression_to_mean", "the worst that get better by themselves", ("ratings",)),
            Part("overconfidence", "three ways to be too sure", ("ratings",)),
        ),
    ),
    Session(
        "02_usp_erosion", "Our USP keeps us ahead.",
        (
            Part("is_it_a_usp", "is it a USP at all", ("usps", "sightings")),
            Part("service_around", "the service around the real ones",
                 ("usps", "sightings", "ratings")),
            Part("usp_months_alone", "months until the first copy", ("usps", "sightings")),
            Part("alone", "how long you are alone", ("usps", "sightings")),
            Part("naive", "the short-cut beside the whole", ("usps", "sightings")),
            Part("copiers", "the first, second and third copier", ("usps", "sightings")),
            Part("spread", "how far a copy spreads", ("usps", "sightings")),
            Part("quicker", "whether copying has become quicker", ("usps", "sightings")),
            Part("better_copies", "how good the copies are", ("usps", "sightings.quality")),
            Part("still_alone", "the chance of being alone a while longer", ("usps", "sightings")),
            Part("renewal", "how often something new is needed", ("usps", "sightings")),
            Part("timetable", "a timetable for what comes next", ("usps", "sightings")),
        ),
    ),
    Session(
        "03_product_vs_service", "Our product sells itself.",
        (
            Part("service_share", "what drives satisfaction", ("items", "survey", "relationship")),
            Part("sides", "what each side carries", ("items", "survey", "relationship")),
            Part("effort", "where the effort goes", ("items", "survey", "relationship")),
            Part("outcomes", "whether what satisfies makes people refer",
                 ("items", "survey", "relationship")),
            Part("importance_performance", "importance and performance",
                 ("items", "survey.importance")),
            Part("said_and_shown", "what people say matters beside what moves them",
                 ("items", "survey.importance", "relationship")),
        ),
    ),
    Session(
        "04_one_size_fits_all", "One service suits all.",
        (
            Part("by_cut", "top marks by kind of client", ("accounts", "ratings")),
            Part("worst_segment_csat", "top marks in the segment served worst",
                 ("accounts.segment", "ratings")),
            Part("many_cuts", "every way to cut your clients, beside luck",
                 ("accounts", "ratings")),
            Part("how_alike", "how alike people of one kind are", ("accounts", "ratings")),
            Part("needs_by_group", "what groups expect and get",
                 ("accounts", "items.dimension", "survey.expected", "survey.perceived")),
            Part("drivers_by_group", "what satisfies whom",
                 ("accounts", "items.dimension", "survey.perceived", "relationship.satisfaction")),
            Part("badly_served", "whom the average serves badly", ("accounts", "ratings")),
            Part("tiers", "a menu of tiers, or one size", ("accounts", "ratings")),
            Part("scale", "when one size is right", ("accounts.monthly_fee",)),
        ),
    ),
    Session(
        "05_pricing_vs_value", "We are cheap, so we are good value.",
        (
            Part("good_value_share", "top marks for value", ("relationship.value",)),
            Part("price_answers", "which prices were named, and which can't be", ("price_survey",)),
            Part("price_sensitivity", "what sounds too cheap and what too dear",
                 ("price_survey",)),
            Part("price_intent", "who would buy at which price",
                 ("price_survey.intent_cheap", "price_survey.intent_expensive")),
            Part(
                "value_map", "fee against value felt",
                ("accounts.monthly_fee", "accounts.seats", "relationship.value"),
            ),
            Part(
                "cheaper_happier", "whether those who pay less are happier",
                ("accounts.monthly_fee", "accounts.seats", "relationship.value"),
            ),
            Part(
                "resentment_zone", "who pays little and feels it",
                ("accounts.monthly_fee", "accounts.seats", "relationship.value"),
            ),
            Part("unpaid_hours", "accounts that take more hours than they pay for",
                 ("accounts.monthly_fee", "tickets.hours_worked")),
            Part("hours_afforded", "the hours that a price leaves",
                 ("accounts.monthly_fee", "accounts.seats", "tickets.hours_worked")),
            Part("price_ladder", "price, hours, first reply and what follows",
                 ("accounts.monthly_fee", "accounts.seats", "tickets.hours_worked")),
        ),
    ),
    Session(
        "06_technology_vs_people", "Our systems make us good; fast is good.",
        (
            Part("watermelon_share", "green SLA, unhappy person",
                 ("tickets.sla_met", "ratings.ticket_id")),
            Part("quadrants", "efficiency and effectiveness", ("tickets", "ratings.ticket_id")),
            Part("first_handlers", "bots, menus, portals and people",
                 ("tickets.first_handler", "ratings.ticket_id")),
        ),
    ),
    Session(
        "07_third_party_impact", "Our partners don't hurt us.",
        (
            Part("third_party_harm", "top marks with and without a supplier",
                 ("tickets.third_party", "ratings.ticket_id")),
            Part("two_clocks", "the SLA's clock and the contact's",
                 ("tickets.third_party_hours", "tickets.resolved_at")),
            Part("control", "who keeps an eye on each supplier", ("third_parties",)),
        ),
    ),
    Session(
        "08_wow_moment_gaps", "Our service is fine.",
        (
            Part("okay_not_referring", "satisfied, and silent", ("relationship.would_refer",)),
            Part("kano", "what is noticed only when it fails", ("touchpoints", "kano")),
            Part("wow_log", "moments worth telling", ("wow_log",)),
        ),
    ),
    Session(
        "09_service_gaps", "We do what it says on the tin.",
        (
            Part("expectations_met", "expected and perceived", ("items.dimension", "survey")),
            Part("waterfall", "where the gap comes from", ("standards",)),
            Part("staff", "training, tools and clear roles", ("staff_survey",)),
            Part("word_of_mouth", "what is said about you", ("mentions",)),
        ),
    ),
    Session(
        "10_referral_roadmap", "We know what to fix.",
        (
            Part("did_refer_share", "accounts that referred", ("accounts.since", "referrals")),
            Part("stay_share", "accounts that stayed", ("accounts.since", "accounts.left_on")),
        ),
    ),
)  # fmt: skip
SESSIONS = MappingProxyType({s.number: s for s in _SESSIONS})

PEER_MEASURES = (
    *(s.measure for s in _SCALES),
    "sla_met_share",
    "reopened_share",
    "first_reply_hours_median",
    "resolve_hours_median",
    "did_refer_share",
    "stay_share",
)


def session_of(module: str) -> Session:
    """Return the session to which a helper module (its dotted name) belongs."""
    names = module.split(".")
    for session in SESSIONS.values():
        if session.module in names:
            return session
    raise KeyError(f"no session is called {module!r}")


def part_of(module: str, name: str) -> Part:
    """Return the part `name` of the session whose helper module is `module`."""
    for part in session_of(module).parts:
        if part.name == name:
            return part
    raise KeyError(f"{module} has no part called {name!r}")
