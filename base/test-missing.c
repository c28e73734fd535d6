/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/missing.h"
#include "base/text.h"
#include "tests/tap.h"

static const struct missing_kind plans = {
    .nouns = "plans", .middle = ".plan", .home = "plans", .remedy = "a plan is made by hand"};
static const struct missing_kind runs = {
    .nouns = "runs", .middle = "", .holds = "proof", .home = "runs", .remedy = "a run is made by running"};

static void check(const char *path, const struct missing_kind *kind, const char *words, const char *sentence)
{
    char *remedy = missing_remedy(path, kind);
    tap_same(remedy, words, sentence);
    free(remedy);
}

static void file_make(const char *path)
{
    assert(fclose(fopen(path, "w")) == 0);
}

static void check_files(void)
{
    check("no.plan", &plans, "a plan is made by hand", "where there are none, what makes one is said");
    assert(mkdir("plans", 0700) == 0);
    file_make("plans/quick.plan");
    file_make("plans/full.plan.txt");
    file_make("plans/notes");
    file_make(".hidden.plan");
    assert(mkdir("folder.plan", 0700) == 0);
    check("no.plan", &plans, "of plans there are: plans/full.plan.txt, plans/quick.plan",
          "else all are named");
    check("away/no.plan", &plans, "of plans there are: plans/full.plan.txt, plans/quick.plan",
          "a folder that is not there has none");
    check("plans/qiuck.plan", &plans, "did you mean 'plans/quick.plan'?",
          "the nearest alone, where one is near");
    check("quick.plan", &plans, "did you mean 'plans/quick.plan'?", "also where only its folder is missing");
    check("quick", &plans, "did you mean 'plans/quick.plan'?", "or what stands behind its name");
    check("/full.plan", &plans, "did you mean 'plans/full.plan.txt'?", "or where it was sought at the root");
    file_make("here.plan");
    check("her.plan", &plans, "did you mean 'here.plan'?", "the path's own folder is looked at as well");
    for (char name[] = "plans/a.plan"; name[6] < 'j'; name[6]++)
        file_make(name);
    check("plans/none-of-them", &plans,
          "of plans there are: plans/a.plan, plans/b.plan, plans/c.plan, plans/d.plan, plans/e.plan, "
          "plans/f.plan, "
          "plans/full.plan.txt, plans/g.plan, and 3 more",
          "of many the first eight, by name");
}

static void check_folders(void)
{
    check("none", &runs, "a run is made by running", "a folder alone is none of the kind");
    assert(mkdir("runs", 0700) == 0 && mkdir("runs/first", 0700) == 0 && mkdir("runs/other", 0700) == 0);
    file_make("runs/first/proof");
    check("none", &runs, "of runs there are: runs/first", "one with its proof is");
    check("runs/frist//", &runs, "did you mean 'runs/first'?", "slashes behind a name are no part of it");
    check("runs", &runs, "of runs there are: runs/first",
          "a folder of such folders is looked into, and once");
}

int main(void)
{
    char *folder = text_scratch("gcmatrix-missing");
    assert(mkdtemp(folder) && chdir(folder) == 0);
    check_files();
    check_folders();
    char *remove = text_format("rm -r '%s'", folder);
    tap_equal(system(remove), 0, "the folder of this test can be removed");
    free(remove);
    free(folder);
    return tap_done();
}
