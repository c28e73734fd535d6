/* SPDX-License-Identifier: MIT */
#include "base/unread.h"

#include <poll.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

enum { INTERVAL_US = 250000 };

static volatile sig_atomic_t ending;

static void on_alarm(int number)
{
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
    (void)number;
    if (poll(&output, 1, 0) == 0)
        raise(ending);
}

void unread_end_by(int signal)
{
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    struct timeval each = {.tv_usec = INTERVAL_US};
    ending = signal;
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &(struct itimerval){each, each}, NULL);
}
