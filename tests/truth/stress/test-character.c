/* SPDX-License-Identifier: MIT */
/* The character of a program that no recipe made, against what recipes say of theirs. */
#include "harness/stress/character.h"
#include "harness/stress/work.h"
#include "tests/tap.h"
#include "tests/truth/stress/programs.h"

struct characters {
    struct recipe_character made, found;
};

static struct characters characters_of(const char *text, uint64_t n)
{
    char error[PROGRAM_ERROR_BYTES] = "";
    struct characters characters;
    struct recipe recipe;
    struct program program;
    if (recipe_parse(text, &recipe, error) < 0)
        tap_note("%s: %s", text, error);
    assert(recipe_build(&recipe, n, RECIPE_OPERATIONS_MAX, &program, &characters.made) == 0);
    assert(character_find(&program, UINT64_MAX, &characters.found) == 0);
    program_free(&program);
    return characters;
}

static void test_patterns(void)
{
    bool same = true;
    for (size_t i = 0; i < work_pattern_count; i++) {
        struct characters of = characters_of(work_patterns[i].recipe, 200);
        bool right = of.found.size == of.made.size && of.found.objects == of.made.objects &&
                     of.found.live == of.made.live && of.found.cut == 0 && of.found.fan_in >= of.made.fan_in;
        if (!right)
            tap_note("%s", work_patterns[i].recipe);
        same &= right;
    }
    tap_ok(same, "each pattern has the size, the objects and the references that its recipe says");
}

static void test_rings(void)
{
    struct characters of = characters_of("list:50; n*ring:4; 9*leaf", 30);
    tap_ok(of.found.on_rings == 120, "objects on rings are found, living or dead, and no others");
    of = characters_of("table:n; n*rings:3; clear:n", 30);
    tap_ok(of.found.on_rings == of.made.on_rings, "so are those that were held and are lost");
    of = characters_of("list:n; 2*hub:n", 30);
    tap_ok(of.found.on_rings == 0, "where there is no ring, none is found");
}

static void test_depth(void)
{
    struct characters of = characters_of("list:n; 2n*leaf", 1000);
    tap_ok(of.found.depth == 1000, "a list is as deep as it is long");
    of = characters_of("list:n", 1000);
    tap_ok(of.found.depth >= 400 && of.found.depth <= 1000,
           "one at which nobody looked again is half as deep");
    of = characters_of("twoway:n; 2n*leaf", 1000);
    tap_ok(of.found.depth == 1000, "one with two ways as deep as with one");
    of = characters_of("table:n; fill:n", 1000);
    tap_ok(of.found.depth == 2, "objects in a table lie under it, however many");
    of = characters_of("n*leaf", 1000);
    tap_ok(of.found.depth == 1, "an object alone is one deep");
}

static void test_fan_in(void)
{
    struct characters of = characters_of("hub:n", 500);
    tap_ok(of.found.fan_in >= 500 && of.found.fan_in <= 502, "a hub has its references, and those of names");
    of = characters_of("list:n", 500);
    tap_ok(of.found.fan_in <= 3, "a link of a list has few");
}

/* A range that is filled and copied refers as often as it has cells. */
static void test_ranges(void)
{
    struct recipe_character found;
    struct program program;
    static const struct gc_shape shapes[] = {{.name = "array", .flags = GC_SHAPE_REFS_VARY},
                                             {.name = "leaf"}};
    program_init(&program);
    program.globals = 3;
    static const struct program_op ops[] = {
        {PROGRAM_NEW, 0, 0, 40},   {PROGRAM_NEW, 1, 0, 30}, {PROGRAM_NEW, 2, 1, 0},
        {PROGRAM_RANGE, 1, 0, 40}, {PROGRAM_FILL, 3, 0, 0}, {PROGRAM_RANGE, 2, 5, 25},
        {PROGRAM_COPY, 1, 0, 0},
    };
    for (size_t i = 0; i < 2; i++)
        assert(program_add_shape(&program, &shapes[i]) >= 0);
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        assert(program_add(&program, ops[i]) == 0);
        if (ops[i].code == PROGRAM_FILL)
            tap_ok(character_find(&program, UINT64_MAX, &found) == 0 && found.fan_in == 40 + 1,
                   "references that a range is filled with are counted");
    }
    tap_ok(programs_is_valid(&program) && character_find(&program, UINT64_MAX, &found) == 0 &&
               found.fan_in == 40 + 25 + 1,
           "so are those that are copied");
    program_free(&program);
}

