/* SPDX-License-Identifier: MIT */
/*
 * Runs a command in which one call to the system fails, or in which the process dies before that call.
 *
 * usage: fault-at LOG FAULT NUMBER SCOPE COMMAND [ARGUMENT]...
 *
 *      LOG     gets a line for each call that was counted: its name, and its file
 *      FAULT   enospc, eio: the call fails so, once; full: it and all after it fail with ENOSPC; kill: SIGKILL
 *      NUMBER  of the call, from 1; 0: none, to count them
 *      SCOPE   own: calls of the command's process; all: of its children, too
 *
 * Counted are the calls that change files: writes, syncs, renames, opens for writing, truncations, links,
 * removals, new folders, and closes of such files. Standard streams count where they are files.
 *
 * A preloaded library would not see the calls that the C library makes itself, such as those of fclose(). A
 * seccomp filter sees every call, and asks this process what becomes of it (seccomp_unotify(2)). Exit status:
 * the command's, 128 + the signal that ended it, or 125 where the system has no such filter.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NO_FILTER = 125 };

/* What names the file of a call. */
enum subject { BY_DESCRIPTOR, BY_OPENING, BY_NAME };

struct call {
    int number;
    const char *name;
    enum subject subject;
    int argument; /* which one is the descriptor, or the name */
};

static const struct call calls[] = {
    {SYS_write, "write", BY_DESCRIPTOR, 0},
    {SYS_pwrite64, "pwrite", BY_DESCRIPTOR, 0},
    {SYS_writev, "writev", BY_DESCRIPTOR, 0},
    {SYS_copy_file_range, "copy_file_range", BY_DESCRIPTOR, 2},
    {SYS_fallocate, "fallocate", BY_DESCRIPTOR, 0},
    {SYS_ftruncate, "ftruncate", BY_DESCRIPTOR, 0},
    {SYS_fsync, "fsync", BY_DESCRIPTOR, 0},
    {SYS_fdatasync, "fdatasync", BY_DESCRIPTOR, 0},
    {SYS_close, "close", BY_DESCRIPTOR, 0},
    {SYS_openat, "openat", BY_OPENING, 1},
    {SYS_renameat, "renameat", BY_NAME, 3},
    {SYS_renameat2, "renameat2", BY_NAME, 3},
    {SYS_linkat, "linkat", BY_NAME, 3},
    {SYS_mkdirat, "mkdirat", BY_NAME, 1},
    {SYS_unlinkat, "unlinkat", BY_NAME, 1},
#ifdef SYS_rename /* newer systems have the forms above alone */
    {SYS_open, "open", BY_OPENING, 0},
    {SYS_rename, "rename", BY_NAME, 1},
    {SYS_mkdir, "mkdir", BY_NAME, 0},
    {SYS_unlink, "unlink", BY_NAME, 0},
    {SYS_rmdir, "rmdir", BY_NAME, 0},
#endif
};

enum { CALLS = sizeof(calls) / sizeof(calls[0]), NAME_BYTES = 4096 };

/* What was asked for, and what has been counted. */
struct fault {
    FILE *log;
    const char *kind;
    unsigned long at;
    bool everyone;
    pid_t command;
    unsigned long counted;
};

static int filter_install(void)
{
    struct sock_filter lines[CALLS + 3];
    size_t count = 0;
    lines[count++] =
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < CALLS; i++)
        lines[count++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i].number,
                                                      (unsigned char)(CALLS - i), 0);
    lines[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    lines[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    struct sock_fprog program = {(unsigned short)count, lines};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

/* The command starts when the listener has been taken over: `shared` first holds its number here, then -1. */
__attribute__((noreturn)) static void command_start(char **argv, atomic_int *shared)
{
    int listener = filter_install();
    if (listener < 0)
        _exit(NO_FILTER);
    atomic_store(shared, listener);
    while (atomic_load(shared) != -1)
        usleep(100);
    execvp(argv[0], argv);
    _exit(127);
}

static int listener_take(pid_t command, int watch, atomic_int *shared)
{
    int number;
    while ((number = atomic_load(shared)) == 0)
        if (usleep(100), waitpid(command, NULL, WNOHANG) == command)
            return -1;
    int listener = pidfd_getfd(watch, number, 0);
    atomic_store(shared, -1);
    return listener;
}

static void descriptor_name(pid_t process, int descriptor, char name[static NAME_BYTES])
{
    char link[64];
    snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)process, descriptor);
    ssize_t length = readlink(link, name, NAME_BYTES - 1);
    name[length < 0 ? 0 : length] = '\0';
}

