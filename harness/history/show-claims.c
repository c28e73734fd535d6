/* SPDX-License-Identifier: MIT */
/* What the last run of a machine claims the other way round than the run before it. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/history/show.h"
#include "harness/report/textual.h"

/* Claims that are named; of more there is a number. */
enum { CLAIMS_NAMED = 20 };

/* What came of the claims of two runs. */
struct turns {
    struct text_list lines;
    size_t claims, turned; /* that the last run makes; of them the other way round */
};

/* The verdict on two collectors by their names: that of the first against the second; '-': there is none. */
static char verdict_on(const struct history_claims *claims, const char *first, const char *second)
{
    size_t count = json_array_size(claims->collectors), at = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++, at++) {
            const char *a = json_string_value(json_array_get(claims->collectors, i));
            const char *b = json_string_value(json_array_get(claims->collectors, j));
            char verdict = claims->verdicts[at];
            if (strcmp(a, first) == 0 && strcmp(b, second) == 0)
                return verdict;
            if (strcmp(a, second) == 0 && strcmp(b, first) == 0)
                return verdict == '<' ? '>' : verdict == '>' ? '<' : verdict;
        }
    return '-';
}

/* The claims of the same scene in another entry; NULL: there are none. */
static const struct history_claims *scene_of(const struct history_entry *entry,
                                             const struct history_claims *claims)
{
    for (size_t i = 0; i < entry->claim_count; i++) {
        const struct history_claims *other = &entry->claims[i];
        if (strcmp(other->workload, claims->workload) == 0 &&
            strcmp(other->allocator, claims->allocator) == 0 && strcmp(other->memory, claims->memory) == 0 &&
            strcmp(other->heap, claims->heap) == 0)
            return other;
    }
    return NULL;
}

static void scene_compare(const struct history_claims *before, const struct history_claims *after,
                          struct turns *turns)
{
    size_t count = json_array_size(after->collectors), at = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++, at++) {
            const char *a = json_string_value(json_array_get(after->collectors, i));
            const char *b = json_string_value(json_array_get(after->collectors, j));
            char now = after->verdicts[at], then = before ? verdict_on(before, a, b) : '-';
            bool turned = (now == '<' && then == '>') || (now == '>' && then == '<');
            turns->claims += now == '<' || now == '>';
            if (!turned)
                continue;
            turns->turned++;
            if (turns->lines.count < CLAIMS_NAMED)
                text_list_take(&turns->lines,
                               text_format("- %s on %s %s%s%s: %s was %s than %s, and is %s", after->workload,
                                           after->allocator, after->memory, *after->heap ? " heap " : "",
                                           after->heap, a, now == '<' ? "slower" : "faster", b,
                                           now == '<' ? "faster" : "slower"));
        }
}

/* The last two runs of the view's machine. Returns whether there are two. */
static bool last_two(const struct history_view *view, const struct history_entry **ret_before,
                     const struct history_entry **ret_after)
{
    *ret_before = *ret_after = NULL;
    for (size_t i = 0; i < view->history->count; i++)
        if (view->history->machines[i] == view->machine) {
            *ret_before = *ret_after;
            *ret_after = &view->history->entries[i];
        }
    return *ret_before && *ret_after;
}

void history_print_claims(const struct history_view *view, enum report_form form, FILE *stream)
{
    const struct history_entry *before, *after;
    struct turns turns = {0};
    if (!last_two(view, &before, &after))
        return;
    for (size_t i = 0; i < after->claim_count; i++)
        scene_compare(scene_of(before, &after->claims[i]), &after->claims[i], &turns);
    if (turns.turned) {
        char *text =
            text_format("Of %zu claims of the last run, at %.*s, %zu are the other way round than in the run "
                        "before, at %.*s:",
                        turns.claims, HISTORY_COMMIT_DIGITS, after->commit, turns.turned,
                        HISTORY_COMMIT_DIGITS, before->commit);
        putc('\n', stream);
        textual_print_sentence(text, form, stream);
        free(text);
    }
    for (size_t i = 0; i < turns.lines.count; i++)
        textual_print_line(turns.lines.items[i], form, stream);
    if (turns.turned > turns.lines.count)
        fprintf(stream, "and %zu more\n", turns.turned - turns.lines.count);
    text_list_free(&turns.lines);
}
