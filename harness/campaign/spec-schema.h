/* SPDX-License-Identifier: MIT */
/* The typed schema of a matrix file, and libcyaml's complaints as one line each. */
#ifndef HARNESS_CAMPAIGN_SPEC_SCHEMA_H
#define HARNESS_CAMPAIGN_SPEC_SCHEMA_H

#include "harness/campaign/spec.h"

/*
 * Reads the text by the schema. `document` is the same text as nodes. For an unknown key libcyaml gives the
 * place of the value before it, so the key itself is looked up in the nodes. Returns 0 and a file for
 * spec_schema_free(), or MESSAGE_BAD_INPUT after one line.
 */
int spec_schema_load(const char *path, const char *text, size_t size, yaml_document_t *document,
                     struct spec_file **ret_file);

void spec_schema_free(struct spec_file *file);

#endif
