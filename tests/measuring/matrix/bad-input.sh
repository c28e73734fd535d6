#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Bad input is refused in one line with status 2, and nothing is written.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

spec() { printf "$1" >m.yaml; }

refuses "unknown command 'matirx'; did you mean 'matrix'?" "a misspelt command gets a suggestion" matirx
refuses "unknown option '--verbose'" "an option in front of the command is refused" --verbose
refuses "unknown option '--dry-rnu'; did you mean '--dry-run'?" "a misspelt option gets a suggestion" matrix --dry-rnu m
refuses "option '-o' needs an argument" "a missing argument is said" matrix m.yaml -o
refuses "option '--resume=x' takes no argument" "an argument too many is said" matrix m.yaml --resume=x
refuses "one matrix file is needed" "a missing operand is said" matrix
refuses "--blocks takes an integer from 1 to 10000, not '0'" "a number of an option has a range" matrix m.yaml --blocks 0
refuses "--resume needs -o" "a resume needs a folder" matrix m.yaml --resume
refuses "m.yaml: No such file" "a file that is not there is named" matrix m.yaml -o new
refuses "takes no operand such as 'x'" "an operand too many is said" list x

# What is missing is told with what there is, by whichever command: its own remedy, the nearest name, or all names.
missing() # words command...
{
    words=$1
    run "${@:2}"
    check "$2 ${3:-} says what to do about what is missing: $words" eval 'status_is 2 && says_only "$words"'
}
of_kind() # words name command...: for each command, in which NAME is the operand
{
    local words=$1 name=$2 command
    shift 2
    for command in "$@"; do missing "$words" ${command//NAME/$name}; done
}
matrix_commands=("matrix NAME -o new" "slurm NAME -o new" "minheap --spec NAME -o new")
run_commands=("compare NAME" "compare NAME NAME" "plot NAME" "report NAME" "trace NAME" "table NAME" "table NAME runs" "merge NAME -o new"
    "history add NAME" "history export NAME --to bencher" "matrix m.yaml --dry-run --estimate-from NAME")
program_commands=("program dump NAME" "program check NAME" "program stats NAME" "program deaths NAME -o new" "program assemble NAME -o new")
spec 'name: x\ncells:\n  - workloads: [hostile]\n    collectors: [rc]\n' && mv m.yaml kept
of_kind "such as matrices/quick.yaml" none.yaml "${matrix_commands[@]}"
cp kept m.yaml
of_kind "\`gcmatrix matrix MATRIX.yaml\` writes one" none "${run_commands[@]}"
of_kind "or a recording makes" none.gcp "${program_commands[@]}"
mkdir -p matrices results/one program/examples && cp kept matrices/kept.yaml && touch results/one/manifest.json program/examples/ring.gcp.txt
of_kind "did you mean 'matrices/kept.yaml'?" ketp.yaml "${matrix_commands[@]}"
of_kind "of matrix files there are: m.yaml, matrices/kept.yaml" other.yaml "${matrix_commands[@]}"
of_kind "did you mean 'results/one'?" results/on "${run_commands[@]}"
of_kind "of results folders there are: results/one" other "${run_commands[@]}"
of_kind "did you mean 'program/examples/ring.gcp.txt'?" rnig.gcp "${program_commands[@]}"
missing "a history is a folder that 'gcmatrix history add' made" history show none
missing "it takes the folder of a build of gcmatrix" matrix m.yaml --against none
missing "or the name of an allocator that \`gcmatrix list\` has" run hostile -c rc -a ./none.so
rm -r matrices results program m.yaml kept

# Help, and what is said twice.
helps() { run "$@"; [ "$status" -eq 0 ] && [ ! -s err ] && grep -qF -- "usage: gcmatrix" out; }
check "help explains itself" helps help help
for command in $("$GCMATRIX" help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
    check "$command has help" helps help "$command"
    [ "$command" = help ] || check "which --help after its options prints, too" helps "$command" --json --help
done
refuses "unknown command 'nosuch'; 'gcmatrix help' lists them" "help of no command is refused" help nosuch
refuses "takes one command, not 'list' too" "help of two is refused" help run list
refuses "--version takes no operand such as 'x'" "the version takes no operand" --version x
run --version
check "and prints itself" grep -qE '^gcmatrix [0-9.]+$' out
twice() # command option value argument...
{
    local command=$1 option=$2 value=$3
    shift 3
    refuses "--$option is given twice" "$command --$option twice is refused, and not the last one taken" "$command" "--$option" "$value" "$@"
}
refuses "--json and --markdown are two forms of the same" "options that contradict each other are refused by compare" compare new --json --markdown
refuses "--only and --tables do not go together: one draws a figure, the other draws none" "and by plot" plot new --tables --only time
twice run seed 1 hostile -c rc --seed 2
twice run allocator glibc hostile -c rc -a glibc
twice run heap-limit 1MiB hostile -c rc --heap-limit 2MiB
twice run events new.csv hostile -c rc --events newer.csv
twice minheap collector rc hostile -c leak
twice minheap trials 1 hostile -c leak -t 2
twice explicit allocator glibc hostile -c leak -a glibc
twice explicit blocks 1 hostile -c leak -b 2
twice lifetimes seed 1 hostile -c leak -s 2
twice list names workloads --names collectors
twice matrix output new m.yaml -o newer
twice compare metric wall --metric cpu new
twice plot only time --only memory new
twice stress seed 1 --seed 2
twice program output new check m.yaml -o newer

spec 'name: x\ncells:\n  - workloads: [hostile]\n    collectors: [rc]\n'
refuses "--precision takes a share from 0.1% to 100%, as in 3%, not '3'" "a share of an option has its sign" matrix m.yaml --precision 3
refuses "--budget takes a time from 1s to 720h, as in 90s, 30m or 2h, not '5'" "a time of an option has its unit" matrix m.yaml --precision 3% --budget 5
refuses "--budget limits a run with a precision; give --precision too" "a budget needs a precision" matrix m.yaml --budget 5m
refuses "--blocks fixes the number of blocks, and --precision adds blocks" "blocks are fixed or added" matrix m.yaml --blocks 3 --precision 3%
refuses "--baseline: no collector of the matrix is 'leak'" "a baseline is one of the collectors" matrix m.yaml --baseline leak
refuses "--against nowhere: nowhere/harness/runner/pairs.json: No such file" "a build that is not there is named" matrix m.yaml --against nowhere

spec 'name: x\ncells:\n  - workloads: [hostil]\n    collectors: [rc]\n'
refuses "m.yaml:3:17: unknown workload 'hostil'; did you mean 'hostile'?" "an unknown workload has its place" matrix m.yaml -o new
spec 'name: x\ncells:\n  - workloads: [hostile]\n    collectors: [leak, cr]\n'
refuses "m.yaml:4:24: unknown collector 'cr'; did you mean 'rc'?" "an unknown collector has its place" matrix m.yaml -o new
spec 'name: x\ncells:\n  - workloads: ["hostile:miliseconds=3"]\n    collectors: [rc]\n'
refuses "m.yaml:3:17: hostile has no option 'miliseconds'; did you mean 'milliseconds'?" "an unknown option has its place" matrix m.yaml -o new
spec 'name: x\ncells:\n  - workloads: ["hostile:milliseconds=1e9"]\n    collectors: [rc]\n'
refuses "m.yaml:3:17: hostile:milliseconds=1e9: " "a value out of range has its place" matrix m.yaml -o new
check "and its range" says "0 to 100000"
spec 'name: x\ncells:\n  - workloads: [hostile]\n    collectors: ["rc:roots=3"]\n'
refuses "m.yaml:4:18: rc:roots=3: " "an option of a collector that has none is refused" matrix m.yaml -o new
spec 'name: x\ncells:\n  - workloads: [hostile]\n    collectors: [rc]\n    allocators: [glibc, /nonexistent.so]\n'
refuses "m.yaml:5:25: allocator '/nonexistent.so': No such file" "an allocator that is not there has its place" matrix m.yaml -o new
spec 'name: x\nblocks: 10000\nblocks: 2\ncells: []\n'
refuses "m.yaml:3:1: key 'blocks' is there already" "a key that comes twice has its place" matrix m.yaml -o new

spec 'name: x\ncells:\n  - workloads: ["hostile:milliseconds=3,milliseconds=4"]\n    collectors: [rc]\n'
refuses "m.yaml:3:17: hostile:milliseconds=3,milliseconds=4: hostile: option 'milliseconds' (column 16) is given twice" "an option that comes twice has its place" matrix m.yaml -o new

# A colon with nothing behind it.
spec 'name: x\ncells:\n  - workloads: ["hostile:"]\n    collectors: [rc]\n'
refuses "m.yaml:3:17: workload 'hostile:' has a colon and no options behind it" "an empty list of options has its place" matrix m.yaml -o new
refuses "m.yaml:3:17: workload 'hostile:' has a colon" "for the targets, too" matrix m.yaml --targets
spec 'name: x\ncells:\n  - workloads: [hostile]\n    collectors: [leak, "rc:"]\n'
refuses "m.yaml:4:24: collector 'rc:' has a colon and no options behind it" "of a collector, too" matrix m.yaml -o new
refuses "minheap: workload 'hostile:' has a colon" "and on a command line" minheap hostile: -c rc
refuses "run: workload 'hostile:' has a colon" "of run" run hostile: -c rc
refuses "run: collector 'rc:' has a colon" "and of its collectors" run hostile -c rc:
refuses "lifetimes: collector 'rc:' has a colon" "and of lifetimes" lifetimes hostile -c rc:
refuses "hostile: option 'milliseconds' (column 1) is '3?4'; it takes" "a line feed in an option leaves the message whole" run "hostile:milliseconds=3
4" -c rc

# A preload that does not take: the loader only warns, so the process must notice.
spec 'name: x\ncells:\n  - workloads: [hostile]\n    collectors: [rc]\n    allocators: [./not-a-library.so]\n'
echo "no library" >not-a-library.so
refuses "not to $(realpath .)/not-a-library.so: the preload did not take" "a preload that does not take stops the run before it starts" matrix m.yaml -o new
refuses "the preload did not take" "and a single process too" run hostile -c rc -a ./not-a-library.so

spec 'name: x\ncells:\n  - workloads: [hostile]\n    collectors: [rc]\n'
RUN_PATH=/nonexistent refuses "hyperfine not found in PATH; the package is hyperfine" "a missing hyperfine is named with its package" matrix m.yaml -o new
GCMATRIX_PAIRS=/nonexistent/pairs.json refuses "/nonexistent/pairs.json" "a missing pairs.json is named" matrix m.yaml -o new
mkdir full && touch full/file
refuses "full is there already" "a folder that holds something is not written to" matrix m.yaml -o full
ln -s nowhere dangling
refuses "dangling is there already" "nor is a dangling link followed" matrix m.yaml -o dangling
refuses "m.yaml/new: Not a directory" "a folder cannot be made inside a file" matrix m.yaml -o m.yaml/new

# env takes a word with an equals sign for a variable: each process would have failed.
mkdir a=b && cp "$(dirname "$GCMATRIX_PAIRS")"/hostile-{leak,rc} "$GCMATRIX_PAIRS" a=b
GCMATRIX_PAIRS=a=b/pairs.json refuses "m.yaml:4:18: $(realpath a=b)/hostile-rc: env, which runs it, would take the path for a variable" \
    "a build whose path env would not run is refused" matrix m.yaml -o new
GCMATRIX_PAIRS=a=b/pairs.json run run hostile -c rc
check "a single process needs no env" status_is 0

# A build's name stands in results.
other=$'cut\xc3'
mkdir -p "$other/harness/runner" && cp "$GCMATRIX_PAIRS" "$other/harness/runner"
refuses "the folder's real name must be printable UTF-8: it stands in results" "a build of a name that is no UTF-8 is refused" matrix m.yaml --against "$other" -o new

run run hostile -c rc
check "and what is right runs" status_is 0
done_testing
