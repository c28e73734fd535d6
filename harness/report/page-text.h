/* SPDX-License-Identifier: MIT */
/* The text of the page before and after its data. The build makes it of the files in page/. */
#ifndef HARNESS_REPORT_PAGE_TEXT_H
#define HARNESS_REPORT_PAGE_TEXT_H

extern const char page_text_before[], page_text_after[];

#endif
