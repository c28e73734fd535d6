#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# In a build of some of its targets, each command that needs another one names the command that builds it.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

# An invented build: its workloads are `null`, `rings` and `replay`, and nothing but null-rc is built.
runner=build/harness/runner
mkdir -p "$runner" build/harness/lifetimes build/harness/stress build/harness/teaching build/harness/campaign build/recorded
cp "$GCMATRIX" build/gcmatrix
GCMATRIX=build/gcmatrix
unset GCMATRIX_PAIRS GCMATRIX_STRESS
{
    for workload in null rings replay; do
        for collector in rc leak explicit; do
            [ "$workload-$collector" = rings-explicit ] || echo "$workload-$collector"
        done
    done
} >names
{
    sed 's|.*|build harness/runner/&: link|' names
    echo "build harness/lifetimes/watch-rc: link"
    echo "build harness/stress/stress-rc: link"
    echo "build harness/teaching/show-rc: link"
    echo "build harness/stress/stress-census: link"
    echo "build harness/campaign/reference-program: link"
    echo "build recorded/rings.gcp: record"
} >build/build.ninja
sed -i '1i rule link' build/build.ninja
{
    echo '{"schema": "gcmatrix.pairs.1", "workloads": ["null", "rings", "replay"], "collectors": ["rc", "leak", "explicit"], "pairs": ['
    sed 's|\(.*\)-\(.*\)|{"name": "&", "workload": "\1", "collector": "\2", "path": "&"}|; $!s/$/,/' names
    echo ']}'
} >"$runner/pairs.json"
cp "$PAIRS/null-rc" "$runner/null-rc"

refuses "run: rings-rc is not built; ninja -C build harness/runner/rings-rc" "run names the target of its pair" run rings -c rc
refuses "run: rings-rc is not built; ninja -C build harness/runner/rings-rc" "with options, too, which only the pair knows" run rings:size=3 -c rc
refuses "run: 2 pairs are not built; ninja -C build harness/runner/rings-rc harness/runner/rings-leak" "or those of all its pairs" \
    run rings -c rc:a=1 -c leak -c rc
refuses "run: unknown collector 'rcc'" "but a name that is wrong goes before one that is not built" run rings -c rc -c leak -c rcc
refuses "run: explicit does not run rings, but only null and replay" "a pair that the build never makes is another matter" run rings -c explicit
refuses "minheap: rings-leak is not built; ninja -C build harness/runner/rings-leak" "minheap names its target" minheap rings -c leak
refuses "explicit: replay-explicit is not built; ninja -C build harness/runner/replay-explicit" "explicit names its target" explicit rings -c rc
refuses "lifetimes: replay-rc is not built; ninja -C build harness/runner/replay-rc" "lifetimes names the pair" lifetimes rings -c rc
cp "$PAIRS/null-rc" "$runner/replay-rc"
refuses "lifetimes: watch-rc is not built; ninja -C build harness/lifetimes/watch-rc" "and then the watcher" lifetimes rings -c rc
rm "$runner/replay-rc"
refuses "build them: ninja -C build harness/stress/stress-census" "stress names the worker that tells the truth" stress
cp "$PAIRS/null-rc" build/harness/stress/stress-census
refuses "stress: stress-rc is not built; ninja -C build harness/stress/stress-rc" "and then that of a collector" stress -c rc

echo "gcp 1" >program.txt
refuses "program trace: show-rc is not built; ninja -C build harness/teaching/show-rc" "program trace names what shows a collector" \
    program trace program.txt -c rc
refuses "program trace: leak cannot be drawn: the build has no show-leak" "a build that shows a collector never is another matter" \
    program trace program.txt -c leak

run list
check "list says that it shows only what is built" grep -q "^1 of 8 executables are built.*; ninja -C build$" out

# A matrix names all that it lacks at once.
spec() { printf 'name: u\nblocks: 1\ncells:\n  - workloads: [%s]\n    collectors: [%s]\n' "$1" "$2" >m.yaml; }
spec rings rc
refuses "m.yaml: 1 of 2 files it needs are not built; ninja -C build harness/runner/rings-rc" "a matrix names the target of a cell" matrix m.yaml -o new
spec rings rc,leak
refuses "ninja -C build harness/runner/rings-rc harness/runner/null-leak harness/runner/rings-leak" "of all cells and baselines" matrix m.yaml -o new
spec '"replay:repeat=2,file=build/recorded/rings.gcp",rings' rc,leak
refuses "6 of 7 files it needs are not built; ninja -C build \$(build/gcmatrix matrix m.yaml --targets)" "or, of many, how to ask for them" matrix m.yaml --dry-run
run matrix m.yaml --targets
check "--targets prints each target once, the recorded file and the reference program too" \
    [ "$(sort out | tr '\n' ' ')" = "harness/campaign/reference-program harness/runner/null-leak harness/runner/null-rc harness/runner/replay-leak harness/runner/replay-rc harness/runner/rings-leak harness/runner/rings-rc recorded/rings.gcp " ]
check "and ends well" status_is 0
spec rigns rc
refuses "m.yaml:4:17: unknown workload 'rigns'; did you mean 'rings'?" "a name that is wrong has its place" matrix m.yaml --targets
spec 'rings' explicit
refuses "m.yaml:5:18: explicit does not run rings, but only null and replay" "so has a pair that the build never makes" matrix m.yaml --targets

# Where nothing says how it is built, nothing is said.
mkdir elsewhere && cp "$runner/pairs.json" elsewhere
export GCMATRIX_PAIRS=elsewhere/pairs.json
refuses "run: rings-rc is not built" "outside of a build no command is made up" run rings -c rc
check "and none is named" [ -z "$(grep ninja err)" ]
done_testing
