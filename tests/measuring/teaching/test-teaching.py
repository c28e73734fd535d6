#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Pictures of small programs: counts, colours, names and buffers are what they must be at each moment; the page of a class
shows the same; docs/teaching.md is what the program prints. Speaks TAP.

usage: test-teaching.py GCMATRIX PAIRS_JSON SOURCE SHOWERS
       test-teaching.py --write GCMATRIX SOURCE     writes the outputs into docs/teaching.md
"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

import tap

EXAMPLES = ["list", "ring", "held-ring", "two-rings"]
ON_TRIAL = {"grey", "white"}


def gcmatrix(*arguments, **more):
    return subprocess.run([GCMATRIX, *arguments], capture_output=True, text=True, **more)


def example(name):
    return os.path.join(SOURCE, "program", "examples", f"{name}.gcp.txt")


def trace(path, collector, *more):
    """The document of a program under a collector; None where it could not be made."""
    result = gcmatrix("program", "trace", path, "-c", collector, "--json", *more)
    if result.returncode != 0:
        print(f"# {collector}: {result.stderr.strip()}")
        return None
    return json.loads(result.stdout)


def objects(picture):
    return {found["object"]: found for found in picture["objects"]}


def references(picture, of=None):
    """How many names and fields refer to each object; of fields only those of the objects in `of`, and no names, if given."""
    counts = dict.fromkeys(objects(picture), 0)
    for number in (number for slots in picture["frames"] for number in slots if number and of is None):
        counts[number] += 1
    for found in picture["objects"]:
        for number in found["fields"]:
            if number in counts and (of is None or found["object"] in of):
                counts[number] += 1
    return counts


def reached(picture):
    """The objects that names reach."""
    held, queue = objects(picture), [number for slots in picture["frames"] for number in slots if number]
    seen = set()
    while queue:
        number = queue.pop()
        if number not in seen:
            seen.add(number)
            queue += [field for field in held[number]["fields"] if field]
    return seen


def coloured(picture, *colours):
    return {number for number, found in objects(picture).items() if found["colour"] in colours}


def after(document, phase):
    return [picture for picture in document["pictures"] if picture["phase"] == phase and not picture["within"]]


# ---- every collector ----

def check_numbers(name, program, document):
    """What holds of every picture."""
    pictures = document["pictures"]
    wrong = [place for place, picture in enumerate(pictures)
             if {number for number, found in objects(picture).items() if found["reachable"]} != reached(picture)]
    tap.ok(not wrong and pictures, f"{name}, {program}: what names reach is held, and marked", wrong)
    if document["collector"]["counts"]:
        wrong = [place for place, picture in enumerate(pictures) if picture["phase"] is None and
                 {number: found["count"] for number, found in objects(picture).items()} != references(picture)]
        tap.ok(not wrong, f"{name}, {program}: after each operation a count is the number of names and fields", wrong)
    freed = [number for picture in pictures for number in picture["freed"]]
    gone = set(range(1, 1 + max(objects(pictures[-1]) | {number: 0 for number in freed}, default=0))) - set(objects(pictures[-1]))
    tap.ok(len(freed) == len(set(freed)) and set(freed) == gone, f"{name}, {program}: each object is freed once, and is gone then", freed, gone)


def check_end(name, program, document, traits):
    last = document["pictures"][-1]
    if traits["reclaims_cycles"] and not traits["frees_when_told"]:
        tap.ok(set(objects(last)) == reached(last), f"{name}, {program}: in the end nothing is held but what names reach", last)


def traits_of(name):
    with open(PAIRS, encoding="utf-8") as pairs:
        paths = [pair["path"] for pair in json.load(pairs)["pairs"] if pair["collector"] == name]
    folder = os.path.dirname(PAIRS)
    for path in (os.path.join(folder, path) for path in paths):
        if os.path.exists(path):
            return json.loads(subprocess.run([path, "--describe"], capture_output=True, check=True).stdout)["collector"]["traits"]
    return None


