/* SPDX-License-Identifier: MIT */
/*
 * Static probes (USDT) at the pauses and phases of every pair, for bpftrace, perf and SystemTap. A probe is one nop
 * in a slow path, and a note in the executable that says where it is and where its arguments are. They are compiled
 * in where <sys/sdt.h> is installed (the Meson option `probes`). All are of the provider gcmatrix:
 *
 *      probe           arguments
 *      pause_begin     kind (enum gc_pause_kind), reason (enum gc_reason), objects and bytes freed so far
 *      pause_end       kind, objects visited, objects and bytes freed so far
 *      phase           phase (enum gc_phase), objects and bytes freed so far
 *
 * A phase fires while a listener is there: in every process of a pair but one with `--recording off`. Arguments are
 * what registers and memory hold there anyway, so no instruction is added for them. Probes stand out of line, in
 * mutator.c: gcc takes the text of a probe for a long piece of code, and would inline otherwise around it.
 */
#ifndef COLLECTORS_PROBES_H
#define COLLECTORS_PROBES_H

#ifdef GC_PROBES
#include <sys/sdt.h>
#define GC_PROBE_3(name, a, b, c) DTRACE_PROBE3(gcmatrix, name, a, b, c)
#define GC_PROBE_4(name, a, b, c, d) DTRACE_PROBE4(gcmatrix, name, a, b, c, d)
#else
#define GC_PROBE_3(name, a, b, c) ((void)0)
#define GC_PROBE_4(name, a, b, c, d) ((void)0)
#endif

#endif
