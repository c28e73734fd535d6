/* SPDX-License-Identifier: MIT */
/* The text of the page before and after its data. The build makes it of the files in page/. */
#ifndef HARNESS_TEACHING_PAGE_TEXT_H
#define HARNESS_TEACHING_PAGE_TEXT_H

extern const char trace_page_before[], trace_page_after[];

#endif
