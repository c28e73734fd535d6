# SPDX-License-Identifier: MIT
"""The Markdown of this tree's pages as lists: what join.py puts into a page, whose script makes elements of it.

A chapter is [heading, blocks]; what stands before the first heading has the heading "". A block is one of

    ["p", text]             a paragraph
    ["ul" or "ol", texts]   a list
    ["table", rows]         the first row is the head; a row is a list of texts
    ["pre", string]         lines as they are

and a text is a list of strings and of [tag, string], where the tag is code, strong or em. Links keep their words alone, as
a page stands alone.
"""
import re

PIECE = re.compile(r"`([^`]+)`|\*\*(.+?)\*\*|\*([^*]+)\*")
ITEM = re.compile(r"(-|\d+\.) +")


def text(markdown):
    """The pieces of a paragraph, a cell or an item."""
    whole = re.sub(r"\s+", " ", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", markdown)).strip()
    pieces, last = [], 0
    for found in PIECE.finditer(whole):
        pieces.append(whole[last:found.start()])
        code, strong, emphasis = found.groups()
        pieces.append(["code", code] if code else ["strong", strong.replace("`", "")] if strong else ["em", emphasis.replace("`", "")])
        last = found.end()
    return [piece for piece in [*pieces, whole[last:]] if piece]


def plain(markdown):
    """The same as one string without marks."""
    return "".join(piece if isinstance(piece, str) else piece[1] for piece in text(markdown))


def row(line):
    return [text(cell) for cell in line.strip().strip("|").split("|")]


def items(block):
    """The items of a list, each from its mark to the next that counts on; a line may begin with a number all the same."""
    found = []
    for line in block.split("\n"):
        mark = ITEM.match(line)
        if mark and (mark[1] == "-" or mark[1] == f"{len(found) + 1}."):
            found.append(line[mark.end():])
        else:
            found[-1] += "\n" + line
    return [text(item) for item in found]


def block(markdown):
    if markdown.startswith("|"):
        head, _, *rows = markdown.split("\n")
        return ["table", [row(line) for line in (head, *rows)]]
    if markdown.startswith(("- ", "1. ")):
        return ["ul" if markdown.startswith("-") else "ol", items(markdown)]
    return ["p", text(markdown)]


def blocks(markdown):
    """Those of a chapter; blank lines part them, but not within lines that stand as they are."""
    found = []
    for place, part in enumerate(re.split(r"^```\w*\n(.*?)^```$", markdown, flags=re.MULTILINE | re.DOTALL)):
        if place % 2:
            found.append(["pre", part.rstrip("\n")])
        else:
            found += [block(piece.strip("\n")) for piece in re.split(r"\n\s*\n", part) if piece.strip()]
    return found


def chapters(markdown):
    """Those of a page, whose title is left out."""
    body = re.sub(r"\A# .*\n", "", markdown)
    first, *rest = re.split(r"^## ", body, flags=re.MULTILINE)
    return [["", blocks(first)], *([heading.strip(), blocks(text_of)] for heading, _, text_of in (part.partition("\n") for part in rest))]
