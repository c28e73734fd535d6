/* SPDX-License-Identifier: MIT */
#include "harness/teaching/graphviz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/message.h"
#include "base/tool.h"
#include "harness/campaign/process/subprocess.h"

/* Drawing takes some milliseconds for a graph; this is for as many as one program has. */
static const int64_t timeout_ns = 4 * SUBPROCESS_QUICK;

char *graphviz_find(void)
{
    return tool_find("dot");
}

int graphviz_missing(const char *command)
{
    char *missing = tool_missing_explain("dot");
    int status =
        message_bad_input("%s: drawings need graphviz: %s; apt-get install graphviz", command, missing);
    free(missing);
    return status;
}

/* Returns a file without a name that holds the text, and is read from its start; -1 where there is no
 * room. */
static int text_file(const char *text, size_t size)
{
    int file = memfd_create("graphs", MFD_CLOEXEC);
    if (file >= 0 && (write(file, text, size) != (ssize_t)size || lseek(file, 0, SEEK_SET) != 0)) {
        close(file);
        return -1;
    }
    return file;
}

/* Appends the drawings of an output, in which each is a document of its own. */
static void drawings_take(const char *output, struct text_list *drawings)
{
    static const char end[] = "</svg>";
    for (const char *at = output, *first, *last;
         (first = strstr(at, "<svg")) && (last = strstr(first, end));) {
        at = last + strlen(end);
        text_list_take(drawings, text_format("%.*s\n", (int)(at - first), first));
    }
}

int graphviz_draw(const char *command, const char *dot, const char *graphs, size_t size,
                  struct text_list *drawings)
{
    char *argv[] = {(char *)dot, (char *)"-Tsvg", NULL};
    int code, status = 0, input = text_file(graphs, size);
    struct subprocess_request request = {.argv = argv,
                                         .input = input,
                                         .output = memfd_create("drawings", MFD_CLOEXEC),
                                         .error = memfd_create("errors", MFD_CLOEXEC),
                                         .timeout_ns = timeout_ns};
    if (input < 0)
        return message_storage("%s: no memory for the graphs: %s", command, strerror(errno));
    enum subprocess_end end = subprocess_run(&request, &code);
    char *output = subprocess_output(request.output), *said = subprocess_output(request.error);
    close(input);
    if (end == SUBPROCESS_INTERRUPTED)
        status = MESSAGE_INTERRUPTED;
    else if (end != SUBPROCESS_EXITED || code != 0) {
        char *how = subprocess_explain(end, code, subprocess_line_last(said, NULL), timeout_ns);
        status = message_storage("%s: %s: %s", command, dot, how);
        free(how);
    } else
        drawings_take(output, drawings);
    free(output);
    free(said);
    return status;
}
