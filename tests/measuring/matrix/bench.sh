#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What ./bench does in which order, and what it says when it is stopped. The programs that it calls are stubs which note
# how they are called.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

mkdir -p tools matrices build bin
cp "$SOURCE_ROOT/bench" .
cp "$SOURCE_ROOT/tools/progress.py" tools
printf 'packages_require() { :; }\npackages_fail() { printf "bench: %%s\\n" "$1" >&2; exit 2; }\n' >tools/packages.sh
for name in default first-look quick other; do echo "name: $name" >matrices/$name.yaml; done

cat >bin/meson <<'STUB'
#!/bin/sh
echo "meson $*" >>calls
touch build/build.ninja
STUB
# Prints progress. Builds slowly where the file slow-build-TARGET is there.
cat >bin/ninja <<'STUB'
#!/bin/sh
shift 2
[ "$1" = build.ninja ] || echo "ninja $*" >>calls
for target; do
  [ ! -e "slow-build-$target" ] || { touch waiting && sleep 30; }
done
echo '[1/1] Linking target x'
[ ! -e ninja-fails ]
STUB
# matrix makes a folder with a manifest; it waits where `slow-NAME` is there, and a signal ends it as it does gcmatrix.
cat >build/gcmatrix <<'STUB'
#!/usr/bin/env bash
echo "gcmatrix $*" >>calls
case "$*" in
  *--nonsense*) echo "gcmatrix: unknown option '--nonsense'" >&2; exit 2 ;;
  *--targets*) basename "$2" .yaml; exit ;;
  *--dry-run*) printf 'x: 2 cells\n   0  a x b on glibc\ntime: about 3 s\n'; exit ;;
esac
if [ "$1" = plot ]; then
  printf '%s/charts/heatmap.svg\n' "$2"
elif [ "$1" = matrix ]; then
  name=$(basename "$2" .yaml) folder=$4
  mkdir -p "$folder"
  echo id >"$folder/runs.csv"
  digest=$(sha256sum <"$2")
  printf '{\n  "schema": "gcmatrix.results.2",\n  "finished": null,\n  "spec_sha256": "%s",\n  "blocks": 40,\n%s\n}\n' \
    "${digest%% *}" "$(cat design)" >"$folder/manifest.json"
  trap 'exit 130' INT TERM
  if [ -e "slow-$name" ]; then touch waiting && sleep 30 & wait; fi
  sed -i 's/"finished": null/"finished": "2"/' "$folder/manifest.json"
  [ ! -e "fails-$name" ]
fi
STUB
ln -s "$(python3 -c 'import sys; print(sys.executable)')" bin/python3 # itself: a version manager's stub takes longer
chmod +x bin/meson bin/ninja build/gcmatrix
echo '  "design": {"kind": "precision", "precision": 0.05, "budget_seconds": 1800}, "baseline": {"collector": "rc", "options": "a=1"}' >design
export PATH=$PWD/bin:$PATH

bench() { rm -f calls waiting && ./bench "$@" >out 2>err </dev/null; status=$?; }
# Runs it until something waits, and interrupts it.
bench_stop()
{
    rm -f calls waiting
    set -m # so that it does not ignore the interrupt
    ./bench "$@" >out 2>err </dev/null &
    local pid=$! i
    set +m
    for ((i = 0; i < 500; i++)); do [ -e waiting ] && break; sleep 0.02; done
    kill "-${signal:-INT}" $pid
    wait $pid
    status=$?
}
prints() { grep -qF -- "$1" out; }
# The calls, without what only asks and without the folders' dates.
called() { diff <(grep -v -e '--targets$' -e '^meson' calls | sed 's/[0-9]\{4\}-[0-9-]*[0-9]/DATE/g') <(printf '%s\n' "$@"); }

