#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Joins the files of a page into one text, and writes it as C: what stands before the data, and what after.

usage: join.py ROOT OUTPUT.c DEPENDENCIES.d HEADER NAME page.html STYLE.css SCRIPT.js ... [-- LIBRARY.css LIBRARY.js]

HEADER, named from the root of the tree, declares the two texts, NAME_before and NAME_after. DEPENDENCIES.d tells the
build what the page was made of.

page.html has a place for each part, such as <!--STYLE-->. The head and the sheet that all pages share stand beside this
file. The policy of the page names the digest of every style and script, so that a browser runs these and no other. About
workloads and collectors the page says what docs/nominal.json and the pages in collectors/ say, and its words mean what docs/glossary.md says.
"""
import base64
import hashlib
import json
import os
import re
import sys

sys.dont_write_bytecode = True  # nothing of ours beside the sources
from prose import chapters, plain  # noqa: E402

HOLE = "<!--DATA-->"
HERE = os.path.dirname(os.path.abspath(__file__))
inputs = [f"{HERE}/prose.py"]


def read(path):
    inputs.append(path)
    with open(path, encoding="utf-8") as text:
        return text.read()


def digest(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def element(name, text):
    """A style or a script, whose text must not end it."""
    if re.search(r"</(script|style)|<!--", text, re.IGNORECASE):
        sys.exit(f"join.py: a {name} holds what would end it")
    return f"<{name}>{text}</{name}>"


# ---- about workloads and collectors ----

def count(number):
    for size, unit in ((1e9, " thousand million"), (1e6, " million"), (1e4, " thousand")):
        if number >= size:
            return f"{number / (1e3 if unit == ' thousand' else size):.3g}{unit}"
    return f"{number:.0f}"


def size(number):
    for limit, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if number >= limit:
            return f"{number / limit:.3g} {unit}"
    return f"{number:.3g} bytes"


def character(values):
    """What a workload is like, in sentences."""
    said = [f"it makes {count(values['ACN'])} objects of {size(values['ASM'])} on average, {size(values['ABY'])} in all."]
    said.append(f"At most {size(values['LPB'])} live at once, and {100 * values['LSV']:.0f}% of all bytes still live at the end.")
    if values["DAC"] is not None:
        acyclic = 100 * values["DAC"]
        said.append("Every object that dies is on no ring." if acyclic > 99.95 else f"Of the objects that die, {100 - acyclic:.3g}% hang on rings.")
    if values["DCM"] and values["DCM"] > 1:
        said.append(f"The largest cascade frees {count(values['DCM'])} objects at once.")
    if values["DL5"]:
        said.append(f"Half of the objects that die do so before {size(values['DL5'])} more are allocated.")
    elif values["DL5"] is not None:
        said.append("Half of the objects that die do so before anything else is allocated.")
    said.append(f"It writes {values['RIN']:.3g} references for each object.")
    return " ".join(said)


def summary(root, name):
    """What a workload's own description says that it does; "" where it has no file of its own."""
    path = f"{root}/workloads/{name}.c"
    found = re.search(r'\.summary\s*=\s*((?:"[^"]*"\s*)+),', read(path)) if os.path.exists(path) else None
    return "".join(re.findall('"([^"]*)"', found[1])) if found else ""


# Words of the page that a reader may not know: as the glossary has them, and as the page shows them.
WORDS = {
    "process": "", "block": "", "cell": "", "setting": "", "cold, warm": "cold and warm memory", "baseline": "", "claim, of a run": "claim", "precision": "", "equal": "", "undecided": "",
    "interval": "", "may be the best": "", "floor, of a run": "floor", "leaked": "", "pause": "", "cascade": "", "utilisation": "", "distilled cost": "", "own time": "", "allocation clock": "",
    "reference program": "", "disturbed": "",
}


def words(root):
    """What the glossary says of the words."""
    rows = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", read(f"{root}/docs/glossary.md"), re.MULTILINE))
    missing = [word for word in WORDS if word not in rows]
    if missing:
        sys.exit(f"join.py: docs/glossary.md has no {missing[0]!r}")
    return [[shown or word, re.sub(r"\*([^*]+)\*", r"\1", plain(rows[word]))] for word, shown in WORDS.items()]


def about(root):
    """What the page says of each workload and collector, by name, and of words."""
    nominal = json.loads(read(f"{root}/docs/nominal.json"))
    workloads = {name: {"does": summary(root, name), "is": character(entry["values"])} for name, entry in nominal["workloads"].items()}
    collectors = {}
    inputs.append(f"{root}/collectors")  # a folder changes as one is added to it
    for name in sorted(os.listdir(f"{root}/collectors")):
        if os.path.exists(f"{root}/collectors/{name}/README.md"):
            collectors[name] = chapters(read(f"{root}/collectors/{name}/README.md"))
    text = json.dumps({"workloads": workloads, "collectors": collectors, "words": words(root)}, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


# ---- the page ----

def of_kind(ending, paths):
    return [path for path in paths if path.endswith(ending)]


def page(root, html, own, libraries):
    styles = [re.sub(r"/\*# sourceMappingURL=.*?\*/", "", read(path)) for path in of_kind(".css", libraries)]
    styles.append("\n".join(map(read, [f"{HERE}/shared.css", *of_kind(".css", own)])))
    texts = [re.sub(r"\n?//# sourceMappingURL=.*", "", read(path)) for path in of_kind(".js", libraries)]
    texts.append('"use strict";\n(() => {\n' + "\n".join(map(read, of_kind(".js", own))) + "\n})();\n")
    policy = (f"default-src 'none'; style-src {' '.join(map(digest, styles))}; script-src {' '.join(map(digest, texts))}; "
              "base-uri 'none'; form-action 'none'")
    text = read(html).replace("<!--HEAD-->\n", read(f"{HERE}/head.html"))
    parts = {
        "POLICY": f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        "STYLE": "\n".join(element("style", text) for text in styles),
        "ABOUT": about(root) if "<!--ABOUT-->" in text else "",
        "SCRIPT": "\n".join(element("script", text) for text in texts),
    }
    return re.sub("<!--([A-Z]+)-->", lambda found: parts.get(found[1], found[0]), text)


def literal(name, text):
    """A text as a constant of C, a piece a line: compilers refuse none of that size."""
    lines = []
    for line in text.encode().splitlines(keepends=True):
        for start in range(0, len(line), 4000):
            piece = "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\?' else f"\\{byte:03o}" for byte in line[start:start + 4000])
            lines.append(f'    "{piece}"')
    return f"const char {name}[] =\n" + "\n".join(lines) + ";\n"


def dependencies(output):
    """What the output depends on, as make writes it."""
    return f"{output}: " + " ".join(re.sub(r"([ #])", r"\\\1", path.replace("$", "$$")) for path in dict.fromkeys(inputs)) + "\n"


def main():
    root, output, depends, header, name, html, *paths = sys.argv[1:]
    end = paths.index("--") if "--" in paths else len(paths)
    before, hole, after = page(root, html, paths[:end], paths[end + 1:]).partition(HOLE)
    if not hole:
        sys.exit(f"join.py: page.html has no place for the data, {HOLE}")
    with open(output, "w", encoding="utf-8") as text:
        text.write(f'/* Made by harness/report/page/join.py. */\n#include "{header}"\n\n')
        text.write(literal(f"{name}_before", before) + literal(f"{name}_after", after))
    with open(depends, "w", encoding="utf-8") as text:
        text.write(dependencies(output))


main()
