#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What collectors can be held to, and how near they came to it. A collector states its bounds (collectors/bounds.h);
stress workers hold it to them, over long programs. And how work grows, pattern by pattern, as `gcmatrix stress --work`
counts it.

usage: bounds.py BUILD [--output DIR] [--programs N] [--work]
       bounds.py --render FILE.json

BUILD is the folder of a build with all stress workers and all pairs. The tool writes DIR/bounds.json and DIR/bounds.md
(DIR: docs), after N programs of each kind (5) under each collector. Nothing is timed, so the figures are the same on any
machine; but the steps of work are counted as the compiler cuts the code. --work counts the work alone, and keeps what
DIR/bounds.json has of the bounds. --render prints the page of a file again.
"""
import argparse
import json
import os
import subprocess
import sys
import textwrap

sys.dont_write_bytecode = True  # nothing of ours beside the sources
from provenance import document_read, document_write, fail, need_build, page_print, paragraph, provenance, schema_check

SCHEMA = "gcmatrix.bounds.1"
MADE_BY = "ninja -C build bounds"
HEADING = "Bounds"
LONG = "collects=0,checkpoints=0,counts=0"
# The kinds of programs: setting, dials, seed of the first one.
PROGRAMS = [
    ("bounds=on,structure=41", f"{LONG},steady=1000,ring=40,operations=1000000,cyclic=0.7", 1),
    ("bounds=on,structure=41,vary=below", f"{LONG},steady=3000,ring=40,operations=400000,cyclic=0.9", 1001),
    ("bounds=on,structure=11,leafless=on", f"{LONG},steady=20000,ring=10,operations=4000000,cyclic=1,acyclic=0", 3001),
    ("bounds=on,ringless=on,vary=below", f"{LONG},steady=200,ring=20,operations=150000,cyclic=0", 2001),
]

# Above these a figure of work is one that a collector has to explain (harness/stress/work.h).
EXPONENT_MAX = 1.1
PEAK_TIMES, PEAK_BYTES = 2, 16384

# ---- words ----


def amount(number, unit):
    """A number of bytes or of other things, in words."""
    if unit != "bytes":
        return f"{number:,.0f} {unit}"
    for name, size in (("MiB", 1 << 20), ("KiB", 1 << 10)):
        if number >= size:
            return f"{number / size:.3g} {name}"
    return f"{number:.0f} bytes"


def joined(parts):
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def held_words(bound):
    if "none" in bound:
        return f"Held: no bound, because {bound['none']}."
    unit = bound["unit"]
    parts = ["what lives"]
    if bound["times"]:
        times = "" if bound["times"] == 1 else f"{bound['times']:.3g} times "
        parts.append(f"{times}what the last full collection left")
    if bound["least"]:
        parts.append(amount(bound["least"], unit))
    counted = ", counted in objects" if unit == "objects" else ""
    words = f"Held: at most {parts[0]}" if len(parts) == 1 else f"Held: at most the largest of {joined(parts)}{counted}"
    if bound["for_name"]:
        words += f". Besides, {bound['for_name']:.3g} bytes for each name"
    if bound["structures"]:
        words += f". Besides, {amount(bound['structures'], 'structures')} with rings that were dropped"
    if bound["families"]:
        grown = f", and {bound['grown']:.3g} times as many as the last full collection left" if bound["grown"] else ""
        if grown and bound["left_weight"]:
            grown += f" (an object for each {amount(bound['left_weight'], 'bytes')}, if those are more)"
        words += (f". Besides, {amount(bound['families'], 'objects')} that may lie on a ring{grown}, with the others that"
                  " they keep")
    if bound["weight"]:
        words += f". And {amount(bound['weight'], 'bytes')} weigh as much as an object, over what the last full collection left"
    return words + "."


def garbage_words(traits):
    if traits["frees_at_once"]:
        return "Floating garbage that is on no ring, and that no ring keeps: none."
    return None


def tables_words(bound):
    if "none" in bound:
        return f"Tables: no bound, because {bound['none']}."
    parts = [f"{bound[key]:.3g} bytes for each {thing}" for key, thing in
             (("for_object", "object"), ("for_byte", "byte of objects"), ("for_name", "name")) if bound[key]]
    parts += [amount(bound["besides"], "bytes")] if bound["besides"] else []
    return f"Tables: at most {joined(parts)}, by the most that was held so far." if parts else "Tables: none."


def visits_words(bound):
    if "none" in bound:
        return f"Visits: no bound, because {bound['none']}."
    parts = [f"{bound[key]:.3g} for each {thing}" if bound[key] != 1 else f"one for each {thing}" for key, thing
             in (("for_object", "object held"), ("for_byte", "byte of those"), ("for_name", "name")) if bound[key]]
    if not parts:
        return None
    least = " A full collection visits all that lives." if bound["for_live"] == 1 else ""
    return f"Visits of a collection: at most {joined(parts)}.{least}"


def pace_words(bound, kind):
    opening = f"{kind.capitalize()} collections that begin by themselves:"
    if "none" in bound:
        return f"{opening} no bound, because {bound['none']}."
    calls = [amount(bound["bytes"], "bytes") + " allocated"] if bound["bytes"] else []
    calls += [amount(bound["objects"], "objects") + " made"] if bound["objects"] else []
    if bound["operations"]:
        calls.append(amount(bound["operations"], "operations"))
        concern = " Operations on objects that hold no reference call for none." if bound["by_references"] else ""
        return f"{opening} at most one for each {' and one for each '.join(calls)}, and two besides.{concern}"
    if bound["left"]:
        times = "as many bytes as" if bound["left"] == 1 else f"{bound['left']:.3g} times the bytes that"
        calls.append(f"{times} the last one left")
    early = "" if not bound["early"] else f" Up to {bound['early']} in a row may come early."
    return f"{opening} between two, at least {joined(calls)}.{early}{latest_words(bound)}" if calls else None


def latest_words(bound):
    """When a collection has begun at the latest; births are known where no object is acyclic."""
    if not bound.get("latest"):
        return ""
    return (f" At the latest, one begins when {amount(bound['latest'], 'objects')} have been made that counting did not"
            f" free. It may wait while no more is held than {1 + bound['latest_grown']:.3g} times what the last one left and"
            f" {amount(bound['latest_besides'], 'objects')}. Acyclic objects do not count.")


def words(bounds, traits):
    """What a collector states, a sentence each."""
    if bounds is None:
        return ["It states no bounds."]
    sentences = [held_words(bounds["held"]), garbage_words(traits), tables_words(bounds["tables"]),
                 visits_words(bounds["visits"]), pace_words(bounds["full"], "full"), pace_words(bounds["young"], "young")]
    if all(bounds[kind].get(key, 1) == 0 for kind in ("full", "young") for key in ("bytes", "left", "objects", "operations")):
        sentences.append("No collection begins by itself.")
    return [sentence for sentence in sentences if sentence]


def items(bounds, traits):
    """The same as a list in Markdown."""
    return "\n".join(textwrap.fill(f"- {sentence}", 120, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
                     for sentence in words(bounds, traits))


def section(collector):
    """The section of a collector's page; `collector` is its own description."""
    return ("With its options at their defaults:\n\n" + items(collector["bounds"], collector["traits"]) + "\n\n" + paragraph(
        "[bounds.md](../../docs/bounds.md) says what the words mean, and how near collectors came to their bounds."))


