/* SPDX-License-Identifier: MIT */
/* Checks that the data dictionary describes what is written: the columns of runs.csv and of the raw files. */
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/results/dictionary.h"
#include "harness/results/events.h"
#include "harness/results/latencies.h"
#include "harness/results/phases.h"
#include "harness/results/store-columns.h"
#include "harness/results/timelines.h"
#include "tests/tap.h"

static void test_runs(void)
{
    char *written = NULL, *header = dictionary_header(&dictionary_runs);
    size_t size = 0;
    FILE *stream = open_memstream(&written, &size);
    store_header_write(stream);
    fclose(stream);
    written[strcspn(written, "\n")] = '\0';
    tap_same(written, header, "the dictionary has the columns of runs.csv, in their order");
    for (size_t i = 0; i < STORE_COLUMN_COUNT && i < dictionary_runs.count; i++)
        if (store_columns[i].is_text != (dictionary_runs.columns[i].type == DICTIONARY_TEXT))
            tap_ok(false, "the type of %s in runs.csv is as the dictionary says", store_columns[i].name);
    free(header);
    free(written);
}

/* Makes a file of no rows by `create`, and compares its header. */
static void test_raw(FILE *(*create)(const char *), const struct dictionary_file *file)
{
    char *path = text_scratch("dictionary"), *header = dictionary_header(file), *line = NULL;
    size_t size = 0;
    close(mkstemp(path));
    fclose(create(path));
    FILE *made = fopen(path, "r");
    ssize_t length = getline(&line, &size, made);
    line[length > 0 ? length - 1 : 0] = '\0';
    tap_same(line, header, file->path);
    fclose(made);
    unlink(path);
    free(line);
    free(header);
    free(path);
}

int main(void)
{
    test_runs();
    test_raw(events_create, &dictionary_events);
    test_raw(phases_create, &dictionary_phases);
    test_raw(timelines_create, &dictionary_timelines);
    test_raw(latencies_create, &dictionary_latencies);
    tap_ok(dictionary_is_of_process(&dictionary_events) && !dictionary_is_of_process(&dictionary_runs),
           "a path with <id> is of each process");
    tap_ok(!dictionary_find(&dictionary_runs, "wall"), "a column that there is not is not found");
    return tap_done();
}
