#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The doctor says in words what it finds on this machine. harness/campaign/machine/test-machine.c tests each of its checks.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

run doctor
# A sanitizer's malloc does not make way for one that is preloaded, which the doctor rightly calls broken.
if [ "${SANITIZERS:-none}" = none ]; then
    check "the doctor looks and says what it thinks" status_is 0
    check "in its last line" grep -qE '^(Measuring works; |A good place to measure)' out
fi
check "and within 120 columns, but for paths" [ "$(grep -v '/' out | awk 'length > 120' | wc -l)" -eq 0 ]
run doctor --json
remedies() { python3 - <<'P'
import json
findings = json.load(open("out"))["findings"]
names = [finding["name"] for finding in findings]
wanted = ("load cores processors memory swap cgroup governor turbo smt power temperature virtualisation steal numa thp aslr clock "
          "perf_event_paranoid counters hyperfine gnuplot valgrind pairs glibc").split()
missing = set(wanted) - set(names)
assert not missing and len(names) == len(set(names)), (missing, names)
for finding in findings:
    assert (finding["state"] == "ok") == (finding.get("remedy") is None), finding
P
}
check "every check is there once, and what is not well has a remedy" remedies
refuses "takes no operand such as 'twice'" "an operand is refused" doctor twice

# Of executables those count that are there: pairs.json lists all that the build can make.
mkdir some && sed "s#\"path\": \"hostile-#\"path\": \"$(dirname "$GCMATRIX_PAIRS")/hostile-#; s#hostile-rc\"}#gone\"}#" "$GCMATRIX_PAIRS" >some/pairs.json
GCMATRIX_PAIRS=$work/some/pairs.json run doctor
check "an executable that is not built is not counted" grep -qE '^warn +pairs +3 of 4 executables are built, of 2 workloads and 2 collectors' out
check "and the target to build is named" grep -qF "ninja -C build harness/runner/WORKLOAD-COLLECTOR" out
sed 's#"path": "[^"]*"#"path": "gone"#' "$GCMATRIX_PAIRS" >some/pairs.json
GCMATRIX_PAIRS=$work/some/pairs.json run doctor
check "without any nothing can be measured" status_is 1
check "and the one that tries the allocators is named, too" grep -qF "ninja -C build harness/runner/null-rc" out
mkdir bin && ln -s "$(command -v env)" bin
RUN_PATH=$work/bin run doctor
check "without hyperfine nothing can be measured" status_is 1
check "which is said, with the package" grep -q 'apt-get install hyperfine' out
done_testing
