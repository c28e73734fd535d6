/* SPDX-License-Identifier: MIT */
#include "harness/campaign/campaign.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/campaign/session.h"

/* "on jemalloc:normalised in 2 times the minimum heap, warm of old"; the caller frees it. */
static char *setting_name(const struct plan_cell *cell)
{
    const char *tuning = cell->allocator->tuning->name;
    bool plain = strcmp(tuning, "default") == 0;
    bool warm = strcmp(cell->memory, "warm") == 0;
    return text_format("on %s%s%s%s%s%s%s%s%s", cell->allocator->name, plain ? "" : ":", plain ? "" : tuning,
                       cell->heap ? " in " : "", cell->heap ? cell->heap : "",
                       cell->heap ? " times the minimum heap" : "", warm ? ", warm" : "",
                       *cell->build ? " of " : "", cell->build);
}

char *campaign_cell_name(const struct plan_cell *cell)
{
    char *setting = setting_name(cell);
    char *name = text_format("%s%s%s x %s%s%s %s", cell->workload, *cell->workload_options ? ":" : "",
                             cell->workload_options, cell->collector, *cell->collector_options ? ":" : "",
                             cell->collector_options, setting);
    free(setting);
    return name;
}

char *campaign_place_name(const struct plan_cell *cell)
{
    char *setting = setting_name(cell);
    char *name = text_format("%s%s%s %s", cell->workload, *cell->workload_options ? ":" : "",
                             cell->workload_options, setting);
    free(setting);
    return name;
}

/* Runs what is to come of a run whose folder is open. Where nothing is, only the last words are said. */
static int session_run(struct session *session)
{
    int status = 0;
    progress_start(&session->progress, session->spec->sequential ? 0 : session->folder.due,
                   session->folder.done_count);
    if (!blocks_remain(session) && session_was_finished(session))
        return session_repeat(session);
    status = session_begin(session);
    if (status == 0)
        status = session_end(session, blocks_measure(session));
    return status;
}

int campaign_run(const struct spec *spec, const struct plan *plan, const struct campaign_options *options)
{
    struct session session;
    int status = session_init(spec, plan, options, &session);
    if (status == 0)
        status = session_run(&session);
    session_fini(&session);
    return status;
}
