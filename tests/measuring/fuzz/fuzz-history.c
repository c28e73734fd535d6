/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an entry of a history. What is taken is shown to the end in every form and metric, as the entry of two
 * commits.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/history/export.h"
#include "harness/history/show.h"
#include "tests/measuring/fuzz/scratch.h"

static void history_look(const struct history *history)
{
    static const enum report_form forms[] = {REPORT_TEXT, REPORT_MARKDOWN, REPORT_JSON};
    for (int metric = 0; metric < HISTORY_METRICS; metric++) {
        char *text = NULL;
        size_t size = 0;
        FILE *stream = open_memstream(&text, &size);
        struct history_show show = {
            .metric = (enum history_metric)metric, .between = 0.01, .form = forms[metric % 3]};
        FUZZ_EXPECT(history_print(history, &show, stream) == 0);
        fclose(stream);
        FUZZ_EXPECT(size > 0);
        free(text);
    }
}

static void exports_look(const struct history_entry *entry)
{
    json_t *bencher = export_bencher(entry), *github = export_github_action_benchmark(entry);
    FUZZ_EXPECT(json_is_object(bencher) && json_is_array(github));
    json_decref(bencher);
    json_decref(github);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct history_entry entries[2];
    size_t machines[2] = {0, 0};
    char dir[] = "f", *text = strndup((const char *)bytes, count);
    if (history_entry_read(dir, text, &entries[0]) == 0) {
        FUZZ_EXPECT(history_entry_read(dir, text, &entries[1]) == 0);
        entries[1].commit = "fffffff";
        struct history history = {
            .dir = dir, .entries = entries, .machines = machines, .count = 2, .machine_count = 1};
        history_look(&history);
        exports_look(&entries[0]);
        history_entry_free(&entries[0]);
        history_entry_free(&entries[1]);
    }
    free(text);
    return 0;
}