minutes() { sed -n 's/^budget: \([0-9]*\)m$/\1/p' "$SOURCE_ROOT/matrices/$1.yaml"; }
bench --help
check "the help says how long the default matrix takes" prints "takes ten minutes at most, and the default $(minutes default)."
check "the README, too" grep -qF "| $(minutes default) minutes more at most |" "$SOURCE_ROOT/README.md"
check "and the shorter one takes the ten that both say" [ "$(minutes quick)" = 10 ]
bench
check "by default it takes a first look, and then runs the default matrix" called "ninja gcmatrix" \
    "ninja first-look" "gcmatrix matrix matrices/first-look.yaml -o results/DATE-first-look" \
    "gcmatrix plot results/DATE-first-look --only heatmap" \
    "ninja default" "gcmatrix matrix matrices/default.yaml --dry-run" \
    "gcmatrix matrix matrices/default.yaml -o results/DATE" "gcmatrix plot results/DATE" "gcmatrix compare results/DATE"
check "it says where the first heat map is" prints "-first-look/charts/heatmap.svg"
check "and what it is worth" prints "nothing is claimed yet"
check "it says how long the rest takes, and does not list the cells" [ "$(grep -c -e 'time: about 3 s' -e 'a x b' out)" = 1 ]
check "and ends well" status_is 0
bench --no-first-look
check "the first look can be left out" [ "$(grep -c first-look calls)" = 0 ]
BENCH_RESULTS=$PWD/elsewhere bench matrices/quick.yaml
check "runs lie where the environment says" grep -qx "gcmatrix matrix matrices/quick.yaml -o $PWD/elsewhere/[-0-9]*" calls
bench matrices/quick.yaml --precision 3% -b 4 -o here
check "another matrix goes without, and its options are passed on" called "ninja gcmatrix" "ninja quick" \
    "gcmatrix matrix matrices/quick.yaml --precision 3% -b 4 --dry-run" \
    "gcmatrix matrix matrices/quick.yaml -o here --precision 3% -b 4" "gcmatrix plot here" "gcmatrix compare here"
bench matrices/quick.yaml --first-look
check "unless it is asked for" grep -q "matrices/first-look.yaml -o" calls
bench --dry-run
check "a dry run measures nothing" called "ninja gcmatrix" "ninja default" "gcmatrix matrix matrices/default.yaml --dry-run"
bench --nonsense
check "an option that nobody knows is refused before anything is measured" [ "$status-$(grep -c ' -o ' calls)" = 2-0 ]
bench a.yaml b.yaml
check "two matrices are refused" status_is 2
bench matrices/qick.yaml
check "a matrix that is not there is refused before anything is built" [ "$status-$(cat calls 2>/dev/null)" = 2- ]
check "and those that are there are named" grep -q "no file 'matrices/qick.yaml'.* matrices/quick.yaml" err
bench_refuses() # words arguments...
{
    local words=$1
    shift
    bench "$@"
    check "bench refuses $*" [ "$status-$(cat calls 2>/dev/null)-$(cat err)" = "2--bench: $words" ]
}
bench_refuses "--output takes a name, not an empty one" -o ''
bench_refuses "--output takes a name, not an empty one" --output=
bench_refuses "-o takes the name of a folder" -o
bench_refuses "--output is given twice" -o here --output=there
bench_refuses "--output is given twice" -ohere -o there
bench_refuses "--resume is given twice" --resume --resume
bench_refuses "--dry-run is given twice" -n --dry-run
bench_refuses "--estimate-from is given twice" --estimate-from=a --estimate-from b
bench_refuses "--first-look and --no-first-look do not go together" --no-first-look --first-look
bench_refuses "a word is empty; it takes options and one matrix file" ''
bench -n -o foreign matrices/quick.yaml --estimate-from old
check "a dry run looks at the folder that the run would take" called "ninja gcmatrix" "ninja quick" \
    "gcmatrix matrix matrices/quick.yaml -o foreign --estimate-from old --dry-run"
