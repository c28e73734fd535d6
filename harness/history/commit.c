/* SPDX-License-Identifier: MIT */
/* What git says of a commit. */
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/message.h"
#include "base/number.h"
#include "base/text.h"
#include "base/tool.h"
#include "harness/campaign/process/subprocess.h"
#include "harness/history/entry.h"

/* The latest time that a file's name can have, the end of the year 9999, and characters of a subject. */
#define COMMIT_TIME_MOST UINT64_C(253402300799)
enum { COMMIT_SUBJECT_MOST = 120 };

/* Runs git in a folder. Returns 0 and what it said, for free(); or a status after one line. */
static int git_ask(const char *folder, const char *const *words, char **ret_output)
{
    char *path = tool_find("git");
    struct text_list argv = {0};
    *ret_output = NULL;
    if (!path) {
        char *why = tool_missing_explain("git");
        int status = message_bad_input("%s; it says which commit was measured", why);
        free(why);
        return status;
    }
    text_list_take(&argv, path);
    text_list_take(&argv, text_format("-C"));
    text_list_take(&argv, text_format("%s", folder));
    for (; *words; words++)
        text_list_take(&argv, text_format("%s", *words));
    char *about = text_format("git in %s", folder);
    int status = subprocess_answer(argv.items, about, ret_output);
    free(about);
    text_list_free(&argv);
    return status;
}

/* Refuses a tree with changes that are in no commit: what was measured has no name then. */
static int tree_check(const char *folder)
{
    const char *const words[] = {"status", "--porcelain", "--untracked-files=no", NULL};
    char *said;
    int status = git_ask(folder, words, &said);
    if (status == 0 && *said)
        status = message_bad_input(
            "history: %s has changes that are in no commit; commit them and measure that, or name the "
            "commit that was measured by --commit",
            folder);
    free(said);
    return status;
}

/* Reads "ID\nSECONDS\nSUBJECT\n". */
static int commit_read(const char *folder, char *said, struct history_commit *ret_commit)
{
    char *rest = NULL, *id = strtok_r(said, "\n", &rest), *seconds = strtok_r(NULL, "\n", &rest);
    char *subject = strtok_r(NULL, "\n", &rest);
    uint64_t time;
    if (!id || !seconds || number_integer_read(seconds, COMMIT_TIME_MOST, &time) != 0)
        return message_bad_input("git in %s names no commit", folder);
    *ret_commit =
        (struct history_commit){.id = text_format("%s", id),
                                .subject = escape_plain(subject ? subject : "", COMMIT_SUBJECT_MOST),
                                .time = (int64_t)time};
    return 0;
}

int history_commit_find(const char *folder, const char *name, struct history_commit *ret_commit)
{
    *ret_commit = (struct history_commit){0};
    int status = name ? 0 : tree_check(folder);
    if (status != 0)
        return status;
    char *commit = text_format("%s^{commit}", name ? name : "HEAD"), *said = NULL, *id = NULL;
    const char *const find[] = {"rev-parse", "--verify", "--end-of-options", commit, NULL};
    status = git_ask(folder, find, &id);
    if (status == 0) {
        id[strcspn(id, "\n")] = '\0';
        const char *const show[] = {"show", "--no-patch", "--no-show-signature", "--format=%H%n%ct%n%s",
                                    id,     NULL};
        status = git_ask(folder, show, &said);
    }
    if (status == 0)
        status = commit_read(folder, said, ret_commit);
    free(said);
    free(id);
    free(commit);
    return status;
}

void history_commit_free(struct history_commit *commit)
{
    free(commit->id);
    free(commit->subject);
    *commit = (struct history_commit){0};
}
