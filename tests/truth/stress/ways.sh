#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each way of running programs that the command line gives, and what it refuses. LONG_TESTS=1 doubles the programs.
. "$(dirname "$(realpath "$0")")/../../tap.sh"
times=1
! long_tests || times=2
for zeal in none every nth=3 random=4; do
    run stress --seed 5000 --programs $((20 * times)) --zeal $zeal
    check "nothing is found at zeal $zeal" status_is 0
done
run stress --seed 7000 --programs $((50 * times)) --faults
check "nothing is found when allocations fail" status_is 0
run stress --seed 8000 --programs $((100 * times)) --swarm
check "nothing is found in a swarm" status_is 0
run stress --seed 9000 --programs $((200 * times)) --dials attended=0.3
check "nothing is found in programs with finalisers and weak references" status_is 0
check "collectors without them run none of these" grep -qE '^semispace +0 ' out
check "and it is said why" grep -qE '^  finalisers and weak references: it has none: .*semispace' out
check "of collectors that find no rings, too" grep -qE '^  finalisers and weak references: where they are of rings, which it does not find: .*rc-block' out
run stress --zeal sometimes
check "a zeal that there is not is refused" status_is 2
run stress --setting bounds=on
check "bounds of a collector's own collections are refused for programs that ask for some" \
    grep -q "give --dials collects=0,checkpoints=0" err
run stress --setting bounds=on,swarm=on --dials collects=0,checkpoints=0
check "or draw how many" grep -q "leave out swarm" err
run stress --seed 20000 --programs 830 -c rc-gcrefs-block --dials operations=40 --jobs 2
check "and are not looked at where dials are given without a setting" status_is 0
run stress --options roots=3
check "options of a collector are refused without a program to replay" status_is 2
run stress -c rc-tral
check "a misspelt collector is refused with the nearest name" grep -q "did you mean 'rc-trial'" err
echo "1..$tap_count"
