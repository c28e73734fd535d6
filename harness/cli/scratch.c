/* SPDX-License-Identifier: MIT */
#include "harness/cli/scratch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "base/text.h"

int scratch_check(const char *command)
{
    char *path = text_scratch("gcmatrix");
    int status = 0;
    if (strchr(path, ','))
        status = message_bad_input(
            "%s: TMPDIR is %s: a comma would end the value of an option; set it to a folder without one",
            command, getenv("TMPDIR"));
    free(path);
    return status;
}

int scratch_make(const char *command, char **ret_path)
{
    *ret_path = text_scratch("gcmatrix");
    if (mkdtemp(*ret_path))
        return 0;
    int status = message_storage("%s: %s: %s", command, *ret_path, strerror(errno));
    free(*ret_path);
    *ret_path = NULL;
    return status;
}
