#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every command takes its options and words in one way. What the help lists is tried: nothing has to be kept in step here.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

# The options of a command by its help, one on each line: NAME, and "=" behind it where an argument follows.
options_of()
{
    "$GCMATRIX" help "$1" | python3 -c '
import re, sys
for line in sys.stdin:
    if re.match(r" +(-\w, )?--\w", line):
        for name, argument in re.findall(r"--([a-z-]+)( [A-Z]| [a-z]+\|)?", re.split(r"(?<=\S)  +", line)[0]):
            print(name + ("=" if argument else ""))' | sort -u
}
# One whose value is checked as it is read has a good one here.
value_of()
{
    case $1 in
    seed | runs | blocks | trials | timeout | programs | seconds | jobs | groups | rounds | size | time-limit | nodes) echo 2 ;;
    heap-limit) echo 1MiB ;;
    counter) echo perf ;;
    metric) echo wall ;;
    by) echo time ;;
    shard) echo 1/2 ;;
    only) echo time ;;
    zeal) echo every ;;
    setting) echo swarm=on ;;
    dials) echo depth=5 ;;
    minimum | between-runs | fail-on-regression) echo 1% ;;
    *) echo new ;;
    esac
}

count=0
for command in $("$GCMATRIX" help | sed -n 's/^  \([a-z]*\)  .*/\1/p' | grep -v help); do
    for option in $(options_of "$command"); do
        name=${option%=}
        count=$((count + 1))
        if [ "$option" = "$name" ]; then
            refuses "$command: --$name is given twice" "$command --$name comes once" "$command" "--$name" "--$name"
            refuses "option '--$name=' takes no argument" "$command --$name has no argument" "$command" "--$name="
            continue
        fi
        value=$(value_of "$name")
        refuses "$command: --$name has an empty argument" "$command --$name takes no empty argument" "$command" "--$name" ''
        refuses "$command: --$name has an empty argument" "in either form" "$command" "--$name="
        refuses "option '--$name' needs an argument" "nor none" "$command" "--$name"
        case $command-$name in minheap-collector) ;; *-collector | trace-cell | trace-workload | table-where | stress-runtime | plot-workload | report-workload) continue ;; esac # they may come several times
        refuses "$command: --$name is given twice" "$command --$name comes once" "$command" "--$name" "$value" "--$name=$value"
        case $value in 2) ;; *) continue ;; esac
        for bad in ' 2' '2 ' +2 -2 0x2 02 2.5 2,5 1e99 two nan $'2\n3'; do
            refuses "--$name takes an integer from" "$command --$name takes no '$bad'" "$command" "--$name" "$bad"
        done
    done
done
check "the help lists options" [ "$count" -gt 50 ]
for bad in ' 2%' +2% -2% 0x2% 02% 2.% .2% nan inf 2%% '2 %'; do
    refuses "--minimum takes a percentage from 0 to 1000000, not '$bad'" "a percentage is no '$bad'" compare --minimum "$bad" a b
done
for bad in ' 2MiB' +2MiB 0x2 02MiB 2mib 2.5; do
    refuses "--heap-limit is '$bad'; it takes bytes" "a size is no '$bad'" run --heap-limit "$bad" hostile -c rc
done
for bad in ' 2' +2 0x2 02 2. .5 0.5; do
    refuses "--heap: heap '$bad': it takes a multiple" "a multiple is no '$bad'" run --heap "$bad" hostile -c rc
done
run run hostile:milliseconds=1 -c rc --seed 1e3
check "an integer has the notation of options everywhere" grep -q "seed 1000" out

