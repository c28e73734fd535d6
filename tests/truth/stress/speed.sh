#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Checked operations per second of each worker on one processor, without zeal: generated, run, and compared.
for worker; do
    "$worker" --seconds 3 --quiet || exit 1
done
