/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/text.h"
#include "tests/tap.h"

static void scratch(const char *expected, const char *sentence)
{
    char *found = text_scratch("name");
    tap_same(found, expected, sentence);
    free(found);
}

int main(void)
{
    setenv("TMPDIR", "/var/tmp", 1);
    scratch("/var/tmp/name-XXXXXX", "what is temporary goes where TMPDIR says");
    setenv("TMPDIR", "", 1);
    scratch("/tmp/name-XXXXXX", "into /tmp where it says nothing");
    setenv("TMPDIR", "-r", 1);
    scratch("./-r/name-XXXXXX", "a dash begins no option");
    unsetenv("TMPDIR");
    scratch("/tmp/name-XXXXXX", "or is not set");
    return tap_done();
}
