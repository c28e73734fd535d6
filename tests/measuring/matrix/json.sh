#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What is printed for programs is JSON, whatever bytes a name has. A library that refuses such bytes loses no answer.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

cut=$'cut\xc3\x1b.gcp' # a character that is cut, and one that acts
shown="cut??.gcp"
printf 'gcp 1\nglobals 1\nshape node refs=1 payload=8\nnew g0 node\nstore #1 0 #1\ndel g0\n' >p.txt
run program assemble p.txt -o "$cut"
check "a program may have any name" [ -s "$cut" ]

of_answer() { python3 -c 'import json, sys; a = json.load(open("out", encoding="utf-8")); sys.exit(not eval(sys.argv[1], {"a": a, "shown": sys.argv[2]}))' "$1" "$shown"; }
answers() # sentence expression arguments...
{
    local sentence=$1 expression=$2
    shift 2
    run "$@" --json
    check "$sentence: status 0" status_is 0
    check "$sentence: the answer is there, with the name as it can be shown" of_answer "$expression"
}
export GCMATRIX_PAIRS=$REAL_PAIRS
answers "run" 'a["workload"] == "replay:file=" + shown and len(a["collectors"]) == 2' run "replay:file=$cut" -c rc -c leak
answers "minheap" 'a["workload_options"] == "file=" + shown and a["minimum_bytes"] > 0' minheap "replay:file=$cut" -c rc -t 1
answers "explicit" 'a["source"] == "./" + shown and len(a["collectors"]) == 2' explicit "./$cut" -c rc -b 1
answers "lifetimes" 'a["source"] == "./" + shown and len(a["collectors"]) == 1' lifetimes "./$cut" -c rc
answers "a collector's option" '[c["collector"] for c in a["collectors"]] == ["rc", "recorder:file=" + shown]' \
    run rings:count=10 -c rc -c "recorder:file=$cut"

mkdir -p $'bin\xc3/gnuplot'
RUN_PATH=$work/$'bin\xc3' run doctor --json
check "the doctor loses no finding to a name" of_answer '[f["found"].endswith("bin?/gnuplot in PATH is a folder, and no command") for f in a["findings"] if f["name"] == "gnuplot"] == [True]'
done_testing
