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
shard=$run/shards/$SLURM_ARRAY_TASK_ID-${SLURMD_NODENAME:-$(hostname)}
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

# The executables run from the node's own disk. A task that was killed here before left its copy.
if [ -n "$programs" ]; then
    scratch=${SLURM_TMPDIR:-${TMPDIR:-/tmp}}/gcmatrix-$SLURM_JOB_ID
    rm -rf "$scratch"
    mkdir -m 700 "$scratch" || exit
    cp -r "$programs" "$scratch/programs" || exit
    export GCMATRIX_PAIRS=$scratch/programs/pairs.json TMPDIR=$scratch
fi

rows() { if [ -e "$shard/runs.csv" ]; then wc -l <"$shard/runs.csv"; else echo 0; fi; }
before=$(rows)
"$gcmatrix" matrix "$spec" --blocks "$blocks" --shard "$SLURM_ARRAY_TASK_ID/$shards" -o "$shard" --resume &
pid=$!
[ -z "$stopped" ] || stop "$stopped"
while :; do
    wait "$pid"
    status=$?
    kill -0 "$pid" 2>/dev/null || break
done
[ -n "$stopped" ] || exit "$status"

# Where Slurm counts the job as running, its time is nearly over, or its node is wanted: it goes on later.
scontrol show job "$SLURM_JOB_ID" | grep -q JobState=RUNNING || exit "$status"
if [ "$stopped" = time ] && [ "$(rows)" -le "$before" ]; then
    echo "shard $SLURM_ARRAY_TASK_ID: no process ended within the time limit; give it more (sbatch --time)" >&2
    exit 1
fi
# Slurm ends this script. If it ended by itself, Slurm might take the task for one that is complete.
scontrol requeue "$SLURM_JOB_ID" && sleep 60
