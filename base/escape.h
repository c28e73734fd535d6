/* SPDX-License-Identifier: MIT */
/*
 * Foreign text, written for the place where it goes.
 *
 * Names of runs, workloads, options and allocators, reasons of failures, and paths come from files and from
 * command lines, so they may hold any byte. Each place has one function here, or is named here:
 *
 *   terminal     message.h for lines; escape_plain() for a part of one
 *   HTML, XML    escape_html(), in text and in quoted attributes
 *   Markdown     escape_markdown(); escape_link() for a name in the address of a link
 *   LaTeX        escape_latex()
 *   gnuplot      escape_gnuplot()
 *   DOT          escape_dot(), between double quotes
 *   CSV          csv_field_write() (harness/results/csv.h); for tables that gnuplot reads table_text()
 *   JSON         json_text() (harness/results/json-text.h), which the library writes
 *   shell        escape_shell() for a word that a person pastes; text_shell_quote() for one that is run
 *
 * All of them take text for UTF-8. A character is plain when a screen can show it and nothing acts on it. A byte
 * that begins no plain character is written as '?'. These are not plain:
 *
 *   bytes that are no UTF-8     cut, overlong or stray sequences, surrogates, what lies beyond U+10FFFF
 *   control characters          U+0000 to U+001F, U+007F, U+0080 to U+009F
 *   line ends and marks         U+2028, U+2029, U+FEFF
 *   changes of direction        U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069
 *   no characters               U+FFFE and U+FFFF of every plane, U+FDD0 to U+FDEF
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Returns the bytes of the plain character at `text`, from 1 to 4; 0 where there is none. O(1). */
size_t escape_character(const char *text);

/* Whether all of the text is plain. O(length). */
bool escape_is_plain(const char *text);

/* Puts '?' for each byte of `text` that belongs to no plain character. O(length). */
void escape_clean(char *text);

/*
 * Has the middle of a plain text give way to an ellipsis where it has more than `most` characters, which are at
 * least 3. The array has room for ESCAPE_ROOM bytes beyond the text, with its NUL. O(length).
 */
enum { ESCAPE_ROOM = 4 };
void escape_shorten(char *text, size_t most);

/*
 * Returns the text, plain and of at most `most` characters, which are at least 3. A longer one loses its middle.
 * The caller frees it. O(length).
 */
char *escape_plain(const char *text, size_t most);

/* Writes text with the five characters that HTML and XML reserve as entities. NULL writes nothing. */
void escape_html(FILE *stream, const char *text);

/* Writes text of which Markdown shows every character as it is. NULL writes nothing. */
void escape_markdown(FILE *stream, const char *text);

/* Writes the name of a file or a folder as a part of the address of a link, percent-encoded. */
void escape_link(FILE *stream, const char *name);

/*
 * Writes text that pdfLaTeX sets as it is, in a cell of a table too, with the font encoding T1. A character beyond
 * Latin-1 for which that has no sign is a '?'. NULL writes nothing.
 */
void escape_latex(FILE *stream, const char *text);

/* Writes a string of gnuplot in double quotes, in which signs that gnuplot may act on stand in octal. */
void escape_gnuplot(FILE *stream, const char *text);

/* Writes what stands between double quotes in DOT: a label of graphviz shows every character as it is. NULL
 * writes nothing. */
void escape_dot(FILE *stream, const char *text);

/*
 * Returns the path as the argument of a program: with "./" before it where it begins with '-', so that no
 * program takes it for an option. The caller frees it.
 */
char *escape_path(const char *path);

/*
 * Returns one word for a shell into which a person pastes it. A word that begins with '-' gets "./" before it,
 * as it is the name of a file and no option. What is not plain is written as in $'a\012b', which bash, zsh and
 * ksh read. The caller frees it.
 */
char *escape_shell(const char *text);

#endif