def test_collectors():
    shown = sorted(path.rpartition("/show-")[2] for path in glob.glob(f"{SHOWERS}/show-*") if os.access(path, os.X_OK) and os.path.isfile(path))
    tap.ok(len(shown) > 10, "most collectors are shown", shown)
    for name in shown:
        traits = traits_of(name)
        for program in EXAMPLES:
            path = example(program)
            if name == "explicit" and program == "held-ring":
                continue  # nothing in it dies
            if name == "explicit":
                path = f"{program}.gcp"
                gcmatrix("program", "deaths", example(program), "-o", path)
            document = trace(path, name)
            tap.ok(document is not None, f"{name} shows {program}")
            if document:
                check_numbers(name, program, document)
                if traits:
                    check_end(name, program, document, traits)


# ---- the algorithms ----

def test_trial():
    document = trace(example("ring"), "rc-trial")
    before, (grey,), (white,) = document["pictures"][5], after(document, "grey"), after(document, "scan")
    tap.ok(coloured(before, "purple") == {1, 2} and before["buffers"][0] == [1, 2], "rc-trial: what the function leaves behind is purple, and buffered", before)
    tap.ok(coloured(grey, "grey") == {1, 2} and [found["count"] for found in grey["objects"]] == [0, 0], "trial deletion greys the ring, and its counts are 0", grey)
    tap.ok(coloured(white, "white") == {1, 2}, "then it is white", white)
    tap.ok(after(document, "free")[0]["freed"] == [1, 2] and not document["pictures"][-1]["objects"], "then it is freed", document["pictures"][-1])

    document = trace(example("held-ring"), "rc-trial")
    (grey,), (scanned,) = after(document, "grey"), after(document, "scan")
    tap.ok(coloured(grey, "grey") == {1, 2} and sorted(found["count"] for found in grey["objects"]) == [0, 1], "a ring that a name holds is greyed, too, and one count stays above 0", grey)
    tap.ok(coloured(scanned, "black") == {1, 2} and {number: found["count"] for number, found in objects(scanned).items()} == references(scanned),
           "it is black again, and its counts are given back", scanned)

    document = trace(example("two-rings"), "rc-trial")
    (scanned,) = after(document, "scan")
    tap.ok([coloured(scanned, colour) for colour in ("white", "black", "green")] == [{1, 2}, {3, 4}, {5}], "garbage is white, what lives black, what is acyclic green", scanned)


def check_trial_counts(document):
    """The invariant of trial deletion: a count is short by the references that grey and white objects hold."""
    wrong = []
    for picture in after(document, "grey") + after(document, "scan"):
        tried = coloured(picture, *ON_TRIAL)
        all_of, taken = references(picture), references(picture, tried)
        green = coloured(picture, "green")
        wrong += [(found["object"], found["count"]) for found in picture["objects"]
                  if found["count"] != all_of[found["object"]] - (0 if found["object"] in green else taken[found["object"]])]
    tap.ok(not wrong, "a count is short by the references that are on trial", wrong)


def test_others():
    document = trace(example("two-rings"), "mark-sweep")
    (marked,) = after(document, "mark")
    tap.ok(coloured(marked, "black") == reached(marked) == {3, 4}, "mark-sweep: what names reach is marked", marked)
    document = trace(example("two-rings"), "rc-gcrefs")
    (subtracted,) = after(document, "subtract")
    copies = {number: found["number"] for number, found in objects(subtracted).items() if found["number"] is not None}
    tap.ok(copies == {1: 0, 2: 0, 3: 0, 4: 1}, "rc-gcrefs: the copies are short by the references within", copies)
    (restored,) = after(document, "restore")
    tap.ok(coloured(restored, "white") == {1, 2} and coloured(restored, "black") == {3, 4}, "what has none left, and is not reached, is set aside", restored)
    document = trace(example("list"), "rc-deferred")
    (looked,) = after(document, "reconcile")
    tap.ok(looked["freed"] == [1, 2, 3] and not looked["buffers"][0], "rc-deferred: a list goes when the table is looked at", looked)
    tap.ok(document["pictures"][-3]["buffers"][0] == [1, 2, 3], "and waits in the zero count table until then", document["pictures"][-3])


FREEZING = """gcp 7
globals 2
shape node refs=1
shape large refs=1 payload=5000
new g0 node
new g1 large
freeze
new g0 node
freeze
unfreeze
"""