# Words: too many, too few, empty.
none() { refuses "$1: takes no operand such as 'a'" "$1 takes no word" "$1" a; }
none list
none doctor
none stress
none hunt
words() # command, words that it takes, what it needs
{
    local command=$1 takes=$2 needs=$3
    # shellcheck disable=SC2086
    refuses "$command: 'more' is a word too many; $needs" "$command names a word too many" $command $takes more
    refuses "$command: $needs" "$command says what it needs" $command
    # shellcheck disable=SC2086
    set -- $takes
    refuses "$command: a word is empty; $needs" "$command takes no empty word" "$command" '' "${@:2}"
}
words run "a -c rc" "one workload and -c COLLECTOR are needed"
words explicit "a -c rc" "one workload, or the file of a program, and -c COLLECTOR are needed"
words lifetimes "a -c rc" "one workload, or the file of a program, and -c COLLECTOR are needed"
words minheap "a -c rc" "one workload and -c COLLECTOR are needed"
words matrix a "one matrix file is needed"
words plot a "give one results folder"
words trace a "give one results folder"
words compare "a b" "give one or two results folders"
words table "a b" "give a results folder and the name of a table"
words program "check a" "takes an action and one file"
words bisect "a b" "two commits and a cell are needed"
for action in add export; do refuses "history: one results folder is needed" "history $action needs a folder" history $action; done
refuses "history: 'more' is a word too many" "history show takes one folder" history show a more
refuses "history: an action is needed" "history needs an action" history
refuses "history: no action 'shwo'; did you mean 'show'?" "and knows which there are" history shwo
refuses "history: --to does not go with 'show'" "an option belongs to an action" history show --to bencher
refuses "history: --to takes bencher or github-action-benchmark, not 'new'" "a format is known" history export a --to new
refuses "history: --to names a format" "and needed" history export a
refuses "history: no metric 'wal'; did you mean 'wall'?" "so is a metric" history show --metric wal
refuses "history: --between-runs takes a percentage" "and a percentage" history show --between-runs x
refuses "history: --chart takes a file that ends in .svg, .png or .pdf, not 'a.gif'" "and a picture's format" history show --chart a.gif
refuses "bisect: a cell is WORKLOAD COLLECTOR" "bisect needs a cell" bisect a b
refuses "bisect: a cell is WORKLOAD COLLECTOR" "of two words at least" bisect a b -- rings
refuses "bisect: memory is cold or warm, not 'hot'" "whose memory is known" bisect a b -- rings rc glibc hot
refuses "bisect: --limit takes a percentage below 100, as in 5%, not '5'" "a limit is a percentage" bisect a b --limit 5 -- rings rc
refuses "minheap: takes no operand such as 'a'" "of a matrix minheap takes no word" minheap --spec m.yaml a

# What does not go together.
apart() # first second arguments...
{
    local first=$1 second=$2
    shift 2
    refuses "$1: --$first and --$second " "$1: --$first and --$second do not go together" "$@"
}
apart names json list --json --names workloads
apart heap-limit heap run a -c rc --heap 2 --heap-limit 1MiB
apart json markdown compare new --markdown --json
apart json markdown history show --markdown --json
apart json matching history show --json --matching rc
apart only tables plot new --tables --only time
apart paper tables plot new --tables --paper 1
apart csv json table new means --json --csv
apart json latex table new means --latex --json
apart markdown latex table new means --markdown --latex
for option in csv json latex; do apart describe $option table --describe --$option; done
apart describe where table --describe --where a=b
apart targets dry-run matrix m.yaml -n --targets
apart targets output matrix m.yaml --targets -o new
apart targets resume matrix m.yaml --targets --resume
apart resume dry-run matrix m.yaml --resume -o new -n
apart estimate-from targets matrix m.yaml --estimate-from new --targets
for option in collector=rc allocator=glibc seed=1; do
    apart spec "${option%=*}" minheap --spec m.yaml "--$option"
done
apart spec json minheap --spec m.yaml --json
for option in programs=1 seconds=1 dials=depth=5 keep=new jobs=1; do
    apart replay "${option%%=*}" stress --replay new.gcp "--$option"
done
for option in swarm faults json; do apart replay $option stress --replay new.gcp --$option; done
for option in zeal=every swarm faults; do apart setting "${option%%=*}" stress --setting swarm=on "--$option"; done
for option in programs=1 swarm zeal=every faults setting=swarm=on dials=depth=5 boundaries=refs=3 keep=new replay=new.gcp \
    options=roots=3 runtime=true time-limit=2; do
    apart work "${option%%=*}" stress --work "--$option"
