#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A worker of another build is no finding. The command says that the builds differ, and ends.
. "$(dirname "$(realpath "$0")")/../../tap.sh"
workers=$GCMATRIX_STRESS
program=$(dirname "$(realpath "$0")")/regressions/shared-twice.gcp.txt
differs="is of another build than this program; build both anew"

mkdir other
for name in stress-census stress-rc stress-leak work-rc work-leak; do ln -s "$workers/$name" other/; done
export GCMATRIX_STRESS=$PWD/other
run stress -c rc --seed 1 --programs 5
check "workers of this build are taken, wherever they lie" status_is 0

# A worker that refuses what it is told. Its fingerprint is another one: always, or from its first refusal on.
other_make() # name always|later
{
    rm -f "other/$1" && cat >"other/$1" <<END
#!/bin/sh
case "\$*" in
    --fingerprint) if [ $2 = always ] || [ -e "$PWD/other/$1.refused" ]; then echo 0123456789abcdef; else exec "$workers/$1" "\$@"; fi ;;
    --list-boundaries) exec "$workers/$1" "\$@" ;;
    *) : >"$PWD/other/$1.refused" && echo "$1: unknown option" >&2 && exit 2 ;;
esac
END
    chmod +x "other/$1"
}

other_make stress-rc always
refuses "other/stress-rc $differs" "a campaign refuses a worker of another build" stress -c rc --seed 1 --programs 5
refuses "other/stress-rc $differs" "beside others, too" stress --seed 1 --seconds 1
refuses "other/stress-rc $differs" "so does a replay" stress --replay "$program" -c rc
other_make work-rc always
refuses "stress: $PWD/other/work-rc $differs" "and so does a count of work" stress --work -c rc
refuses "hunt: $PWD/other/work-rc $differs" "and a hunt" hunt -c leak --against rc --programs 16 --counted
rm other/work-rc
refuses "other/work-rc cannot be run" "one that is not there is another matter" stress --work -c rc

other_make stress-rc later
run stress -c rc --seed 1 --programs 5
check "a worker that is built anew during a campaign ends it" status_is 2
check "and is no finding" says_only "other/stress-rc $differs"
check "of which nothing is printed" [ ! -s out ]

# A machine may be so busy that a worker is killed before it answers.
printf '#!/bin/sh\nkill -9 $$\n' >other/stress-rc && chmod +x other/stress-rc
refuses "other/stress-rc was asked of which build it is, and ended by signal 9 (Killed)" \
    "one that is killed before it answers is not called another build" stress -c rc --seed 1 --programs 5
other_make stress-rc later && : >other/stress-rc.refused

# The command that builds both is said where they are of one folder.
mkdir -p build/harness/stress && cp "$GCMATRIX" build/gcmatrix && : >build/build.ninja
cp other/stress-* build/harness/stress/ && : >other/stress-rc.refused
GCMATRIX=build/gcmatrix
export GCMATRIX_STRESS=$PWD/build/harness/stress
refuses "build both anew: ninja -C build harness/stress/stress-rc gcmatrix" "with the command that builds them" stress -c rc --seed 1 --programs 5
done_testing