# ---- the page ----


def share(number):
    return "n/a" if number is None else f"{100 * number:.0f}%"


def distance(number):
    return "n/a" if number is None else f"{number:.2f}"


def render(document):
    programs = document["programs"]
    page = paragraph("""Each collector states what can be expected of it, as data that code reads
        ([bounds.h](../collectors/bounds.h)). It says what is held at most, how large its tables are, what a collection
        looks at, and how far apart collections are. `gcmatrix stress` holds it to that over long programs, under options that are
        drawn. A collector's own page has its bounds in sentences, at the defaults of its options.""".replace("\n        ", " "))
    page = "# Bounds\n\n" + page + "\n\n" + paragraph(
        "A bound is stated from what the trigger and the structures say, and not from what was measured. The figures say "
        f"how near each collector came to its bounds in {programs} programs of each of {len(PROGRAMS)} kinds, of "
        "150,000 to four million operations. *Held*, *tables* and *visits* are the largest share of the bound that was "
        "reached: above 100% would be a finding. *Full* and *young* are the shortest distance between two such "
        "collections, as a multiple of the least that is stated. Where operations call for collections, they are the most "
        "that a program may have by those that it had. Below 1 would be a finding. A cell is n/a where nothing is stated, or "
        "where there is nothing to measure, such as tables. So it is where no two collections of that kind began by "
        "themselves.")
    page += "\n\n" + paragraph(
        "A collection *left* what lived when it ended. A *structure* is the largest with a ring that the program drops at "
        "once. An object that may lie on a ring is one whose type is not acyclic, or that holds a reference. Programs that "
        "make no ring show what is on no ring.")
    page += "\n\n" + paragraph(f"`{MADE_BY}` measures all this anew, and writes this page.") + "\n\n## How near they came\n\n"
    page += "| collector | held | tables | visits | full | young |\n|---|---:|---:|---:|---:|---:|\n"
    for name, found in document["collectors"].items():
        worst = found["worst"]
        cells = [share(worst["held"]), share(worst["tables"]), share(worst["visits"]), distance(worst["full"]),
                 distance(worst["young"])]
        page += f"| [{name}](../collectors/{name}/README.md#bounds) | " + " | ".join(cells) + " |\n"
    page += "\n## What they state\n\n"
    for name, found in document["collectors"].items():
        page += f"**{name}**\n\n"
        page += items(found["stated"], found["traits"])
        page += "\n\n"
    return page + work_words(document["work"])


