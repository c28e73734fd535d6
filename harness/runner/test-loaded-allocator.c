/* SPDX-License-Identifier: MIT */
/* Runs itself again under each allocator's preload, and asks the new process what it finds. */
#include <glob.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/runner/loaded-allocator.h"
#include "tests/tap.h"

static char error[PATH_MAX * 2 + 128];

static int verify(const struct loaded_allocator *identity, const char *name, const char *object)
{
    return loaded_allocator_verify(identity, name, object, error, sizeof error);
}

/* In the process under the preload: status 0 when it is `name`, of the file `object`, with a version. */
static int child(const char *name, const char *object)
{
    struct loaded_allocator identity;
    loaded_allocator_identify(&identity);
    bool right = strcmp(identity.name, name) == 0 && verify(&identity, name, object) == 0 &&
                 verify(&identity, NULL, object) == 0 && verify(&identity, "glibc", NULL) < 0;
    if (!right)
        tap_note("found %s at %s, %s", identity.name, identity.object, error);
    if (right && !*identity.version)
        tap_note("%s does not say its version", identity.name);
    return right && *identity.version ? 0 : 1;
}

static bool runs_under(const char *self, const char *name, const char *object)
{
    int status = 1;
    pid_t process = fork();
    if (process == 0) {
        setenv("LD_PRELOAD", object, 1);
        execl(self, self, name, object, (char *)NULL);
        _exit(127);
    }
    waitpid(process, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void preloads(const char *self, bool sanitized)
{
    static const char *const rows[][2] = {{"jemalloc", "libjemalloc.so.2"},
                                          {"mimalloc", "libmimalloc.so.2"},
                                          {"tcmalloc", "libtcmalloc_minimal.so.4"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char sentence[96];
        char pattern[96];
        glob_t found;
        snprintf(sentence, sizeof sentence, "a process under %s's preload knows it, and its version",
                 rows[i][0]);
        snprintf(pattern, sizeof pattern, "/usr/lib/*/%s", rows[i][1]);
        if (sanitized)
            tap_skip(sentence, "a sanitizer's malloc cannot be preloaded over");
        else if (glob(pattern, 0, NULL, &found) != 0)
            tap_skip(sentence, "it is not installed");
        else
            tap_ok(runs_under(self, rows[i][0], found.gl_pathv[0]), "%s", sentence);
    }
}

int main(int argc, char **argv)
{
    struct loaded_allocator identity;
    if (argc == 3)
        return child(argv[1], argv[2]);
    loaded_allocator_identify(&identity);
    bool sanitized = strcmp(identity.name, "sanitizer") == 0;
    if (!sanitized) {
        tap_same(identity.name, "glibc", "a process without a preload runs on glibc");
        tap_ok(identity.version[0] == '2' && identity.version[1] == '.', "which says its version");
        tap_ok(access(identity.object, R_OK) == 0, "and whose file is there");
    } else {
        tap_ok(verify(&identity, "glibc", NULL) == 0, "a sanitizer's malloc stands in for glibc's");
    }
    tap_equal(verify(&identity, NULL, NULL), 0, "where nothing is asked for, everything is right");
    tap_equal(verify(&identity, "jemalloc", NULL), -1, "asked for jemalloc, glibc is wrong");
    tap_ok(strstr(error, "not to jemalloc: the preload did not take") != NULL, "and says why");
    tap_equal(verify(&identity, NULL, "/nonexistent.so"), -1,
              "asked for a file that is not there it is wrong");
    tap_ok(strstr(error, "/nonexistent.so") != NULL, "and names the file");
    tap_equal(verify(&identity, NULL, identity.object), 0, "asked for its own file it is right");
    tap_equal(verify(&identity, NULL, "/bin/sh"), -1, "another file is wrong");
    preloads("/proc/self/exe", sanitized);
    return tap_done();
}