def test_frozen():
    """What is frozen is shown where it is set aside; so it is gone from there when it dies, or is frozen no more."""
    with open("freezing.gcp.txt", "w", encoding="ascii") as file:
        file.write(FREEZING)
    for collector in ("rc-gcrefs", "rc-gcrefs-block"):
        document = trace("freezing.gcp.txt", collector)
        place = document["collector"]["buffers"].index("frozen")
        frozen = [sorted(picture["buffers"][place]) for picture in document["pictures"]]
        tap.ok(frozen == [[], [], [1, 2], [2], [2, 3], []], f"{collector}: what is frozen is shown", frozen)
        others = [sorted(sum(picture["buffers"][:place], [])) for picture in document["pictures"]]
        tap.ok(not others[2] and not others[4], f"{collector}: and is of no generation", others)
    purple = [coloured(picture, "purple") for picture in document["pictures"]]
    tap.ok(purple == [set(), set(), {1, 2}, {2}, {2, 3}, set()], "rc-gcrefs-block: and has its colour", purple)


def test_changes():
    """Within a phase, one picture follows the other as soon as anything changes."""
    plain, fine = trace(example("held-ring"), "rc-trial"), trace(example("held-ring"), "rc-trial", "--changes")
    within = [picture for picture in fine["pictures"] if picture["within"]]
    tap.ok([picture for picture in fine["pictures"] if not picture["within"]] == plain["pictures"], "what stands between the changes is what is shown without them")
    greys = [len(coloured(picture, "grey")) for picture in within if picture["phase"] == "grey"]
    tap.ok(greys[:1] == [1] and sorted(greys) == greys and greys[-1] == 2, "grey spreads object by object", greys)
    counts = [sum(found["count"] for found in picture["objects"]) for picture in within if picture["phase"] == "grey"]
    tap.ok(counts[0] > counts[-1] and all(0 <= a - b <= 1 for a, b in zip(counts, counts[1:])), "and counts go down one by one", counts)
    document = trace(example("two-rings"), "mark-sweep", "--changes")
    marking = [picture for picture in document["pictures"] if picture["phase"] == "mark" and picture["within"]]
    marked = [coloured(picture, "grey", "black") for picture in marking]
    tap.ok(all(a < b for a, b in zip(marked, marked[1:])) and marked[-1] == {3, 4}, "marking goes from object to object", marked)
    bad = [picture for picture in marking if any(number in coloured(picture, "white") for black in coloured(picture, "black") for number in objects(picture)[black]["fields"])]
    tap.ok(not bad and any(coloured(picture, "grey") for picture in marking), "no black object refers to a white one: the one between them is grey", bad[:1])


# ---- text and graphs ----

HOSTILE = "gcp 1\nshape {} refs=1 payload=0\nglobals 1\nnew g0 {}\nstore @1 0 @1\nnew g0 {}\ncollect full\n"
NAME = "<script>alert(1)</script>\"]};\\N&amp;&lt;$(ls)`'"


def hostile():
    with open("hostile.gcp.txt", "w", encoding="utf-8") as program:
        program.write(HOSTILE.format(NAME, NAME, NAME).replace("@", "#"))
    return "hostile.gcp.txt"


def test_dot():
    result = gcmatrix("program", "trace", example("two-rings"), "-c", "rc-trial", "--dot")
    graphs = re.split(r"(?m)^digraph ", result.stdout)[1:]
    parts = [re.findall(r'id="([^"]*)"', graph) for graph in graphs]
    tap.ok(len(graphs) > 10 and all(names == parts[0] for names in parts), "the graphs of a program all have the same parts: one layout")
    visible = [len(re.findall(r'class="object"(?!.*style=invis)', graph)) for graph in graphs]
    tap.ok(visible[0] == 0 and max(visible) == 5 and visible[-1] == 2, "and show those that are held", visible)
    result = gcmatrix("program", "trace", hostile(), "-c", "rc-trial", "--dot")
    line = next(line for line in result.stdout.splitlines() if 'id="o1"' in line)
    label = re.search(r'label="((?:[^"\\]|\\.)*)"', line)[1]
    shown = label.split("\\n")[0].replace('\\"', '"').replace("\\\\", "\\").replace("&amp;", "&")
    tap.ok(shown == f"#1 {NAME}", "a name stays a name in a graph", label, shown)


