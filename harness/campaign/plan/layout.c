/* SPDX-License-Identifier: MIT */
#include "harness/campaign/plan/layout.h"

#include <stdlib.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "base/text.h"
#include "harness/results/json-text.h"

/* Tried in a child, because the effect lasts. The sandboxes of containers forbid it. */
static bool addresses_can_be_fixed(void)
{
    int status = 1;
    pid_t child = fork();
    if (child == 0)
        _exit(personality(ADDR_NO_RANDOMIZE) < 0);
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

void layouts_find(uint64_t count, char *const *pairs, size_t pair_count, const char *no_relink,
                  struct layouts *ret_layouts)
{
    *ret_layouts = (struct layouts){.count = count};
    if (count == 1)
        return;
    ret_layouts->addresses = addresses_can_be_fixed();
    if (no_relink)
        ret_layouts->no_relink = text_format("%s", no_relink);
    else
        ret_layouts->relink = relink_find(pairs, pair_count, &ret_layouts->no_relink);
}

void layouts_free(struct layouts *layouts)
{
    relink_free(layouts->relink);
    free(layouts->no_relink);
    *layouts = (struct layouts){0};
}

struct layout layout_make(const struct layouts *layouts, uint64_t number)
{
    uint64_t state = number;
    if (number == 0)
        return (struct layout){0};
    return (struct layout){.padding = 16 * (1 + random_splitmix(&state) % 255),
                           .fixed_addresses = layouts->addresses && number % 2 == 1};
}

json_t *layouts_describe(const struct layouts *layouts)
{
    json_t *varied = json_array(), *not_varied = json_object();
    if (layouts->count > 1) {
        json_array_append_new(varied, json_string("environment"));
        if (layouts->addresses)
            json_array_append_new(varied, json_string("addresses"));
        else
            json_object_set_new(not_varied, "addresses",
                                json_string("this system forbids a process to switch randomisation off"));
        if (layouts->relink)
            json_array_append_new(varied, json_string("link order"));
        else
            json_object_set_new(not_varied, "link order", json_text(layouts->no_relink));
    }
    return json_pack("{sI so so}", "count", (json_int_t)layouts->count, "varied", varied, "not_varied",
                     not_varied);
}