/* A look at a wide table is as long as the table, and so is the time until the next. */
static void test_wide(void)
{
    struct recipe_character found;
    struct program program;
    enum { WIDTH = 1000, SOON = 20 };
    static const struct gc_shape shape = {.name = "array", .flags = GC_SHAPE_REFS_VARY};
    static const struct program_op chain[] = {
        {PROGRAM_NEW, 0, 0, WIDTH}, {PROGRAM_NEW, 1, 0, 1}, {PROGRAM_NEW, 2, 0, 1},
        {PROGRAM_STORE, 3, 0, 2},   {PROGRAM_DEL, 1, 0, 0}, {PROGRAM_NEW, 1, 0, 0},
    };
    program_init(&program);
    program.globals = 3;
    assert(program_add_shape(&program, &shape) >= 0);
    for (size_t i = 0; i < sizeof chain / sizeof *chain; i++)
        assert(program_add(&program, chain[i]) == 0);
    for (size_t i = 0; i < SOON; i++)
        assert(program_add(&program, (struct program_op){PROGRAM_NEW, 1, 0, 0}) == 0);
    tap_ok(programs_is_valid(&program) && character_find(&program, UINT64_MAX, &found) == 0 &&
               found.depth == 1,
           "after a look at a wide table, nobody looks again so soon");
    for (size_t i = 0; i < WIDTH; i++)
        assert(program_add(&program, (struct program_op){PROGRAM_NEW, 1, 0, 0}) == 0);
    tap_ok(character_find(&program, UINT64_MAX, &found) == 0 && found.depth == 2,
           "and somebody does after as many objects");
    program_free(&program);
}

/* Whether a program that may have so many words is cut, and has no more of them. */
static bool is_cut(const struct program *program, uint64_t most)
{
    struct recipe_character found;
    assert(character_find(program, most, &found) == 0 && found.size <= most);
    return found.cut > 0;
}

static void test_cut(void)
{
    char error[PROGRAM_ERROR_BYTES];
    struct recipe_character whole;
    struct recipe recipe;
    struct program program;
    assert(recipe_parse("table:n; fill:n; call:n", &recipe, error) == 0);
    assert(recipe_build(&recipe, 100, RECIPE_OPERATIONS_MAX, &program, &whole) == 0);
    tap_ok(!is_cut(&program, whole.size), "a program of as many words as it may have is whole");
    tap_ok(is_cut(&program, whole.size - 1) && is_cut(&program, 1) && is_cut(&program, 0),
           "one of more words is cut");
    program_free(&program);
}

static void test_size(void)
{
    static const struct gc_shape shapes[] = {{.name = "array", .flags = GC_SHAPE_REFS_VARY}};
    const struct program_op enter = {PROGRAM_ENTER, 10, 0, 0}, leave = {PROGRAM_LEAVE, 0, 0, 0};
    const struct program_op range = {PROGRAM_RANGE, 1, 0, 7};
    tap_ok(character_op_size(shapes, &enter) + character_op_size(shapes, &leave) == 22,
           "a frame costs its slots as it is entered and as it is left, and one for each");
    tap_ok(character_op_size(shapes, &range) == 8, "a range costs its references, and one");
}

int main(void)
{
    test_size();
    test_patterns();
    test_rings();
    test_depth();
    test_fan_in();
    test_ranges();
    test_wide();
    test_cut();
    return tap_done();
}
