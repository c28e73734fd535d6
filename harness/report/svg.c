/* SPDX-License-Identifier: MIT */
#include "harness/report/svg.h"

#include <stddef.h>
#include <string.h>

#include "base/escape.h"

/* Returns the length of the text at `text` that stands before an id in SVG; 0 if it is no such text. */
static size_t svg_id_opening(const char *text)
{
    static const char *const openings[] = {" id=\"", " id='", "href=\"#", "href='#", "url(#"};
    for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++)
        if (strncmp(text, openings[i], strlen(openings[i])) == 0)
            return strlen(openings[i]);
    return 0;
}

void svg_inline(FILE *stream, const char *text, const char *name, const char *label)
{
    const char *body = strstr(text, "<svg");
    if (!body)
        return;
    fputs("<svg role=\"img\" aria-label=\"", stream);
    escape_html(stream, label);
    putc('"', stream);
    for (body += strlen("<svg"); *body;) {
        size_t opening = svg_id_opening(body);
        if (opening == 0) {
            putc(*body++, stream);
            continue;
        }
        fwrite(body, 1, opening, stream);
        fprintf(stream, "%s-", name);
        body += opening;
    }
}
