# SPDX-License-Identifier: MIT
# TAP for tests of the program as a whole, in bash; to be sourced. GCMATRIX is the program. Each test works in an
# empty folder of its own, which is removed at the end.
set -u
export PYTHONPATH="$(dirname "$(realpath "${BASH_SOURCE[0]}")")" # attempts.py, rows.py
tap_count=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

tap_result() # passed(0/1) sentence
{
    local sentence=${2//$'\n'/\\n} # a second line would be none of the protocol
    tap_count=$((tap_count + 1))
    if [ "$1" -eq 0 ]; then echo "ok $tap_count - $sentence"; else echo "not ok $tap_count - $sentence"; fi
}

# Runs the program, with RUN_PATH for PATH if that is set; its exit status is in $status, its output in the files out and err.
run()
{
    PATH=${RUN_PATH:-$PATH} "$GCMATRIX" "$@" >out 2>err </dev/null
    status=$?
}

# Waits until a command holds, for 100 s at most: nobody knows how long a busy machine takes.
await() # command...
{
    local end=$((SECONDS + 100))
    until "$@" 2>/dev/null; do
        [ "$SECONDS" -lt "$end" ] || return
        sleep 0.01
    done
}

# Whether a process holds interrupts back, as a command does that has work to put away.
interrupts_held() # pid
{
    local line
    while read -r line; do
        [[ $line == SigBlk:* ]] && return $((!(0x${line##*[[:space:]]} & 2)))
    done <"/proc/$1/status"
    false
}

# Runs the program, and interrupts it after so many seconds. How long its end took then, in ms, is in $took.
# A shell without job control starts what runs in its background deaf to interrupts, so that env gives it ears.
# With `held` in front, the seconds begin when the program holds interrupts back: it then says what it leaves.
interrupted() # [held] seconds arguments...
{
    local held=false before began
    if [ "$1" = held ]; then held=true && shift; fi
    before=$1
    shift
    env --default-signal=INT "$GCMATRIX" "$@" >out 2>err </dev/null &
    ! $held || await interrupts_held $!
    sleep "$before"
    began=$(date +%s%N)
    kill -INT $! 2>/dev/null
    wait $!
    status=$?
    took=$((($(date +%s%N) - began) / 1000000))
}

# The same after ever more seconds, until the program has a result: a busy machine takes long to the first.
interrupted_late() # arguments...
{
    local before
    for before in 1 2 4 8 16 32; do
        interrupted $before "$@"
        [ ! -s out ] || return
    done
}

# Runs the program on a terminal, whose screen goes to the file out.
run_on_terminal()
{
    python3 -c 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' \
        "$GCMATRIX" "$@" >out 2>err </dev/null
    status=$?
}

note_output()
{
    sed 's/^/# out: /' out | tail -5
    sed 's/^/# err: /' err | tail -5
}

check() # sentence command...
{
    local sentence=$1
    shift
    if "$@"; then tap_result 0 "$sentence"; else
        tap_result 1 "$sentence"
        echo "# failed: $*"
        note_output
    fi
}

# Whether the long form of a test is asked for: by LONG_TESTS=1 in the environment, which `./check --long` sets.
long_tests() { [ -n "${LONG_TESTS:-}" ]; }

status_is() { [ "$status" -eq "$1" ] || { echo "# status $status, not $1"; false; }; }
says() { grep -qF -- "$1" err; }
# One complaint, of one line, and nothing else on standard error. Without a process: a test asks it a thousand times.
says_only()
{
    local lines
    mapfile lines <err # each with its line feed
    [ ${#lines[@]} -eq 1 ] && [[ ${lines[0]} == *"$1"*$'\n' ]]
}
absent() { [ ! -e "$1" ]; }

# Lists what is in the folder and below, apart from files out and err, in $listed: the same text where it is the same.
# It starts no process either, and follows no link.
list_below()
{
    local names name
    shopt -s globstar dotglob nullglob
    names=(**)
    shopt -u globstar dotglob nullglob
    listed=
    for name in "${names[@]}"; do
        case ${name##*/} in out | err) ;; *) listed+=$name$'\n' ;; esac
    done
}

# The bad-input contract: status 2, one line with these words, nothing written.
refuses() # words sentence arguments...
{
    local words=$1 sentence=$2 before listed
    shift 2
    list_below
    before=$listed
    run "$@"
    check "$sentence" refused "$words" "$before"
}
refused()
{
    local listed
    status_is 2 && says_only "$1" && list_below && [ "$listed" = "$2" ]
}

# A column of runs.csv by its name, of the first attempt of each process, or of all attempts: how many run again depends
# on what else the machine does. No field in these tests holds a comma, apart from quoted reasons at the end of use.
column() # folder name [all]
{
    awk -F, -v name="$2" -v all="${3:-}" 'NR == 1 { for (i = 1; i <= NF; i++) { if ($i == name) c = i; if ($i == "attempt") a = i } next }
        all || $a == 0 { print $c }' "$1/runs.csv"
}

# Waits until a file of rows has more than so many lines.
rows_reach() { await lines_beyond "$@"; } # file lines
lines_beyond() { [ -e "$1" ] && [ "$(wc -l <"$1")" -gt "$2" ]; }

# Prints what an expression says of the manifest m.
of_manifest() # folder expression
{
    python3 -c 'import json, sys; print(eval(sys.argv[2], {"m": json.load(open(sys.argv[1] + "/manifest.json"))}))' "$@"
}

# Every id of the plan exactly once: none lost, none twice. No attempt is there twice either.
complete_once() # folder processes
{
    [ "$(column "$1" id | sort -n)" = "$(seq 0 $(($2 - 1)))" ] && [ -z "$(column "$1" id all | sort | uniq -d)" ]
}

done_testing() { echo "1..$tap_count"; }
