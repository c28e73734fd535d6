#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# An allocator by its path that cannot be used ends in one line with its place, before anything is written.
# HANGING is a shared object whose constructor does not return.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

spec() { printf 'name: a\nblocks: 1\ncells:\n  - workloads: [hostile]\n    collectors: [leak]\n    allocators: [glibc, "%s"]\n' "$1" >m.yaml; }

cp "$HANGING" hanging.so
spec ./hanging.so
words='allocator hanging.so: a process that preloads it: not done after 10 s'
refuses "m.yaml:6:25: $words" "a constructor that hangs is waited for ten seconds, and its line is named" matrix m.yaml -o new
refuses "run: $words" "so it is by a single process" run hostile -c leak -a ./hanging.so
if long_tests; then
    refuses "minheap: $words" "and by a search for the smallest heap" minheap hostile -c leak -a ./hanging.so
fi

cp "$HANGING" $'cut\xc3.so'
refuses "run: allocator './cut?.so' must have a real path of printable UTF-8" "a name that is no UTF-8 is refused" run hostile -c leak -a $'./cut\xc3.so'
ln -s $'cut\xc3.so' plain.so
spec ./plain.so
refuses "m.yaml:6:25: allocator './plain.so' must have a real path of printable UTF-8" "also behind a link" matrix m.yaml -o new

echo "no library" >not-a-library.so
spec ./not-a-library.so
refuses "m.yaml:6:25: allocator not-a-library.so: " "one that is no library has its line" matrix m.yaml -o new
printf 'name: a\nblocks: 1\ncells:\n  - workloads: [hostile]\n    collectors: [leak]\n  - workloads: [hostile]\n    collectors: [rc]\n    allocators:\n      - glibc\n      - ./not-a-library.so\n' >m.yaml
refuses "m.yaml:10:9: allocator not-a-library.so: " "in a later entry, too" matrix m.yaml -o new
done_testing
