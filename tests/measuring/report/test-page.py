#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page in a browser: it sorts, filters, compares with any baseline, links, zooms, and asks nobody for anything. Speaks TAP."""
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from itertools import accumulate

sys.dont_write_bytecode = True  # nothing of ours beside the sources
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from tap import done, long_tests, ok, skip  # noqa: E402
import browser as browsers  # noqa: E402
import pages  # noqa: E402

PROGRAM, MAKE_FOLDER = map(os.path.abspath, sys.argv[1:3])
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;"


def plot(path, *arguments):
    return subprocess.run([PROGRAM, "plot", path, "--only", "machine", *arguments], capture_output=True, text=True)


def folder(place, name, *arguments):
    path = os.path.join(place, name)
    subprocess.run([sys.executable, MAKE_FOLDER, path, *arguments], check=True)
    return path


def quiet(browser, sentence):
    """Nothing is wrong, and nothing but the page itself was asked for."""
    wrong, asked = browser.wrong(), browser.asked()
    ok(not wrong and len(asked) == 1 and asked[0].startswith("file://"), sentence, wrong[:5], asked[:5])


def cells(browser, grid, column):
    """The texts of a column of a table."""
    return browser.run(f"[...document.querySelectorAll('[data-grid={grid}] tbody tr')].map((row) => row.children[{column}] ? row.children[{column}].innerText : '')")


def values(browser, grid, column):
    found = browser.run(f"[...document.querySelectorAll('[data-grid={grid}] tbody tr')].map((row) => row.children[{column}].dataset.value)")
    return [float(value) for value in found if value]


def choose(browser, key, value):
    browser.run(f"(() => {{ const menu = document.querySelector('select[data-key={key}]'); menu.value = {json.dumps(value)}; menu.dispatchEvent(new Event('change')); }})()")
    browser.settle()


def state(browser):
    return browser.run("Object.fromEntries(new URLSearchParams(location.hash.slice(1)))")


def test_words(browser, path):
    page = pages.data(path)
    browser.screen(1280)
    begun = browser.processor()
    browser.open(f"{path}/report.html")
    opened = browser.processor() - begun
    quiet(browser, "the page opens without an error, and asks for nothing but itself")
    ok(0 < opened < 2, "within two seconds of a processor", f"{opened:.2f} s")
    text = browser.run("document.body.innerText")
    for claims in page["claims"]:
        found = claims["settings"][claims["front"]]
        ok(found["leaders"] in text and f"see the {found['claimed']} claims" in text and (f"the {found['undecided']} undecided" in text) == (found["undecided"] > 0),
           f"what the run claims of {claims['metric']} is said, with links to the claims and to what is undecided", found)
    ok(page["notes"]["failed"] in text and page["notes"]["trust"][0] in text and page["run"]["warnings"][0] in text, "so is what failed, and whether the machine can be trusted")
    ok(browser.run("[...document.querySelectorAll('#answer svg, #answer #said, #answer #lead')].map((e) => e.id || 'svg').join()").startswith("lead,svg,said"), "the answer stands before the picture")
    ok("Collectors: " + ", ".join(config["name"] for config in page["run"]["configs"] if config["measured"]) + "." in text, "which collectors ran is said at the top")
    ok("a\u00a0?\u00a0b:" in text and "a ? b" not in text, "no line of the legend ends within a sign's example")
    ok(browser.run("[...document.querySelectorAll('#claims .piece .lead')].every((lead) => !/[<>=?]/.test(lead.innerText))") and
       browser.run("document.querySelectorAll('#claims .piece .lead').length") >= 4, "the best of each workload is bold, and the sign before it is not")
    count = browser.run("document.querySelectorAll('#trade .mark').length")
    ok(count == 2 * len(page["trade"]["members"]) > 8, "each collector has a dot in each panel of the picture", count)
    for word, key in (("claims", "claimed"), ("undecided", "undecided")):
        for place, claims in enumerate(page["claims"]):
            browser.run(f"[...document.querySelectorAll('#said li')][{place}].querySelectorAll('a').forEach((link) => link.innerText.endsWith('{word}') && link.click())")
            browser.settle()
            said = browser.run("document.querySelector('[data-grid=rows] .count').innerText")
            found = claims["settings"][claims["front"]]
            ok(said.startswith(f"{found[key]} of ") or not found[key], f"the words on {claims['metric']} lead to the rows of what is {key}, and to no other", said, found)


def test_mean_only(browser, path):
    """A collector that leads by its mean, and is slower on more workloads than it is faster."""
    page = pages.data(path)
    trade = page["trade"]
    own = len(trade["members"])
    slowest = max(range(own), key=lambda member: trade["wall"][member][own][0] or 0)
    trade["wall"][slowest][own][0] = 1e-9
    os.makedirs(f"{path}-mean")
    with open(f"{path}-mean/report.html", "w", encoding="utf-8") as file:
        file.write(pages.DATA.sub(lambda found: found[1] + json.dumps(page) + found[3], pages.read(path)))
    said = {}
    for folder in (path, f"{path}-mean"):
        browser.open(f"{folder}/report.html")
        text = browser.run("document.querySelector('#lead li').innerText")
        wins, losses, against = re.search(r"By workload it has (\d+) wins?(?:,| and) (\d+) loss.* against (\S+?)[.:] ?", text).groups()
        said[folder] = (int(wins) < int(losses), ": it leads by the mean alone." in text, re.search(NEXT, text)[1] == against, text)
    ok(said[path][:2] == (False, False) and said[f"{path}-mean"][:2] == (True, True), "of a mean whose leader loses on more workloads than it wins it is said that the mean alone makes it lead", said)
    ok(all(same for _, _, same, _ in said.values()), "its wins and losses are said to be against the next", said)
    ok(all(" in the mean: " in text for _, _, _, text in said.values()), "each lead is said to be one of a mean", said)


NEXT = r"(?:ahead of|stands before) (\S+),"  # who is named as the next


def finished_words(page, name, lead):
    """Those outside the means are said with on how many workloads they have all three figures. What stopped as warm has not."""
    settings = [setting["name"] for setting in page["run"]["settings"]]
    trade = page["trades"][settings.index(name)] or page["trade"]
    cells = pages.rows(page, "cells")
    known = [{(row["row"], row["series"]) for row in cells if row["metric"] == metric and row["setting"] == settings[place] and row["median"] is not None and row["status"] == "ok" and row["baseline"] == 0}
             for metric, place in zip(("wall", "peak", "pause_max"), trade["settings"])]
    as_warm = {(row["row"], row["series"]) for row in pages.rows(page, "normalised") if row["metric"] == "wall" and row["setting"] == settings[trade["settings"][0]] and row["status"] == "as_warm"}
    finished = set.intersection(*known) - as_warm
    few = [f"{config['name']} {sum(place == series for _, series in finished)}" for place, config in enumerate(page["run"]["configs"]) if config["measured"] and place not in trade["members"]]
    said = re.search(r"The others finished fewer of the (\d+): (.*?)\. ", lead)
    ok(few and said and int(said[1]) == sum(work["measured"] and work["group"] != "baseline" for work in page["run"]["works"]) and sorted(re.split(", | and ", said[2])) == sorted(few), "of the others it says how many workloads they finished", few, lead)
    return as_warm


