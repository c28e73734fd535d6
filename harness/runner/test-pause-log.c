/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <unistd.h>

#include "base/quantile.h"
#include "base/text.h"
#include "harness/runner/pause-log.h"
#include "tests/tap.h"

static struct pause_log pause_log;

static void hear(enum gc_pause_kind kind, uint64_t begin, uint64_t length)
{
    pause_log.listener.pause(&pause_log.listener, &(struct gc_pause){.kind = kind,
                                                                     .reason = GC_REASON_LIMIT,
                                                                     .begin_ns = begin,
                                                                     .end_ns = begin + length,
                                                                     .visited_objects = 10,
                                                                     .freed_objects = 3,
                                                                     .freed_bytes = 72});
}

static void sums(void)
{
    pause_log_open(&pause_log, 4);
    hear(GC_PAUSE_FULL, 1000, 50);
    hear(GC_PAUSE_YOUNG, 2000, 20);
    hear(GC_PAUSE_CASCADE, 3000, 400);
    tap_equal((int64_t)pause_log.collections.count, 2, "collections are summed, full and young");
    tap_equal((int64_t)pause_log.collections.total_ns, 70, "by their time");
    tap_equal((int64_t)pause_log.collections.max_ns, 50, "and their longest");
    tap_equal((int64_t)pause_log.collections.visited_objects, 20, "and what they visited");
    tap_equal((int64_t)pause_log.collections.freed_objects, 6, "and freed");
    tap_equal((int64_t)pause_log.cascades.total_ns, 400, "and cascades apart from them");
    hear(GC_PAUSE_FULL, 4000, 30);
    hear(GC_PAUSE_FULL, 5000, 900);
    hear(GC_PAUSE_CASCADE, 6000, 1);
    tap_equal((int64_t)pause_log.pause_count, 4, "as many raw events are kept as there is room for");
    tap_equal((int64_t)pause_log.pauses_dropped, 2, "those beyond are counted");
    tap_equal((int64_t)pause_log.collections.max_ns, 900, "and stay in the sums");
    tap_equal((int64_t)pause_log.cascades.count, 2, "of both sorts");
}

static void no_room(void)
{
    tap_equal(pause_log_open(&pause_log, 0), 0, "a pause log without room for events opens");
    hear(GC_PAUSE_FULL, 0, 5);
    tap_ok(pause_log.pauses_dropped == 1 && pause_log.collections.count == 1, "and still sums");
    tap_equal((int64_t)pause_log_lengths_sorted(&pause_log, true).count, 0, "and has no lengths");
}

static void quantiles(void)
{
    pause_log_open(&pause_log, 2000);
    for (uint64_t i = 1; i <= 1000; i++)
        hear(GC_PAUSE_FULL, 0, 1001 - i);
    for (int i = 0; i < 100; i++)
        hear(GC_PAUSE_CASCADE, 0, 1000000);
    struct pause_log_lengths lengths = pause_log_lengths_sorted(&pause_log, false);
    tap_equal((int64_t)lengths.count, 1000, "lengths without cascades are those of collections");
    tap_equal(quantile_rank_of_sorted(lengths.sorted_ns, lengths.count, 0.5), 500,
              "the median of 1 to 1000 is 500");
    tap_equal(quantile_rank_of_sorted(lengths.sorted_ns, lengths.count, 0.9), 900, "p90 is 900");
    tap_equal(quantile_rank_of_sorted(lengths.sorted_ns, lengths.count, 0.99), 990, "p99 is 990");
    tap_equal(quantile_rank_of_sorted(lengths.sorted_ns, lengths.count, 0.999), 999, "p99.9 is 999");
    tap_equal(quantile_rank_of_sorted(lengths.sorted_ns, lengths.count, 1), 1000, "the last is the longest");
    tap_equal(quantile_rank_of_sorted(lengths.sorted_ns, lengths.count, 0), 1, "the zeroth the shortest");
    lengths = pause_log_lengths_sorted(&pause_log, true);
    tap_equal((int64_t)lengths.count, 1100, "with cascades they are all");
    tap_equal(quantile_rank_of_sorted(lengths.sorted_ns, lengths.count, 0.95), 1000000,
              "and the cascades weigh");
    lengths.count = 1;
    tap_equal(quantile_rank_of_sorted(lengths.sorted_ns, lengths.count, 0.5), 1,
              "every quantile of one length is that length");
    tap_equal(quantile_rank_of_sorted(lengths.sorted_ns, lengths.count, 0.999), 1, "the high ones too");
}

/* As the allocation path would: asks when the clock has passed the mark. */
static void run_clock(uint64_t bytes, uint64_t step)
{
    struct gc_mutator mutator = {.clock.sample_at = pause_log.sample_interval};
    for (; mutator.clock.allocated_bytes < bytes; mutator.clock.allocated_bytes += step) {
        if (mutator.clock.allocated_bytes + step > mutator.clock.sample_at)
            mutator.clock.sample_at = pause_log.listener.sample(&pause_log.listener, &mutator);
    }
}

