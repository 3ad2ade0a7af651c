"""How often is the workbook wrong? All of it, the target beside the result.

    python -m benchmarks.truth            # the full bench: hours; resumable; writes METHODS
    python -m benchmarks.truth --quick    # the same questions to fewer firms; writes nothing

Exit code 1 where a target is missed. A quick run calls a target missed only where chance alone
would not explain it. What is done is kept in build/truth/ by the library's content.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.truth import bench, methods
from benchmarks.truth.rows import HEAD, Row


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer firms, fixed seeds")
    parser.add_argument("--firms", type=int, help="whole firms in either world")
    parser.add_argument("--planted", type=int, help="firms with each planted fault")
    parser.add_argument("--trials", type=int, help="draws a cell of the other questions")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--no-write", action="store_true", help="leave METHODS as it is")
    asked = parser.parse_args()
    size = bench.QUICK if asked.quick else bench.FULL
    size = replace(
        size, firms=asked.firms or size.firms, trials=asked.trials or size.trials,
        planted=asked.planted or size.planted,
    )  # fmt: skip
    print("\n".join(HEAD))
    said = list(_printed(size, asked.jobs))
    if not (asked.quick or asked.no_write):
        methods.write(said, size)
    short = [row for row in said if row.met is False]
    for row in short:
        print(f"Short: {row.measure}: {row.result}, where {row.target} is asked.", file=sys.stderr)
    return 1 if short else 0


def _printed(size: bench.Size, jobs: int) -> Iterator[Row]:
    for row in bench.rows(size, jobs):
        print(row.line, flush=True)
        yield row


if __name__ == "__main__":
    sys.exit(main())
