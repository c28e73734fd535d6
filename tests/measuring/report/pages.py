# SPDX-License-Identifier: MIT
"""What a page, report.html, holds: the data that it shows, and the rest, which is the same in every page."""
import json
import re

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