static void thinning(void)
{
    pause_log_open(&pause_log, 1);
    run_clock((uint64_t)PAUSE_LOG_FIRST_INTERVAL * 1000, 4096);
    tap_ok(pause_log.sample_count >= 990 && pause_log.sample_count <= 1000,
           "there is one sample an interval");
    tap_equal((int64_t)pause_log.sample_interval, PAUSE_LOG_FIRST_INTERVAL, "while they fit");
    pause_log_open(&pause_log, 1);
    run_clock((uint64_t)PAUSE_LOG_FIRST_INTERVAL * 50000, 65536);
    tap_ok(pause_log.sample_count > PAUSE_LOG_SAMPLES / 2 && pause_log.sample_count <= PAUSE_LOG_SAMPLES,
           "a long run keeps between half the room and all of it");
    uint64_t least = UINT64_MAX;
    uint64_t most = 0;
    bool rising = true;
    for (uint64_t i = 1; i < pause_log.sample_count; i++) {
        uint64_t gap = pause_log.samples[i].allocated_bytes - pause_log.samples[i - 1].allocated_bytes;
        rising &= pause_log.samples[i].time_ns >= pause_log.samples[i - 1].time_ns;
        least = gap < least ? gap : least;
        most = gap > most ? gap : most;
    }
    tap_ok(rising, "in the order of time");
    tap_ok(most <= 2 * least, "at an even density from end to end");
    tap_ok(pause_log.samples_taken >= pause_log.sample_count, "the samples taken are counted, kept or not");
    tap_ok(pause_log.sampling_ns > 0, "and what they cost");
    tap_ok(pause_log.samples[0].rss_bytes > 1 << 16, "a sample has the resident size");
}

/* Reads of the resident size are rare enough, and those asked for are made. */
static void resident_sizes(void)
{
    struct gc_mutator mutator = {0};
    pause_log_open(&pause_log, 1);
    pause_log_sample_now(&pause_log, &mutator);
    uint64_t first_ns = pause_log.rss_read_ns;
    pause_log.rss_bytes = 1;
    pause_log.listener.sample(&pause_log.listener, &mutator);
    tap_ok(pause_log.rss_read_ns != first_ns || pause_log.samples[1].rss_bytes == 1,
           "a sample soon after another has its resident size");
    pause_log.rss_bytes = 1;
    pause_log.rss_read_ns -= PAUSE_LOG_RSS_NS;
    pause_log.listener.sample(&pause_log.listener, &mutator);
    tap_ok(pause_log.samples[2].rss_bytes > 1, "a later one reads it anew");
    pause_log.rss_bytes = 1;
    pause_log_sample_now(&pause_log, &mutator);
    tap_ok(pause_log.samples[3].rss_bytes > 1, "and so do the first and the last");
}

/* Reads up to `size` - 1 bytes of a file. */
static void read_text(const char *path, char *text, size_t size)
{
    FILE *stream = fopen(path, "r");
    size_t length = stream ? fread(text, 1, size - 1, stream) : 0;
    text[length] = '\0';
    if (stream)
        fclose(stream);
}

static void files(void)
{
    char *path = text_scratch("test-pause-log");
    char text[1024];
    close(mkstemp(path));
    pause_log_open(&pause_log, 3);
    hear(GC_PAUSE_FULL, 1000, 50);
    hear(GC_PAUSE_CASCADE, 1200, 7);
    tap_equal(pause_log_write_events(&pause_log, path, 900), 0, "events are written");
    read_text(path, text, sizeof text);
    tap_same(text,
             "kind,begin_ns,end_ns,visited_objects,freed_objects,freed_bytes,reason\n"
             "full,100,150,10,3,72,limit\ncascade,300,307,10,3,72,limit\n",
             "one line each, their times from the start of the run");
    pause_log.samples[0] = (struct pause_log_sample){1000, 65536, 4096, 12288};
    pause_log.sample_count = 1;
    tap_equal(pause_log_write_timeline(&pause_log, path, 900), 0, "samples are written");
    read_text(path, text, sizeof text);
    tap_same(text, "time_ns,allocated_bytes,heap_bytes,rss_bytes\n100,65536,4096,12288\n", "likewise");
    unlink(path);
    free(path);
    tap_equal(pause_log_write_events(&pause_log, "/nonexistent/file", 0), -1,
              "a file that cannot be is an error");
    if (access("/dev/full", W_OK) == 0)
        tap_equal(pause_log_write_events(&pause_log, "/dev/full", 0), -1, "a full disk is an error");
    else
        tap_skip("a full disk is an error", "there is no /dev/full");
}

int main(void)
{
    sums();
    no_room();
    quantiles();
    thinning();
    resident_sizes();
    files();
    return tap_done();
}
