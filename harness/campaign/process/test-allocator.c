/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/campaign/process/allocator.h"
#include "tests/tap.h"

static void check_refused(const char *text, const char *words, const char *sentence)
{
    struct allocator allocator;
    int status = allocator_resolve("here", text, &allocator);
    if (!tap_ok(status == MESSAGE_BAD_INPUT && strstr(message_last(), "here: ") == message_last() &&
                    strstr(message_last(), words),
                "%s", sentence))
        tap_note("status %d, said \"%s\"", status, message_last());
}

static void check_known(void)
{
    struct allocator allocator;
    tap_equal(allocator_resolve("here", "glibc:normalised", &allocator), 0, "glibc is always there");
    tap_ok(!allocator.object, "and needs no preload");
    tap_ok(strstr(allocator.tuning->environment[0], "mmap_threshold") != NULL,
           "normalised fixes its thresholds");
    allocator_free(&allocator);
    for (size_t i = 1; i < allocator_kind_count; i++) {
        char *object = allocator_object_find(&allocator_kinds[i]);
        if (!object) {
            tap_skip("an installed allocator resolves to its real path", allocator_kinds[i].package);
            continue;
        }
        bool found = allocator_resolve("here", allocator_kinds[i].name, &allocator) == 0;
        tap_ok(found && strcmp(allocator.object, object) == 0 && access(object, R_OK) == 0 &&
                   strcmp(allocator.tuning->name, "default") == 0,
               "%s resolves to %s, as it comes", allocator_kinds[i].name, object);
        allocator_free(&allocator);
        free(object);
    }
}

static void check_path(void)
{
    char *path = text_scratch("gcmatrix-so"), *link = text_format("%s.so", path);
    struct allocator allocator;
    close(mkstemp(path));
    assert(symlink(path, link) == 0);
    tap_equal(allocator_resolve("here", link, &allocator), 0, "any file with a path can be an allocator");
    tap_same(allocator.object, path, "what is preloaded is its real path");
    tap_same(allocator.name, strrchr(path, '/') + 1, "its name is the file's");
    allocator_free(&allocator);
    unlink(link);
    unlink(path);
    check_refused(link, "No such file", "a path that leads nowhere is refused");
    check_refused("/", "must be a shared object", "a folder is refused");
    free(link);
    free(path);
}

int main(void)
{
    check_known();
    check_path();
    check_refused("jemaloc", "did you mean 'jemalloc'?", "a misspelt name gets a suggestion");
    check_refused("hoard", "known are glibc", "an unknown name gets the list");
    check_refused("glibc:fast", "'default' and 'normalised'", "an unknown tuning gets the list");
    check_refused("/dev/null/cut\xc3", "Not a directory", "a path that leads through a file is refused");
    check_refused("", "unknown allocator ''", "no name is refused");
    return tap_done();
}