def has_dot():
    return subprocess.run(["sh", "-c", "command -v dot"], capture_output=True).returncode == 0


def test_drawings():
    if not has_dot():
        tap.skip("drawings", "graphviz is not installed")
        return
    result = gcmatrix("program", "trace", example("two-rings"), "-c", "rc-trial", "--svg", "drawings")
    names = sorted(os.listdir("drawings")) if os.path.isdir("drawings") else []
    count = len(trace(example("two-rings"), "rc-trial")["pictures"])
    tap.ok(result.returncode == 0 and len(names) == count and names[0] == "picture-0001.svg", "each picture is drawn", result.stderr, names)
    boxes = set()
    for name in names:
        with open(f"drawings/{name}", encoding="utf-8") as drawing:
            boxes.add(re.search(r'viewBox="([^"]*)"', drawing.read())[1])
    tap.ok(len(boxes) == 1, "all drawings have one size", boxes)
    with open("drawings/picture-0007.svg", encoding="utf-8") as drawing:
        frame = re.search(r'<g id="f1".*?</g>', drawing.read(), re.DOTALL)[0]
    texts = re.findall(r'<text[^>]* y="([-0-9.]*)"[^>]*>([^<]*)<', frame)
    tap.ok([text for _, text in sorted(texts, key=lambda found: float(found[0]))] == ["frame 1", "0", "1", "2", "3", "4"], "the names of a frame stand in their order", texts)
    for own in "notes.txt", "picture-9999.svg":
        written(f"drawings/{own}", "of the user")
    result = gcmatrix("program", "trace", hostile(), "-c", "rc-trial", "--svg", "drawings")
    count = len(trace(hostile(), "rc-trial")["pictures"])
    expected = [f"picture-{number:04}.svg" for number in range(1, count + 1)]
    tap.ok(result.returncode == 0 and count < len(names) and sorted(os.listdir("drawings")) == ["notes.txt", *expected, "picture-9999.svg"],
           "of a longer program none is left, and of other files all", result.stderr, os.listdir("drawings"))
    gcmatrix("program", "trace", hostile(), "-c", "rc-trial", "--svg", "bad")
    with open("bad/picture-0001.svg", encoding="utf-8") as drawing:
        text = drawing.read()
    tap.ok("<script" not in text and "&lt;script&gt;alert(1)&lt;/script&gt;" in text, "a name stays a name in a drawing")


def test_no_drawings():
    """A graphviz that ends well without having drawn everything: nothing is written, and it is said."""
    os.mkdir("tools")
    with open("tools/dot", "w", encoding="utf-8") as tool:
        tool.write('#!/bin/sh\nprintf "$DRAWN"\n')
    os.chmod("tools/dot", 0o755)
    for drawn in "", "<svg></svg>", "<svg><g>":
        for form, place in ("--svg", "undrawn"), ("--html", "undrawn.html"):
            if (drawn, form) == ("<svg></svg>", "--html"):
                continue  # which needs no more than one
            result = gcmatrix("program", "trace", example("ring"), "-c", "rc", form, place, env={**os.environ, "PATH": os.path.abspath("tools"), "DRAWN": drawn})
            count = drawn.count("</svg>")
            tap.ok(result.returncode == 3 and len(result.stderr.splitlines()) == 1 and f"tools/dot drew {count} of " in result.stderr and not os.path.exists(place),
                   f"{form} with a graphviz that writes '{drawn}'", result.returncode, result.stderr)


# ---- what is refused ----

def refuses(words, sentence, *arguments, **more):
    result = gcmatrix(*arguments, **more)
    lines = result.stderr.splitlines()
    tap.ok(result.returncode == 2 and len(lines) == 1 and words in lines[0], sentence, result.returncode, result.stderr)


def written(name, text):
    with open(name, "w", encoding="utf-8") as program:
        program.write(text)
    return name


