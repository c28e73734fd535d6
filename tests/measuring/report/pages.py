# SPDX-License-Identifier: MIT
"""What a page, report.html, holds: the data that it shows, and the rest, which is the same in every page."""
import csv
import json
import re
from pathlib import Path

DATA = re.compile(r'(<script type="application/json" id="data">)(.*?)(</script>)', re.DOTALL)


def read(folder):
    with open(f"{folder}/report.html", encoding="utf-8") as text:
        return text.read()


def data(folder):
    """The data of the page of a run's folder."""
    return json.loads(DATA.search(read(folder))[2])


def data_text(folder):
    return DATA.search(read(folder))[2]


def without_data(folder):
    return DATA.sub(r"\1\3", read(folder))


def column(table, name):
    """The values of a column of one of the page's tables, row by row."""
    found = table["columns"][name]
    if isinstance(found, list):
        return found
    if "all" in found:
        return [found["all"]] * table["rows"]
    return [found["names"][place] for place in found["at"]]


def rows(page, name):
    """The rows of one of the page's tables, each by the names of its columns."""
    table = page["tables"][name]
    columns = {key: column(table, key) for key in table["columns"]}
    return [{key: values[row] for key, values in columns.items()} for row in range(table["rows"])]


def claims(page, metric):
    return next(claims for claims in page["claims"] if claims["metric"] == metric)


def setting(page, name):
    """The place of a setting."""
    return [setting["name"] for setting in page["run"]["settings"]].index(name)


def tables_astray(folder):
    """The tables of a run's folder that its page has not, or has with other rows. Lines are told by whether there are any."""
    page, astray = data(folder), []
    for path in sorted(Path(folder, "tables").glob("*.csv")):
        with open(path, newline="", encoding="utf-8") as text:
            count = len(list(csv.reader(text))) - 1
        table, lines = page["tables"].get(path.stem), page["lines"].get(path.stem)
        if (table is None or table["rows"] != count) and (lines is None or bool(lines["lines"]) != (count > 0)):
            astray.append(path.stem)
    return astray
