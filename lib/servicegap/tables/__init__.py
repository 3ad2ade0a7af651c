"""Any file to a typed table and its ledger: the only readers of files.

`files`, `csvs`, `workbooks`, `sheet` and `headers` make a sheet of texts of it; `parsers` with
`numbers`, `dates` and `spellings` read a column by its declared rule; `rows` and `rowrules` say
what becomes of each row; `reading` puts it together.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from servicegap.tables.reading import Ledger, TableRead, empty_frame, of_frame, read_table

__all__ = ["Ledger", "TableRead", "empty_frame", "of_frame", "read_table"]


def __getattr__(name: str):
    """Import pandas only when a table is read: the command line and the forms do without."""
    if name in __all__:
        from servicegap.tables import reading

        return getattr(reading, name)
    raise AttributeError(f"module 'servicegap.tables' has no attribute {name!r}")