bench matrices/quick.yaml -o "it's" --estimate-from old
check "an estimate is the dry run's alone" called "ninja gcmatrix" "ninja quick" \
    "gcmatrix matrix matrices/quick.yaml --estimate-from old --dry-run" \
    "gcmatrix matrix matrices/quick.yaml -o it's" "gcmatrix plot it's" "gcmatrix compare it's"
touch fails-quick && bench matrices/quick.yaml && rm fails-quick
check "a process that failed is the run's exit status, and all is drawn" [ "$status-$(grep -c compare calls)" = 1-1 ]
touch ninja-fails && bench && rm ninja-fails
check "what does not build ends with status 2" status_is 2

# Ctrl-C, wherever it is.
rm -rf results here && touch slow-build-gcmatrix && bench_stop && rm slow-build-gcmatrix
check "stopped while it builds, it says so" says "bench: stopped; ./bench goes on with building"
check "with status 130" status_is 130
rm -rf results && touch slow-first-look && bench_stop --baseline rc && rm slow-first-look
check "stopped in the first look, it draws what is there" prints "-first-look/charts/heatmap.svg"
check "and says how to leave it out" says "bench: stopped; ./bench --baseline rc --no-first-look"
check "with status 130" status_is 130
touch slow-quick && bench_stop matrices/quick.yaml -o here --baseline "rc:a=1" && rm slow-quick
check "stopped in the run, it draws what is there" grep -q "gcmatrix plot here" calls
check "and says how to go on with it" says "bench: stopped; ./bench --resume -o here --baseline rc:a=1 matrices/quick.yaml goes on"
check "with status 130" status_is 130

touch slow-quick && bench_stop matrices/quick.yaml -o "it's \$(here)" && rm slow-quick
check "in words that a shell takes as they are" says "./bench --resume -o 'it'\''s \$(here)' matrices/quick.yaml goes on"
rm -rf "it's \$(here)" "it's"
touch slow-quick && SECONDS=0
(trap '' INT && signal=TERM bench_stop matrices/quick.yaml -o ignoring && echo "$status" >status) && rm slow-quick
check "what ignores the interrupt is ended by SIGTERM, and at once" [ "$(cat status)-$((SECONDS < 20))" = 130-1 ]
rm -rf ignoring

# Going on, with nothing said: the newest unfinished run, its own matrix and its own design.
mkdir -p results/old-first-look && mv here results/run && cp results/run/manifest.json results/old-first-look
bench --resume
check "a resume finds the run, its matrix and its design" grep -qx \
    "gcmatrix matrix matrices/quick.yaml -o results/run --precision 5% --budget 1800s --baseline rc:a=1 --resume" calls
sed -i 's/"finished": "2"/"finished": null/' results/run/manifest.json
bench --resume --budget 1h --baseline=rc
check "what is said now goes before it" grep -qx \
    "gcmatrix matrix matrices/quick.yaml -o results/run --budget 1h --baseline=rc --precision 5% --resume" calls
echo '  "design": {"kind": "blocks", "blocks": 7}, "baseline": null' >design
touch slow-other && bench_stop matrices/other.yaml -o results/blocks -b 7 && rm slow-other
bench --resume -o results/blocks
check "of a fixed design the blocks" grep -qx "gcmatrix matrix matrices/other.yaml -o results/blocks --blocks 7 --resume" calls
calls_with() { grep -x "gcmatrix matrix matrices/other.yaml -o results/blocks .*--resume" calls; }
for given in "--blocks 9" "-b9" "--bloc=9" "--budget 5m --precision=2%"; do
    sed -i 's/"finished": "2"/"finished": null/' results/blocks/manifest.json
    # shellcheck disable=SC2086
    bench --resume -o results/blocks $given
    check "what is said now stands alone: $given" \
        [ "$(calls_with)" = "gcmatrix matrix matrices/other.yaml -o results/blocks $given --resume" ]
done
rm -rf results
bench --resume
check "nothing to go on with is said" says "no run under results/ is unfinished"
BENCH_RESULTS=elsewhere bench --resume
check "and where it was looked for" says "no run under elsewhere/ is unfinished"
done_testing
