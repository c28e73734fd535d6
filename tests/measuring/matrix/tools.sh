#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Tools of other projects that are old, silent, hang or are none at all are told apart, before anything is written.
. "$(dirname "$(realpath "$0")")/../../tap.sh"

printf 'name: t\nblocks: 1\ncells:\n  - workloads: [hostile]\n    collectors: [leak]\n' >m.yaml

# A hyperfine of our own, in front of PATH.
hyperfine() # script of bash
{
    printf '#!/bin/bash\n%s\n' "$1" >bin/hyperfine
    chmod 755 bin/hyperfine
}
mkdir bin
RUN_PATH=$work/bin:$PATH

hyperfine 'exit 0'
refuses "bin/hyperfine --version does not say that it is hyperfine" "a hyperfine that is silent is refused" matrix m.yaml -o new
hyperfine '[ "$1" = --version ] && echo hyperfine 1.15.0'
refuses "hyperfine 1.15.0 cannot time '$(command -v env) -i': " "so is one that times nothing" matrix m.yaml -o new
hyperfine 'if [ "$1" = --version ]; then echo hyperfine 1.15.0; fi'
refuses "hyperfine 1.15.0 cannot time '$(command -v env) -i': it writes no figures" "in whatever way" matrix m.yaml -o new
hyperfine 'if [ "$1" = --version ]; then echo hyperfine 1.5.0; else echo "error: Found argument -N" >&2; exit 1; fi'
refuses "hyperfine 1.5.0 cannot time '$(command -v env) -i': ended with status 1: error: Found argument -N; install hyperfine 1.15 or later" "so is one that is too old, with its version and its words" matrix m.yaml -o new
hyperfine 'kill -SEGV $$'
refuses "bin/hyperfine --version: killed by signal 11 (Segmentation fault)" "so is one that crashes" matrix m.yaml -o new
hyperfine "sleep 100"
refuses "bin/hyperfine --version: not done after 10 s" "one that hangs is waited for ten seconds, and refused" matrix m.yaml -o new
hyperfine 'echo hyperfine 1.15.0'
run doctor
check "the doctor has it time something, too" grep -qE "^fail +hyperfine +.* it writes no figures" out

# One that fails once, after the command that it is tried with: its second time.
real=$(type -P hyperfine)
hyperfine "[ \"\$1\" = --version ] || { echo >>times; [ \$(wc -l <times) -ne 2 ] || exit 1; }
exec $real \"\$@\""
run matrix m.yaml -o once
check "where hyperfine failed once, the run is complete, and nothing failed" status_is 0
check "the row blames no process for it" grep -q 'unmeasured,hyperfine failed: it says nothing' once/runs.csv
check "and it was measured again" [ "$(column once attempt all | sort -n | tail -1)" -ge 1 ]

# One that goes away meanwhile, as a package does that is removed.
hyperfine "[ \"\$1\" = --version ] || echo >>times; [ \$(wc -l <times) -ne 2 ] || rm bin/hyperfine; exec $real \"\$@\""
: >times
run matrix m.yaml -o gone
check "where hyperfine goes away, the run ends" status_is 2
check "with what is wrong" says "cannot time '$(command -v env) -i': "
check "and how to go on" says "go on with: gcmatrix matrix m.yaml -o gone --resume"
run matrix m.yaml -o gone --resume
check "with hyperfine the run goes on, and has lost nothing" [ "$status-$(column gone status all | sort -u)" = 0-ok ]

mkdir bin/hyperfine
RUN_PATH=$work/bin refuses "$work/bin/hyperfine in PATH is a folder, and no command; the package is hyperfine" "a folder of its name is told apart from a command" matrix m.yaml -o new
run matrix m.yaml -o new
check "and does not hide a command that comes later in PATH" status_is 0

# gnuplot.
mkdir bin/gnuplot
RUN_PATH=$work/bin run plot new
check "a folder called gnuplot is told apart from a command" status_is 2
check "which is said" says_only "charts need gnuplot: $work/bin/gnuplot in PATH is a folder, and no command; apt-get install gnuplot-nox"
rmdir bin/gnuplot
printf '#!/bin/sh\nexit 0\n' >bin/gnuplot
chmod 755 bin/gnuplot
run plot new
check "a gnuplot that draws nothing and ends with 0 is refused" status_is 3
check "in one line" says_only "gnuplot drew no whole chart"
printf '#!/bin/sh\nexit 1\n' >bin/gnuplot
run plot new
check "what one that fails leaves out is said, though it says nothing" [ "$status-$(grep -c 'is left out: gnuplot failed: it says nothing' err)" = "1-$(wc -l <err)" ]
done_testing
