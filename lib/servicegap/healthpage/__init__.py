"""The state of a client's data as a page: what is there, what was left out, what comes next."""

from servicegap.healthpage.facts import Facts, TableFacts, facts
from servicegap.healthpage.page import lines, render, write

__all__ = ["Facts", "TableFacts", "facts", "lines", "render", "write"]
