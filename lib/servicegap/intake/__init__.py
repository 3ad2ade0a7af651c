"""Exports of other tools -> our tables.

`recognise` says what files are and what their columns mean; `take_in` makes tables of them. What
a format's headers mean stands in `formats/`, what a field is in `fields.yaml`, what other tools'
words mean in `words.yaml`: all of it data. `catalogue` ranks formats and `meanings` judges columns
that nobody knows; `raw` finds the headers; `source` holds a file's rows on their way, column by
column (`cols`), which `clocks`, `durations`, `spans`, `marks`, `people`, `numbering` and
`suppliers` read and `tickets`, `ratings` and `surveys` turn into tables; `writing` puts these into
the folder.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from servicegap.intake.recognising import Recognised, recognise
    from servicegap.intake.taking import Intake, Question, Taken, take_in

__all__ = ["Intake", "Question", "Recognised", "Taken", "recognise", "take_in"]


def __getattr__(name: str):
    """Import pyarrow only when a file is looked at."""
    if name in ("Recognised", "recognise"):
        from servicegap.intake import recognising

        return getattr(recognising, name)
    if name in __all__:
        from servicegap.intake import taking

        return getattr(taking, name)
    raise AttributeError(f"module 'servicegap.intake' has no attribute {name!r}")
