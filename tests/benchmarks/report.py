"""From samples to Markdown: medians, spread, ratios. Nothing here measures."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any


def spread(values: Sequence[float], digits: int = 2) -> str:
    """The median, with the least and the greatest where there are several."""
    if not values:
        return "n/a"
    middle = f"{median(values):.{digits}f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are numbers, to the right."""
    ruler = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ruler, *rows))


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Median by median."""
    return median(ours) / median(theirs)


def training(results: Sequence[Mapping[str, Any]], reference: Mapping[str, Any]) -> str:
    """Milliseconds a batch and seconds an epoch, everyone's, and how many times the reference's."""
    rows = [
        [
            result["name"],
            result["where"],
            spread(result["ms 32"]),
            f"{ratio(result['ms 32'], reference['ms 32']):.2f}",
            spread(result["ms 128"]),
            f"{ratio(result['ms 128'], reference['ms 128']):.2f}",
            spread(result["epoch"]),
        ]
        for result in results
    ]
    head = ["", "where", "ms a batch of 32", "times native float64", "ms a batch of 128", "times", "s an epoch"]
    return table(head, rows)


def kernel(rows: Sequence[Mapping[str, Any]]) -> str:
    """GFLOP/s of each product, in the browser and natively."""
    cells = [
        [
            f"{row['name']}: ({row['m']}x{row['k']})({row['k']}x{row['n']})",
            str(row["batch"]),
            str(row["hidden"]),
            f"{2e-6 * row['m'] * row['k'] * row['n']:.2f}",
            spread(row["ours"], 1),
            spread(row["blas"], 1),
        ]
        for row in rows
    ]
    return table(["product", "batch", "hidden units", "MFLOP", "kernel in Chromium", "OpenBLAS, 1 thread"], cells)


def growth(results: Mapping[str, Mapping[str, Sequence[float]]]) -> str:
    """One small table for each thing that grows."""
    tables = []
    for title, points in results.items():
        thing, _, unit = title.partition(": ")
        tables.append(table([thing, *points], [[unit, *(spread(values) for values in points.values())]]))
    return "\n\n".join(tables)


def parts(results: Mapping[str, Mapping[str, Sequence[float]]]) -> str:
    """Microseconds of a batch by part, at each batch size."""
    sizes = list(results)
    names = list(results[sizes[0]])
    rows = [[name, *(spread(results[size][name], 0) for size in sizes)] for name in names]
    return table(["part of a batch, µs", *(f"batch {size}" for size in sizes)], rows)


def facts(results: Mapping[str, Sequence[float]], digits: int = 2) -> str:
    """Name and number."""
    return table(["", ""], [[name, spread(values, digits)] for name, values in results.items()])


def must_show(claims: Sequence[tuple[str, float, str, float]]) -> str:
    """What has to hold: each claim as (what, measured, "<=" or ">=", limit)."""
    rows = [
        [what, f"{value:.2f}", f"{sign} {limit:g}", "yes" if holds(value, sign, limit) else "NO"]
        for what, value, sign, limit in claims
    ]
    return table(["must show", "measured", "wanted", "holds"], rows)


def holds(value: float, sign: str, limit: float) -> bool:
    """Whether the comparison is true."""
    return value <= limit if sign == "<=" else value >= limit
