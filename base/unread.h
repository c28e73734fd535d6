/* SPDX-License-Identifier: MIT */
/* A process that was interrupted, and prints what it has by then, does not wait for a reader of its standard output. */
#ifndef BASE_UNREAD_H
#define BASE_UNREAD_H

/*
 * From now on this process ends by `signal`, whose action is to be the default, once standard output takes no more: it
 * is a pipe that nobody reads. Looks each quarter of a second, by SIGALRM. A process that only takes long goes on.
 */
void unread_end_by(int signal);

#endif