def test_answer(browser, path):
    """The answer at a glance names what it is over, what it costs, and what would decide the rest."""
    page = pages.data(path)
    browser.screen(1280)
    browser.open(f"{path}/report.html")
    lead = browser.run("document.getElementById('lead').innerText").replace("\u00a0", " ")
    trade, works = page["trade"], sum(work["measured"] and work["group"] != "baseline" for work in page["run"]["works"])
    configs = sum(config["measured"] for config in page["run"]["configs"])
    ok(f"Means over {len(trade['works'])} of {works} workloads" in lead and re.search(rf"which {len(trade['members'])} of {configs} collectors finished", lead), "the answer says over how many workloads and collectors its means are, and of how many", lead)
    front = page["run"]["settings"][page["run"]["front"]]["name"]
    ok(f"Setting: {front}, cold memory" in lead, "and in which setting, cold memory by name", lead)
    items = lead.split("\n")
    ok(all(re.search(r"By workload it has \d+ wins?(,| and) \d+ loss(es)?", item) for item in items[:3]), "each lead has its wins and losses beside it", items)
    ok(all(re.search(r"It takes \d\.\d\d times the time of \S+, the fastest\.|It is the fastest, too\.", item) for item in items[1:3]), "and its price in time", items)
    peaks = {(row["row"], row["series"]): row["median"] for row in pages.rows(page, "cells") if row["metric"] == "peak" and row["setting"] == page["run"]["settings"][trade["settings"][1]]["name"]}
    names = [config["name"] for config in page["run"]["configs"]]
    two = [names.index(re.search(words, items[1])[1]) for words in (r"^(\S+) has", NEXT)]
    small = [page["run"]["works"][work]["name"] for work in trade["works"] if all(peaks[work, config] < 1e6 for config in two)]
    ok(("leans on" in lead) == bool(small) and all(name in lead for name in small), "a mean of peaks of a few pages is said to be one", small)
    within = f"less than the {100 * page['claims'][0]['precision']:g}% within which"
    ahead = [(item, re.search(r"ahead of \S+, which takes (\d\.\d\d) times as much", item)) for item in items[:3]]
    ok(all((within in item) == (float(found[1]) - 1 < page["claims"][0]["precision"]) for item, found in ahead if found), "a lead that is smaller than the precision says so", items)
    told = []
    for item, metric in zip(items, ("wall", "peak", "pause_max")):
        first, second = (trade["members"].index(names.index(re.search(words, item)[1])) for words in (r"^(\S+) ", NEXT))
        over, least, _ = trade[metric][second][first]
        apart = least is not None and least > 1
        told.append(("It is ahead of" in item) == apart and ("but the run cannot tell the two apart" in item) == (not apart) and f"{over:.2f} times" in item)
    ok(len(told) == 3 and all(told), "a leader is ahead of the next only where the run can tell them apart", told, items)
    text = browser.run("document.getElementById('said').innerText")
    for claims in page["claims"]:
        found = claims["settings"][claims["front"]]
        judged = sum(map(int, re.findall(r"\((\d+) pairs?\)", found["decides"] or "")))
        ok(judged == found["undecided"] and (found["decides"] or "") in text, f"by how many blocks the undecided of {claims['metric']} are judged is said", found)
        ok(claims["metric"] == "wall" or not found["decides"] or "comparisons of time" in found["decides"] or "No look follows" in found["decides"], "and what would bring more")
        open_here = f"of these {found['undecided']}, in about "
        ok(not found["decides"] or open_here in found["decides"] and re.search(r"in about (\d+ h )?(\d+ min)?( ?\d+ s)? ?of measuring", found["decides"]) or re.search("is not known|not even 500 blocks", found["decides"]),
           "and in how many minutes of measuring, where the run can tell", found["decides"])
    ok(page["notes"]["steady"] and page["notes"]["steady"] in text, "how far absolute times hold stands open", page["notes"]["steady"])
    choose(browser, "setting", "glibc warm")
    warm = browser.run("document.getElementById('lead').innerText").replace("\u00a0", " ")
    ok("Setting: glibc warm; peak memory: glibc, cold memory" in warm and warm.split("\n")[0] != items[0], "it follows the setting, and says where a figure comes from another", warm)
    choose(browser, "setting", "jemalloc")
    ok("Setting: jemalloc" in browser.run("document.getElementById('lead').innerText") and browser.run("document.querySelectorAll('#trade .mark').length") > 4, "as does the picture", browser.run("document.getElementById('lead').innerText"))
    choose(browser, "setting", front)
    browser.run("[...document.querySelectorAll('#lead a')].find((link) => link.innerText === 'What the words mean').click()")
    browser.settle()
    meant = browser.run("[...document.querySelector('#words + dl').children].map((part) => part.innerText)")
    ok(state(browser)["at"] == "words" and "undecided" in meant and "neither a difference nor equality is shown" in meant[meant.index("undecided") + 1], "a link leads to what the words mean", meant[:4])
    browser.open(f"{path}/report.html")
    names = browser.run("[...document.querySelector('select[data-key=setting]').options].map((option) => option.innerText)")
    ok("glibc, cold memory" in names and "glibc warm" in names, "the choice of settings says which is cold", names)


def test_sources(browser, path):
    """Each sentence of the answer leads to the very rows that it comes from: marked, or the only ones, and in view."""
    page = pages.data(path)
    browser.screen(1280)
    browser.open(f"{path}/report.html")
    unsaid = browser.run("""[...document.querySelectorAll('#lead li, #said > li')].filter((item) => !item.querySelector('a.see')).map((item) => item.innerText)""")
    ok(not unsaid and browser.run("document.querySelectorAll('#lead li, #said > li').length") == 3 + len(page["claims"]) + 4, "each sentence of the answer has its rows", unsaid)
    links = browser.run("[...document.querySelectorAll('#answer a.see')].filter((link) => link.getAttribute('href').includes('at=rows')).map((link) => link.innerText)")
    wrong, marks = [], 0
    for place, text in enumerate(links):
        browser.run(f"[...document.querySelectorAll('#answer a.see')].filter((link) => link.getAttribute('href').includes('at=rows'))[{place}].click()")
        browser.settle()
        seen = browser.run("""(() => { const rows = [...document.querySelectorAll('[data-grid=rows] tbody tr')], marked = rows.filter((row) => row.className === 'marked');
            const box = (marked[0] || rows[0]).getBoundingClientRect();
            return [rows.filter((row) => row.children.length > 1).length, marked.length, box.top >= 0 && box.bottom <= innerHeight]; })()""")
        wanted = len([row for row in state(browser).get("mark.rows", "").split(",") if row])
        marks += wanted
        if not seen[0] or seen[1] != wanted or not (seen[2] or not wanted):
            wrong.append((text, seen, state(browser)))
    ok(len(links) > 12 and marks > 10 and not wrong, "and every link of it leads there", len(links), marks, wrong[:3])
    for place, claims in enumerate(page["claims"]):
        browser.open(f"{path}/report.html")
        browser.run(f"[...document.querySelectorAll('#said > li')][{place}].querySelector('a.see').click()")
        browser.settle()
        table, marked = state(browser)["table"], [int(row) for row in state(browser)["mark.rows"].split(",")]
        rows = pages.rows(page, table)
        front = page["run"]["settings"][claims["front"]]["name"]
        led = sorted((scene["row"], config) for scene in page["scenes"] if scene["metric"] == claims["metric"] and scene["setting"] == claims["front"] for config in scene["lead"])
        ok(led == sorted((rows[row]["row"], rows[row]["series"]) for row in marked) and all((rows[row]["metric"], rows[row]["setting"]) == (claims["metric"], front) for row in marked), f"who may lead in {claims['metric']} is marked, and nobody else", led, marked)
    link = browser.run("location.hash")
    browser.open(f"{path}/report.html", link)
    ok(browser.run("document.querySelectorAll('[data-grid=rows] tr.marked').length") == len(marked) and f"{len(marked)} marked" in browser.run("document.querySelector('[data-grid=rows] .count').innerText"), "a link carries the marks")
    choose(browser, "table", "cells" if table != "cells" else "claims")
    ok(not browser.run("document.querySelectorAll('tr.marked').length") and "mark.rows" not in state(browser), "another table has none of them")
    browser.open(f"{path}/report.html", "#at=rows&table=cells&mark.rows=70,nonsense,-1,1e9")
    ok(browser.run("document.querySelectorAll('[data-grid=rows] tr.marked').length") == 1 and browser.run("document.querySelectorAll('[data-grid=rows] tbody tr').length") == 71, "a row that is marked is shown, however far down it stands")
    quiet(browser, "marks that name no row make no error")


def test_intervals(browser, path):
    """No sign of what is undecided stands beside an interval that it does not come from."""
    page = pages.data(path)
    minimum, signs, wrong = page["claims"][0]["minimum"], 0, []
    for work in [work["name"] for work in page["run"]["works"] if work["measured"]]:
        browser.open(f"{path}/report.html", f"#work={work}&see.cells=data")
        column = browser.run("[...document.querySelectorAll('[data-grid=cells-data] thead th')].findIndex((head) => head.innerText.trim() === 'times the best')")
        for text in cells(browser, "cells-data", column):
            found = re.search(r"([?=]) ([\d.]+)–([\d.]+)", text)
            signs += bool(found)
            if re.search(r"[?=]", text) and not found or found and found[1] == "?" and not (float(found[2]) <= 1 + minimum + 0.005 and float(found[3]) >= 1 / (1 + minimum) - 0.005):
                wrong.append((work, text))
    ok(signs > 3 and not wrong, "a sign behind a ratio to the best has the interval of the pair that it comes from", signs, wrong)
    browser.open(f"{path}/report.html", "#at=pairs&a=mark-sweep&b=rc-trial")
    ok(f"all {page['claims'][0]['family']} pairs that lies {100 * minimum:g}% or more from 1" in browser.run("document.getElementById('figure-pair').innerText"), "a pair's figure says when an interval is a claim")
    notes = [row["note"] for row in pages.rows(page, "cells")]
    shown = browser.run("document.getElementById('workload').innerText")
    leads = browser.run("[...document.querySelectorAll('[data-grid=cells] tbody td a')].map((link) => link.getAttribute('href'))")
    ok(len(leads) > 2 and all("at=pairs" in link and "metric=pause_max" in link for link in leads), "a longest pause leads to the pair with the baseline, where its verdict stands", leads[:3])
    ok("too few pauses: the longest" in notes and "too few pauses" not in shown and browser.run("[...document.querySelectorAll('[data-grid=cells] td span[title]')].some((mark) => mark.innerText === '^' && mark.title.startsWith('too few'))"),
       "a quantile of too few pauses has a mark, and no words in its cell")


