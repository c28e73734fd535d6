/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/input.h"
#include "base/text.h"
#include "tests/tap.h"

static void check_refused(const char *path, const char *words, const char *sentence)
{
    FILE *file = NULL;
    const char *wrong = input_open(path, &file);
    if (!tap_ok(!file && wrong && strstr(wrong, words), "%s", sentence))
        tap_note("said: %s", wrong ? wrong : "nothing");
}

/* A file in a folder of results, `own` of whose names are not followed. */
static void check_own(const char *path, unsigned own, const char *words, const char *sentence)
{
    FILE *file = NULL;
    const char *wrong = input_open_own(path, own, &file);
    if (!tap_ok(words ? !file && wrong && strstr(wrong, words) : !wrong, "%s", sentence))
        tap_note("said: %s", wrong ? wrong : "nothing");
    if (file)
        fclose(file);
}

/* A folder of a folder of results, and a file of it. `words` say why one of both is refused, or are NULL. */
static void check_within(const char *path, const char *name, const char *words, const char *sentence)
{
    int folder = -1;
    FILE *file = NULL;
    const char *wrong = input_folder_open(path, 1, &folder);
    tap_ok(!wrong == (folder >= 0), "%s is opened, or it is said why not", path);
    if (!wrong)
        wrong = input_open_within(folder, name, &file);
    if (!tap_ok(words ? !file && wrong && strstr(wrong, words) : file && !wrong, "%s", sentence))
        tap_note("said: %s", wrong ? wrong : "nothing");
    if (file)
        fclose(file);
    if (folder >= 0)
        close(folder);
}

static void check_links(const char *folder)
{
    assert(chdir(folder) == 0 && mkdir("run", 0700) == 0 && mkdir("run/records", 0700) == 0);
    assert(symlink("../file", "run/linked") == 0 && symlink("../../file", "run/records/linked") == 0);
    assert(symlink("run", "link") == 0 && symlink("records", "run/others") == 0);
    assert(fclose(fopen("run/own", "w")) == 0 && fclose(fopen("run/records/own", "w")) == 0);
    check_own("link/own", 1, NULL, "the folder of results itself may be a link");
    check_own("link/records/own", 2, NULL, "and a file stands in a folder within");
    check_own("run/linked", 0, NULL, "elsewhere a link is followed");
    check_own("run/linked", 1, "it is a link", "within it none is");
    check_own("run/records/linked", 2, "it is a link", "nor in a folder within");
    check_own("run/others/own", 2, "a link or a file stands where a folder", "nor where that folder is one");
    check_own("run/others/none", 2, "a link or a file stands where a folder", "whatever is behind it");
    check_own("run/none/own", 2, "No such file", "what is not there is said so");
    check_own("run/records/none", 2, "No such file", "there as well");
    tap_equal(errno, ENOENT, "and can be told apart");
    check_within("link/records", "own", NULL, "a folder within is opened once for its files");
    check_within("run/others", "own", "a link or a file stands where a folder", "unless it is a link");
    check_within("run/own", "own", "a link or a file stands where a folder", "or a file");
    check_within("run/none", "own", "No such file", "or is not there");
    check_within("run/records", "linked", "it is a link", "a link in it is not followed");
    check_within("run/records", "none", "No such file", "what is not there is said so");
    check_own("file", 1, NULL, "a name alone is one of the folder where we are");
    const char *const names[] = {"run/linked", "run/records/linked", "run/others",
                                 "run/own",    "run/records/own",    "link"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        unlink(names[i]);
    rmdir("run/records");
    rmdir("run");
}

int main(void)
{
    char *folder = text_scratch("gcmatrix-input"), *pipe, *name;
    FILE *file = NULL;
    assert(mkdtemp(folder));
    pipe = text_format("%s/pipe", folder);
    name = text_format("%s/file", folder);
    assert(mkfifo(pipe, 0600) == 0);
    check_refused(pipe, "it is a pipe", "a pipe is refused, and not waited for");
    check_refused(folder, "it is a folder", "a folder is no file");
    check_refused("/dev/zero", "it is a device", "a device is refused");
    check_refused(name, "No such file", "a file that is not there is said so");
    tap_equal(errno, ENOENT, "and can be told apart");
    check_refused("/proc/self/mem/x", "Not a directory", "as is what lies in no folder");
    file = fopen(name, "w");
    assert(file && fputs("abc", file) >= 0 && fclose(file) == 0);
    tap_ok(!input_open(name, &file), "a file is opened");
    size_t size;
    char *text = text_read(file, &size);
    tap_same(text, "abc", "and read");
    fclose(file);
    free(text);
    check_links(folder);
    unlink(name);
    unlink(pipe);
    rmdir(folder);
    free(name);
    free(pipe);
    free(folder);
    return tap_done();
}
