"""Made-up firms for teaching: each has one thing planted, which its session finds.

What is not planted is honest. A firm's own name and notes tell nobody which it is.
"""

from __future__ import annotations

from servicegap.simulate.firm import Desk, Firm, Guess, Lesson

_CLEAR = "session {} calls the belief a {}, clear"


def _clear(session: str, verdict: str = "blind spot") -> str:
    return _CLEAR.format(int(session), verdict)


LESSONS = (
    Firm(
        id="over-sold-usp",
        name="Damson IT",
        client_id="damson-it",
        usp_months_alone=8,
        planted=(("usp_months_alone", Guess(36, 1.4)),),
        notes="Launches something new twice a year, and says so on the first page of its website.",
        lesson=Lesson(
            "02",
            "usp_months_alone",
            "The first rival has what is special after 8 months (median of 12 USPs); the owner "
            "believes in 36.",
            _clear("02"),
        ),
    ),
    Firm(
        id="product-blinkers",
        name="Elder Systems",
        client_id="elder-systems",
        service_share=74,
        planted=(("service_share", Guess(30, 12)),),
        origin="product",
        effort=(58.0, 24.0, 18.0),
        notes="Began as a reseller of backup appliances, and is proud of what it sells.",
        lesson=Lesson(
            "03",
            "service_share",
            "Of 100 parts of what makes clients satisfied 74 are service and process; the owner "
            "believes 30.",
            _clear("03"),
        ),
    ),
    Firm(
        id="one-size",
        name="Fir Support",
        client_id="fir-support",
        csat=68,
        worst_segment_csat=35,
        planted=(("worst_segment_csat", Guess(80, 8)),),
        notes="One contract, one price list, one way of working for everybody.",
        lesson=Lesson(
            "04",
            "worst_segment_csat",
            "In the segment served worst 35 of 100 give the top mark, 68 over all; the owner "
            "believes 80 in the worst.",
            _clear("04"),
        ),
    ),
    Firm(
        id="cheap-and-resentful",
        name="Gorse Computing",
        client_id="gorse-computing",
        good_value_share=24,
        planted=(("good_value_share", Guess(50, 8)),),
        charged=0.75,
        notes="Has not raised its fees for six years, and wins most tenders it enters.",
        lesson=Lesson(
            "05",
            "good_value_share",
            "Of 100 contacts 24 give the top mark for value for money, though the fee is a quarter "
            "under what feels right; the owner believes 50.",
            _clear("05"),
        ),
    ),
    Firm(
        id="bot-wall",
        name="Hazel Help",
        client_id="hazel-help",
        dial=("desk.handler_shift",),
        desk=Desk(
            channel_by_type=(
                (0.26, 0.24, 0.12, 0.38),
                (0.14, 0.28, 0.22, 0.36),
                (0.15, 0.45, 0.28, 0.12),
                (0.20, 0.20, 0.10, 0.50),
            ),
            handler_shift=(-0.9, 0.0, 0.0, 0.0),
        ),
        notes="Put a chat assistant in front of the desk two years ago; it never sleeps.",
        lesson=Lesson(
            "06",
            "",
            "On the hidden mark (SD 1 from rating to rating) a bot as the first to answer costs "
            "0.9; TRUTH.yaml has it in points of top marks (bot_wall). About a quarter of the "
            "tickets are met by the bot first.",
            "in session 6 (who met people first) the bot has fewer top marks than a person, like "
            "with like, at p ≤ 0.05 adjusted for all that were looked at",
        ),
    ),
    Firm(
        id="fast-but-wrong",
        name="Ivy Desk",
        client_id="ivy-desk",
        csat=66,
        worst_segment_csat=62,
        watermelon_share=24,
        planted=(("watermelon_share", Guess(6, 4)),),
        desk=Desk(
            met_by_priority=(0.95, 0.96, 0.97, 0.98),
            reopened=(0.30, 0.45),
            reassigned=(0.30, 0.80),
        ),
        notes="The clock of the service agreement hangs above the desk and is nearly always kept.",
        lesson=Lesson(
            "06",
            "watermelon_share",
            "Of 100 rated tickets closed inside the SLA 24 left somebody less than satisfied; the "
            "owner believes 6. 96 in 100 are closed in time.",
            _clear("06"),
        ),
    ),
    Firm(
        id="vendor-dropped-the-ball",
        name="Juniper Networks and Desks",
        client_id="juniper-desks",
        csat=62,
        worst_segment_csat=56,
        watermelon_share=20,
        third_party_harm=35,
        planted=(("third_party_harm", Guess(5, 4)),),
        notes="Works with four suppliers, whom it has known for years.",
        lesson=Lesson(
            "07",
            "third_party_harm",
            "Where a supplier is involved 35 fewer of 100 ratings are top marks, like work with "
            "like; the owner believes 5.",
            _clear("07"),
        ),
    ),
    Firm(
        id="mundane",
        name="Larch IT",
        client_id="larch-it",
        okay_not_referring=58,
        did_refer_share=14,
        satisfaction_mix=(0.02, 0.05, 0.11, 0.56, 0.26),
        planted=(("okay_not_referring", Guess(25, 8)),),
        notes="No complaints to speak of. Clients say that it works.",
        lesson=Lesson(
            "08",
            "okay_not_referring",
            "Of 100 satisfied contacts 58 would not warmly recommend the firm; the owner believes "
            "25.",
            _clear("08"),
        ),
    ),
    Firm(
        id="promise-ahead-of-delivery",
        name="Maple Managed",
        client_id="maple-managed",
        expectations_met=63,
        chain=(0.15, 0.10, 0.15, 0.60),
        planted=(("expectations_met", Guess(81, 8)),),
        notes="Sells well: the brochure is thick, and every proposal has a page of guarantees.",
        lesson=Lesson(
            "09",
            "expectations_met",
            "Of 100 things that clients expect 63 are met; the owner believes 81. The promise lies "
            "0.6 of a mark above what management says is expected.",
            _clear("09"),
        ),
    ),
    Firm(
        id="silent-majority",
        name="Oak Lane",
        client_id="oak-lane",
        csat=76,
        worst_segment_csat=72,
        response=0.25,
        silence=1.2,
        dial=("response", "silence"),
        notes="Asks after every ticket how it went, and hangs the good answers in the corridor.",
        lesson=Lesson(
            "01",
            "",
            "A quarter of the contacts answer; those who keep silent are unhappier by 1.2 standard "
            "deviations between contacts. Of those who answer 76 in 100 give the top mark. Had "
            "all contacts answered, the silent ones too, fewer would have given it.",
            "session 1 warns that fewer than half answered, gives the best and the worst case had "
            "everybody answered, and what everybody would have said lies between them",
        ),
    ),
    Firm(
        id="modest-and-good",
        name="Pine Technical",
        client_id="pine-technical",
        csat=80,
        worst_segment_csat=76,
        good_value_share=56,
        watermelon_share=8,
        third_party_harm=6,
        okay_not_referring=26,
        expectations_met=82,
        did_refer_share=30,
        stay_share=96,
        planted=(
            ("csat", Guess(58)),
            ("good_peer_percentile", Guess(50, 12)),
            ("good_value_share", Guess(32, 8)),
            ("okay_not_referring", Guess(52, 8)),
        ),
        notes="Never has the time to say much about itself. There is always more to put right.",
        lesson=Lesson(
            "01",
            "csat",
            "Of 100 contacts 80 give the top mark; the owner believes 58. Peers, value for money "
            "and recommending are as much under-rated.",
            _clear("01", "hidden strength"),
        ),
    ),
    Firm(
        id="all-fine",
        name="Quince Support",
        client_id="quince-support",
        csat=78,
        usp_months_alone=18,
        worst_segment_csat=75,
        good_value_share=52,
        watermelon_share=9,
        third_party_harm=6,
        okay_not_referring=30,
        expectations_met=80,
        did_refer_share=28,
        stay_share=95,
        honest_noise=0.0,
        honest_spread=2.0,
        notes="Fourteen people, most of them there from the start.",
        lesson=Lesson(
            "10",
            "",
            "Nothing is planted: every belief is true.",
            "none of the twelve beliefs gets a clear verdict",
        ),
    ),
)
