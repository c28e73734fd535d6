#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The tools that make pages print the committed ones, and refuse what is none of their documents in one line. Speaks TAP.

usage: test-tools.py TREE
"""
import json
import os
import subprocess
import sys
import tempfile

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
import tap

TOOLS = "bounds", "limits", "nominal", "peers"


def render(tree, tool, path):
    return subprocess.run([sys.executable, f"{tree}/tools/{tool}.py", "--render", path], capture_output=True, text=True)


def damaged(document):
    """(what is wrong with a file, its text)"""
    yield "that is no JSON", "# a page"
    yield "that is a list", json.dumps([document])
    yield "of another schema", json.dumps({**document, "schema": "gcmatrix.other.1"})
    yield "without its collectors", json.dumps({**document, "collectors": None})


def test_tool(tree, tool, folder):
    committed = f"{tree}/docs/{tool}.json"
    with open(committed, encoding="utf-8") as file:
        document = json.load(file)
    with open(f"{tree}/docs/{tool}.md", encoding="utf-8") as file:
        page = file.read()
    result = render(tree, tool, committed)
    tap.ok(result.returncode == 0 and result.stdout == page, f"docs/{tool}.md is what tools/{tool}.py makes of its document",
           result.stderr)
    path = f"{folder}/{tool}.json"
    files = [("that is not there", None), *damaged(document)]
    for what, text in files:
        if text is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        result = render(tree, tool, path)
        one_line = result.stderr.count("\n") == 1 and result.stderr.startswith(f"{tool}.py: {path}: ")
        tap.ok(result.returncode == 2 and one_line and not result.stdout, f"tools/{tool}.py refuses a file {what} in one line",
               f"status {result.returncode}", result.stderr)


def main(arguments):
    with tempfile.TemporaryDirectory() as folder:
        for tool in TOOLS:
            test_tool(arguments[0], tool, folder)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
