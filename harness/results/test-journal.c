/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "harness/results/in-flight.h"
#include "harness/results/journal.h"
#include "harness/results/manifest.h"
#include "tests/tap.h"

static char *dir;
static struct writing_folder run_folder;

static void manifest_write(void)
{
    json_t *cell =
        json_pack("{ss ss ss ss ss ss ss sb ss ss}", "workload", "rings", "workload_options", "size=2",
                  "collector", "rc", "collector_options", "", "allocator", "glibc", "tuning", "default",
                  "pair", "rings-rc", "baseline", 0, "memory", "cold", "build", "");
    json_t *design = json_pack("{ss sf sf sf si si s[i] sn si ss}", "kind", "blocks", "precision", 0.03,
                               "minimum", 0.01, "alpha", 0.05, "first", 100, "blocks", 100, "looks", 100,
                               "budget_seconds", "family", 0, "method", "");
    json_t *manifest = json_pack("{ss ss ss sn s{si} s{sb} ss si si s[o] s{} s[] s{} s{} s{} sn so sn s[]}",
                                 "schema", MANIFEST_SCHEMA, "name", "test", "created", "2026-01-01T00:00:00Z",
                                 "finished", "layouts", "count", 1, "spec", "vary_seed", 0, "spec_sha256", "",
                                 "blocks", 100, "seed", 1, "cells", cell, "machine", "warnings", "versions",
                                 "binaries", "allocators", "ended", "design", design, "baseline", "sessions");
    assert(manifest && manifest_save(&run_folder, &run_folder, manifest) == 0);
    json_decref(manifest);
}

static struct store_row row_make(int64_t id)
{
    struct store_row row = store_row_empty();
    row.id = row.block = id;
    row.cell = 0;
    row.layout = 0;
    row.seed = 1;
    row.workload = "rings";
    row.workload_options = "size=2";
    row.collector = "rc";
    row.allocator = "glibc";
    row.tuning = "default";
    row.memory = "cold";
    row.status = "error";
    row.reason = "said \"no\", twice";
    row.checksum = "0123456789abcdef";
    row.wall_ns = 9007199254740993; /* not a double */
    return row;
}

static void check_round_trip(struct journal *journal)
{
    struct store *store = NULL;
    struct store_row row = row_make(0);
    tap_equal(journal_append(journal, &row), 0, "a row is appended");
    tap_equal(store_open(dir, &store), 0, "the folder opens");
    tap_equal((int64_t)store->row_count, 1, "it holds one row");
    tap_equal(store->rows[0].wall_ns, 9007199254740993, "an integer comes back exactly");
    tap_equal(store->rows[0].max_rss_bytes, STORE_MISSING, "an empty field is missing");
    tap_same(store->rows[0].reason, row.reason, "a text comes back the same");
    tap_ok(!store->torn, "nothing is torn");
    tap_equal(store->whole_bytes, journal->bytes, "the complete part is the whole file");
    store_close(store);
}

static void check_torn(struct journal *journal)
{
    struct store *store = NULL;
    int64_t whole = journal->bytes;
    bool right = true;
    struct store_row row = row_make(1);
    assert(journal_append(journal, &row) == 0);
    int64_t full = journal->bytes;
    for (int64_t cut = full - 1; cut > whole; cut--) {
        assert(ftruncate(journal->file, cut) == 0 && store_open(dir, &store) == 0);
        right &= store->torn && store->row_count == 1 && store->whole_bytes == whole;
        store_close(store);
    }
    tap_ok(right, "a row cut at any byte is torn, and the row before it is kept");
    journal_close(journal);
    tap_equal(journal_resume(&run_folder, whole, journal), 0, "the journal is resumed");
    assert(journal_append(journal, &row) == 0 && store_open(dir, &store) == 0);
    tap_equal((int64_t)store->row_count, 2, "the torn row is replaced by the one appended after the resume");
    store_close(store);
}

static void check_full_disk(struct journal *journal)
{
    struct rlimit before, tight;
    struct store *store = NULL;
    struct store_row row = row_make(2);
    int64_t whole = journal->bytes;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    tight = (struct rlimit){.rlim_cur = (rlim_t)whole + 10, .rlim_max = before.rlim_max};
    assert(setrlimit(RLIMIT_FSIZE, &tight) == 0);
    tap_equal(journal_append(journal, &row), MESSAGE_STORAGE, "a row that does not fit is reported");
    tap_ok(strstr(message_last(), "runs.csv: ") != NULL, "the message names the file");
    assert(setrlimit(RLIMIT_FSIZE, &before) == 0);
    assert(store_open(dir, &store) == 0);
    tap_ok(!store->torn && store->whole_bytes == whole, "the part of the row that fitted is cut off again");
    store_close(store);
    tap_equal(journal_append(journal, &row), 0, "with space again, the same row is appended");
}

static void check_lock(void)
{
    struct writing_folder run, again;
    tap_equal(in_flight_lock(dir, 0, &run), 0, "a folder can be locked");
    tap_equal(in_flight_lock(dir, 0, &again), MESSAGE_BAD_INPUT, "but not twice");
    writing_folder_close(&run);
    tap_equal(in_flight_lock(dir, 0, &run), 0, "closing the folder frees it");
    writing_folder_close(&run);
}

static void check_twice(struct journal *journal)
{
    struct store *store = NULL;
    struct store_row row = row_make(1);
    assert(journal_append(journal, &row) == 0);
    tap_equal(store_open(dir, &store), MESSAGE_BAD_INPUT, "an id that occurs twice is refused");
    tap_ok(strstr(message_last(), "runs.csv:5: id 1 is there twice") != NULL,
           "the message names line and id");
}

int main(void)
{
    struct journal journal;
    dir = text_scratch("gcmatrix-journal");
    assert(mkdtemp(dir) && writing_folder_open(dir, &run_folder) == 0);
    manifest_write();
    tap_equal(journal_create(&run_folder, &journal), 0, "a journal is created");
    tap_equal(journal_create(&run_folder, &(struct journal){0}), MESSAGE_STORAGE, "and never over another");
    check_round_trip(&journal);
    check_torn(&journal);
    check_full_disk(&journal);
    check_lock();
    check_twice(&journal);
    journal_close(&journal);
    char *command = text_format("rm -r %s", dir);
    int status = system(command);
    free(command);
    free(dir);
    writing_folder_close(&run_folder);
    return status != 0 || tap_done();
}
