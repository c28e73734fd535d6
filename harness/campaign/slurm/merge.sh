#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes one run of the shards, when all tasks have ended in whatever way.
#SBATCH --ntasks=1
#SBATCH --no-requeue
#@ gcmatrix slurm writes here what is of this run

cd "$folder" || exit
begun=()
for manifest in "$run"/shards/*/manifest.json; do
    [ ! -e "$manifest" ] || begun+=("${manifest%/*}")
done
if [ "${#begun[@]}" -eq 0 ]; then
    echo "no shard has begun: $run/logs says why" >&2
    exit 4
fi
# A task that Slurm took for lost may still run on this node, and is waited for.
for shard in "${begun[@]}"; do
    flock "$shard" true
done
exec "$gcmatrix" merge "${begun[@]}" -o "$run/run"
