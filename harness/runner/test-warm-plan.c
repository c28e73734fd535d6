/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "harness/runner/page-ledger.h"
#include "harness/runner/warm-plan.h"
#include "tests/tap.h"

static struct warm_plan plan;

static void check_plan(void)
{
    static const char text[] = "1.12.3.8192.5+20x2_1+16.0+1.0=64=2+3_20+1";
    static const char *const damaged[] = {"",           "2.1.1.1..",    "1.1.1.1.", "1.1.1.1..5+0.",
                                          "1.1.1.1..x", "1.1.1.1..1+2;"};
    char printed[WARM_PLAN_TEXT];
    assert(warm_plan_open(&plan));
    tap_ok(warm_plan_parse(text, &plan), "a plan is read");
    warm_plan_print(&plan, printed, sizeof printed);
    tap_ok(strcmp(text, printed) == 0, "and printed as it was");
    uint64_t cursor = 0;
    tap_ok(!warm_runs_hold(&plan.holes, 4, &cursor) && warm_runs_hold(&plan.holes, 5, &cursor) &&
               warm_runs_hold(&plan.holes, 24, &cursor) && !warm_runs_hold(&plan.holes, 29, &cursor) &&
               warm_runs_hold(&plan.holes, 30, &cursor),
           "its runs begin and end where it says");
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++)
        tap_ok(!warm_plan_parse(damaged[i], &plan), "'%s' is none", damaged[i]);
}

static void check_ledger(void)
{
    struct page_ledger ledger;
    struct page_piece part;
    assert(page_ledger_open(&ledger));
    page_ledger_add(&ledger, (struct page_piece){100, 10, 5});
    page_ledger_add(&ledger, (struct page_piece){110, 20, 5});
    page_ledger_add(&ledger, (struct page_piece){105, 15, 5});
    tap_equal((int64_t)ledger.count, 1, "pieces that go on in address and home are one");
    tap_ok(page_ledger_take(&ledger, 103, 4, &part) && part.address == 103 && part.home == 13 &&
               part.count == 4,
           "a part from the middle is taken with its home");
    tap_ok(!page_ledger_find(&ledger, 103, 4, &part) && !page_ledger_find(&ledger, 100, 0, &part),
           "and is there no more; nor is anything in an empty range");
    tap_ok(page_ledger_find(&ledger, 90, 100, &part) && part.address == 100 && part.count == 3 &&
               page_ledger_find(&ledger, 103, 100, &part) && part.address == 107 && part.home == 17 &&
               part.count == 8,
           "what lay around it is");
}

int main(void)
{
    check_plan();
    check_ledger();
    return tap_done();
}
