/* SPDX-License-Identifier: MIT */
#include "harness/stress/runtime/answers.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"

enum { SHOWN = 60 };

char *question_place(const struct script *script, const struct question *question)
{
    const char *line = script->text + question->line;
    return text_format("operation %" PRIu64 ", '%.*s%s'", question->op, (int)strcspn(line, "\n"), line,
                       question->collected ? "' after 'collect full" : "");
}

/* Makes a finding of these words, behind the question's place. Takes `text`. */
static struct wrong wrong(const struct script *script, const struct question *question, const char *kind,
                          char *text)
{
    char *place = question_place(script, question);
    struct wrong found = {kind, text_format("%s: %s", place, text)};
    free(place);
    free(text);
    return found;
}

static struct wrong wrong_answer(const struct script *script, const struct question *question,
                                 const char *answer)
{
    static const char *const expected[] = {
        [QUESTION_READ] = "'object NUMBER' or 'object null'",
        [QUESTION_COUNT] = "'count NUMBER'",
        [QUESTION_ALIVE] = "'alive', with the number of each object that is alive, each once",
    };
    char *shown = escape_plain(answer, SHOWN);
    struct wrong found = wrong(script, question, "protocol",
                               text_format("it answers '%s', and not %s", shown, expected[question->kind]));
    free(shown);
    return found;
}

/* Reads a number of plain digits at `*text`, and steps over it. Returns false where none stands there. */
static bool number_take(const char **text, uint32_t *ret_number)
{
    uint64_t number = 0;
    const char *digit = *text;
    for (; *digit >= '0' && *digit <= '9' && number <= UINT32_MAX; digit++)
        number = number * 10 + (uint64_t)(*digit - '0');
    bool valid = digit > *text && number <= UINT32_MAX;
    *text = digit;
    *ret_number = (uint32_t)number;
    return valid;
}

/* Steps over `word`, and over the blank behind it. */
static bool word_take(const char **text, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(*text, word, length) != 0 || ((*text)[length] && (*text)[length] != ' '))
        return false;
    *text += length + ((*text)[length] == ' ');
    return true;
}

/* ---- one object, one count ---- */

static struct wrong check_read(const struct script *script, const struct question *question,
                               const char *answer)
{
    uint32_t found = 0;
    const char *rest = answer;
    if (!word_take(&rest, "object") || !(word_take(&rest, "null") || number_take(&rest, &found)) || *rest)
        return wrong_answer(script, question, answer);
    if (found == question->number)
        return (struct wrong){0};
    if (!question->number)
        return wrong(script, question, "read", text_format("it finds object %u where null is", found));
    if (!found)
        return wrong(script, question, "read",
                     text_format("it finds null where object %u is", question->number));
    return wrong(script, question, "read",
                 text_format("it finds object %u where object %u is", found, question->number));
}

static struct wrong check_count(const struct script *script, const struct question *question,
                                const char *answer)
{
    uint32_t found;
    const char *rest = answer;
    if (!word_take(&rest, "count") || !number_take(&rest, &found) || *rest)
        return wrong_answer(script, question, answer);
    if (found == question->number)
        return (struct wrong){0};
    return wrong(script, question, "count",
                 text_format("it counts %u references, and there are %u", found, question->number));
}

/* ---- which objects are alive ---- */

/* Marks the objects of an answer. Returns false if it is none. */
static bool alive_read(const struct question *question, const char *answer, uint8_t *marks)
{
    const char *rest = answer;
    uint32_t number;
    if (!word_take(&rest, "alive"))
        return false;
    while (*rest) {
        if (!number_take(&rest, &number) || number == 0 || number > question->number || marks[number - 1] ||
            (*rest && *rest != ' '))
            return false;
        marks[number - 1] = 1;
        rest += *rest == ' ';
    }
    return true;
}

/* Returns why the runtime should have freed a dead object, or NULL when no promise says so. */
static const char *must_be_gone(const struct question *question, const struct promises *promises,
                                uint8_t life)
{
    bool late = question->collected && (promises->frees_late || promises->reclaims_cycles);
    if (life == LIFE_UNREFERENCED && (promises->frees_at_once || late))
        return "no reference to it is left";
    if (life == LIFE_GARBAGE && question->collected && promises->reclaims_cycles)
        return "only a cycle that no name reaches refers to it";
    return NULL;
}

static struct wrong check_alive(const struct script *script, const struct question *question,
                                const struct promises *promises, const char *answer)
{
    uint8_t *marks = memory_new(question->number + 1, 1);
    struct wrong found = {0};
    if (!alive_read(question, answer, marks))
        found = wrong_answer(script, question, answer);
    for (uint32_t i = 0; i < question->number && !found.kind; i++) {
        const char *why = must_be_gone(question, promises, question->objects[i]);
        if (!marks[i] && question->objects[i] == LIFE_REACHABLE)
            found = wrong(script, question, "freed",
                          text_format("object %u is gone, and names still reach it", i + 1));
        else if (marks[i] && question->objects[i] != LIFE_REACHABLE && why)
            found = wrong(script, question, "kept", text_format("object %u is alive, and %s", i + 1, why));
    }
    free(marks);
    return found;
}

struct freed answer_freed(const struct question *question, const char *answer)
{
    uint8_t *marks = memory_new(question->number + 1, 1);
    struct freed freed = {0};
    alive_read(question, answer, marks);
    for (uint32_t i = 0; i < question->number; i++) {
        freed.on_cycles += !marks[i] && question->objects[i] == LIFE_GARBAGE;
        freed.others += !marks[i] && question->objects[i] == LIFE_UNREFERENCED;
    }
    free(marks);
    return freed;
}

struct wrong answer_check(const struct script *script, const struct question *question,
                          const struct promises *promises, const char *answer)
{
    const char *rest = answer;
    if (word_take(&rest, "error")) {
        char *shown = escape_plain(rest, SHOWN * 2);
        struct wrong found =
            wrong(script, question, "refused", text_format("here or before, the runtime says: %s", shown));
        free(shown);
        return found;
    }
    switch (question->kind) {
    case QUESTION_READ:
        return check_read(script, question, answer);
    case QUESTION_COUNT:
        return check_count(script, question, answer);
    case QUESTION_ALIVE:
        break;
    }
    return check_alive(script, question, promises, answer);
}
