/* SPDX-License-Identifier: MIT */
/* How a second run answers the claims of the first (claims.h). */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "harness/analysis/claims.h"

/* Returns how much longer cell a is than b in a part of the time, in units of b's wall time. */
static double claims_gap(const struct run *run, const struct run_cell *a, const struct run_cell *b,
                         enum run_metric part)
{
    return (run_cell_median(run, a, part) - run_cell_median(run, b, part)) /
           run_cell_median(run, b, RUN_WALL);
}

/* Whether both runs have the two cells on the same side, apart from the kernel and from waiting. */
static bool claims_agree_apart(const struct claims *a, const struct claims *b,
                               const struct claims_answer *answer)
{
    double first = claims_estimate(a->run, answer->claim->a, answer->claim->b, RUN_OWN);
    double second = claims_estimate(b->run, answer->a, answer->b, RUN_OWN);
    return (first < 1 && second < 1) || (first > 1 && second > 1);
}

static enum run_metric claims_reason(const struct claims *a, const struct claims *b,
                                     const struct claims_answer *answer)
{
    static const enum run_metric parts[] = {RUN_KERNEL, RUN_WAITING, RUN_MUTATOR, RUN_COLLECTING,
                                            RUN_CASCADES};
    enum { PARTS = sizeof(parts) / sizeof(parts[0]), APART = 2 };
    bool apart = claims_agree_apart(a, b, answer);
    enum run_metric reason = RUN_METRICS;
    double most = 0;
    if (a->metric != RUN_WALL && a->metric != RUN_CPU && a->metric != RUN_PROCESS)
        return RUN_METRICS;
    for (size_t i = apart ? 0 : APART; i < (apart ? APART : PARTS); i++) {
        double change = claims_gap(b->run, answer->a, answer->b, parts[i]) -
                        claims_gap(a->run, answer->claim->a, answer->claim->b, parts[i]);
        if (fabs(change) > most) {
            most = fabs(change);
            reason = parts[i];
        }
    }
    return reason;
}

static enum claims_outcome claims_outcome_of(const struct claims_answer *answer)
{
    enum sequential_verdict claimed = answer->claim->result.verdict;
    if (isnan(answer->ratio))
        return CLAIMS_LACKING;
    if (answer->verdict == claimed)
        return CLAIMS_CLAIMED_TOO;
    if (answer->verdict == SEQUENTIAL_LESS || answer->verdict == SEQUENTIAL_MORE)
        return CLAIMS_CONTRADICTED;
    bool same_way = claimed == SEQUENTIAL_LESS ? answer->ratio < 1 : answer->ratio > 1;
    return same_way ? CLAIMS_SAME_WAY : CLAIMS_OTHER_WAY;
}

static struct claims_answer claims_ask(const struct claims *a, const struct claims *b,
                                       const struct claims_pair *claim)
{
    struct claims_answer answer = {.claim = claim, .ratio = NAN, .verdict = SEQUENTIAL_BLANK};
    answer.a = run_cell_same(b->run, a->run, claim->a);
    answer.b = run_cell_same(b->run, a->run, claim->b);
    answer.reason = RUN_METRICS;
    if (run_cell_is_whole(answer.a) && run_cell_is_whole(answer.b)) {
        answer.ratio = claims_estimate(b->run, answer.a, answer.b, a->metric);
        answer.verdict = claims_between(b, answer.a, answer.b).verdict;
    }
    answer.outcome = claims_outcome_of(&answer);
    if (answer.outcome == CLAIMS_OTHER_WAY || answer.outcome == CLAIMS_CONTRADICTED)
        answer.reason = claims_reason(a, b, &answer);
    return answer;
}

void claims_confirm(const struct claims *a, const struct claims *b,
                    struct claims_confirmation *ret_confirmation)
{
    struct claims_confirmation confirmation = {.metric = a->metric};
    confirmation.answers = memory_new(a->count, sizeof(*confirmation.answers));
    for (size_t i = 0; i < a->count; i++) {
        enum sequential_verdict verdict = a->pairs[i].result.verdict;
        if (verdict != SEQUENTIAL_LESS && verdict != SEQUENTIAL_MORE)
            continue;
        struct claims_answer answer = claims_ask(a, b, &a->pairs[i]);
        confirmation.answers[confirmation.count++] = answer;
        confirmation.outcomes[answer.outcome]++;
    }
    *ret_confirmation = confirmation;
}

void claims_confirm_fini(struct claims_confirmation *confirmation)
{
    free(confirmation->answers);
    *confirmation = (struct claims_confirmation){0};
}

double claims_confirmed(const struct claims_confirmation *confirmation)
{
    size_t answered = confirmation->count - confirmation->outcomes[CLAIMS_LACKING];
    size_t confirmed = confirmation->outcomes[CLAIMS_CLAIMED_TOO] + confirmation->outcomes[CLAIMS_SAME_WAY];
    return answered ? (double)confirmed / (double)answered : NAN;
}