done
for option in seconds=1 programs=1; do
    apart recipe "${option%=*}" hunt -c a --against b --recipe leaf --size 1 "--$option"
    apart workload "${option%=*}" hunt -c a --against b --workload rings "--$option"
done
apart recipe workloads hunt -c a --against b --recipe leaf --size 1 --workloads none
apart workload workloads hunt -c a --against b --workload rings --workloads none
apart workload recipe hunt -c a --against b --recipe leaf --size 1 --workload rings
apart workload size hunt -c a --against b --size 1 --workload rings
refuses "hunt: --workloads has an empty argument" "a list of workloads is not empty" hunt -c a --against b --workloads ''
apart counted rounds hunt -c a --against b --counted --rounds 2
apart phases json run a -c rc --phases --json
refuses "stress: the collector 'rc' is named twice" "a collector is named once" stress -c rc -c rc
refuses "trace: the cell 'rings-rc' is named twice" "so is a cell" trace new --cell rings-rc --cell rings-rc
refuses "compare: --minimum is of two runs, and 1 is given" "an option of two runs is refused for one" compare a --minimum 1%
refuses "compare: --between-runs is of two runs" "so is the other" compare a --between-runs 1%
refuses "compare: --baseline is of one run, and 2 are given" "and one of a single run for two" compare a b --baseline rc
refuses "compare: --allocator is of one run" "so is the other" compare a b --allocator glibc
refuses "compare: --pictures goes with --markdown" "a picture is refused where no text can hold it" compare a --pictures .
refuses "compare: --pictures takes an address" "and so is an address that would end the link" compare a --markdown --pictures 'x) y'
refuses "table: --where takes COLUMN=VALUE, not 'new'" "a condition has a value" table "$(dirname "$(realpath "$0")")/../../../results/reference" means --where new
refuses "table: options go with the name of a table" "a list of tables has no form" table a --json
refuses "matrix: --estimate-from goes with --dry-run" "what only a dry run reads is refused elsewhere" matrix m.yaml --estimate-from a
refuses "minheap: --output goes with --spec" "and what only a matrix writes" minheap a -c rc -o new

# A dry run refuses the folder that the run would refuse.
printf 'name: x\nblocks: 1\ncells:\n  - workloads: [hostile]\n    collectors: [rc]\n' >m.yaml
mkdir foreign empty && touch foreign/file && ln -s nowhere dangling
refuses "foreign is there already" "a dry run refuses a folder that holds something" matrix m.yaml -n -o foreign
refuses "dangling is there already" "a dangling link" matrix m.yaml -n -o dangling
refuses "m.yaml/new: Not a directory" "and one inside a file" matrix m.yaml -n -o m.yaml/new
for folder in empty new; do
    run matrix m.yaml -n -o $folder
    check "and takes the others: $folder" status_is 0
done
check "and makes nothing" absent new

# The command that goes on with a run is whole: it is taken as it is printed, by a shell.
gcmatrix() { run "$@"; }
printf 'name: x\ncells:\n  - workloads: ["hostile:milliseconds=600"]\n    collectors: [rc, leak]\n' >"it's.yaml"
env --default-signal=INT "$GCMATRIX" matrix "it's.yaml" -o "-a b" --blocks 2 --baseline rc >out 2>err </dev/null &
await test -s "./-a b/in-flight/writer"
kill -INT $!
wait $!
status=$?
hint=$(sed -n 's/.*go on with: //p' err)
check "an interrupted run says how to go on" [ "$status" -eq 130 -a -n "$hint" ]
run compare -- "-a b"
theirs=$(tr -s '\n ' ' ' <out | sed -n 's/.*Go on with: \(.*--resume\).*/\1/p' | sed "s/SPECIFICATION/\"it's.yaml\"/")
check "compare says the same, where no process is complete it says that" [ -n "$theirs" -o "$status" -ne 0 ]
eval "${theirs:-$hint}"
check "and a shell that is given it goes on" complete_once "./-a b" 8
eval "$hint"
check "after which there is nothing to do" grep -q "nothing was missing" out
done_testing
