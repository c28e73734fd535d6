/* SPDX-License-Identifier: MIT */
/*
 * Runs gnuplot on one script of plots/. No foreign text is a part of a command or of a file's name there:
 * gnuplot runs in the results folder, knows the tables as ./tables/, and draws into a file that is open already.
 * It reads no settings of the user's, nor any that lie in that folder.
 */
#ifndef HARNESS_REPORT_GNUPLOT_H
#define HARNESS_REPORT_GNUPLOT_H

#include <stddef.h>
#include <stdint.h>

#include "base/writing.h"

/* Ample for one chart, which takes less than a second. */
#define GNUPLOT_TIMEOUT INT64_C(60000000000)

/* The name of the file that it draws into, and of the folder of the tables, as it knows them. */
#define GNUPLOT_OUT "/proc/self/fd/3"
#define GNUPLOT_TABLES "./tables/"

/*
 * Returns the absolute path of gnuplot, the caller's to free; or NULL after one line that names the package,
 * where PATH holds none.
 */
char *gnuplot_find(void);

/* Returns the path of the script of that name in plots/, the caller's to free. O(length). */
char *gnuplot_script(const char *name);

struct gnuplot_job {
    const char *gnuplot;     /* from gnuplot_find() */
    int folder;              /* descriptor of the results folder, where it runs */
    const char *definitions; /* commands that it reads before the script */
    const char *script;      /* path */
    int chart;               /* descriptor of the file that it draws into */
    int64_t timeout_ns;      /* after which it counts as hanging; GNUPLOT_TIMEOUT, but in a test */
};

enum { GNUPLOT_COMPLAINT = 512 };

/*
 * Runs it to its end. Returns 0 once the script is done; 1 where gnuplot failed, with the last line that it
 * wrote in `ret_complaint`; MESSAGE_STORAGE after one line, where it could not be run or hangs; or
 * MESSAGE_INTERRUPTED. No process of it is left.
 */
int gnuplot_run(const struct gnuplot_job *job, char ret_complaint[static GNUPLOT_COMPLAINT]);

/*
 * The same into a file that has been begun, which the caller keeps or drops; sets the job's `chart`. The format is "svg",
 * "png" or "pdf". It is MESSAGE_STORAGE, too, after one line, where a plain file does not end as one of its format does.
 */
int gnuplot_draw(struct gnuplot_job *job, const char *format, struct writing *chart,
                 char ret_complaint[static GNUPLOT_COMPLAINT]);

#endif
