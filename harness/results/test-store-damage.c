/* SPDX-License-Identifier: MIT */
/* A run whose rows or header are damaged in any byte: what is whole is read, and the rest is named. */
#include "base/memory.h"
#include "base/message.h"
#include "harness/results/test-store.h"

/* Opens the folder with these rows; NULL where it is refused. */
static struct store *rows_open(const char *text, size_t size)
{
    struct store *store = NULL;
    char *path = text_format("%s/runs.csv", dir);
    FILE *file = fopen(path, "w");
    assert(file && fwrite(text, 1, size, file) == size && fclose(file) == 0);
    free(path);
    return store_open(dir, &store) == 0 ? store : NULL;
}

/* Three rows, of which a byte of the middle one is damaged in each way. */
static char *three_make(size_t ret_starts[static 4])
{
    struct store_row row = row_good();
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    store_header_write(file);
    for (row.id = 0; row.id < 3; row.id++) {
        fflush(file);
        ret_starts[row.id] = size;
        row.block = row.id % 2;
        row.attempt = row.id / 2;
        row.layout = row.block;
        row.seed = 1 + row.block;
        row.reason = "said \"no\",\ntwice";
        store_row_write(file, &row);
    }
    fclose(file);
    ret_starts[3] = size;
    return text;
}

/* Whether the rows around the damaged one stay, and the damage is noted with its line. */
static bool damage_stays_there(const char *text, size_t size)
{
    struct store *store = rows_open(text, size);
    bool right = store && store->row_count == 2 && store->rows[0].id == 0 && store->rows[1].id == 2 &&
                 store->damaged_count >= 1 && store->damaged[0].line == 3 && !store->torn &&
                 store->whole_bytes == (int64_t)size;
    store_close(store);
    return right;
}

static void check_damage(void)
{
    size_t starts[4];
    char *text = three_make(starts), *copy = memory_new(starts[3] + 1, 1);
    bool flipped = true, cut = true, doubled = true;
    file_write("manifest.json", GOOD);
    struct store *store = rows_open(text, starts[3]);
    tap_ok(store && store->row_count == 3 && store->damaged_count == 0, "a row of several lines is one line");
    tap_same(store ? store->rows[1].reason : "", "said \"no\",?twice", "and has a mark for each line break");
    store_close(store);
    for (size_t at = starts[1]; at + 1 < starts[2]; at++) {
        memcpy(copy, text, starts[3]);
        copy[at] = (char)(text[at] ^ 1 << at % 8);
        flipped &= damage_stays_there(copy, starts[3]);
        memcpy(copy + at, text + at + 1, starts[3] - at - 1);
        cut &= damage_stays_there(copy, starts[3] - 1);
        memcpy(copy + at, text + at, starts[3] - at);
        memmove(copy + at + 1, text + at, starts[3] - at);
        doubled &= damage_stays_there(copy, starts[3] + 1);
    }
    tap_ok(flipped, "a row with any byte flipped is left out, and the row after it stays");
    tap_ok(cut, "so is a row with any byte cut");
    tap_ok(doubled, "or doubled");
    tap_ok(strstr(message_last(), "runs.csv:3: the row is damaged") != NULL, "one line names the place: %s",
           message_last());
    free(copy);
    free(text);
}

/* Whether all rows stay under a header like this, in `size` bytes of text. */
static bool header_is_mended(const char *text, size_t size, size_t header_bytes)
{
    struct store *store = rows_open(text, size);
    bool right = store && store->row_count == 3 && store->damaged_count == 0 && store->header_damaged &&
                 store->header_bytes == (int64_t)header_bytes && store->whole_bytes == (int64_t)size &&
                 !store->torn && strstr(message_last(), "runs.csv:1: the header is damaged or gone");
    store_close(store);
    return right;
}

/* A header says nothing that the schema does not. */
static void check_header(void)
{
    size_t starts[4];
    char *text = three_make(starts), *copy = memory_new(starts[3] + 1, 1);
    bool flipped = true, cut = true, doubled = true;
    for (size_t at = 0; at + 1 < starts[0]; at++) {
        memcpy(copy, text, starts[3]);
        copy[at] = (char)(text[at] ^ 1 << at % 8);
        flipped &= header_is_mended(copy, starts[3], starts[0]);
        memcpy(copy + at, text + at + 1, starts[3] - at - 1);
        cut &= header_is_mended(copy, starts[3] - 1, starts[0] - 1);
        memcpy(copy + at, text + at, starts[3] - at);
        memmove(copy + at + 1, text + at, starts[3] - at);
        doubled &= header_is_mended(copy, starts[3] + 1, starts[0] + 1);
    }
    tap_ok(flipped, "under a header with any byte flipped all rows stay");
    tap_ok(cut, "so they do under one with any byte cut");
    tap_ok(doubled, "or doubled");
    tap_ok(header_is_mended(text + starts[0], starts[3] - starts[0], 0), "and where there is none");
    struct store *store = rows_open(text, starts[0] - 5);
    tap_ok(store && store->torn && store->row_count == 0 && store->whole_bytes == 0 && !store->header_damaged,
           "a header that is cut in a file of nothing else is a torn tail");
    store_close(store);
    free(copy);
    free(text);
}

int main(void)
{
    folder_make();
    check_damage();
    check_header();
    int status = folder_remove();
    return status != 0 || tap_done();
}
