#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A matrix runs as a job array. Without Slurm it is seen what is written and refused. Under daemons of its own, two nodes on
# this machine, it is seen what comes of tasks that end, that are stopped, moved and cancelled.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

slurm_site() { "$PYTHONPATH/support/slurm-site" "$@"; }
holds() { python3 -m folders "$1"; } # expression of rows and manifests by folder

matrix() # name blocks milliseconds
{
    printf 'name: %s\nblocks: %s\nseed: 3\nvary_seed: true\nraw: all\ncells:\n  - workloads: ["hostile:milliseconds=%s"]\n    collectors: [leak, rc]\n' \
        "$@" >"$1.yaml"
}
matrix quick 4 2
# So long that what is done to a task when its first row is there finds it at work, however busy the machine is.
matrix slow 1 1200
matrix two 2 1200
matrix long 1 2500

# Without Slurm.
mkdir none
RUN_PATH=$PWD/none
refuses "slurm: sbatch not found in PATH" "a machine without Slurm is one line" slurm quick.yaml -o no
refuses "-o names the folder of the run" "the folder has no default" slurm quick.yaml
refuses "one matrix file is needed" "a word behind -- is none of this command" slurm -o no -- quick.yaml
sed 's/blocks: 4/precision: 5%/' quick.yaml >added.yaml
refuses "needs a fixed number of blocks" "shards need a fixed number of blocks" slurm added.yaml -o no
run slurm quick.yaml -o "an 'odd' 50%" --blocks 6 --nodes 3 --exclusive --dry-run -- --partition=long --comment="it's"
check "a dry run needs no Slurm" status_is 0
check "and says how many shards there are" grep -q "quick: 24 processes in 6 blocks, as 6 shards" out
check "its scripts are scripts" bash -n "an 'odd' 50%/shard.sh" "an 'odd' 50%/merge.sh"
check "at most as many tasks run at once" grep -qx '#SBATCH --array=1-6%3' "an 'odd' 50%/shard.sh"
check "on nodes of their own" grep -qx '#SBATCH --exclusive' "an 'odd' 50%/shard.sh"
sbatch() { printf '%s\n' "$@" >words; }
eval "$(grep '^sbatch' out | tail -1)"
unset -f sbatch
check "a command that is printed is what a shell reads" grep -qxF -- "--comment=it's" words
check "in which Slurm replaces nothing of the path" grep -qxF -- "--output=$PWD/an 'odd' 50%%/logs/merge.txt" words
unset RUN_PATH

missing=$(slurm_site missing)
if [ -n "$missing" ]; then
    echo "ok $((++tap_count)) - a job array # SKIP $missing"
    done_testing
    exit
fi

# ---- daemons of its own ----

site=$work/site
mkdir tmp
export SLURM_CONF=$site/slurm.conf TMPDIR=$work/tmp
slurm_site configure "$site"
site_end() # as the test ends, in whatever way
{
    scancel --user=root 2>/dev/null
    ended >/dev/null 2>&1
    slurm_site stop "$site"
    rm -rf "$work"
}
trap site_end EXIT

refuses "slurm: scontrol: ended with status 1" "no controller that answers is one line" slurm quick.yaml -o no
check "two nodes are there" slurm_site start "$site"