def test_workload_words(browser, path):
    """A workload says what it does, at which size the run had it, and what part of a bar is an estimate."""
    page = pages.data(path)
    allocated = {row["row"]: row["median"] for row in pages.rows(page, "cells") if row["metric"] == "allocated"}
    browser.open(f"{path}/report.html", "#work=alloc-churn")
    text = browser.run("document.getElementById('workload').innerText")
    ok("What it does: objects of many sizes come and go beside a live set" in text, "a workload says what it does", text[:400])
    size = browser.run("document.querySelector('#workload .here').innerText")
    bytes_here = float(re.search(r"allocates ([\d.]+)", size)[1]) * {"kB": 1e3, "MB": 1e6, "GB": 1e9}[re.search(r"[kMG]B", size)[0]]
    ok(abs(bytes_here / allocated[0] - 1) < 0.01, "and what a process of this run allocates, whatever its standard size is", size, allocated[0])
    bars = "document.querySelectorAll('#figure-parts rect.part.{}')"
    ok(browser.run(bars.format("untimed") + ".length") == browser.run(bars.format("mutator") + ".length") > 2, "the untimed cascades have their own part of each bar")
    ok(browser.run("[...document.querySelectorAll('#figure-parts pattern')].map((pattern) => pattern.id).join()") == "hatch-untimed,hatch-kernel,hatch-waiting" and
       browser.run("document.querySelectorAll('#figure-parts rect[fill=\"url(#hatch-kernel)\"]').length") > 2, "and what colour alone would tell apart has lines")
    wide = browser.run("[...document.querySelectorAll('#figure-parts .mark')].map((mark) => [...mark.querySelectorAll('.part')].reduce((sum, part) => sum + part.getBoundingClientRect().width, 0))")
    ok(max(wide) - min(wide) < 0.02 * max(wide), "all bars are as long as before", wide)
    said = browser.run("document.querySelector('#figure-parts figcaption').innerText")
    ok("Cascades of fewer than 64 frees count as no pause. Here they take " in said and "by estimate" in said, "what is untimed is said of this workload", said)
    whole = browser.run("[...document.querySelectorAll('#workload figcaption')].map((note) => note.innerText)")
    pauses = [note for note in whole if note.startswith("The share of pauses")]
    ok(pauses and all("Here they take " in note for note in pauses) and not any("any cell" in note or "cells more than" in note for note in whole), "and by no figure of it of the whole run", whole)