def test_refusals():
    ring = example("ring")
    refuses("say under which collector: -c rc-trial", "a collector is needed", "program", "trace", ring)
    refuses("did you mean 'rc-trial'?", "one that is not there is refused", "program", "trace", ring, "-c", "rc-trail")
    refuses("census cannot be drawn: the build has no show-census", "so is one that cannot be shown", "program", "trace", ring, "-c", "census")
    refuses("unknown option 'rots'", "its options are its own", "program", "trace", ring, "-c", "rc-trial:rots=1")
    refuses("--dot is an option of 'program trace' alone", "its options are of no other action", "program", "check", ring, "--dot")
    refuses("--dot and --svg", "two forms exclude each other", "program", "trace", ring, "-c", "rc", "--dot", "--svg", "x")
    refuses("--output and --html", "so do two places", "program", "trace", ring, "-c", "rc", "-o", "x", "--html", "y")
    refuses("it frees only what the program says", "explicit wants deaths", "program", "trace", ring, "-c", "explicit")
    many = written("many.gcp.txt", "gcp 1\nshape a refs=0 payload=8\nglobals 1\n" + "new g0 a\n" * 65)
    refuses("many.gcp.txt has 65 objects, and at most 64 are drawn", "too many objects are refused", "program", "trace", many, "-c", "rc")
    long = written("long.gcp.txt", "gcp 1\nglobals 1\n" + "del g0\n" * 501)
    refuses("501 operations, and at most 500", "so are too many operations", "program", "trace", long, "-c", "rc")
    wide = written("wide.gcp.txt", "gcp 1\nshape a refs=*\nglobals 1\nnew g0 a 257\n")
    refuses("257 fields, and at most 256", "too many fields", "program", "trace", wide, "-c", "rc")
    deep = written("deep.gcp.txt", "gcp 1\n" + "enter 8\n" * 9)
    refuses("72 names at a time, and at most 64", "and too many names", "program", "trace", deep, "-c", "rc")
    refuses("dot not found in PATH; apt-get install graphviz", "without graphviz there is no drawing", "program", "trace", ring, "-c", "rc", "--svg", "x",
            env={**os.environ, "PATH": "/nonexistent"})
    tap.ok(not os.path.exists("x") and not os.path.exists("y"), "nothing was written")


# ---- the page ----

def page_of(path, collector, *more, **environment):
    name = os.path.abspath("page.html")
    result = gcmatrix("program", "trace", path, "-c", collector, "--html", name, *more, **environment)
    tap.ok(result.returncode == 0 and not result.stderr, f"a page is written of {collector}", result.stderr)
    return name