submits() # name folder [sbatch options]; the number of the array is in $array
{
    run slurm "$1.yaml" -o "$2" -- "${@:3}"
    array=$(sed -n 's/^end: scancel \([0-9]*\) .*/\1/p' out)
    check "$2 is submitted" [ "$status-${array:+number}" = 0-number ]
}
logs() { tail -n 5 "$1"/logs/*.txt | sed 's/^/# /'; }
# Waits until no job is there. Slurm lets a job that was requeued wait for two minutes. All but a little more than a second
# are left out here: a node takes a credential only if it is younger than the requeue, and their times are whole seconds.
ended()
{
    local left requeued job
    for _ in $(seq 200); do
        left=$(squeue --noheader) && [ -z "$left" ] && return
        requeued=$(squeue --noheader --states=pending --format='%r %i' | sed -n 's/^BeginTime //p')
        [ -z "$requeued" ] || sleep 1.2
        for job in $requeued; do scontrol update jobid="$job" starttime=now; done
        sleep 0.3
    done
    squeue | sed 's/^/# /'
    return 1
}
until_rows() # pattern of files: waits until one of them has a row
{
    local file
    for _ in $(seq 1200); do
        for file in $1; do [ -e "$file" ] && [ "$(wc -l <"$file")" -gt 1 ] && return; done
        sleep 0.05
    done
    return 1
}
restarts() { scontrol show job "$1" | grep -o 'Restarts=[0-9]*' | tr '\n' ' '; } # of a job

# All tasks end.
refuses "none is there already" "a folder that is there is refused" slurm quick.yaml -o none
run matrix quick.yaml -o whole
submits quick "it's 50%" --comment="it's"
check "its jobs end" ended
mv "it's 50%/run" merged || logs "it's 50%"
check "four shards, merged, are the whole run in everything but times" holds 'plan("merged") == plan("whole") and len(plan("merged")) == 16'
check "with the same files" holds 'files("merged") == files("whole")'
check "and of the same executables" holds 'manifest("merged")["binaries"] == manifest("whole")["binaries"]'
check "no copy is left on the nodes" [ -z "$(ls tmp)" ]

# A task that Slurm stops before its time is over, as it does a minute before.
run matrix slow.yaml -o slow-whole
run matrix two.yaml -o two-whole
submits slow stopped --nodelist=n1
check "a task begins" until_rows stopped/shards/1-n1/runs.csv
scancel --batch --signal=USR1 "$array"_1
check "it ends after a signal" ended
check "after it was requeued" [ "$(restarts "$array"_1)" = "Restarts=1 " ]
logs stopped
check "with all processes, each once" holds 'plan("stopped/run") == plan("slow-whole")'
check "which are in one folder" [ "$(ls stopped/shards)" = 1-n1 ]

# The last task of an array to begin has the array's own number.
submits two alone
check "the first of two tasks begins" until_rows "alone/shards/1-*/runs.csv"
check "and the last" until_rows "alone/shards/2-*/runs.csv"
scancel --batch --signal=USR1 "$array"_2
check "both end when the last one is stopped" ended
check "which alone was requeued" [ "$(restarts "$array"_1)$(restarts "$array"_2)" = "Restarts=0 Restarts=1 " ]
check "with all processes of both" holds 'plan("alone/run") == plan("two-whole")'

# A task whose node is taken away goes on elsewhere.
submits slow moved
for _ in $(seq 600); do node=$(ls moved/shards) && [ -n "$node" ] && break; sleep 0.1; done
check "another task begins" until_rows "moved/shards/$node/runs.csv"
scontrol update nodename="${node#1-}" state=drain reason=test
scontrol requeue "$array"_1
check "it ends" ended
scontrol update nodename="${node#1-}" state=resume
check "with a folder on each node" [ "$(ls moved/shards | tr '\n' ' ')" = "1-n1 1-n2 " ]
check "of which the fuller one is merged" holds 'plan("moved/run") == plan("slow-whole")'

# A task that runs on where Slurm takes its node for dead: the one that follows it ends it, and goes on.
submits long lost --nodelist=n1
check "a task that is to be lost begins" until_rows lost/shards/1-n1/runs.csv
parent_of() { ps -o ppid= -p "$1" | tr -d ' '; }
step=$(parent_of "$(parent_of "$(pgrep -f -- "-o $work/lost/shards/1-n1 --resume" | head -1)")")
[ "$step" -le 1 ] || kill -KILL "$step" "$(cat "$site/n1.pid")"
scontrol update nodename=n1 state=down reason=test
slurm_site node "$site" n1
scontrol update nodename=n1 state=resume
check "it ends when its node's daemons are killed" ended
check "after it was requeued, as lost" [ "$(restarts "$array"_1)" = "Restarts=1 " ]
check "with all processes in one folder" holds 'len(plan("lost/run")) == 4 and {r["status"] for r in rows("lost/shards/1-n1")} == {"ok"}'
check "and with no copy left" [ -z "$(ls tmp)" ]

# A task of which gcmatrix is killed fails, and is run again by the command that was printed.
submits slow killed --nodelist=n2
check "a task that is to be killed begins" until_rows killed/shards/1-n2/runs.csv
kill -KILL $(pgrep -f -- "-o $work/killed/shards/1-n2 --resume")
check "it ends when its gcmatrix is killed" ended
check "and what is missing is said" grep -q "of 4 processes are missing" killed/logs/merge.txt
grep '^sbatch' out | head -1 >again.sh
bash again.sh >/dev/null
check "the command that was printed runs it again" ended
mv killed/run killed/part
bash killed/merge.sh >out 2>err
check "and the shards are merged again" holds 'plan("killed/run") == plan("slow-whole")'

# Cancelled.
submits slow cancelled --nodelist=n1
check "a task that is to be cancelled begins" until_rows cancelled/shards/1-n1/runs.csv
scancel $(sed -n 's/^end: scancel //p' out)
check "jobs that are cancelled end" ended
check "with no process left" [ -z "$(pgrep -f "$work/(cancelled|tmp)")" ]
check "and no copy" [ -z "$(ls tmp)" ]
check "and none is requeued" [ "$(scontrol show job "$array" | grep -cE 'JobState=CANCELLED|Restarts=0')" -eq 2 ]
done_testing
