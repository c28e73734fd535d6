#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A results folder may have any name. The commands that gcmatrix proposes name it, whatever a shell makes of it.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

printf 'name: n\nblocks: 1\ncells:\n  - workloads: [hostile]\n    collectors: [leak]\n' >m.yaml
names=('$(touch TOUCHED) `touch TOUCHED`' '~' -o-dash $'line\nend\t.' "it's \"a\",b=c \\")

# The words of the command that a file proposes after `mark`, as a shell reads them; the last is in $last.
proposed() # mark file
{
    local command
    command=$(sed -n "s/.*$1//p" "$2")
    mapfile -d '' -t words < <(bash -c "gcmatrix() { printf '%s\0' \"\$@\"; }; $command" 2>/dev/null)
    last=${words[*]: -1}
}
names_it() { [ "$last" = "$1" ] || [ "$last" = "./$1" ]; }

for name in "${names[@]}"; do
    shown=$(printf '%q' "$name")
    run matrix m.yaml -o "$name"
    check "a run into $shown is complete" [ "$status-$(grep -c '^1,.*,ok,' "./$name/runs.csv")" = 0-1 ]
    proposed 'next: ' out
    check "what is proposed then names it" names_it "$name"
    run compare "$last"
    check "and reads it" status_is 0
done
check "no name was a command" [ ! -e TOUCHED ]

mkdir -- '-dash $(x)' && cp m.yaml -- './-dash $(x)/m.yaml'
for before in 2 4 8 16; do # a busy machine takes long to begin
    rm -rf './-dash $(x)/run'
    interrupted $before matrix './-dash $(x)/m.yaml' -o '-dash $(x)/run' --blocks 900
    ! says "go on with: " || break
done
proposed 'go on with: ' err
check "the way to go on is one command" [ "${words[*]:0:5}" = 'matrix ./-dash $(x)/m.yaml -o ./-dash $(x)/run --blocks' ]
done_testing
