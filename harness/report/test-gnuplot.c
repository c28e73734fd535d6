/* SPDX-License-Identifier: MIT */
/* How a gnuplot ends: scripts of the shell take its place. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/message.h"
#include "harness/report/gnuplot.h"
#include "tests/tap.h"

static char place[] = "/tmp/test-gnuplot-XXXXXX";
static char path[64], out[64], complaint[GNUPLOT_COMPLAINT];

/* Runs a script in gnuplot's place, for 0.3 s at most. What it says to us goes to `out`, in the folder. */
static int run(const char *script)
{
    FILE *file = fopen(path, "w");
    fprintf(file, "#!/bin/sh\n%s\n", script);
    fclose(file);
    chmod(path, 0755);
    int folder = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int chart = open(out, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    struct gnuplot_job job = {.gnuplot = path,
                              .folder = folder,
                              .definitions = "first = 1\n",
                              .script = "some.gp",
                              .chart = chart,
                              .timeout_ns = 300000000};
    complaint[0] = '\0';
    int status = gnuplot_run(&job, complaint);
    close(chart);
    close(folder);
    return status;
}

/* What the script wrote to GNUPLOT_OUT. */
static const char *drawn(void)
{
    static char text[256];
    FILE *file = fopen(out, "r");
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void check_endings(void)
{
    tap_equal(run("echo place >&2; echo 'line 3: it fails' >&2; exit 1"), 1, "one that fails is told apart");
    tap_same(complaint, "line 3: it fails", "with its last line");
    tap_equal(run("exit 1"), 1, "one that fails without a word");
    tap_same(complaint, "it says nothing", "has none");
    tap_equal(run("kill -KILL $$"), 1, "one that is killed has failed");
    tap_same(complaint, "killed by signal 9 (Killed)", "and this is said");
    tap_equal(run("echo $$ >" GNUPLOT_OUT "; sleep 60 & wait"), MESSAGE_STORAGE, "one that hangs is ended");
    tap_ok(atoi(drawn()) > 1 && kill(atoi(drawn()), 0) != 0, "and is gone");
}

int main(void)
{
    char expected[128];
    if (!mkdtemp(place))
        return 1;
    snprintf(path, sizeof(path), "%s/gnuplot", place);
    snprintf(out, sizeof(out), "%s/out", place);
    tap_equal(run("{ pwd; echo $1 $2 $3; cat; } >" GNUPLOT_OUT), 0, "a gnuplot that ends with 0 has drawn");
    snprintf(expected, sizeof(expected), "%s\n--default-settings /proc/self/fd/0 some.gp\nfirst = 1\n",
             place);
    tap_same(drawn(), expected,
             "it runs in the folder, without the user's settings, and reads definitions first");
    check_endings();
    unlink(path);
    unlink(out);
    rmdir(place);
    return tap_done();
}