def change_rows(path, change):
    """Changes the rows of a run's processes."""
    with open(f"{path}/runs.csv", newline="") as text:
        found = list(csv.DictReader(text))
    change(found)
    with open(f"{path}/runs.csv", "w", newline="") as text:
        writer = csv.DictWriter(text, found[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)


def lose(path, workload, collector):
    """Has every process of a cell run out of memory, as those of another have."""
    def change(rows):
        lost = next(row for row in rows if row["status"] == "oom")
        for row in rows:
            if (row["workload"], row["collector"]) == (workload, collector):
                row.update({key: value for key, value in lost.items() if not value or key in ("status", "reason", "exit_status")})
    change_rows(path, change)


def test_moved(browser, place):
    """How a run drifted is said as it was found: a trend compares no two blocks."""
    for what, factor, words in (("trend", lambda block: 1 + 0.05 * block, "changed that much from first block to last, by their trend."), ("shock", lambda block: 1.3 if block == 5 else 1, "are that far apart in block 5 and the others.")):
        path = folder(place, what, "--schema", "2", "--workloads", "3", "--blocks", "12", "--events", "9", "--samples", "9")
        change_rows(path, lambda rows: [row.update(wall_ns=int(int(row["wall_ns"]) * factor(int(row["block"])))) for row in rows])
        plot(path)
        steady = pages.data(path)["notes"]["steady"]
        browser.open(f"{path}/report.html")
        ok(f"The times of all cells together {words} Ratios are within blocks" in steady and steady in browser.run("document.getElementById('said').innerText"), f"a {what} is said to be one", steady)


def test_finished(browser, place):
    """Who has too few workloads for the means, and how many: neither cells that failed count, nor those that stopped as warm."""
    for what, arguments, works in (("finished", ("--workloads", "6"), ("alloc-churn", "grow", "gcbench")), ("finished-warm", ("--workloads", "8", "--memory", "--stopped", "--blocks", "8"), ("alloc-churn", "grow", "gcbench"))):
        path = folder(place, what, "--schema", "2", "--blocks", "2", "--events", "9", "--samples", "9", "--fail", *arguments)
        for work in works:
            lose(path, work, "rc-trial")
        plot(path)
        page = pages.data(path)
        browser.open(f"{path}/report.html")
        choose(browser, "setting", "glibc")
        as_warm = finished_words(page, "glibc", browser.run("document.getElementById('lead').innerText").replace("\u00a0", " "))
        ok(bool(as_warm) == ("--memory" in arguments), "with and without cells that stopped as warm", as_warm)


def test_leaks(browser, place):
    """Who left garbage, where, and how much, as the table of the cells has it."""
    browser.screen(1280)
    browser.open(f"{place}/run/report.html")
    ok("Leaks. No collector that frees left garbage. leak freed nothing in this run. Of 2 cells nothing is known." in browser.run("document.getElementById('said').innerText"), "where nothing leaks this is said, and how much is not known", browser.run("document.getElementById('said').innerText"))
    path = folder(place, "leaks", "--schema", "2", "--workloads", "16", "--blocks", "2", "--events", "9", "--samples", "9", "--fail")
    lose(path, "recursion", "rc")
    os.mkdir(f"{path}/charts")
    for number in 1, 2, 3, 4:
        open(f"{path}/charts/heap-{number}.svg", "w").close()
    plot(path)
    page = pages.data(path)
    browser.open(f"{path}/report.html")
    numbered = [name for name in browser.run("[...document.querySelectorAll('#methods a')].map((link) => link.textContent)") if re.fullmatch(r"(SVG|PNG)\W\d+", name)]
    ok(len(numbered) > 3 and all("\u00a0" in name for name in numbered), "the name of one of several charts is not broken", numbered[:4])
    front = page["run"]["settings"][page["run"]["front"]]["name"]
    works, configs = ([entry["name"] for entry in page["run"][key]] for key in ("works", "configs"))
    measured = [(configs[row["series"]], row["median"]) for row in pages.rows(page, "cells") if (row["metric"], row["setting"], row["baseline"]) == ("leaked", front, 0)]
    left = [(configs[row["series"]], works[row["row"]], row["median"], row["role"]) for row in pages.rows(page, "cells") if (row["metric"], row["setting"]) == ("leaked", front) and row["median"] and row["baseline"] == 0]
    leaking = {config for config, _, _, role in left if role != "floor"}
    floors = {config for config, _, _, role in left if role == "floor"}
    item = "[...document.querySelectorAll('#said > li')].find((item) => item.innerText.startsWith('Leaks.'))"
    said, folded = browser.run(f"{item}.innerText"), browser.run(f"[...{item}.querySelectorAll('details p:not(.quiet)')].map((part) => part.textContent)")
    known = {config: sum(one == config and median is not None for one, median in measured) for config in configs}
    ok(leaking and floors and all(re.search(rf"(by|;) {re.escape(config)} on {sum(one[0] == config for one in left)} of {known[config]} workloads?, a median of at most ", said) for config in leaking), "each collector that left garbage is named, with on how many of the workloads of which this is known", said, left)
    unknown = sum(median is None for _, median in measured)
    ok(known["rc"] < len(works) and unknown > 2 and f" Of {unknown} cells nothing is known." in said, "of how many cells it is not known is said", said, unknown)
    ok(all(f"{config} on " not in said for config in configs if config not in leaking) and all(re.search(rf"\b{config}\b.* freed nothing in this run", said) for config in floors), "and no other, but for those that free nothing", said)
    ok(sorted(part.split(":")[0] for part in folded) == sorted(leaking) and all(sum(f" {work} " in part for part in folded) >= 1 for config, work, _, role in left if role != "floor"), "each of its workloads stands behind it", folded)
    browser.run(f"{item}.querySelector('a.see').click()")
    browser.settle()
    rows = pages.rows(page, "cells")
    marked = [rows[int(row)] for row in state(browser)["mark.rows"].split(",")]
    ok(sorted((configs[row["series"]], works[row["row"]]) for row in marked) == sorted(one[:2] for one in left if one[3] != "floor") and all(row["metric"] == "leaked" for row in marked), "and its link marks these cells", marked[:2])


def test_orders(browser, path):
    """A workload has its order in each metric, which is that of the claims, and a phone shows it whole."""
    page = pages.data(path)
    browser.screen(1280)
    browser.open(f"{path}/report.html", "#work=binary-trees")
    shown = browser.run("[...document.querySelectorAll('#order dd')].map((part) => [...part.querySelectorAll(':scope > .piece')].map((piece) => piece.innerText).join(' '))")
    wanted = []
    for claims in page["claims"]:
        browser.open(f"{path}/report.html", f"#metric={claims['metric']}")
        wanted.append(browser.run("(() => { const row = [...document.querySelectorAll('[data-grid=orders] tbody tr')].find((row) => row.children[0].innerText === 'binary-trees'); return [...row.querySelectorAll('td:nth-child(2) > .piece')].map((piece) => piece.innerText).join(' '); })()"))
    ok(len(shown) == 3 and shown == wanted and all("<" in order or "?" in order or "=" in order for order in shown), "a workload has the order of the claims in time, memory and pauses", shown, wanted)
    browser.open(f"{path}/report.html", "#work=binary-trees&base=leak&metric=pause_max")
    over = browser.run("[...document.querySelectorAll('#order dd'), ...document.querySelectorAll('[data-grid=orders] td:nth-child(2)')].map((part) => part.innerText)")
    ok(len(over) > 3 and not any("over 0" in order for order in over) and re.search(r"mark-sweep [\d.]+", over[2]), "an order beside a baseline that never pauses has its numbers over the best", over[2:4])
    browser.screen(390, 844)
    browser.open(f"{path}/report.html")
    beyond = browser.run("[...document.querySelectorAll('[data-grid=orders] td:nth-child(2) .piece')].filter((piece) => piece.getBoundingClientRect().right > innerWidth).map((piece) => piece.innerText)")
    ok(not beyond and browser.run("document.querySelectorAll('[data-grid=orders] td:nth-child(2) .piece').length") > 9, "a phone shows each order without scrolling sideways", beyond)
    browser.screen(1280)


def test_facts(browser, path):
    """The machine is described in words and units, and words have the numbers of this run."""
    page = pages.data(path)
    browser.open(f"{path}/report.html")
    facts = dict(page["run"]["machine"])
    text = browser.run("document.getElementById('methods').innerText")
    ok(not any(mark in value for value in facts.values() for mark in '{}"') and facts["memory_bytes"] == "8.59 GB" and facts["memory_bytes"] in text, "the machine has no raw object and no bare number of bytes", facts)
    precision = f"In this run it is {100 * page['claims'][0]['precision']:g}%."
    ok(precision in text, "what is called equal is said for this run", precision)

def test_trade(browser, path):
    """No interval of the picture strikes a name through, at any width."""
    crossed = """(() => [...document.querySelectorAll('#trade svg')].flatMap((svg) => {
        const lines = [...svg.querySelectorAll('.whisker')].map((line) => line.getBoundingClientRect());
        return [...svg.querySelectorAll('.halo')].filter((name) => { const box = name.getBoundingClientRect(), middle = (box.top + box.bottom) / 2;
            return lines.some((line) => Math.min(line.right, box.right) - Math.max(line.left, box.left) > 3 && line.top < middle + 3 && line.bottom > middle - 3); }).map((name) => name.textContent); }))()"""
    for width in (1280, 900, 390):
        browser.screen(width)
        browser.open(f"{path}/report.html")
        found = browser.run(crossed)
        ok(not found and browser.run("document.querySelectorAll('#trade .halo').length") > 6, f"no name is struck through at {width} pixels", found)
    browser.screen(1280)


def test_curves(browser, path):
    """A curve is named by a number that stands on it, and by no line across the others."""
    for width in (1280, 390):
        browser.screen(width)
        browser.open(f"{path}/report.html", "#work=grow&setting=glibc")
        found = browser.run("""[...document.querySelectorAll('#figure-pauses svg, #figure-utilisation svg')].map((svg) => {
            const box = (mark) => mark.getBoundingClientRect(), middle = (mark) => [(box(mark).left + box(mark).right) / 2, (box(mark).top + box(mark).bottom) / 2];
            const on = [...svg.querySelectorAll('.numbered circle')].map(middle), names = [...svg.querySelectorAll('.mark text:not(.number)')];
            const near = on.filter(([x, y], i) => on.some(([px, py], j) => i < j && Math.hypot(px - x, py - y) < 10)).length;
            return { curves: svg.querySelectorAll('.curve.touch').length, numbers: on.length, names: names.length, near, outside: names.filter((name) => box(name).right > box(svg).right + 1 || box(name).bottom > box(svg).bottom + 1).length,
                across: svg.querySelectorAll('.mark path').length }; })""")
        ok(len(found) == 2 and all(one["curves"] == one["numbers"] == one["names"] >= 4 and one["across"] == 3 * one["curves"] and one["near"] == one["outside"] == 0 for one in found),
           f"each curve has its number and its name at {width} pixels, and no number hides another", found)
    browser.screen(1280)


def test_warm(browser, path):
    browser.open(f"{path}/report.html", "#setting=glibc+warm&metric=peak")
    text = browser.run("document.getElementById('claims').innerText")
    ok("Which is smaller (peak memory), glibc warm: nothing is claimed. A warm process has no peak memory" in text.replace("\u00a0", " "), "where a setting has no peak memory the claims say so", text[:400])


def test_tables(browser, path):
    browser.open(f"{path}/report.html", "#work=binary-trees")
    column = browser.run("[...document.querySelectorAll('[data-grid=cells] thead th')].findIndex((head) => head.innerText.trim() === 'wall time')")
    click = f"document.querySelectorAll('[data-grid=cells] thead button')[{column}].click()"
    browser.run(click)
    browser.settle()
    first = values(browser, "cells", column)
    ok(len(first) > 3 and first == sorted(first, reverse=True) and state(browser)["sort.cells"] == "-wall", "a head sorts its column, the largest first", first)
    ok(browser.run(f"document.querySelectorAll('[data-grid=cells] thead th')[{column}].getAttribute('aria-sort')") == "descending", "and says so to who cannot see it")
    browser.run(click)
    browser.settle()
    second = values(browser, "cells", column)
    ok(second == sorted(first), "once more turns it round", second)
    last = browser.run("[...document.querySelectorAll('[data-grid=cells] tbody tr')].map((row) => row.children[1].innerText).pop()")
    ok("oom" in last, "what has no figure stands last", last)
    browser.run("(() => { const find = document.querySelector('input[data-find=cells]'); find.value = 'mark SWEEP'; find.dispatchEvent(new Event('input')); })()")
    browser.settle()
    left = cells(browser, "cells", 0)
    ok(left and all("mark-sweep" in name for name in left) and state(browser)["find.cells"] == "mark SWEEP", "a filter keeps the rows that hold its words", left)
    ok("of 5 rows" in browser.run("document.querySelector('[data-grid=cells] .count').innerText"), "and says how many of how many")
    link = browser.run("location.href")
    browser.open(f"{path}/report.html", "#" + link.partition("#")[2])
    ok(cells(browser, "cells", 0) == left and browser.run("document.querySelector('input[data-find=cells]').value") == "mark SWEEP", "a link carries both")
    button = "document.querySelector('#figure-cells > button')"
    ok(browser.run(f"{button}.getAttribute('aria-expanded')") == "false", "a figure has its data behind a button")
    browser.run(f"{button}.click()")
    browser.settle()
    ok(browser.run(f"{button}.getAttribute('aria-expanded')") == "true" and len(cells(browser, "cells-data", 0)) == 5, "which shows them as a table")
    figures = browser.run("[...document.querySelectorAll('figure')].filter((figure) => !figure.querySelector(':scope > button, :scope > details')).map((figure) => figure.id)")
    ok(figures == [] and browser.run("document.querySelectorAll('figure').length") >= 7, "so has every figure of the page", figures)
    names = browser.run("[...document.querySelectorAll('figure svg[role=img], figure[aria-label]')].every((part) => part.getAttribute('aria-label'))")
    ok(names, "and a name for who cannot see it")
    quiet(browser, "all of that without an error")


def based(path, base):
    """What the program says with that baseline, by metric, workload and collector."""
    subprocess.run([PROGRAM, "plot", path, "--tables", "--baseline", base], check=True, capture_output=True)
    with open(f"{path}/tables/baseline.csv", newline="") as text:
        return {(row["setting"], row["metric"], row["work"], row["config"]): row for row in csv.DictReader(text)}


def orders_based(browser, path, base, expected):
    """The ratios to a baseline in who wins where, in the orders, and of a collector's own figure: how many, and those that are not the program's."""
    wrong, compared = [], 0
    browser.open(f"{path}/report.html", f"#base={base}&setting=glibc&config={'rc' if base != 'rc' else 'mark-sweep'}")
    same = lambda shown, row: abs(float(shown) - float(row["ratio"])) <= 0.0051 * max(1, float(row["ratio"]))
    for row in browser.run("[...document.querySelectorAll('[data-grid=orders] tbody tr')].map((row) => [row.children[0].innerText, ...[...row.querySelectorAll('td:nth-child(2) > .piece')].map((piece) => piece.innerText)])"):
        there = any(re.search(rf"(^| ){re.escape(base)}[†‡]?$", piece) for piece in row[1:])
        for piece in row[1:]:
            found = re.search(r"([^ <=>?\u00a0]+?)[†‡°]* ([\d.]+)$", piece)
            wanted = found and expected.get(("glibc", "wall", row[0], found[1]))
            if not there or not found or not wanted or not wanted["ratio"]:
                continue
            compared += 1
            if not same(found[2], wanted):
                wrong.append((base, row[0], piece, wanted["ratio"]))
    for work, lead, said in browser.run("[...document.querySelectorAll('[data-grid=wins] tbody tr')].map((row) => [row.children[0].innerText, row.children[1].querySelector('.lead').innerText.split(',')[0], row.children[1].querySelector('small').innerText])"):
        wanted = expected.get(("glibc", "wall", work, lead))
        if wanted and wanted["ratio"] and lead != base:
            compared += 1
            found = re.search(rf"([\d.]+) times {re.escape(base)} \(", said)
            if not found or not same(found[1], wanted):
                wrong.append((base, work, lead, said, wanted["ratio"]))
    titles = browser.run("[...document.querySelectorAll('#figure-worst svg .title')].map((title) => title.textContent)")
    if compared < 10:
        wrong.append((base, "few orders have the baseline", compared))
    if titles != [f"time, times {base}", "time, times the best"]:
        wrong.append((base, titles))
    return compared, wrong


def test_baseline(browser, path):
    """Ratios to any baseline are those that the program computes."""
    page = pages.data(path)
    names = [config["name"] for config in page["run"]["configs"] if config["measured"]]
    works = [work["name"] for work in page["run"]["works"] if work["measured"]]
    wrong, compared = [], 0
    for base in names if long_tests else names[::2]:
        expected = based(path, base)
        browser.open(f"{path}/report.html", f"#base={base}&setting=glibc")
        for work in works:
            choose(browser, "work", work)
            heads = browser.run("[...document.querySelectorAll('[data-grid=cells] thead th')].map((head) => head.innerText.trim())")
            for metric, head in (("wall", f"times {base}"), ("peak", f"peak memory, times {base}")):
                column = heads.index(head)
                rows = browser.run(f"[...document.querySelectorAll('[data-grid=cells] tbody tr')].map((row) => [row.children[0].innerText, row.children[{column}].dataset.value, row.children[{column}].innerText])")
                for collector, value, text in rows:
                    row = expected.get(("glibc", metric, work, re.sub("[†‡°]", "", collector).strip()))
                    if not row or not row["ratio"]:
                        continue
                    compared += 1
                    interval = re.search(r"([\d.]+)–([\d.]+)", text)
                    near = abs(float(value) / float(row["ratio"]) - 1) < 1e-8
                    ends = interval and all(abs(float(shown) - float(row[key])) <= 0.0051 * max(1, float(row[key])) for shown, key in zip(interval.groups(), ("low", "high")))
                    sign = {"equal": "=", "undecided": "?"}.get(row["verdict"], "")
                    if not near or not (ends or float(row["low"]) == float(row["high"])) or (sign and sign not in text):
                        wrong.append((base, metric, work, collector, value, text, row))
        found = orders_based(browser, path, base, expected)
        compared += found[0]
        wrong += found[1]
    ok(compared > 40 and not wrong, "every ratio to a chosen baseline is that which the program computes", compared, *wrong[:3])
    quiet(browser, "no choice makes an error")


def test_ways_in(browser, path):
    page = pages.data(path)
    names = [config["name"] for config in page["run"]["configs"] if config["measured"]]
    browser.open(f"{path}/report.html", "#at=pairs&a=mark-sweep&b=rc-trial&metric=wall&setting=glibc")
    ok(browser.run("document.getElementById('pairs').getBoundingClientRect().top") < 300, "a link leads to its part of the page")
    ratios = values(browser, "pair", 1)
    ok(len(ratios) > 3 and ratios == sorted(ratios), "a pair has its workloads, the least ratio first", ratios)
    claims = [row for row in pages.rows(page, "claims") if row["metric"] == "wall" and row["setting"] == "glibc" and {names[row["series_a"]], names[row["series_b"]]} == {"mark-sweep", "rc-trial"}]
    count = sum(row["verdict"] == ("less" if names[row["series_a"]] == "mark-sweep" else "more") for row in claims)
    ok(f"mark-sweep is claimed to be faster on {count} workload" in browser.run("document.getElementById('pair').innerText"), "and says how many are claimed", count)
    browser.open(f"{path}/report.html", "#at=collectors&config=rc-trial&setting=glibc")
    text = browser.run("document.getElementById('collector').innerText")
    ok("trial deletion" in text and "it is worst for" in text, "a collector has what its page says of it", text[:300])
    glibc = [setting["name"] for setting in page["run"]["settings"]].index("glibc")
    lead = {config for scene in page["scenes"] if (scene["metric"], scene["setting"]) == ("wall", glibc) for config in scene["lead"]}
    led = {}
    for place, config in enumerate(page["run"]["configs"]):
        if config["measured"]:
            browser.open(f"{path}/report.html", f"#at=collectors&config={config['name']}&setting=glibc")
            said = browser.run("document.getElementById('collector').innerText")
            led[config["name"]] = (place in lead, "It is or may be the fastest on " in said, "No workload of this setting is known on which it is or may be the fastest." not in said)
    ok({(True,) * 3, (False,) * 3} == set(led.values()), "and whether a workload is known on which it may be the fastest", led)
    browser.open(f"{path}/report.html", "#at=collectors&config=rc-trial&setting=glibc")
    with open(os.path.join(os.path.dirname(MAKE_FOLDER), "../../../collectors/rc-trial/README.md"), encoding="utf-8") as file:
        prose = file.read()
    ok(browser.run("!document.getElementById('collector-page').open"), "all of that page is folded")
    browser.run("document.querySelector('#collector-page summary').click()")
    whole = browser.run("document.getElementById('collector-page').innerText")
    heads = browser.run("[...document.querySelectorAll('#collector-page h4')].map((head) => head.innerText)")
    ok(heads == re.findall(r"^## (.*)$", prose, re.MULTILINE) and len(heads) > 6, "and has every chapter of it", heads)
    marks = r"[`*|#\[\]()\s]|[\w./-]*/[\w./-]*|-{3,}|\d\.(?= )|^-"
    bare = [re.sub(marks, "", line) for line in re.sub(r"\]\([^)]*\)", "]", prose).split("\n")[1:]]
    shown = re.sub(marks, "", whole)
    lost = [line for line in bare if line and line not in shown]
    ok(not lost and not re.search(r"[`*]|\]\(", whole), "to the last word, without its marks", lost[:3])
    ok(browser.run("[document.querySelectorAll('#collector-page ol li').length, document.querySelectorAll('#collector-page tbody tr').length, document.querySelectorAll('#collector-page code').length > 9].join()").endswith("true") and
       browser.run("document.querySelectorAll('#collector-page ol li').length") >= 3 and browser.run("document.querySelectorAll('#collector-page tbody tr').length") >= 4, "its lists are lists, and its tables are tables")
    worst = values(browser, "worst", 1)
    ok(len(worst) > 3 and worst == sorted(worst, reverse=True), "its workloads stand in order, the worst first", worst)
    against = cells(browser, "against", 0)
    ok(sorted(against) == sorted(name for name in names if name != "rc-trial"), "it is counted against each other collector", against)
    browser.run("document.querySelector('[data-grid=worst] tbody a').click()")
    browser.settle()
    work = state(browser)["work"]
    ok(browser.run("document.querySelector('#workload h3').innerText").startswith(work), "a name leads to its workload", work)
    browser.run("history.back()")
    browser.until("new URLSearchParams(location.hash.slice(1)).get('at') === 'collectors'")
    browser.settle()
    ok(state(browser).get("at") == "collectors" and browser.run("document.querySelector('#workload h3').innerText").startswith(state(browser).get("work", browser.run("document.querySelector('select[data-key=work]').value"))),
       "and the browser's way back leads back", state(browser))
    tables = browser.run("[...document.querySelector('select[data-key=table]').options].map((option) => option.value)")
    for name in tables:
        choose(browser, "table", name)
        if not cells(browser, "rows", 0):
            ok(False, f"the table {name} has rows")
    ok(len(tables) > 8, "every table of the run can be seen", tables)
    browser.open(f"{path}/report.html", "#at=nowhere&work=no+such&a=x&b=y&setting=z&base=q&table=none&metric=m&from=x&to=-1&line=l&sort.cells=none&find.wins=%00%ff")
    quiet(browser, "an address that makes no sense makes no error")
    ok(browser.run("document.querySelectorAll('[data-grid=cells] tbody tr').length") > 2, "and shows what is usual")


def test_marks(browser, path):
    browser.screen(1280)
    browser.open(f"{path}/report.html", "#at=workloads&work=grow&base=rc&setting=glibc")
    place = browser.run("(() => { const mark = document.querySelector('#figure-cells .mark.more, #figure-cells .mark.less'); mark.scrollIntoView({ block: 'center' }); const box = mark.querySelector('.dot').getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()")
    browser.settle()
    browser.move(*place)
    browser.settle()
    text = browser.run("document.getElementById('tip').hidden ? '' : document.getElementById('tip').innerText")
    ok(re.search(r"grow under \S+, glibc", text) and re.search(r"times rc \([\d.]+–[\d.]+\), claimed: (faster|slower)", text) and re.search(r"\d+ blocks", text) and re.search(r"\d+ processes: \d+, \d+", text),
       "hovering a mark tells its cell, its interval, its blocks and its processes", text)
    browser.press("Escape")
    ok(browser.run("document.getElementById('tip').hidden"), "Escape takes that away")
    browser.run("document.querySelector('#figure-cells svg').focus()")
    browser.press("ArrowDown")
    first = browser.run("document.getElementById('tip').innerText")
    browser.press("ArrowDown")
    second = browser.run("document.getElementById('tip').innerText")
    ok("grow under" in first and "grow under" in second and first != second, "the arrows go from mark to mark", first, second)
    browser.run("document.querySelector('#parts a').focus()")
    seen = set()
    for _ in range(12):
        browser.press("Tab")
        seen.add(browser.run("document.activeElement.tagName + ' ' + (document.activeElement.dataset.key || document.activeElement.innerText || '').slice(0, 20)"))
    ok(len(seen) > 9 and "SELECT base" in seen, "every control is reached by the keyboard", seen)


def test_zoom(browser, path):
    if not re.search(r"Dygraph\.", pages.read(path)) or "dygraphs" not in pages.read(path):
        skip("zoom", "the page was built without libjs-dygraphs")
        return
    browser.screen(1280)
    browser.open(f"{path}/report.html", "#at=workloads&work=grow&setting=glibc")
    ok(browser.run("document.querySelectorAll('#heap-part .zoom canvas').length") >= 1, "the heap over time is drawn")
    panels = browser.run("[...document.querySelectorAll('#heap-part .panel')].map((panel) => panel.dataset.line)")
    ok(len(panels) >= 4, "with a small panel for each collector", panels)
    browser.run("document.querySelector('#heap-part [data-line=mark-sweep]').click()")
    browser.settle()
    ok(state(browser)["line"] == "mark-sweep" and "The heap of mark-sweep" in browser.run("document.getElementById('heap-part').innerText"), "a panel chooses the one that is large")
    press = "[...document.querySelectorAll('#heap-part button')].find((button) => button.innerText === '{}').click()"
    browser.run(press.format("Zoom in"))
    browser.settle()
    found = state(browser)
    ok(0 < int(found["from"]) < int(found["to"]), "it zooms, and the address says to where", found)
    browser.run(press.format("A few collections"))
    browser.settle()
    found = state(browser)
    width = int(found["to"]) - int(found["from"])
    browser.run(press.format("One collection"))
    browser.settle()
    narrow = state(browser)
    said = browser.run("document.querySelector('#heap-part [role=status]').innerText")
    ok(int(narrow["to"]) - int(narrow["from"]) < width and re.search(r"with [0-3] of the", said), "down to one collection", narrow, said)
    browser.open(f"{path}/report.html", "#" + browser.run("location.hash.slice(1)"))
    ok(browser.run("document.querySelector('#heap-part [role=status]').innerText") == said, "a link carries that too")
    browser.run(press.format("Whole run"))
    browser.settle()
    ok("from" not in state(browser), "and back to the whole run")
    box = browser.run("(() => { const box = document.querySelector('#heap-part .zoom canvas').getBoundingClientRect(); return [box.x, box.y, box.width, box.height]; })()")
    browser.run("document.querySelector('#heap-part .zoom').scrollIntoView({ block: 'center' })")
    browser.settle()
    box = browser.run("(() => { const box = document.querySelector('#heap-part .zoom canvas').getBoundingClientRect(); return [box.x, box.y, box.width, box.height]; })()")
    y = box[1] + box[3] / 2
    for kind, x in (("mousePressed", 0.4), ("mouseMoved", 0.5), ("mouseMoved", 0.6), ("mouseReleased", 0.6)):
        browser.call("Input.dispatchMouseEvent", type=kind, x=box[0] + x * box[2], y=y, button="left", buttons=0 if kind == "mouseReleased" else 1, clickCount=1)
    browser.settle()
    found = state(browser)
    ok("from" in found and int(found["to"]) > int(found["from"]), "dragging across a part zooms as well", found)
    quiet(browser, "the library keeps to the page's policy")


def test_times(browser, path):
    """Pauses over time, down to a single collection; and behind both lines the table of all their points."""
    if "dygraphs" not in pages.read(path):
        skip("pauses over time", "the page was built without libjs-dygraphs")
        return
    page = pages.data(path)
    names = [config["name"] for config in page["run"]["configs"]]
    browser.screen(1280)
    browser.open(f"{path}/report.html", "#work=grow&setting=glibc&line=mark-sweep")
    lines = [line for line in page["lines"]["pause_times"]["lines"] if line["setting"] == "glibc" and page["run"]["works"][line["row"]]["name"] == "grow" and names[line["series"]] == "mark-sweep"]
    count = sum(line["points"] for line in lines)
    said = browser.run("document.querySelector('#times-part [role=status]').innerText")
    ok(count > 3 and browser.run("document.querySelectorAll('#times-part .zoom canvas').length") >= 1 and f"with {count} of the {count} pauses" in said, "the pauses of a process are drawn over its time", said, count)
    inked = "(() => { const canvas = document.querySelector('#times-part .zoom canvas'); return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.reduce((sum, value, i) => sum + (i % 4 === 3 && value > 200), 0); })()"
    whole = browser.run(inked)
    ok(whole > 200, "as bars", whole)
    press = "[...document.querySelectorAll('#times-part button')].find((button) => button.innerText === '{}').click()"
    browser.run(press.format("The longest"))
    browser.settle()
    near = state(browser)
    lengths = sorted(step * line["values"][1]["unit"] for line in lines for step in accumulate(line["values"][1]["steps"]))
    ok(abs((int(near["until"]) - int(near["since"])) / (5 * lengths[-1]) - 1) < 0.1 and browser.run(inked) > 2 * whole, "it zooms to the longest, whose bar is as wide as it takes", near, lengths[-1], whole, browser.run(inked))
    said = browser.run("document.querySelector('#times-part [role=status]').innerText")
    ticks = browser.run("[...document.querySelectorAll('#times-part .dygraph-axis-label-x')].map((label) => label.innerText)")
    ok(len(ticks) > 2 and len(set(ticks)) == len(ticks), "the axis has digits that tell its places from each other", ticks)
    link = browser.run("location.hash.slice(1)")
    browser.open(f"{path}/report.html", "#" + link)
    ok(browser.run("document.querySelector('#times-part [role=status]').innerText") == said, "a link carries that")
    browser.run(press.format("Whole run"))
    browser.run(press.format("One collection"))
    browser.settle()
    ok(re.search(r"with [1-3] of the", browser.run("document.querySelector('#times-part [role=status]').innerText")), "it zooms to one collection", state(browser))
    ok(browser.run("document.querySelector('[data-grid=times-data] .count').textContent") == f"{count} rows", "its table has every pause")
    points = browser.run("document.querySelector('[data-grid=heap-points] .count').textContent")
    heap = [line for line in page["lines"]["heap"]["lines"] if line["setting"] == "glibc" and page["run"]["works"][line["row"]]["name"] == "grow" and names[line["series"]] == "mark-sweep"]
    ok(int(points.split()[0]) >= len(heap[0]["values"][0]["steps"]) > 10, "and the heap's has every point of its line", points)
    browser.run("(() => { const menu = document.querySelector('#times-part select'); menu.value = 'rc'; menu.dispatchEvent(new Event('change')); })()")
    browser.settle()
    ok("The heap of rc" in browser.run("document.getElementById('heap-part').innerText") and "since" not in state(browser), "another collector is chosen for both lines, and seen whole", state(browser))
    quiet(browser, "the library keeps to the page's policy there too")


def overflow(browser):
    """Elements that reach over the right edge of the page, but for what lies in a box that scrolls."""
    return browser.run("""[...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.scroll') && !element.closest('details:not([open])') &&
        !element.closest('svg') && element.id !== 'tip').map((element) => element.tagName + '.' + element.className).slice(0, 9)""")


def paper_scale(paper):
    """Points of each pixel on the first sheet: 0.75 where nothing is wider than the paper, as then all is made smaller."""
    for stream in re.finditer(rb"stream\r?\n", paper):
        try:
            text = zlib.decompressobj().decompress(paper[stream.end():])
        except zlib.error:
            continue
        found = re.match(rb"([\d.]+) 0 0 -[\d.]+ 0 [\d.]+ cm\s+q\s+([\d.]+) 0 0 [\d.]+ [\d.]+ [\d.]+ cm", text)
        if found:
            return float(found[1]) * float(found[2])
    return 0.75  # another browser writes it in another way


def test_looks(browser, path):
    """Dark, a phone, and paper."""
    browser.screen(1280)
    browser.open(f"{path}/report.html")
    light = browser.run("getComputedStyle(document.body).backgroundColor")
    browser.screen(1280, dark=True)
    browser.open(f"{path}/report.html")
    dark = browser.run("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color, getComputedStyle(document.querySelector('svg text')).fill]")
    shade = [sum(map(int, re.findall(r"\d+", text)[:3])) for text in (light, *dark)]
    ok(shade[0] > 700 and shade[1] < 150 and min(shade[2:]) > 600, "who likes it dark has it dark, figures too", light, dark)
    for dark in (False, True):
        browser.screen(390, 844, dark)
        for fragment in ("", "#work=rings&metric=peak", "#table=cells"):
            browser.open(f"{path}/report.html", fragment)
            width = browser.run("document.documentElement.scrollWidth")
            ok(width <= 390 and not overflow(browser), f"a phone scrolls sideways in tables alone{', dark' if dark else ''} {fragment}", width, overflow(browser))
        svg = browser.run("Math.max(...[...document.querySelectorAll('figure svg')].map((svg) => svg.getBoundingClientRect().right))")
        ok(svg <= 391, "figures are drawn to its width", svg)
    browser.screen(1280)
    browser.open(f"{path}/report.html")
    browser.print(f"{path}/page.pdf")
    with open(f"{path}/page.pdf", "rb") as text:
        paper = text.read()
    browser.call("Emulation.setEmulatedMedia", media="print")
    shown = browser.run("[...document.querySelectorAll('.see, .choices > a, #rows, button:not(.panel)')].filter((part) => part.getClientRects().length).map((part) => part.outerHTML.slice(0, 60))")
    ok(not shown and browser.run("document.querySelectorAll('.see').length") > 6, "no word of a link, and no slice of a long table, is printed", shown[:4])
    browser.call("Emulation.setEmulatedMedia", media="")
    sheets = len(re.findall(rb"/Type\s*/Page\b", paper))
    ok(paper_scale(paper) > 0.74, "nothing is wider than the paper, so text has its size", paper_scale(paper))
    if shutil.which("pdftotext"):
        text = subprocess.run(["pdftotext", "-bbox", f"{path}/page.pdf", "-"], capture_output=True, text=True).stdout
        filled = [max(map(float, re.findall(r'yMax="([\d.]+)"', sheet)), default=0) / float(re.search(r'height="([\d.]+)"', sheet)[1]) for sheet in text.split("<page ")[1:]]
        ok(len(filled) > 4 and min(filled[:-1]) > 0.6, "no sheet but the last is left half empty", [round(share, 2) for share in filled])
        browser.print(f"{path}/low.pdf", paperHeight=3)
        low = subprocess.run(["pdftotext", "-layout", f"{path}/low.pdf", "-"], capture_output=True, text=True).stdout
        low_sheets = [sheet for sheet in low.partition("Which collector wins where")[2].partition("Only collectors that did")[0].split("\f") if sheet.strip()]
        ok(len(low_sheets) > 1 and all(re.search(r"\bworkload +fastest\b", sheet) for sheet in low_sheets), "a table that goes on overleaf has its heads there, too", [sheet[:200] for sheet in low_sheets])
    else:
        skip("how full the sheets are", "pdftotext is not installed (poppler-utils)")
    ok(paper.startswith(b"%PDF") and 5 <= sheets <= 40, "it is printed on some sheets", sheets, len(paper))
    quiet(browser, "none of that makes an error")


def spoil(path, name):
    """Gives every text of the folder that a stranger writes the name."""
    with open(f"{path}/manifest.json") as text:
        manifest = json.load(text)
    with open(f"{path}/runs.csv", newline="") as text:
        rows = list(csv.DictReader(text))
    for entry in (*manifest["cells"], *rows):
        for key in ("workload", "collector_options", "allocator"):
            entry[key] = entry[key] + name if key != "collector_options" else name
        if entry.get("reason"):
            entry["reason"] = name
    for cell in manifest["cells"]:
        cell["group"] = name
    manifest.update(name=name, warnings=[name], versions={name: name}, created=name)
    manifest["machine"][name] = name
    with open(f"{path}/manifest.json", "w") as text:
        json.dump(manifest, text)
    with open(f"{path}/runs.csv", "w", newline="") as text:
        writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_strangers(browser, place):
    """Names of a stranger stay texts, and the page's policy refuses what they would do."""
    names = {"HTML": SCRIPT, "quotes and line ends": "'one' \"two\"\nthree\\four</script><script>alert(3)</script>", "entities": "&lt;b&gt;&#39;${alert(4)}`__proto__"}
    for place_of, (what, name) in enumerate(names.items()):
        path = folder(place, f"stranger-{place_of}", "--schema", "2", "--memory", "--workloads", "3", "--collectors", "3", "--blocks", "3", "--events", "20", "--fail")
        spoil(path, name)
        result = plot(path)
        browser.screen(1280)
        browser.open(f"{path}/report.html")
        shown = re.sub(r"[\x00-\x1f]", "?", name)
        ok(result.returncode == 0 and browser.run("document.querySelector('h1').innerText") == shown, f"{what} in a name stay as they are", browser.run("document.querySelector('h1').innerText"), result.stderr[-200:])
        made = browser.run("[document.scripts.length, document.querySelectorAll('img, iframe, object, embed, base, [onerror], [onload], [onclick]').length]")
        ok(made == [4, 0] or made == [3, 0], "no element comes of it", made)
        for table in browser.run("[...document.querySelector('select[data-key=table]').options].map((option) => option.value)"):
            choose(browser, "table", table)
        for link in ("#workloads a", "#collector a", "#pair a", "#wins a"):
            browser.run(f"(document.querySelector('{link}') || document.body).click()")
            browser.settle()
        ok(shown in browser.run("document.querySelector('#workload h3').innerText"), "a workload of that name can be chosen", browser.run("document.querySelector('#workload h3').innerText"))
        link = browser.run("location.hash")
        browser.open(f"{path}/report.html", link)
        dialogs = [event for event in browser.events if event["method"] == "Page.javascriptDialogOpening"]
        ok(not dialogs, "and nothing runs, whatever is chosen", dialogs)
        quiet(browser, "nor is anything asked for")
    refused = browser.run("""(async () => {
        const refused = [];
        addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
        for (const [name, key] of [['img', 'src'], ['iframe', 'src'], ['script', 'src']]) {
            const element = document.createElement(name);
            element[key] = 'http://127.0.0.1:9/x';
            document.body.append(element);
        }
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.body.append(script);
        await fetch('http://127.0.0.1:9/x').catch(() => refused.push('fetch'));
        const wanted = ['img-src', 'frame-src', 'script-src-elem', 'connect-src', 'fetch'];
        for (let waits = 0; waits < 500 && !wanted.every((one) => refused.includes(one)); waits++)
            await new Promise((done) => setTimeout(done, 20));
        return [window.ran === true, ...refused.sort()];
    })()""")
    ok(refused[0] is False and {"img-src", "frame-src", "script-src-elem", "connect-src", "fetch"} <= set(refused[1:]), "its policy refuses images, frames, scripts and requests", refused)


def test_shapes(browser, place):
    """Runs that lack much: one block, one collector, no pause, nothing at all."""
    shapes = {"one block": ("--workloads", "2", "--blocks", "1"), "one collector": ("--workloads", "2", "--collectors", "1", "--blocks", "2"), "the first schema": ("--workloads", "3", "--blocks", "4", "--fail"),
              "no pause": ("--schema", "2", "--workloads", "2", "--blocks", "2", "--pauses", "0"), "nothing but losses": ("--schema", "2", "--workloads", "2", "--blocks", "2", "--memory", "--lost", "all"),
              "one row": ("--schema", "2", "--workloads", "2", "--blocks", "2", "--rows", "1"), "cells that stopped": ("--schema", "2", "--memory", "--stopped", "--workloads", "8", "--blocks", "8")}
    for what, arguments in shapes.items():
        path = folder(place, what.replace(" ", "-"), *arguments)
        result = plot(path)
        browser.screen(1280)
        browser.open(f"{path}/report.html")
        ok(result.returncode == 0 and browser.run("document.body.innerText.length") > 500, f"a run of {what} has a page", result.stderr[-300:])
        quiet(browser, "without an error")
        if what == "nothing but losses":
            ok("Leaks." not in browser.run("document.getElementById('said').innerText"), "what leaked is left out where it is not known")
        if what == "the first schema":
            worth = pages.data(path)["notes"]["worth"]
            count = browser.run(f"[...document.querySelectorAll('figcaption')].filter((note) => note.innerText.includes({json.dumps(worth)})).length")
            ok(worth.startswith("Intervals of 4 blocks are a hint.") and count >= 2, "figures whose intervals are from few blocks say what these are worth", worth, count)


def test_renewed(browser, place):
    """The page of a run in progress is loaded again, and shows what it showed."""
    path = folder(place, "renewed", "--workloads", "2", "--blocks", "4")
    plot(path)
    with open(f"{path}/report.html", encoding="utf-8") as file:
        page = file.read()
    with open(f"{path}/report.html", "w", encoding="utf-8") as file:
        file.write(page.replace('{"schema":"gcmatrix.page.1",', '{"schema":"gcmatrix.page.1","renewed":1,'))
    browser.open(f"{path}/report.html", "#at=rows")
    browser.until("document.body && (document.body.dataset.first = 'true')")
    ok(browser.until("Boolean(document.body && !document.body.dataset.first)"), "the page of a run in progress is loaded again")
    shows = browser.until("document.body && new URLSearchParams(location.hash.slice(1)).get('at') === 'rows'")
    ok(shows and not browser.wrong(), "with what it showed, and without a complaint", shows, browser.wrong()[:3])
    with open(f"{path}/report.html", "w", encoding="utf-8") as file:
        file.write(page)
    browser.open(f"{path}/report.html")
    browser.run("document.body.dataset.first = 'true'")
    time.sleep(1.5)
    ok(browser.run("document.body.dataset.first") == "true", "one of a run that has ended is not")


def spent(*arguments):
    """Runs the program: its status, its and its programs' seconds of a processor, as the machine may be busy with other tests, and MB at most."""
    process = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.DEVNULL)
    _, process.returncode, usage = os.wait4(process.pid, 0)
    return process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def test_large(browser, place):
    """15 collectors x 30 workloads: what the page takes to write, to keep and to open."""
    blocks = "20" if long_tests else "4"
    path = folder(place, "large", "--schema", "2", "--workloads", "30", "--collectors", "15", "--blocks", blocks, "--events", "300", "--samples", "600", "--baseline", "rc")
    status, seconds, most = spent("plot", path, "--only", "machine")
    size = os.path.getsize(f"{path}/report.html") if status == 0 else 0
    plain = os.environ.get("SANITIZERS", "none") == "none"
    if not plain:
        skip("what a large run takes to write", "a sanitizer takes more")
    ok(status == 0 and (seconds < 10 and most < 500 or not plain), "tables and page of a large run are written within 10 s of a processor and 500 MB", f"{seconds:.1f} s", f"{most:.0f} MB")
    if long_tests and plain:
        whole = spent("plot", path)
        ok(whole[0] == 0 and whole[1] < 10 and whole[2] < 500, "and so are they with all charts", f"{whole[1]:.1f} s", f"{whole[2]:.0f} MB")
        print(f"# with all charts {whole[1]:.1f} s of a processor and {whole[2]:.0f} MB")
    ok(0 < size < 5_000_000, "the page has 5 MB at most", size)
    browser.screen(1280)
    begun = browser.processor()
    waited = browser.open(f"{path}/report.html")
    opened = browser.processor() - begun
    key = browser.run("[...document.querySelectorAll('#trade text.key')].map((text) => text.textContent)")
    names = [config["name"] for config in pages.data(path)["run"]["configs"]]
    numbers = browser.run("[...document.querySelectorAll('#trade .halo')].map((text) => text.textContent)")
    ok(len(key) > 12 and sorted(re.sub("[†‡]", "", text.split("  ")[1]) for text in key) == sorted(names[member] for member in pages.data(path)["trade"]["members"]) and
       sorted(map(int, numbers)) == sorted(2 * list(range(1, len(key) + 1))), "of many collectors numbers stand at the dots of the trade, with a key", key, numbers)
    ok(0 < opened < 2, "and opens within two seconds of a processor", f"{opened:.2f} s")
    print(f"# {seconds:.1f} s of a processor and {most:.0f} MB to write, {size / 1e6:.2f} MB, {opened:.2f} s of a processor to open, {waited:.2f} s by the clock")
    quiet(browser, "without an error")
    browser.screen(390, 844)
    browser.open(f"{path}/report.html")
    ok(browser.run("document.documentElement.scrollWidth") <= 390 and not overflow(browser), "a phone scrolls sideways in its tables alone", overflow(browser))


def main():
    if not browsers.find() or not shutil.which("gnuplot"):
        skip("the page in a browser", "chromium or gnuplot is not installed (chromium, gnuplot-nox)")
        return done()
    with tempfile.TemporaryDirectory() as place, browsers.Browser() as browser:
        path = folder(place, "run", "--schema", "2", "--memory", "--workloads", "6", "--blocks", "8", "--events", "40", "--samples", "300", "--noise", "0.05", "--baseline", "rc", "--fail", "--attempts")
        plot(path)
        for test in (test_words, test_answer, test_mean_only, test_sources, test_intervals, test_workload_words, test_orders, test_facts, test_trade, test_curves, test_warm, test_tables, test_ways_in, test_marks, test_zoom, test_times, test_looks):
            test(browser, path)
        test_baseline(browser, path)
        for test in (test_moved, test_finished, test_leaks, test_strangers, test_shapes, test_renewed, test_large):
            test(browser, place)
    return done()


sys.exit(main())
