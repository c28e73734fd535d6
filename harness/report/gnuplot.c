/* SPDX-License-Identifier: MIT */
#include "harness/report/gnuplot.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/message.h"
#include "base/text.h"
#include "base/tool.h"
#include "harness/campaign/process/subprocess.h"

static_assert(SUBPROCESS_KEPT == 3, "GNUPLOT_OUT names the descriptor that a command keeps");

char *gnuplot_find(void)
{
    char *path = tool_find("gnuplot"), *missing = path ? NULL : tool_missing_explain("gnuplot");
    if (missing)
        message_bad_input("charts need gnuplot: %s; apt-get install gnuplot-nox", missing);
    free(missing);
    return path;
}

char *gnuplot_script(const char *name)
{
    return text_format("%s/%s.gp", PLOT_SCRIPTS, name);
}

/* A file without a name that holds the text, and is read from its start; -1 where there is no room for it. */
static int text_file(const char *text)
{
    size_t size = strlen(text);
    int file = memfd_create("definitions", MFD_CLOEXEC);
    if (file >= 0 && (write(file, text, size) != (ssize_t)size || lseek(file, 0, SEEK_SET) != 0)) {
        close(file);
        return -1;
    }
    return file;
}

/* Says how a gnuplot ended that did not come to its end; returns a status, or 1 with the complaint. */
static int failure_take(const struct gnuplot_job *job, enum subprocess_end end, int code, char *said,
                        char ret_complaint[static GNUPLOT_COMPLAINT])
{
    const char *last = subprocess_line_last(said, NULL);
    char *how = subprocess_explain(end, code, last, job->timeout_ns);
    int status = 1;
    if (end == SUBPROCESS_INTERRUPTED)
        status = MESSAGE_INTERRUPTED;
    else if (end == SUBPROCESS_TIMEOUT || end == SUBPROCESS_NOT_STARTED)
        status =
            message_storage("%s: %s with %s; install a gnuplot that draws", job->gnuplot, how, job->script);
    else if (end == SUBPROCESS_EXITED) /* the error stands after the lines that show its place */
        snprintf(ret_complaint, GNUPLOT_COMPLAINT, "%s", last ? last : "it says nothing");
    else
        snprintf(ret_complaint, GNUPLOT_COMPLAINT, "%s", how);
    free(how);
    return status;
}

int gnuplot_run(const struct gnuplot_job *job, char ret_complaint[static GNUPLOT_COMPLAINT])
{
    /* By this name gnuplot reads its standard input as a file. As "-" it would ask the system for each byte. */
    char *argv[] = {(char *)job->gnuplot, (char *)"--default-settings", (char *)"/proc/self/fd/0",
                    (char *)job->script, NULL};
    int definitions = text_file(job->definitions), log = memfd_create("log", MFD_CLOEXEC), code, status = 0;
    struct subprocess_request request = {.argv = argv,
                                         .input = definitions,
                                         .output = log,
                                         .error = log,
                                         .kept = job->chart,
                                         .folder = job->folder,
                                         .timeout_ns = job->timeout_ns};
    if (definitions < 0 || log < 0) {
        status = message_storage("%s: no memory for what it is to draw", job->gnuplot);
    } else {
        enum subprocess_end end = subprocess_run(&request, &code);
        char *said = subprocess_output(dup(log));
        if (end != SUBPROCESS_EXITED || code != 0)
            status = failure_take(job, end, code, said, ret_complaint);
        free(said);
    }
    if (definitions >= 0)
        close(definitions);
    if (log >= 0)
        close(log);
    return status;
}

/*
 * Whether the file ends as a drawing of its format does. gnuplot ends with 0 on a disk that is full, and a gnuplot that
 * draws nothing ends with 0 as well. What went to a pipe or a device cannot be looked at.
 */
static bool file_is_whole(int file, const char *format)
{
    const char *end = strcmp(format, "svg") == 0 ? "</svg>" : strcmp(format, "pdf") == 0 ? "%%EOF" : "IEND";
    char tail[16];
    struct stat about = {0};
    bool known = fstat(file, &about) == 0;
    if (known && !S_ISREG(about.st_mode))
        return true;
    ssize_t got = !known || about.st_size < (off_t)sizeof(tail)
                      ? 0
                      : pread(file, tail, sizeof(tail), about.st_size - (off_t)sizeof(tail));
    return got > 0 && memmem(tail, (size_t)got, end, strlen(end));
}

int gnuplot_draw(struct gnuplot_job *job, const char *format, struct writing *chart,
                 char ret_complaint[static GNUPLOT_COMPLAINT])
{
    job->chart = fileno(writing_stream(chart));
    int status = gnuplot_run(job, ret_complaint);
    if (status == 0 && !file_is_whole(job->chart, format))
        status =
            message_storage("%s: gnuplot drew no whole chart; make room on the disk, or install a gnuplot "
                            "that draws",
                            chart->path);
    return status;
}
