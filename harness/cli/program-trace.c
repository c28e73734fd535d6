/* SPDX-License-Identifier: MIT */
#include "harness/cli/program-trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"
#include "base/writing.h"
#include "harness/campaign/process/subprocess.h"
#include "harness/teaching/graphviz.h"
#include "harness/teaching/pictures-dot.h"
#include "harness/teaching/pictures-page.h"
#include "harness/teaching/pictures-text.h"
#include "harness/teaching/pictures.h"

static const char command[] = "program trace";

/* ---- to a file or to standard output ---- */

static void json_write(const json_t *document, FILE *stream)
{
    json_dumpf(document, stream, JSON_INDENT(2));
    fputc('\n', stream);
}

static int document_save(const struct program_trace *trace, const json_t *document)
{
    void (*write)(const json_t *, FILE *) = trace->dot    ? pictures_dot_write
                                            : trace->json ? json_write
                                                          : pictures_text_write;
    struct writing file;
    if (!trace->output) {
        write(document, stdout); /* main() reports its errors */
        return 0;
    }
    int status = writing_begin_path("program trace: --output", trace->output, &file);
    if (status != 0)
        return status;
    write(document, writing_stream(&file));
    return writing_keep(&file);
}

/* ---- drawings ---- */

/* Draws what `write` writes of the document: that many graphs. A graphviz that draws fewer ends with 0 as
 * well. */
static int drawings_make(const char *dot, const json_t *document, void (*write)(const json_t *, FILE *),
                         size_t wanted, struct text_list *drawings)
{
    char *graphs = NULL;
    size_t size;
    FILE *stream = memory_stream(&graphs, &size);
    write(document, stream);
    memory_stream_close(stream);
    int status = graphviz_draw(command, dot, graphs, size, drawings);
    free(graphs);
    if (status == 0 && drawings->count != wanted)
        return message_storage("%s: %s drew %zu of %zu drawings", command, dot, drawings->count, wanted);
    return status;
}

static size_t picture_count(const json_t *document)
{
    return json_array_size(json_object_get(document, "pictures"));
}

enum { DRAWING_NAME = 40 };

static const char *drawing_name(size_t number, char ret_name[DRAWING_NAME])
{
    snprintf(ret_name, DRAWING_NAME, "picture-%04zu.svg", number);
    return ret_name;
}

/* Removes those that a longer program left, the last one first: so there is never a gap behind which one stays. */
static int drawings_remove(const struct writing_folder *folder, size_t count, const char *path)
{
    char name[DRAWING_NAME];
    size_t last = count;
    while (faccessat(folder->at, drawing_name(last + 1, name), F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        last++;
    for (; last > count; last--)
        if (unlinkat(folder->at, drawing_name(last, name), 0) != 0)
            return message_storage("%s: %s/%s: %s", command, path, name, strerror(errno));
    return 0;
}

static int drawings_save(const struct text_list *drawings, const char *path)
{
    struct writing_folder folder;
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        return writing_refuse(path, errno);
    int status = writing_folder_open(path, &folder);
    for (size_t i = 0; i < drawings->count && status == 0; i++) {
        char name[DRAWING_NAME];
        status =
            writing_text(&folder, drawing_name(i + 1, name), drawings->items[i], strlen(drawings->items[i]));
    }
    if (status == 0)
        status = drawings_remove(&folder, drawings->count, path);
    writing_folder_close(&folder);
    if (status == 0)
        message_say("%s: %zu drawing%s, picture-0001.svg and so on", path, drawings->count,
                    drawings->count == 1 ? "" : "s");
    return status;
}

static int folder_save(const struct program_trace *trace, const json_t *document, const char *dot)
{
    struct text_list drawings = {0};
    int status = drawings_make(dot, document, pictures_dot_write, picture_count(document), &drawings);
    if (status == 0)
        status = drawings_save(&drawings, trace->svg);
    text_list_free(&drawings);
    return status;
}

/* Writes the page. Without graphviz it has tables alone. */
static int page_save(const struct program_trace *trace, json_t *document, const char *dot)
{
    struct text_list drawings = {0};
    struct writing file;
    int status = dot ? drawings_make(dot, document, pictures_dot_write_whole, 1, &drawings) : 0;
    if (status == 0)
        status = writing_begin_path("program trace: --html", trace->html, &file);
    if (status == 0) {
        pictures_page_write(document, drawings.count ? drawings.items[0] : NULL, writing_stream(&file));
        status = writing_keep(&file);
    }
    if (status == 0)
        message_say("%s: %zu pictures%s", trace->html, picture_count(document),
                    dot ? "" : "; without drawings, as graphviz is not installed: apt-get install graphviz");
    text_list_free(&drawings);
    return status;
}

/* ---- the action ---- */

static int document_show(const struct program_trace *trace, json_t *document, const char *dot)
{
    if (trace->svg)
        return folder_save(trace, document, dot);
    return trace->html ? page_save(trace, document, dot) : document_save(trace, document);
}

int program_trace_run(const struct program_trace *trace, const struct program *program)
{
    json_t *document = NULL;
    struct pictures_request request = {
        .command = command, .file = trace->file, .collector = trace->collector, .changes = trace->changes};
    if (!trace->collector)
        return message_bad_input("%s: say under which collector: -c rc-trial", command);
    char *dot = trace->svg || trace->html ? graphviz_find() : NULL;
    int status = trace->svg && !dot ? graphviz_missing(command) : 0;
    subprocess_interrupts_hold();
    if (status == 0)
        status = pictures_make(&request, program, &document);
    if (status == 0)
        status = document_show(trace, document, dot);
    subprocess_interrupts_release();
    json_decref(document);
    free(dot);
    return status;
}
