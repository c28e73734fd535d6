#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs one shard of a matrix: a task of a job array. A task that is requeued goes on with its folder on the same node,
# and begins one of its own on another. merge.sh takes the fuller one.
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --requeue
#SBATCH --open-mode=append
# A minute before its time is over the script gets a signal, and requeues its task.
#SBATCH --signal=B:USR1@60
#@ gcmatrix slurm writes here what is of this run

cd "$folder" || exit
node=${SLURMD_NODENAME:-$(hostname)}
shard=$run/shards/$SLURM_ARRAY_TASK_ID-$node
task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID # the job's own number may stand for the whole array
pid= stopped= scratch=

# A signal goes on to gcmatrix, which keeps every process that is complete.
stop() # by what
{
    stopped=$1
    [ -z "$pid" ] || kill -TERM "$pid" 2>/dev/null
}
trap 'stop request' TERM INT
trap 'stop time' USR1
trap '[ -z "$scratch" ] || rm -rf "$scratch"' EXIT

# A task that Slurm takes for lost, as its daemon was killed, may still run here. It is ended, and this one goes on.
locked() { [ -d "$shard" ] && { flock --nonblock "$shard" true; [ $? -eq 1 ]; }; }
while locked; do
    { read -r _ writer _ <"$shard/in-flight/writer" && kill -TERM "$writer"; } 2>/dev/null
    sleep 1
done

# The executables run from the node's own disk. A task that was killed here before left its copy.
if [ -n "$programs" ]; then
    copy=${SLURM_TMPDIR:-${TMPDIR:-/tmp}}/gcmatrix-$SLURM_JOB_ID-$node
    rm -rf "$copy".*
    scratch=$(mktemp -d "$copy.XXXXXX") || exit 3
    if ! why=$(cp -r "$programs" "$scratch/programs" 2>&1); then
        echo "shard $SLURM_ARRAY_TASK_ID on $node: ${why%%$'\n'*}" >&2
        echo "make room there, or leave the node out (sbatch --exclude=$node)" >&2
        exit 3
    fi
    export GCMATRIX_PAIRS=$scratch/programs/pairs.json TMPDIR=$scratch
fi

# gcmatrix ends when this script is killed. An old setpriv cannot see to that.
bound=(setpriv --pdeathsig TERM)
"${bound[@]}" true 2>/dev/null || bound=()

rows() { if [ -e "$shard/runs.csv" ]; then wc -l <"$shard/runs.csv"; else echo 0; fi; }
before=$(rows)
"${bound[@]}" "$gcmatrix" matrix "$spec" --blocks "$blocks" --shard "$SLURM_ARRAY_TASK_ID/$shards" \
    -o "$shard" --resume &
pid=$!
[ -z "$stopped" ] || stop "$stopped"
while :; do
    wait "$pid"
    status=$?
    kill -0 "$pid" 2>/dev/null || break
done
[ -n "$stopped" ] || exit "$status"

# Where Slurm counts this start of the task as running, its time is nearly over, or its node is wanted: it goes on later.
about=$(scontrol show job "$task")
[[ $about == *JobState=RUNNING* && $about == *" Restarts=${SLURM_RESTART_COUNT:-0} "* ]] || exit "$status"
if [ "$stopped" = time ] && [ "$(rows)" -le "$before" ]; then
    echo "shard $SLURM_ARRAY_TASK_ID: no process ended within the time limit; give it more (sbatch --time)" >&2
    exit 1
fi
# Slurm ends this script. If it ended by itself, Slurm might take the task for one that is complete.
scontrol requeue "$task" && sleep 60
