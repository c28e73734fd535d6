/* SPDX-License-Identifier: MIT */
#include "harness/stress/runtime/promises.h"

#include <ctype.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/text.h"

enum { PROMISES = 4, SHOWN = 60 };

/* THE list of promises. */
static const struct promise {
    const char *word;
    size_t place;          /* in struct promises */
    const char *unchecked; /* what is not checked without it */
} list[PROMISES] = {
    {"counts", offsetof(struct promises, counts), "how many references an object has"},
    {"frees_at_once", offsetof(struct promises, frees_at_once),
     "whether an object on no cycle is freed as soon as nothing refers to it"},
    {"frees_late", offsetof(struct promises, frees_late),
     "whether a full collection frees what no reference leads to"},
    {"reclaims_cycles", offsetof(struct promises, reclaims_cycles),
     "whether a full collection frees garbage on cycles"},
};

/* No promise covers these. */
static const char *const never_checked[] = {
    "want of memory, and a limit on the heap",
    "when the runtime collects by itself, and how much garbage it holds until then",
    "its pauses, its tables and the memory that it takes",
    "finalisers and their order, weak references, threads",
};

static bool is_name(const char *text)
{
    size_t length = strlen(text);
    for (const char *c = text; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("._-", *c))
            return false;
    return length > 0 && length <= RUNTIME_NAME_MAX && *text != '-' && *text != '.';
}

static char *promise_take(const char *word, struct promises *promises)
{
    const char *words[PROMISES];
    for (size_t i = 0; i < PROMISES; i++) {
        words[i] = list[i].word;
        if (strcmp(word, list[i].word) == 0) {
            *(bool *)((char *)promises + list[i].place) = true;
            return NULL;
        }
    }
    const char *near = nearest_name(word, words, PROMISES);
    char *shown = escape_plain(word, SHOWN);
    char *objection =
        text_format("it promises '%s'; %s%s%s", shown, near ? "did you mean '" : "there are ",
                    near ? near : "counts, frees_at_once, frees_late and reclaims_cycles", near ? "'?" : "");
    free(shown);
    return objection;
}

static char *answer_refuse(const char *answer)
{
    char *shown = escape_plain(answer, SHOWN);
    char *objection = text_format("it answers 'gcmatrix-stress %d' with '%s', not with 'runtime %d NAME "
                                  "[PROMISE]...' (a name has letters, digits, '.', '_' and '-')",
                                  PROTOCOL_VERSION, shown, PROTOCOL_VERSION);
    free(shown);
    return objection;
}

char *promises_read(const char *answer, struct hello *ret_hello)
{
    char *copy = text_format("%s", answer);
    char *rest = copy;
    const char *runtime = strsep(&rest, " ");
    const char *version = strsep(&rest, " ");
    const char *name = strsep(&rest, " ");
    char *objection = NULL;
    uint64_t spoken = 0;
    *ret_hello = (struct hello){0};
    if (strcmp(runtime, "runtime") != 0 || !version || number_integer_read(version, UINT64_MAX, &spoken) < 0)
        objection = answer_refuse(answer);
    else if (spoken != PROTOCOL_VERSION)
        objection =
            text_format("it speaks version %" PRIu64 " of the protocol, and this gcmatrix speaks version %d",
                        spoken, PROTOCOL_VERSION);
    else if (!name || !is_name(name))
        objection = answer_refuse(answer);
    else
        strcpy(ret_hello->name, name);
    for (const char *word; !objection && (word = strsep(&rest, " "));)
        if (*word)
            objection = promise_take(word, &ret_hello->promises);
    free(copy);
    return objection;
}

void promises_write_missing(const struct promises *promises, FILE *stream)
{
    for (size_t i = 0; i < PROMISES; i++) {
        bool given = *(const bool *)((const char *)promises + list[i].place);
        bool implied = list[i].place == offsetof(struct promises, frees_late) &&
                       (promises->frees_at_once || promises->reclaims_cycles);
        if (!given && !implied)
            fprintf(stream, "%s\n", list[i].unchecked);
    }
}

void promises_write_unchecked(const struct promises *promises, FILE *stream)
{
    promises_write_missing(promises, stream);
    for (size_t i = 0; i < sizeof never_checked / sizeof *never_checked; i++)
        fprintf(stream, "%s\n", never_checked[i]);
}
