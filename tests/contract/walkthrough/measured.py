# SPDX-License-Identifier: MIT
"""Writes what was measured of each collector: the tables at the end of docs/collectors.md, and the last section of each
collector's page, which says where its figures stand.

A source is a class with the method `part`, which gives its part of a collector's section in Markdown, or None where it
has nothing to say of it. SOURCES has them in the order of the section; the first makes the tables of all collectors, too.
"""

import json
import os
import sys
import textwrap
from statistics import median

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "tools"))
import limits  # noqa: E402
from provenance import figure  # noqa: E402

HEADING = "Measured"
MADE_BY = "`tests/contract/walkthrough/collectors.py --write`"
# Lists the tables of all collectors: for each a title and its columns, which are statistics.
OVERVIEW = [
    ("Pauses", "GSH GPC GPL GPW GP9".split()),
    ("What collections find", "GCO GVF GZY GRH GLK".split()),
    ("Memory", "GHB GMP GMO GST".split()),
]


def paragraph(text):
    return textwrap.fill(" ".join(text.split()), 118, break_long_words=False, break_on_hyphens=False)


def table(alignment, rows):
    rule = "|" + "|".join(alignment) + "|"
    lines = ["| " + " | ".join(cells) + " |" for cells in rows]
    return "\n".join([lines[0], rule] + lines[1:])


def reason_for_none(traits):
    if traits["observes"]:
        return "Not measured: it observes, and its own times mean nothing."
    if traits["frees_when_told"]:
        return "Not measured: it runs none of the workloads, only programs that say when each object dies."
    if not traits["reclaims"]:
        return "Not measured: it frees nothing, so there is no pause and no collection to say anything of."
    return None


class Nominal:
    """docs/nominal.json, by tools/nominal.py."""

    def __init__(self, tree):
        with open(os.path.join(tree, "docs", "nominal.json"), encoding="utf-8") as source:
            self.document = json.load(source)
        self.statistics = self.document["statistics"]

    def values(self, name, code):
        """Of a statistic: a collector's values on the workloads that have one."""
        cells = self.document["collectors"].get(name, {}).values()
        return [cell["values"][code] for cell in cells if cell["values"].get(code) is not None]

    def failed(self, name):
        broken = [f"`{workload}` ({cell['reason']})" for workload, cell in self.document["collectors"][name].items()
                  if "reason" in cell]
        return f" Without a figure: {', '.join(broken)}." if broken else ""

    def part(self, name, traits):
        if name not in self.document["collectors"]:
            return paragraph(reason_for_none(traits) or f"""Not measured yet: `{self.document['made_by']}` measures it, and
                {MADE_BY} writes the figures into [collectors.md](../../docs/collectors.md).""")
        return paragraph(f"""[collectors.md](../../docs/collectors.md#what-they-did) has its pauses, collections and memory
            beside those of all collectors, over {len(self.document['collectors'][name])} workloads at their standard sizes.
            [nominal.md](../../docs/nominal.md) has them by workload.{self.failed(name)}""")

    def cell(self, name, code):
        """The median over the workloads, with the least and the most; one value where all are alike."""
        values, unit = self.values(name, code), self.statistics[code]["unit"]
        if not values:
            return figure(None, unit)
        middle, least, most = (figure(value, unit) for value in (median(values), min(values), max(values)))
        return middle if least == most else f"{middle} [{least}, {most}]"

    def overview(self, described):
        """A row for each collector that is, or could be, measured; `described` has all with their descriptions."""
        named = [name for name, collector in described.items()
                 if name in self.document["collectors"] or not reason_for_none(collector["traits"])]
        said = self.document
        parts = [paragraph(f"""The median over the workloads of [nominal.md](nominal.md) that have the statistic, with the
            least and the most. Measured on {said['cpu']}, {said['cores']} cores, {said['kernel']}: take times for orders of
            magnitude. A cell is n/a where no workload has the statistic, or where the collector came after the measuring. A
            collector has no row if it frees nothing, only observes, or runs no workload. [metrics.md](metrics.md) says what
            each statistic is.""")]
        for title, codes in OVERVIEW:
            rows = [["collector"] + [f"{self.statistics[code]['name']} ({code})" for code in codes]]
            rows += [[f"[{name}](../collectors/{name}/README.md)"] + [self.cell(name, code) for code in codes] for name in named]
            parts += [f"### {title}", table(["---"] + ["---:"] * len(codes), rows)]
        return "\n\n".join(parts)


class Limits:
    """docs/limits.json, by tools/limits.py."""

    def __init__(self, tree):
        self.document = limits.document_read(os.path.join(tree, "docs", "limits.json"), limits.check)

    def part(self, name, traits):
        found = self.document["collectors"].get(name)
        if not found:
            return None
        return paragraph(f"""[limits.md](../../docs/limits.md) holds it against floors that were measured with it:
            {len(found)} figure{"s" if len(found) > 1 else ""}.""")


SOURCES = [Nominal, Limits]


def section(sources, name, traits):
    return "\n\n".join(part for part in (source.part(name, traits) for source in sources) if part)
