/* SPDX-License-Identifier: MIT */
#include "harness/campaign/campaign.h"

#include "harness/campaign/session.h"

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
