/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "base/writing.h"
#include "tests/tap.h"

static struct writing_folder folder;

static char *slurp(const char *name)
{
    static char text[256];
    int file = openat(folder.at, name, O_RDONLY | O_NOFOLLOW);
    ssize_t got = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0)
        close(file);
    text[got < 0 ? 0 : got] = '\0';
    return got < 0 ? "(no file)" : text;
}

static size_t entries(void)
{
    size_t count = 0;
    DIR *listing = opendir(folder.path);
    for (const struct dirent *entry; (entry = readdir(listing));)
        count += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    closedir(listing);
    return count;
}

static void check_whole(void)
{
    struct writing writing;
    assert(writing_text(&folder, "table", "old", 3) == 0);
    assert(writing_begin(&folder, "table", &writing) == 0);
    tap_ok(writing_is_part(writing.part_name), "a file that is being written has a name of its own");
    tap_ok(!writing_is_part(".gcmatrix-0123456789abcde.part") && !writing_is_part("table"),
           "as no other has");
    fputs("new", writing_stream(&writing));
    fflush(writing_stream(&writing));
    tap_same(slurp("table"), "old", "while a file is written, the old one is there");
    tap_equal(writing_keep(&writing), 0, "it is kept");
    tap_same(slurp("table"), "new", "and then it is the new one");
    tap_equal(writing_keep(&writing), 0, "keeping it again does nothing");
    assert(writing_begin(&folder, "table", &writing) == 0);
    fputs("dropped", writing_stream(&writing));
    writing_drop(&writing);
    tap_same(slurp("table"), "new", "what is dropped changes nothing");
    tap_equal((int64_t)entries(), 1, "and leaves nothing behind");
}

static void check_links(void)
{
    struct writing_folder inner;
    assert(writing_text(&folder, "victim", "mine", 4) == 0);
    assert(symlinkat("victim", folder.at, "link") == 0);
    tap_equal(writing_text(&folder, "link", "results", 7), 0, "a file is written where a link stands");
    tap_same(slurp("victim"), "mine", "not through the link");
    tap_same(slurp("link"), "results", "but in its place");
    assert(mkdirat(folder.at, "elsewhere", 0700) == 0 && symlinkat("elsewhere", folder.at, "tables") == 0);
    tap_equal(writing_folder_make(&folder, "tables", &inner), MESSAGE_STORAGE,
              "a link in the place of a folder of results is refused");
    tap_equal(writing_folder_make(&folder, "victim", &inner), MESSAGE_STORAGE, "and so is a file");
    tap_equal(writing_folder_make(&folder, "charts", &inner), 0, "a folder that is missing is made");
    writing_folder_close(&inner);
    tap_equal(writing_folder_make(&folder, "charts", &inner), 0, "and opened where it is there");
    writing_folder_close(&inner);
}

static void check_work(void)
{
    struct writing_folder work;
    struct writing writing;
    assert(writing_folder_make(&folder, "work", &work) == 0);
    assert(writing_begin_by(&work, &folder, "made", &writing) == 0);
    fputs("text", writing_stream(&writing));
    tap_ok(faccessat(work.at, writing.part_name, F_OK, 0) == 0, "a file may be in another folder meanwhile");
    tap_equal(writing_keep(&writing), 0, "and is kept");
    tap_same(slurp("made"), "text", "where it belongs");
    writing_folder_close(&work);
    tap_equal(unlinkat(folder.at, "work", AT_REMOVEDIR), 0, "nothing of it is left in the other");
}

static void check_moved(void)
{
    struct writing_folder inner;
    assert(writing_folder_make(&folder, "here", &inner) == 0);
    assert(renameat(folder.at, "here", folder.at, "there") == 0);
    assert(symlinkat("elsewhere", folder.at, "here") == 0);
    assert(writing_text(&inner, "file", "text", 4) == 0);
    tap_same(slurp("there/file"), "text", "a folder that was moved away is still the one that is written to");
    writing_folder_close(&inner);
}

/* How keeping ends where a file may have only so many bytes, as on a full disk. */
static int keep_limited(size_t bytes, bool early)
{
    struct writing writing;
    assert(writing_begin(&folder, "table", &writing) == 0);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){16, RLIM_INFINITY});
    for (size_t i = 0; i < bytes; i++) {
        putc('x', writing_stream(&writing));
        if (early)
            fflush(writing_stream(&writing));
    }
    int status = writing_keep(&writing);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY});
    return status;
}

static void check_full(void)
{
    assert(writing_text(&folder, "table", "old", 3) == 0);
    size_t before = entries();
    tap_equal(keep_limited(64, false), MESSAGE_STORAGE,
              "a file that does not fit ends with the storage status");
    tap_ok(strstr(message_last(), "File too large") != NULL, "and the line says why");
    tap_same(slurp("table"), "old", "what stood there before stays");
    tap_equal(keep_limited(64, true), MESSAGE_STORAGE, "an error before the last flush is found too");
    tap_ok(strstr(message_last(), "File too large") != NULL, "with its reason");
    tap_same(slurp("table"), "old", "and changes nothing either");
    tap_equal((int64_t)entries(), (int64_t)before, "nothing half written is left");
    tap_equal(keep_limited(16, false), 0, "what fits is kept");
}

