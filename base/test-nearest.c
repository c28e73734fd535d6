/* SPDX-License-Identifier: MIT */
#include "base/nearest.h"
#include "tests/tap.h"

int main(void)
{
    static const char *const names[] = {"rc", "rc-trial", "rc-backup", "mark-sweep", "leak"};
    tap_equal((int64_t)nearest_distance("kitten", "sitting"), 3, "kitten is three edits from sitting");
    tap_equal((int64_t)nearest_distance("", "abc"), 3, "an empty word is its length away");
    tap_equal((int64_t)nearest_distance("mrak", "mark"), 1, "swapped neighbours are one edit");
    tap_same(nearest_name("marksweep", names, 5), "mark-sweep", "a forgotten hyphen is found");
    tap_same(nearest_name("laek", names, 5), "leak", "a swap is found");
    tap_ok(nearest_name("semispace", names, 5) == NULL, "an unrelated word has no near miss");
    tap_ok(nearest_name("xy", names, 5) == NULL, "a short word is not matched by replacing all of it");
    char lengthy[200];
    memset(lengthy, 'x', sizeof(lengthy) - 1);
    lengthy[sizeof(lengthy) - 1] = 0;
    tap_ok(nearest_name(lengthy, names, 5) == NULL, "a word longer than the table is unrelated");
    return tap_done();
}
