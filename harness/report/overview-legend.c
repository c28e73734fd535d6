/* SPDX-License-Identifier: MIT */
#include "harness/report/overview-legend.h"

#include <stdlib.h>

#include "base/text.h"
#include "harness/analysis/claims.h"
#include "harness/report/figure.h"
#include "harness/report/machines-text.h"
#include "harness/report/tables-cell.h"
#include "harness/report/textual.h"

static void overview_print_setting(const struct run *run, size_t setting, enum report_form form, FILE *stream)
{
    char *text = text_format("Setting: %s.", run->settings.names[setting]);
    textual_print_sentence(text, form, stream);
    free(text);
}

static bool overview_has_as_warm(const struct run *run)
{
    for (size_t i = 0; i < run->cell_count; i++)
        if (run->cells[i].as_warm)
            return true;
    return false;
}

void overview_legend_print(const struct run *run, const struct overview_options *options, FILE *stream)
{
    if (!claims_of_builds(run))
        textual_print_sentence(
            "a < b: a is claimed to be less than b and than all after b. a = b: equal within the precision. "
            "a ? b: undecided. A figure is the ratio to the first that did the whole job, which has none; a "
            "value "
            "stands where there is no ratio. \"But\" has the pairs that the signs tell wrongly; x to y are "
            "all from x to y in the order above.",
            options->form, stream);
    char shown[MACHINES_TEXT];
    machines_text_shown(run, shown);
    if (shown[0])
        textual_print_sentence(shown, options->form, stream);
    fputs("* may be the best: none is shown to be better.\n", stream);
    textual_print_sentence(
        "† left more than a tenth of its garbage; ‡ frees nothing; neither is ever the best.", options->form,
        stream);
    if (tables_is_quantile(options->metric))
        fputs(FIGURE_LONGEST_MEANS, stream);
    if (overview_has_as_warm(run))
        textual_print_sentence(
            "as warm: the cold cell stopped, for it takes the time of its warm twin within the precision.",
            options->form, stream);
    if (run->settings.measured == 1 || options->setting != OVERVIEW_ALL)
        overview_print_setting(run, options->setting == OVERVIEW_ALL ? 0 : options->setting, options->form,
                               stream);
    putc('\n', stream);
}
