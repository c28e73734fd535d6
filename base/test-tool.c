/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/tool.h"
#include "tests/tap.h"

static void check_missing(const char *name, const char *words, const char *sentence)
{
    char *found = tool_find(name), *explained = tool_missing_explain(name);
    if (!tap_ok(!found && strstr(explained, words), "%s", sentence))
        tap_note("found %s, explained \"%s\"", found ? found : "nothing", explained);
    free(found);
    free(explained);
}

int main(void)
{
    char *found = tool_find("sh"), *dir = text_scratch("gcmatrix-tool");
    tap_ok(found && access(found, X_OK) == 0, "a command is found in PATH");
    free(found);
    assert(mkdtemp(dir));
    char *folder = text_format("%s/one", dir), *file = text_format("%s/two", dir),
         *sh = text_format("%s/sh", dir);
    char *path = text_format(":%s:/usr/bin:/bin", dir);
    assert(mkdir(folder, 0700) == 0 && mkdir(sh, 0700) == 0);
    close(open(file, O_CREAT | O_WRONLY, 0600));
    setenv("PATH", path, 1);
    check_missing("one", "/one in PATH is a folder, and no command", "a folder of its name is no command");
    check_missing("two", "/two in PATH is no file that may be executed",
                  "nor is a file that may not be executed");
    check_missing("three", "three not found in PATH", "one that is not there is not found");
    found = tool_find("sh");
    tap_ok(found && strncmp(found, dir, strlen(dir)) != 0, "a folder of its name does not hide a command");
    free(found);
    unsetenv("PATH");
    check_missing("sh", "sh not found in PATH", "without PATH nothing is found");
    unlink(file);
    rmdir(folder);
    rmdir(sh);
    rmdir(dir);
    char *texts[] = {dir, folder, file, sh, path};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        free(texts[i]);
    return tap_done();
}
