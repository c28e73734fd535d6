/* SPDX-License-Identifier: MIT */
#include "harness/stress/recipe.h"

#include <ctype.h>
#include <string.h>

enum { NUMBER_MAX = 1 << 20 };

/* ---- reading ---- */

static const char *spaces_skip(const char *text)
{
    return text + strspn(text, " ");
}

/* Reads digits, if there are any. Returns where they end. */
static const char *digits_read(const char *text, uint32_t *value)
{
    uint64_t number = 0;
    const char *start = text;
    for (; isdigit((unsigned char)*text) && number <= NUMBER_MAX; text++)
        number = number * 10 + (uint64_t)(*text - '0');
    if (text > start)
        *value = (uint32_t)number;
    return text;
}

/* Reads `5`, `n`, `3n` or `n/8`. Returns where it ends, or NULL. */
static const char *number_read(const char *text, struct recipe_number *ret_number)
{
    *ret_number = (struct recipe_number){.times = 1, .part = 1};
    const char *end = digits_read(text, &ret_number->times);
    if (*end == 'n') {
        ret_number->scales = true;
        end++;
        if (*end == '/') {
            ret_number->part = 0; /* unless digits follow */
            end = digits_read(end + 1, &ret_number->part);
        }
    }
    bool right = end > text && ret_number->times > 0 && ret_number->times <= NUMBER_MAX &&
                 ret_number->part > 0 && ret_number->part <= NUMBER_MAX;
    return right ? end : NULL;
}

static const char *step_read(const char *text, struct recipe_step *ret_step, char *error)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz");
    *ret_step = (struct recipe_step){.verb = recipe_verb_count, .amount = {1, 1, false}};
    for (uint32_t i = 0; i < recipe_verb_count; i++)
        if (strlen(recipe_verbs[i].name) == length && strncmp(text, recipe_verbs[i].name, length) == 0)
            ret_step->verb = i;
    if (ret_step->verb == recipe_verb_count) {
        snprintf(error, PROGRAM_ERROR_BYTES, "there is no step '%.*s'",
                 (int)(length ? length : strcspn(text, " ,;")), text);
        return NULL;
    }
    text += length;
    const char *end = *text == ':' ? number_read(text + 1, &ret_step->amount) : text;
    if (!end)
        snprintf(error, PROGRAM_ERROR_BYTES, "'%.*s' is not a number such as 5, n, 3n or n/8",
                 (int)strcspn(text + 1, " ,;"), text + 1);
    return end;
}

static const char *phase_read(const char *text, struct recipe_phase *phase, char *error)
{
    *phase = (struct recipe_phase){.rounds = {1, 1, false}};
    const char *star = strchr(text, '*');
    if (star && star < text + strcspn(text, ",;")) {
        const char *end = number_read(text, &phase->rounds);
        if (!end || end != star) {
            snprintf(error, PROGRAM_ERROR_BYTES, "'%.*s' is not a number such as 5, n, 3n or n/8",
                     (int)(star - text), text);
            return NULL;
        }
        text = star + 1;
    }
    do {
        if (phase->step_count == RECIPE_STEPS_MAX) {
            snprintf(error, PROGRAM_ERROR_BYTES, "a phase has %d steps at most", RECIPE_STEPS_MAX);
            return NULL;
        }
        text = step_read(spaces_skip(text), &phase->steps[phase->step_count++], error);
        text = text ? spaces_skip(text) : NULL;
    } while (text && *text == ',' && text++);
    return text;
}

int recipe_parse(const char *text, struct recipe *ret_recipe, char ret_error[static PROGRAM_ERROR_BYTES])
{
    *ret_recipe = (struct recipe){0};
    do {
        if (ret_recipe->phase_count == RECIPE_PHASES_MAX) {
            snprintf(ret_error, PROGRAM_ERROR_BYTES, "a recipe has %d phases at most", RECIPE_PHASES_MAX);
            return -1;
        }
        text = phase_read(spaces_skip(text), &ret_recipe->phases[ret_recipe->phase_count++], ret_error);
    } while (text && *text == ';' && text++);
    if (text && *text) {
        snprintf(ret_error, PROGRAM_ERROR_BYTES, "'%s' is neither a step nor a phase", text);
        return -1;
    }
    return text ? 0 : -1;
}

/* ---- printing ---- */

static int number_print(const struct recipe_number *number, char *text, size_t room)
{
    if (!number->scales)
        return snprintf(text, room, "%u", number->times);
    int used = number->times == 1 ? snprintf(text, room, "n") : snprintf(text, room, "%un", number->times);
    return used + (number->part == 1 ? 0 : snprintf(text + used, room - (size_t)used, "/%u", number->part));
}

void recipe_print(const struct recipe *recipe, char ret_text[static RECIPE_TEXT_BYTES])
{
    char number[32];
    FILE *stream = fmemopen(ret_text, RECIPE_TEXT_BYTES, "w");
    *ret_text = '\0';
    if (!stream)
        return;
    for (uint32_t p = 0; p < recipe->phase_count; p++) {
        const struct recipe_phase *phase = &recipe->phases[p];
        fputs(p ? "; " : "", stream);
        number_print(&phase->rounds, number, sizeof number);
        if (strcmp(number, "1") != 0)
            fprintf(stream, "%s*", number);
        for (uint32_t i = 0; i < phase->step_count; i++) {
            number_print(&phase->steps[i].amount, number, sizeof number);
            fprintf(stream, "%s%s%s%s", i ? "," : "", recipe_verbs[phase->steps[i].verb].name,
                    strcmp(number, "1") != 0 ? ":" : "", strcmp(number, "1") != 0 ? number : "");
        }
    }
    fclose(stream);
}