def exponent(fit):
    """A cell: an exponent, or for a pattern with a peak how many times as much is held after it. Bold if it is said."""
    number = fit["held_after_peak"] if "held_after_peak" in fit else fit["exponent"]
    figure = f"{number:.2f}" if number < 100 else f"{number:.0f}"
    return f"**{figure}**" if fit["superlinear"] else figure


def work_words(work):
    collectors = list(work["collectors"])
    patterns = list(next(iter(work["collectors"].values())))
    page = "## Work\n\n" + paragraph(
        "How work grows with what is asked for is no bound of these, and is counted too: [stress.md](stress.md#work) says how, "
        "and has the patterns' language. Each figure is the exponent that fits the steps of programs at sizes that double: 1 "
        "is linear, and 2 is quadratic. Of a pattern with a peak it is how many times as many bytes are held at the end as "
        "without the peak, at most. A figure in bold is above what the suite allows, and the collector says why. Steps are "
        f"counted as {work['compiler']} cuts the code; another compiler gives somewhat other exponents.") + "\n\n"
    page += "| pattern | " + " | ".join(f"`{name}`" for name in collectors) + " |\n"
    page += "|---|" + "---:|" * len(collectors) + "\n"
    for pattern in patterns:
        cells = [exponent(work["collectors"][name][pattern]) for name in collectors]
        page += f"| `{pattern}` | " + " | ".join(cells) + " |\n"
    page += "\n" + paragraph("Why figures are in bold:") + "\n\n"
    reasons = {}
    for name in collectors:
        for pattern, fit in work["collectors"][name].items():
            if fit["superlinear"]:
                reasons.setdefault(fit["reason"], {}).setdefault(pattern, []).append(name)
    for reason, where in reasons.items():
        said = "; ".join(f"`{pattern}` of {joined([f'`{name}`' for name in names])}" for pattern, names in where.items())
        page += textwrap.fill(f"- {said}: {reason}.", 120, subsequent_indent="  ", break_long_words=False,
                              break_on_hyphens=False) + "\n"
    return page


