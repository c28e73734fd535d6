# SPDX-License-Identifier: MIT
"""The Test Anything Protocol for tests in Python, as tests/tap.h is for those in C."""

import os

count = failures = 0

# Whether the long form of a test is asked for: by LONG_TESTS=1 in the environment, which `./check --long` sets.
long_tests = bool(os.environ.get("LONG_TESTS"))


def turn(number):
    """Whether this build tries combination `number`, where each of three builds tries a third: TURN says which one it is."""
    return long_tests or number % 3 == int(os.environ.get("TURN", "0"))


def line(sentence):
    """A sentence on one line: it may hold what a test tries, and a second line would be none of the protocol."""
    return str(sentence).replace("\n", "\\n")


def ok(passed, sentence, *remarks):
    """One check; the remarks are printed when it does not hold."""
    global count, failures
    count += 1
    failures += not passed
    print(f"{'ok' if passed else 'not ok'} {count} - {line(sentence)}", flush=True)
    for remark in remarks if not passed else ():
        print("# " + str(remark).replace("\n", "\n# "))


def skip(sentence, reason):
    global count
    count += 1
    print(f"ok {count} - {line(sentence)} # SKIP {line(reason)}")


def done():
    """Prints the plan; the exit status."""
    print(f"1..{count}")
    return int(failures != 0)