static void text_of(pid_t process, uint64_t address, char text[static NAME_BYTES])
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/mem", (int)process);
    int memory = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = memory < 0 ? -1 : pread(memory, text, NAME_BYTES - 1, (off_t)address);
    text[length < 0 ? 0 : length] = '\0';
    if (memory >= 0)
        close(memory);
}

/* A descriptor open for reading is of no interest, nor is a device, a pipe or memory. */
static bool is_written_to(pid_t process, int descriptor)
{
    char path[64], line[64];
    unsigned flags = 0;
    snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", (int)process, descriptor);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof(line), file))
        sscanf(line, "flags: %o", &flags);
    if (file)
        fclose(file);
    return flags & O_ACCMODE;
}

/* Not a device, which the system has always, nor a file that it makes up. Memory that is mounted counts. */
static bool is_file(const char *name)
{
    return strncmp(name, "/dev/shm/", 9) == 0 ||
           (strncmp(name, "/dev/", 5) != 0 && strncmp(name, "/proc/", 6) != 0 &&
            strncmp(name, "/memfd:", 7) != 0);
}

static bool is_counted(const struct call *call, const struct seccomp_notif *notice,
                       char name[static NAME_BYTES])
{
    pid_t process = (pid_t)notice->pid;
    int descriptor = (int)notice->data.args[call->argument];
    if (call->subject == BY_DESCRIPTOR) {
        bool syncs = call->number == SYS_fsync; /* folders are open for reading, and synced */
        descriptor_name(process, descriptor, name);
        if (!syncs && !is_written_to(process, descriptor))
            return false;
        return name[0] == '/' && is_file(name);
    }
    text_of(process, notice->data.args[call->argument], name);
    if (call->subject == BY_OPENING && !(notice->data.args[call->argument + 1] & (O_ACCMODE | O_CREAT)))
        return false;
    return is_file(name);
}

/* Whether the call with this number fails, or is the last one. */
static bool is_hit(const struct fault *fault)
{
    return fault->at &&
           (fault->counted == fault->at || (fault->counted > fault->at && strcmp(fault->kind, "full") == 0));
}

/* With a full disk nothing new is written, yet files are closed and removed as ever. */
static bool is_spared(const struct fault *fault, const char *name)
{
    return strcmp(fault->kind, "full") == 0 && (strcmp(name, "close") == 0 || strcmp(name, "unlink") == 0 ||
                                                strcmp(name, "unlinkat") == 0 || strcmp(name, "rmdir") == 0);
}

/* Decides on a call; false: its process is dead, and nobody waits for an answer. */
static bool answer(struct fault *fault, const struct seccomp_notif *notice, struct seccomp_notif_resp *reply)
{
    char name[NAME_BYTES];
    size_t i = 0;
    while (calls[i].number != notice->data.nr)
        i++;
    reply->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    if ((!fault->everyone && (pid_t)notice->pid != fault->command) || !is_counted(&calls[i], notice, name))
        return true;
    fault->counted++;
    bool hit = is_hit(fault) && !is_spared(fault, calls[i].name);
    fprintf(fault->log, "%s %s%s\n", calls[i].name, name, hit ? " <-" : "");
    if (!hit)
        return true;
    if (strcmp(fault->kind, "kill") == 0)
        return kill((pid_t)notice->pid, SIGKILL) != 0;
    reply->flags = 0;
    reply->error = strcmp(fault->kind, "eio") == 0 ? -EIO : -ENOSPC;
    return true;
}

static void serve(struct fault *fault, int listener, int watch)
{
    struct pollfd events[] = {{.fd = watch, .events = POLLIN}, {.fd = listener, .events = POLLIN}};
    while (poll(events, 2, -1) < 0 || !events[0].revents) {
        struct seccomp_notif notice = {0};
        struct seccomp_notif_resp reply = {0};
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notice) != 0)
            continue;
        reply.id = notice.id;
        if (answer(fault, &notice, &reply))
            ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
    }
}

int main(int argc, char **argv)
{
    int status = 0;
    if (argc < 6) {
        fprintf(stderr, "usage: fault-at LOG FAULT NUMBER SCOPE COMMAND [ARGUMENT]...\n");
        return 2;
    }
    struct fault fault = {.log = fopen(argv[1], "we"),
                          .kind = argv[2],
                          .at = strtoul(argv[3], NULL, 10),
                          .everyone = strcmp(argv[4], "all") == 0};
    atomic_int *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!fault.log || shared == MAP_FAILED)
        return 2;
    fault.command = fork();
    if (fault.command == 0)
        command_start(argv + 5, shared);
    int watch = pidfd_open(fault.command, 0);
    int listener = listener_take(fault.command, watch, shared);
    if (listener < 0)
        return NO_FILTER;
    serve(&fault, listener, watch);
    waitpid(fault.command, &status, 0);
    fclose(fault.log);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
