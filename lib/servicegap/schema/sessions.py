"""The sessions, their parts, and the tables that each part can't do without."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType

from servicegap.schema.beliefs import GUESSES, HEADLINES, Headline, WarmUp


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


_EXPECTED = ("items.dimension", "survey.expected", "survey.perceived")
_CHAIN = (*_EXPECTED, "standards.management_says_expected", "standards.standard",
          "standards.delivered")  # fmt: skip

_SESSIONS = (
    Session(
        "00_start_here", "I know how we are doing.",
        (
            Part("health", "what your files hold, and what was left out"),
            Part("unlocked", "what can be measured now, and which table unlocks the next"),
            Part("could_see", "what so many answers could show"),
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
            Part("watermelons", "where the watermelons grow",
                 ("tickets.sla_met", "ratings.ticket_id")),
            Part("watermelon_tickets", "tickets closed in time and rated badly",
                 ("tickets.sla_met", "ratings.ticket_id")),
            Part("team_quadrants", "fast and good, team by team", ("tickets.team",)),
            Part("channel_quadrants", "fast and good, channel by channel", ("tickets.channel",)),
            Part("type_quadrants", "fast and good, by type of ticket", ("tickets.type",)),
            Part("both_sides", "every measure of fast beside every measure of good",
                 ("tickets",)),
            Part("first_handlers", "bots, phone menus, portals and people",
                 ("tickets.first_handler", "ratings.ticket_id")),
            Part("until_a_person", "minutes until a person answers",
                 ("tickets.first_handler", "tickets.minutes_to_person")),
            Part("handed_over", "what the machines hand over",
                 ("tickets.first_handler", "tickets.handed_over")),
            Part("contained", "who comes back another way",
                 ("tickets.first_handler", "tickets.handed_over", "tickets.contact_id",
                  "tickets.resolved_at")),
            Part("faster_happier", "whether the faster are the happier",
                 ("tickets", "ratings.ticket_id")),
            Part("speed_by_type", "what speed is worth, type by type",
                 ("tickets.type", "ratings.ticket_id")),
        ),
    ),
    Session(
        "07_third_party_impact", "Our partners don't hurt us.",
        (
            Part("involved", "which tickets name a supplier", ("tickets",)),
            Part("third_party_harm", "top marks with and without a supplier",
                 ("tickets.third_party", "ratings.ticket_id")),
            Part("side_by_side", "the loss, worked out four ways",
                 ("tickets.third_party", "ratings.ticket_id")),
            Part("hard_tickets", "whether harder tickets go to suppliers",
                 ("tickets.third_party", "ratings.ticket_id")),
            Part("overlap", "whether like can be compared with like",
                 ("tickets.third_party", "ratings.ticket_id")),
            Part("unseen", "how strong a hidden reason would have to be",
                 ("tickets.third_party", "ratings.ticket_id")),
            Part("two_clocks", "the SLA's clock and the contact's",
                 ("tickets.third_party", "tickets.third_party_hours", "tickets.resolved_at",
                  "tickets.sla_hours", "tickets.sla_met")),
            Part("waiting", "whose hours they are",
                 ("tickets.third_party", "tickets.third_party_hours", "tickets.resolved_at")),
            Part("adjusted_hours", "the hours that a supplier adds", ("tickets.resolved_at",)),
            Part("vendors", "each supplier by itself",
                 ("tickets.third_party", "ratings.ticket_id")),
            Part("comings", "what changed when a supplier came or went",
                 ("tickets.third_party", "ratings.ticket_id", "third_parties")),
            Part("goodwill", "goodwill where suppliers are met often", ("tickets.third_party",)),
            Part("control", "who keeps an eye on each supplier", ("third_parties",)),
            Part("harm_and_control", "harm and control together",
                 ("tickets.third_party", "third_parties")),
        ),
    ),
    Session(
        "08_wow_moment_gaps", "Our service is fine.",
        (
            Part("okay_not_referring", "satisfied, and silent",
                 ("relationship.satisfaction", "relationship.would_refer")),
            Part("okay_zone", "what the satisfied say and what their accounts did",
                 ("relationship.satisfaction", "relationship.would_refer")),
            Part("four_and_five", "the merely satisfied beside those who give the top mark",
                 ("relationship.satisfaction", "relationship.would_refer")),
            Part("by_account", "accounts in which nobody would recommend you, and their fees",
                 ("accounts", "relationship.satisfaction", "relationship.would_refer")),
            Part("by_group", "where the satisfied are silent",
                 ("accounts", "relationship.satisfaction", "relationship.would_refer")),
            Part("kano_answers", "pairs of answers, and which can't be read",
                 ("touchpoints", "kano")),
            Part("kano", "what is noticed only when it fails", ("touchpoints", "kano")),
            Part("penalty_reward", "what costs when it is bad and what pays when it is good",
                 ("items", "survey.perceived", "relationship.satisfaction")),
            Part("wow_log", "moments worth telling, by account and quarter", ("wow_log",)),
            Part("journey", "peaks and ends on the journey", ("touchpoints", "wow_log")),
            Part("peak_end", "the best, the worst and the last mark",
                 ("ratings", "relationship.would_refer")),
            Part("told_and_silent", "accounts with a story and accounts without",
                 ("wow_log", "accounts", "relationship.would_refer")),
            Part("broken_basics", "a story on top of something broken",
                 ("wow_log", "tickets")),
            Part("moments", "where a moment would be noticed", ("touchpoints",)),
        ),
    ),
    Session(
        "09_service_gaps", "We do what it says on the tin.",
        (
            Part("expectations_met", "expected and perceived", _EXPECTED),
            Part("rater", "the least that would do, expected and perceived, by dimension",
                 _EXPECTED),
            Part("statements", "every statement: expected beside perceived", _EXPECTED),
            Part("weighted", "the gap weighed by what matters", (*_EXPECTED, "survey.importance")),
            Part("predicts", "whether the gap or the mark alone goes with referring",
                 (*_EXPECTED, "relationship.would_refer")),
            Part("knowledge", "what you think they expect",
                 (*_EXPECTED, "standards.management_says_expected")),
            Part("wants", "challenges, needs and wants", ("standards",)),
            Part("written", "what was written down of it", ("standards",)),
            Part("delivery", "what is delivered of the standard", ("standards.standard",)),
            Part("staff", "training, tools and clear roles", ("staff_survey",)),
            Part("waterfall", "where the gap comes from", _CHAIN),
            Part("left_over", "the step at which most is lost", _CHAIN),
            Part("promised", "what is promised and what is delivered",
                 ("standards.promised", "standards.delivered")),
            Part("wrong_customers", "who was won how, and whether they fit",
                 (*_EXPECTED, "accounts")),
            Part("word_of_mouth", "what is said about you", ("mentions",)),
        ),
    ),
    Session(
        "10_referral_roadmap", "We know what to fix.",
        (
            Part("gathered", "what the sessions before this one found"),
            Part("belief_map", "all that was believed beside the evidence"),
            Part("calibration", "how often your own ranges held"),
            Part("did_refer_share", "accounts that referred", ("accounts", "referrals")),
            Part("ladder", "from satisfied to a referral that was won",
                 ("accounts", "relationship.satisfaction", "relationship.would_refer",
                  "referrals")),
            Part("saying_and_doing", "those who say they would beside those who did",
                 ("accounts", "relationship.satisfaction", "relationship.would_refer",
                  "referrals")),
            Part("growth", "what one account brings in the end", ("accounts", "referrals")),
            Part("stay_share", "accounts that stayed", ("accounts.left_on",)),
            Part("fees_at_risk", "fees that are easily switched off",
                 ("accounts.monthly_fee", "relationship.satisfaction",
                  "relationship.would_refer")),
            Part("referral_effect", "what each gap costs in referrals",
                 ("relationship.satisfaction", "relationship.would_refer", "referrals")),
            Part("three_actions", "three actions for ninety days"),
            Part("calendar", "a calendar for a year"),
            Part("promised", "what was promised before, and whether it helped",
                 ("commitments",)),
        ),
    ),
)  # fmt: skip
SESSIONS = MappingProxyType({s.number: s for s in _SESSIONS})


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