# ---- measuring ----


def describe(build):
    """Each collector's own description, by its name."""
    with open(f"{build}/harness/runner/pairs.json", encoding="utf-8") as source:
        pairs = json.load(source)
    described = {}
    for pair in pairs["pairs"]:  # any pair of a collector can say it
        if pair["collector"] not in described and os.path.exists(f"{build}/harness/runner/{pair['path']}"):
            command = [f"{build}/harness/runner/{pair['path']}", "--describe"]
            said = subprocess.run(command, capture_output=True, check=True).stdout
            described[pair["collector"]] = json.loads(said)["collector"]
    return {name: described[name] for name in pairs["collectors"]}


def worst_of(worker, programs):
    """The worst over all programs; a distance of infinity is none."""
    worst = {"held": None, "tables": None, "visits": None, "full": None, "young": None}
    for setting, dials, seed in PROGRAMS:
        command = [worker, "--quiet", "--worst", f"--setting={setting}", f"--dials={dials}", f"--seed={seed}",
                   f"--programs={programs}"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            fail(f"{' '.join(command)}: {done.stderr.strip()}")
        for key, number in json.loads(done.stdout).items():
            if number is not None and (worst[key] is None or (number > worst[key]) == (key in ("held", "tables", "visits"))):
                worst[key] = number
    return worst


def fit_of(entry):
    """What the page says of a pattern under a collector."""
    if "peak" not in entry:
        fit = {"exponent": entry["exponent"], "superlinear": entry["exponent"] > EXPONENT_MAX}
    else:
        late = [program["late_bytes"] for program in entry["programs"]]
        pairs = list(zip(late[::2], late[1::2]))  # without the peak, and after it
        fit = {"held_after_peak": max(after / max(without, 1) for without, after in pairs),
               "superlinear": any(after > PEAK_TIMES * without + PEAK_BYTES for without, after in pairs)}
    if fit["superlinear"]:
        fit["reason"] = entry["reason"]
    return fit


def count_work(build, collectors):
    """The work of each collector in every pattern."""
    command = [f"{build}/gcmatrix", "stress", "--work", "--json"]
    for name in collectors:
        command += ["-c", name]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        fail(f"{' '.join(command)}: exit status {done.returncode}: {done.stderr.strip()}; without --json it says what it found")
    fits = {name: {} for name in collectors}
    for entry in json.loads(done.stdout)["work"]:
        fits[entry["collector"]][entry["pattern"]] = fit_of(entry)
    return {"compiler": provenance(build)["compiler"], "collectors": fits}


def measure(build, programs):
    collectors = {}
    for name, collector in describe(build).items():
        worker = f"{build}/harness/stress/stress-{name}"
        if os.path.exists(worker):
            print(f"{name}", file=sys.stderr)
            collectors[name] = {"stated": collector["bounds"], "traits": collector["traits"],
                                "worst": worst_of(worker, programs)}
    return {"schema": SCHEMA, "made_by": MADE_BY, "programs": programs, "collectors": collectors,
            "work": count_work(build, collectors)}


def check(document):
    return schema_check(document, SCHEMA)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1])
    parser.add_argument("build", nargs="?")
    parser.add_argument("--output", default="docs")
    parser.add_argument("--programs", type=int, default=5)
    parser.add_argument("--work", action="store_true")
    parser.add_argument("--render")
    arguments = parser.parse_args()
    if arguments.render:
        page_print(arguments.render, check, render)
        return
    need_build(arguments.build)
    if arguments.work:
        document = document_read(os.path.join(arguments.output, "bounds.json"), check)
        document["work"] = count_work(arguments.build, document["collectors"])
    else:
        document = measure(arguments.build, arguments.programs)
    document_write(arguments.output, "bounds", document, render(document))


if __name__ == "__main__":
    main()
