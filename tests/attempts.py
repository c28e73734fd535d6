# SPDX-License-Identifier: MIT
"""Which attempt of a process counts, as harness/results/attempts.h has it, for tests that compute figures again."""
BROKEN = ("crash", "mismatch", "error")
TICK_NS = 10_000_000


def lost_ns(row):
    stolen = int(row["stolen_ns"] or 0)
    return int(row["queued_ns"] or 0) + (stolen if stolen > TICK_NS else 0)


def lost_share(row):
    lost = lost_ns(row)
    return lost / (lost + int(row["user_ns"] or 0) + int(row["sys_ns"] or 0)) if lost else 0


def counted(rows):
    """Of some rows of runs.csv those that count: one for each cell and block, in the order of the file."""
    best = {}
    for row in sorted(rows, key=lambda row: int(row["attempt"])):
        place = row["block"], row["cell"]
        before = best.get(place)
        if before and before["status"] in BROKEN:
            continue
        if before and before["status"] == row["status"] == "ok" and lost_ns(row) > lost_ns(before):
            continue
        if before and before["status"] == "ok" and row["status"] not in ("ok", *BROKEN):
            continue
        best[place] = row
    return [row for row in rows if best[row["block"], row["cell"]] is row]
