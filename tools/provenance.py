# SPDX-License-Identifier: MIT
"""What the tools that make pages share: the origin of figures, and how a page writes them."""
import json
import os
import platform
import re
import shlex
import subprocess
import sys
import textwrap

from processor import only_one


def _first(path, pattern):
    try:
        with open(path, encoding="utf-8") as source:
            return re.search(pattern, source.read(), re.M).group(1)
    except (OSError, AttributeError):
        return "n/a"


def fail(why):
    """Ends the tool that runs, as for bad use."""
    print(f"{os.path.basename(sys.argv[0])}: {why}", file=sys.stderr)
    sys.exit(2)


def need_build(build):
    """Ends the tool unless something can be measured in `build`."""
    if not build or not os.path.isfile(f"{build}/harness/runner/pairs.json"):
        fail(f"{build or 'BUILD'}: not the folder of a build; `meson setup` and `ninja` make one")


class Damaged(Exception):
    """A document is not what its tool writes: says what is wrong, and where."""


def schema_check(document, schema):
    """Raises Damaged unless the document is of the schema."""
    if not isinstance(document, dict) or document.get("schema") != schema:
        raise Damaged(f"schema: is not {schema}")
    return document


def document_read(path, check):
    """The document of a file of JSON, as check() returns it, which raises Damaged. Ends the tool where there is none."""
    try:
        with open(path, encoding="utf-8") as source:
            return check(json.load(source))
    except OSError as error:
        fail(f"{path}: {error.strerror}")
    except (ValueError, Damaged) as error:
        fail(f"{path}: {error}")


def page_print(path, check, render):
    """Prints the page that render() makes of the document of a file. Ends the tool where the document has no page."""
    document = document_read(path, check)
    try:
        page = render(document)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        fail(f"{path}: damaged: {type(error).__name__}: {error}")
    sys.stdout.write(page)


def document_write(folder, name, document, page):
    """Writes the document as NAME.json and its page as NAME.md into the folder, which is made where it is missing."""
    try:
        os.makedirs(folder, exist_ok=True)
        for ending, text in ("json", json.dumps(document, indent=1, ensure_ascii=False) + "\n"), ("md", page):
            with open(f"{folder}/{name}.{ending}", "w", encoding="utf-8") as out:
                out.write(text)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")


def provenance(build):
    """The version that measured, its compiler, and the machine."""
    version = subprocess.run([f"{build}/gcmatrix", "--version"], capture_output=True, text=True).stdout.strip()
    with open(f"{build}/compile_commands.json", encoding="utf-8") as source:
        words = shlex.split(json.load(source)[0]["command"])
    compiler = words[1] if os.path.basename(words[0]) == "ccache" else words[0]
    said = subprocess.run([compiler, "--version"], capture_output=True, text=True).stdout.splitlines()
    return {"gcmatrix": version, "compiler": said[0] if said else compiler, "libc": " ".join(platform.libc_ver()),
            "cpu": _first("/proc/cpuinfo", r"^model name\s*: (.*)$"), "cores": os.cpu_count(),
            "processor": only_one(), "kernel": f"{platform.system()} {platform.release()}"}


def paragraph(text):
    """The text in lines of at most 120 columns, for a page. No word is broken."""
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False)


def provenance_sentence(document):
    """Where the figures were made, in whole sentences."""
    chosen = document.get("processor")
    where = "" if chosen is None else f" All of it ran on processor {chosen}, the fastest as the run began."
    again = ", ".join(f"`{name}`" for name in document.get("updated", []))
    was = "was" if len(document.get("updated", [])) == 1 else "were"
    older = f" This holds for {again}, which {was} measured again. The other figures are older." if again else ""
    return (f"Made by {document['gcmatrix']} with {document['compiler']} and {document['libc']} on {document['cpu']}, "
            f"{document['cores']} cores, {document['kernel']}.{where}{older}")


def three_digits(value):
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def scaled(value, step, units):
    for unit in units:
        if value < step * 0.9995 or unit == units[-1]:
            return f"{three_digits(value)}{unit}"
        value /= step
    return None


def figure(value, unit):
    if value is None:
        return "n/a"
    if unit == "share":
        return f"{three_digits(100 * value)}%"
    if unit == "bytes":
        return scaled(value, 1000, [" B", " kB", " MB", " GB", " TB"])
    if unit == "ns":
        return scaled(value, 1000, [" ns", " µs", " ms", " s"])
    return scaled(value, 1000, ["", " k", " M", " G"])


def row_print(out, cells):
    out.append("| " + " | ".join(cells) + " |")
