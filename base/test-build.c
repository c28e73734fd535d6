/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/build.h"
#include "base/text.h"
#include "tests/tap.h"

static void file_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        exit(1);
}

static void check_text(char *found, const char *expected, const char *sentence)
{
    tap_same(found ? found : "none", expected, sentence);
    free(found);
}

static void check_commands(const char *folder)
{
    char *paths[] = {(char *)"build/room/there", (char *)"build/room/missing", (char *)"other/there"};
    char *outside = text_format("ninja -C %s/build room/there", folder);
    check_text(build_command(paths, 1), "ninja -C build room/there",
               "a command names the build and the file");
    check_text(build_command(paths, 3), "ninja -C build room/there room/missing",
               "or several files, and none that lies elsewhere");
    check_text(build_command(paths + 2, 1), "none", "a file of no build has no command");
    check_text(build_command(paths, 0), "none", "nor have no files");
    if (chdir("other") != 0)
        exit(1);
    paths[0] = (char *)"../build/room/there";
    check_text(build_command(paths, 1), outside, "a build that is not below has its whole path");
    if (chdir("../build") != 0)
        exit(1);
    paths[0] = (char *)"room/there";
    check_text(build_command(paths, 1), "ninja -C . room/there", "and in the build itself it is a dot");
    free(outside);
}

int main(void)
{
    char *scratch = text_scratch("gcmatrix"), *folder = mkdtemp(scratch) ? realpath(scratch, NULL) : NULL;
    if (!folder || chdir(folder) != 0 || mkdir("build", 0700) != 0 || mkdir("build/room", 0700) != 0 ||
        mkdir("other", 0700) != 0)
        exit(1);
    file_write("build/build.ninja", "rule x\nbuild room/there: x\n");
    file_write("build/room/there", "");
    check_text(build_target("build/room/missing"), "room/missing", "a file need not be there to be a target");
    check_text(build_target("other/there"), "none", "outside of a build nothing is");
    check_text(build_target("nowhere/there"), "none", "nor in a folder that is not there");
    tap_ok(build_makes("build/room/there"), "a build makes what its build.ninja names");
    tap_ok(!build_makes("build/room/missing"), "and nothing else");
    check_commands(folder);
    if (chdir("..") == 0) {
        unlink("build/room/there");
        unlink("build/build.ninja");
        rmdir("build/room");
        rmdir("build");
        rmdir("other");
        rmdir(folder);
    }
    free(folder);
    free(scratch);
    return tap_done();
}
