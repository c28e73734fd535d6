/* SPDX-License-Identifier: MIT */
#include "harness/teaching/pictures-page.h"

#include "harness/report/page-json.h"
#include "harness/teaching/page-text.h"

void pictures_page_write(json_t *document, const char *drawing, FILE *stream)
{
    json_object_set_new(document, "drawing", drawing ? json_string(drawing) : json_null());
    fputs(trace_page_before, stream);
    page_json_write(stream, json_incref(document));
    fputs(trace_page_after, stream);
}
