"""Made-up MSPs with planted, known faults: for practice, for teaching and for proofs.

    made = make("alder-it", strength=1.0, seed=7, size="typical")
    write(made, "data/sample/alder-it")

What is true of a firm follows from its parameters (`Firm`), never from the tables drawn. A new
scenario is a new set of parameters; no code.
"""

from servicegap.simulate.build import MadeUp, hand_out, make, write
from servicegap.simulate.firm import SIZES, Desk, Firm, Guess, Lesson, Segment, Size
from servicegap.simulate.scenarios import SAMPLES, SCENARIOS, scenario, turned
from servicegap.simulate.truth import true_values

__all__ = ["SAMPLES", "SCENARIOS", "SIZES", "Desk", "Firm", "Guess", "Lesson", "MadeUp", "Segment",
           "Size", "hand_out", "make", "scenario", "true_values", "turned", "write"]  # fmt: skip