def press(browser, key):
    codes = {"ArrowLeft": 37, "ArrowRight": 39, "Home": 36, "End": 35}
    for kind in ("keyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=codes[key])
    browser.settle()


def heading(browser):
    return browser.run("document.querySelector('.picture h2').innerText")


def quiet(browser, sentence):
    wrong, asked = browser.wrong(), browser.asked()
    tap.ok(not wrong and len(asked) == 1 and asked[0].startswith("file://"), sentence, wrong[:5], asked[:5])


def test_keys(browser, page):
    browser.open(page)
    quiet(browser, "the page opens without an error, and asks for nothing but itself")
    tap.ok(heading(browser) == "1. enter 2", "it begins with the first picture", heading(browser))
    press(browser, "ArrowRight")
    tap.ok(heading(browser).startswith("2. new 0 node"), "the right arrow goes on", heading(browser))
    press(browser, "End")
    last = heading(browser)
    press(browser, "ArrowRight")
    tap.ok(heading(browser) == last, "not beyond the last", last)
    press(browser, "ArrowLeft")
    press(browser, "Home")
    tap.ok(heading(browser) == "1. enter 2", "and back", heading(browser))
    browser.open(page, "#picture=7")
    tap.ok(heading(browser) == "7. collect full" and "after grey" in browser.run("document.querySelector('.picture .phase').innerText"), "an address opens a picture", heading(browser))
    colours = browser.run("[...document.querySelectorAll('.picture tbody tr')].map((row) => row.children[3].innerText)")
    tap.ok(colours == ["grey", "grey"], "its table has the colours", colours)
    quiet(browser, "all of that without an error")


def test_drawn(browser, page):
    browser.open(page, "#picture=7")
    if not has_dot():
        tap.ok(browser.run("document.querySelectorAll('svg').length") == 0 and "apt-get install graphviz" in browser.run("document.body.innerText"), "a page without drawings says why")
        return
    shown = browser.run("[...document.querySelectorAll('svg .object:not(.absent)')].map((group) => group.getAttribute('class') + ':' + group.querySelectorAll('text')[1].textContent)")
    tap.ok(len(shown) == 2 and all("grey" in text and text.endswith(":count 0") for text in shown), "its drawing has them, and the counts", shown)
    links = browser.run("[...document.querySelectorAll('svg .link:not(.absent)')].length")
    tap.ok(links == 2, "and the references", links)


def test_looks(browser, page):
    browser.screen(390)
    browser.open(page, "#picture=7")
    wide = browser.run("document.documentElement.scrollWidth")
    tap.ok(wide <= 390, "a phone needs no sideways scrolling", wide)
    browser.screen(1280, dark=True)
    browser.open(page, "#picture=7")
    tap.ok(browser.run("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 27)", "a dark screen has a dark page")
    browser.print("page.pdf")
    tap.ok(os.path.getsize("page.pdf") > 10000, "it prints")
    browser.run("document.getElementById('all').click()")
    count = browser.run("document.querySelectorAll('.picture').length")
    tap.ok(count == browser.run("Number(document.getElementById('place').max)") > 8, "all pictures are shown at once on request", count)
    quiet(browser, "all of that without an error")


def test_page():
    sys.path.append(os.path.join(SOURCE, "tests", "measuring", "report"))
    import browser as browsers  # its folder is known only now
    if not browsers.find() or os.environ.get("SANITIZERS", "none") != "none":
        tap.skip("the page in a browser", "there is no Chromium, or the build has sanitizers")
        return
    with browsers.Browser() as browser:
        page = page_of(example("ring"), "rc-trial")
        browser.screen(1280)
        test_keys(browser, page)
        test_drawn(browser, page)
        test_looks(browser, page)
        page = page_of(hostile(), "rc-trial")
        browser.open(page, "#picture=1")
        tap.ok(NAME in browser.run("document.querySelector('.picture tbody').innerText"), "a name stays a name on the page")
        quiet(browser, "and nothing comes of it")
        page = page_of(example("ring"), "rc", env={**os.environ, "PATH": "/nonexistent"})
        browser.open(page)
        tap.ok("apt-get install graphviz" in browser.run("document.body.innerText"), "without graphviz the page names the package")


# ---- the page of the documentation ----

BLOCK = re.compile(r"<!-- trace: (.*?) -->\n```\n(.*?)```\n", re.DOTALL)


def document_make(text):
    """The text with what the program prints, in the place of what it holds: of the pictures that are named."""
    def output(found):
        *arguments, pictures = found[1].split()
        result = gcmatrix("program", "trace", *arguments, cwd=SOURCE)
        head, *parts = result.stdout.split("\n\npicture ")
        first, _, last = pictures.partition("-")
        chosen = [head] if pictures == "0" else ["picture " + part.rstrip("\n") for part in parts[int(first) - 1:int(last or first)]]
        return f"<!-- trace: {found[1]} -->\n```\n" + "\n\n".join(chosen) + "\n```\n"
    return BLOCK.sub(output, text)


def document_read():
    with open(os.path.join(SOURCE, "docs", "teaching.md"), encoding="utf-8") as page:
        return page.read()


def test_document():
    text = document_read()
    tap.ok(len(BLOCK.findall(text)) > 3 and document_make(text) == text, "docs/teaching.md is what the program prints", "write it anew with --write")


def document_write():
    text = document_make(document_read())
    with open(os.path.join(SOURCE, "docs", "teaching.md"), "w", encoding="utf-8") as page:
        page.write(text)


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        test_collectors()
        test_trial()
        for program in EXAMPLES:
            check_trial_counts(trace(example(program), "rc-trial"))
        test_others()
        test_frozen()
        test_changes()
        test_dot()
        test_drawings()
        test_no_drawings()
        test_refusals()
        test_page()
        test_document()
        os.chdir("/")
    return tap.done()


if sys.argv[1] == "--write":
    GCMATRIX, SOURCE = (os.path.abspath(path) for path in sys.argv[2:4])
    document_write()
else:
    GCMATRIX, PAIRS, SOURCE, SHOWERS = (os.path.abspath(path) for path in sys.argv[1:5])
    sys.exit(main())
