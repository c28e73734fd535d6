/* SPDX-License-Identifier: MIT */
/*
 * gcmatrix table: prints a table of a run for a reader, a paper or a program, and says what its columns are.
 */
#include <stdlib.h>
#include <string.h>

#include "base/input.h"
#include "base/memory.h"
#include "base/message.h"
#include "base/nearest.h"
#include "base/text.h"
#include "harness/cli/cli.h"
#include "harness/report/table-view.h"
#include "harness/report/tables-dictionary.h"
#include "harness/results/manifest.h"

enum { WHERE_MAX = 32 };

struct table_request {
    enum table_form form;
    bool describe;
    const char *columns; /* NULL: all */
    const char *where[WHERE_MAX];
    size_t where_count;
};

/* Returns the names of the files. The caller frees the array, and not the names. */
static const char **names_list(void)
{
    const char **names = memory_new(tables_dictionary_count, sizeof(*names));
    for (size_t i = 0; i < tables_dictionary_count; i++)
        names[i] = tables_dictionary[i]->name;
    return names;
}

/* Finds the file of that name. Returns 0, or MESSAGE_BAD_INPUT after one line. */
static int file_find(const char *name, const struct dictionary_file **ret_file)
{
    *ret_file = tables_dictionary_find(name);
    if (*ret_file)
        return 0;
    const char **names = names_list();
    const char *near = nearest_name(name, names, tables_dictionary_count);
    if (near)
        message_bad_input("table: no table '%s'; did you mean '%s'?", name, near);
    else
        message_bad_input("table: no table '%s'; 'gcmatrix table --describe' lists them", name);
    free(names);
    return MESSAGE_BAD_INPUT;
}

/* ---- options ---- */

static int options_take(int found, struct table_request *request)
{
    static const struct {
        char letter;
        enum table_form form;
    } forms[] = {{'c', TABLE_CSV}, {'j', TABLE_JSON}, {'m', TABLE_MARKDOWN}, {'l', TABLE_LATEX}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (found == forms[i].letter)
            request->form = forms[i].form;
    if (found == 'd')
        request->describe = true;
    else if (found == 'C')
        request->columns = optarg;
    else if (found == 'w' && request->where_count == WHERE_MAX)
        return message_bad_input("table: more than %d conditions", WHERE_MAX);
    else if (found == 'w')
        request->where[request->where_count++] = optarg;
    return 0;
}

static int options_read(int argc, char **argv, struct table_request *request)
{
    static const struct option options[] = {
        {"describe", no_argument, NULL, 'd'},    {"columns", required_argument, NULL, 'C'},
        {"where", required_argument, NULL, 'w'}, {"csv", no_argument, NULL, 'c'},
        {"json", no_argument, NULL, 'j'},        {"markdown", no_argument, NULL, 'm'},
        {"latex", no_argument, NULL, 'l'},       {0}};
    static const struct cli_exclusion exclusions[] = {
        {"c", "jml", "are two forms of the same: give one"},
        {"j", "ml", "are two forms of the same: give one"},
        {"m", "l", "are two forms of the same: give one"},
        {"d", "Cwcjl", "do not go together: a description has text and Markdown alone, and all columns"}};
    int status = 0;
    optind = 0;
    for (int found; status == 0 && (found = cli_option_next_of(argc, argv, ":", options, "w")) != -1;)
        status = found == '?' ? MESSAGE_BAD_INPUT : options_take(found, request);
    if (status == 0)
        status = cli_exclusions_check("table", options, exclusions, sizeof exclusions / sizeof *exclusions);
    if (status != 0)
        return status;
    return request->describe
               ? cli_operands_check(argc, argv, 0, 1, "a description takes the name of one table, or none")
               : cli_operands_check(argc, argv, 1, 2,
                                    "give a results folder and the name of a table, as in 'gcmatrix table "
                                    "results/default means'");
}

/* ---- the command ---- */

static int describe(const char *name, const struct table_request *request)
{
    const struct dictionary_file *file = NULL;
    int status = name ? file_find(name, &file) : 0;
    if (status == 0)
        tables_dictionary_print(file, request->form == TABLE_MARKDOWN ? REPORT_MARKDOWN : REPORT_TEXT,
                                stdout);
    return status;
}

/* Whether the run's folder has the file. */
static bool is_there(const char *folder, const struct dictionary_file *file)
{
    char *path = text_format("%s/%s", folder, file->path);
    FILE *stream = NULL;
    bool found = input_open_own(path, strchr(file->path, '/') ? 2 : 1, &stream) == NULL;
    if (found)
        fclose(stream);
    free(path);
    return found;
}

/* Names the tables that the folder has, and what a row of each is. */
static int list(const char *folder)
{
    size_t count = 0;
    for (size_t i = 0; i < tables_dictionary_count; i++) {
        const struct dictionary_file *file = tables_dictionary[i];
        if (dictionary_is_of_process(file) || !is_there(folder, file))
            continue;
        message_say("%-14s %s", file->name, file->row);
        count++;
    }
    return count ? 0 : manifest_refuse_missing(folder, folder);
}

static int show(const char *folder, const char *name, const struct table_request *request)
{
    const struct dictionary_file *file;
    struct table_view view;
    int status = file_find(name, &file);
    if (status != 0)
        return status;
    if (dictionary_is_of_process(file))
        return message_bad_input("table: each process has a file of its own, %s; a table is of the whole run",
                                 file->path);
    status = table_view_read(folder, file, &view);
    for (size_t i = 0; i < request->where_count && status == 0; i++)
        status = table_view_where(&view, request->where[i]);
    if (status == 0 && request->columns)
        status = table_view_choose(&view, request->columns);
    if (status == 0 && view.rows == 0)
        message_note("table: no row of %s fits", file->path);
    if (status == 0)
        table_view_print(&view, request->form, stdout);
    table_view_free(&view);
    return status;
}

static int table_run(int argc, char **argv)
{
    struct table_request request = {.form = TABLE_TEXT};
    int status = options_read(argc, argv, &request);
    if (status != 0)
        return status;
    if (request.describe)
        return describe(argv[optind], &request);
    if (argc - optind == 2)
        return show(argv[optind], argv[optind + 1], &request);
    if (request.form != TABLE_TEXT || request.columns || request.where_count)
        return message_bad_input(
            "table: options go with the name of a table; 'gcmatrix table RUN' lists them");
    return list(argv[optind]);
}

const struct cli_command cli_table = {
    .name = "table",
    .summary = "print a table of a run, also as CSV, JSON, Markdown or LaTeX, or what its columns are",
    .usage =
        "usage: gcmatrix table RUN [NAME [OPTION]...]\n"
        "       gcmatrix table --describe [NAME] [--markdown]\n"
        "\n"
        "Prints the table RUN/tables/NAME.csv, or 'runs' or 'reference'. Without a name it lists the tables\n"
        "that the run has. 'gcmatrix plot RUN --tables' writes them. For people, figures have three or four\n"
        "digits and a unit, and a column that is the same in all rows is said once. CSV and JSON have them\n"
        "whole, and null in JSON for what is missing or infinite.\n"
        "\n"
        "      --where COLUMN=VALUE      only the rows with that value; may come again, and all must fit\n"
        "      --columns A,B,...         only these columns, in this order\n"
        "      --csv, --json             write that instead of a table for the terminal\n"
        "      --markdown, --latex       or that; LaTeX is a tabular of the package booktabs\n"
        "      --describe                what a row is, and of each column its type, unit and meaning\n",
    .run = table_run,
};
