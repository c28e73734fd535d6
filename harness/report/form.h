/* SPDX-License-Identifier: MIT */
/* Names the forms in which `gcmatrix compare` prints figures. */
#ifndef HARNESS_REPORT_FORM_H
#define HARNESS_REPORT_FORM_H

enum report_form { REPORT_TEXT, REPORT_MARKDOWN, REPORT_JSON };

enum { REPORT_WIDTH = 100 }; /* columns of a line of text; long names can need more */

#endif