static void check_signal(void)
{
    size_t before = entries();
    struct writing writing;
    int status;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        assert(writing_begin(&folder, "table", &writing) == 0);
        raise(SIGTERM);
        _exit(0);
    }
    waitpid(child, &status, 0);
    tap_ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM, "a signal still ends the process");
    tap_equal((int64_t)entries(), (int64_t)before, "which takes along what was unfinished");
}

/* Begins a file and is killed. */
static void killed_leave(void)
{
    struct writing writing;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        assert(writing_begin(&folder, "table", &writing) == 0);
        raise(SIGKILL);
    }
    waitpid(child, NULL, 0);
}

/*
 * What is left unfinished goes when somebody comes to write; what is being written, or is another's, stays.
 */
static void check_sweep(void)
{
    struct writing_folder again;
    struct writing writing;
    size_t before = entries();
    killed_leave();
    killed_leave();
    tap_equal((int64_t)entries(), (int64_t)before + 2, "a process that is killed leaves what was unfinished");
    assert(writing_begin(&folder, "table", &writing) == 0);
    fputs("swept not", writing_stream(&writing));
    assert(symlinkat("victim", folder.at, ".gcmatrix-0123456789abcdef.part") == 0);
    assert(mkdirat(folder.at, ".gcmatrix-0123456789abcdee.part", 0700) == 0);
    assert(writing_folder_open(folder.path, &again) == 0);
    tap_equal((int64_t)entries(), (int64_t)before + 3, "who opens the folder to write there removes it");
    tap_ok(faccessat(folder.at, writing.part_name, F_OK, 0) == 0, "but nothing that is being written");
    tap_equal(writing_keep(&writing), 0, "which is kept");
    tap_same(slurp("table"), "swept not", "as a whole");
    writing_folder_close(&again);
    assert(unlinkat(folder.at, ".gcmatrix-0123456789abcdef.part", 0) == 0);
    assert(unlinkat(folder.at, ".gcmatrix-0123456789abcdee.part", AT_REMOVEDIR) == 0);
    tap_equal((int64_t)entries(), (int64_t)before, "a link and a folder of such a name were not touched");
}

/* Writes `text` to a path as a user gives it. Returns the status. */
static int path_write(const char *name, const char *text)
{
    struct writing writing;
    char *path = text_format("%s/%s", folder.path, name);
    int status = writing_begin_path("run: --events", *name == '/' ? name : path, &writing);
    if (status == 0) {
        fputs(text, writing_stream(&writing));
        status = writing_keep(&writing);
    }
    free(path);
    return status;
}

/* Whether two paths, as a user gives them, would be one file. */
static bool are_same(const char *one, const char *other)
{
    struct writing first, second;
    char *paths[] = {text_format("%s/%s", folder.path, one), text_format("%s/%s", folder.path, other)};
    assert(writing_begin_path("here", *one == '/' ? one : paths[0], &first) == 0 &&
           writing_begin_path("here", *other == '/' ? other : paths[1], &second) == 0);
    bool same = writing_is_same(&first, &second);
    writing_drop(&first);
    writing_drop(&second);
    free(paths[0]);
    free(paths[1]);
    return same;
}

static void check_same(void)
{
    tap_ok(are_same("new", "./new") && are_same("to-victim", "victim"), "two names of one file are told");
    tap_ok(!are_same("new", "newer") && !are_same("new", "there/new") && !are_same("/dev/null", "/dev/null"),
           "and two files are not, nor is a device");
}

static void check_paths(void)
{
    struct writing writing;
    assert(symlinkat("victim", folder.at, "to-victim") == 0);
    tap_equal(path_write("to-victim", "asked"), 0, "a link that the user names is written");
    tap_same(slurp("victim"), "asked", "by replacing what it leads to");
    tap_same(slurp("to-victim"), "(no file)", "and stays a link");
    tap_equal(path_write("/dev/null", "text"), 0, "a device is written as it is");
    tap_equal(path_write("/dev/full", "text"), MESSAGE_STORAGE, "a device that is full is found");
    tap_equal(path_write("there", "text"), MESSAGE_BAD_INPUT, "a folder is refused");
    tap_equal(path_write("none/file", "text"), MESSAGE_BAD_INPUT, "and so is a file of no folder");
    check_same();
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){3, 4096});
    tap_equal(path_write("file", "text"), MESSAGE_STORAGE, "what the system lacks is no fault of the path");
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){1024, 4096});
    tap_equal(writing_begin_path("run: --events", "", &writing), MESSAGE_BAD_INPUT, "and an empty name");
    tap_ok(strncmp(message_last(), "run: --events: ", 15) == 0, "the line begins with the place");
}

int main(void)
{
    char *scratch = text_scratch("writing"), *command = NULL;
    assert(mkdtemp(scratch) && writing_folder_open(scratch, &folder) == 0);
    check_whole();
    check_links();
    check_work();
    check_moved();
    check_full();
    check_signal();
    check_sweep();
    check_paths();
    command = text_format("rm -rf '%s'", scratch);
    assert(system(command) == 0);
    writing_folder_close(&folder);
    free(command);
    free(scratch);
    return tap_done();
}
