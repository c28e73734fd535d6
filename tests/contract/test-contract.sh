#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The compiler keeps the contract. A collector that lacks one operation, or declares it otherwise, does not compile. A
# collector that lacks one of the functions in collector-api.h does not link. The test changes copies of the template,
# leak.
#
# usage: test-contract.sh SOURCE_ROOT COMPILER...
set -euo pipefail
source_root=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tests=0
failed=0

report() { # PASSED SENTENCE
    tests=$((tests + 1))
    if [ "$1" = yes ]; then echo "ok $tests - $2"; else echo "not ok $tests - $2"; failed=1; fi
}

# All of leak in one header and one source, so that any operation and any function can be cut out of them.
write_template() { # FOLDER
    mkdir -p "$1"
    {
        grep -v -e '^#endif$' -e 'support/names/plain.h' "$source_root/collectors/leak/collector.h"
        sed -e '/include "collectors\/support/d' -e '/COLLECTORS_SUPPORT/d' -e '/^#endif$/d' \
            "$source_root/collectors/support/names/names.h" "$source_root/collectors/support/names/plain-names.h" \
            "$source_root/collectors/support/names/plain.h"
        echo '#endif'
    } >"$1/collector.h"
    {
        grep -v '^#include "collectors/support/.*-template.h"$' "$source_root/collectors/leak/collector.c"
        sed -e '/include "collectors/d' -e '/COLLECTORS_SUPPORT/d' -e '/^#endif$/d' \
            "$source_root/collectors/support/never-collects-template.h" \
            "$source_root/collectors/support/keeps-nothing-template.h"
    } >"$1/collector.c"
}

# Takes a function's definition, from its first line to the brace that closes it, out of a file.
cut_function() { # NAME FILE
    awk -v name="$1" '
        !cutting && /^[a-z]/ && index($0, name "(") && !/;$/ { cutting = 1 }
        !cutting { print }
        cutting && /^}/ { cutting = 0 }' "$2" >"$2.new"
    mv "$2.new" "$2"
}

# Gives a function's definition one parameter more than the contract has.
misdeclare_function() { # NAME FILE
    awk -v name="$1" '
        !done && /^[a-z]/ && index($0, name "(") && !/;$/ { sub(name "\\(", name "(int surplus, "); done = 1 }
        { print }' "$2" >"$2.new"
    mv "$2.new" "$2"
}

compiles() { # COMPILER FOLDER
    "$1" -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-parameter -I"$2" -I"$source_root" \
        -c "$2/collector.c" -o "$2/collector.o" 2>"$2/messages" &&
        "$1" -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-parameter -I"$2" -I"$source_root" \
            -c "$source_root/collectors/contract.c" -o "$2/contract.o" 2>>"$2/messages"
}

links() { # COMPILER FOLDER
    compiles "$1" "$2" &&
        "$1" -std=gnu17 -D_GNU_SOURCE -I"$source_root" "$work/main.c" "$2/collector.o" "$2/contract.o" \
            "$source_root/collectors/mutator.c" -o "$2/program" 2>"$2/messages"
}

# A refusal counts only if it names the function that is wrong.
refused_for() { # NAME FOLDER
    grep -q "$1" "$2/messages"
}

# The operations are those that gc.h declares and leaves to the collector.
operations=$(grep -A1 '^static inline' "$source_root/collectors/gc.h" | tr -d '\n' |
    sed -e 's/static inline/\n&/g' | grep ';' | grep -o 'gc_[a-z_]*(' | tr -d '(' | sort -u)
functions=$(grep -o '^[a-z].*\*\?gc_collector_[a-z]*(' "$source_root/collectors/collector-api.h" |
    grep -o 'gc_collector_[a-z]*'; echo gc_collect)

{
    echo '#include "collectors/collector-api.h"'
    echo '#include <stdio.h>'
    echo 'int main(void) { const void *all[] = {'
    for function in $functions; do echo "    (const void *)$function,"; done
    echo '    &gc_collector}; return all[0] == stdin; }'
} >"$work/main.c"

report "$([ "$(wc -w <<<"$operations")" -ge 10 ] && echo yes)" "gc.h declares at least ten operations"
report "$([ "$(wc -w <<<"$functions")" -ge 5 ] && echo yes)" "and the harness calls at least five functions"

for compiler; do
    name=$(basename "$compiler")
    write_template "$work/whole"
    if links "$compiler" "$work/whole"; then
        report yes "$name takes the template as it is"
    else
        report no "$name takes the template as it is"
        sed 's/^/# /' "$work/whole/messages"
    fi
    for operation in $operations; do
        folder=$work/wrong
        write_template "$folder"
        cut_function "$operation" "$folder/collector.h"
        compiles "$compiler" "$folder" && verdict=no || verdict=yes
        refused_for "$operation" "$folder" || verdict=no
        report $verdict "$name refuses a collector without $operation()"
        write_template "$folder"
        misdeclare_function "$operation" "$folder/collector.h"
        compiles "$compiler" "$folder" && verdict=no || verdict=yes
        refused_for "$operation" "$folder" || verdict=no
        report $verdict "$name refuses a collector with another $operation()"
    done
    for function in $functions; do
        folder=$work/wrong
        write_template "$folder"
        cut_function "$function" "$folder/collector.c"
        links "$compiler" "$folder" && verdict=no || verdict=yes
        refused_for "$function" "$folder" || verdict=no
        report $verdict "with $name a collector without $function() does not link"
        write_template "$folder"
        misdeclare_function "$function" "$folder/collector.c"
        compiles "$compiler" "$folder" && verdict=no || verdict=yes
        refused_for "$function" "$folder" || verdict=no
        report $verdict "$name refuses a collector with another $function()"
    done
done
echo "1..$tests"
exit $failed
