/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/pages.h"
#include "harness/runner/memory-trap.h"

/* The address after the one instruction that the filter lets through. */
extern const char memory_trap_passed[] __attribute__((visibility("hidden")));

__asm__(".pushsection .text\n"
        ".globl memory_trap_pass\n"
        ".type memory_trap_pass, @function\n"
        "memory_trap_pass:\n"
        "    movq %rdi, %rax\n"
        "    movq %rsi, %rdi\n"
        "    movq %rdx, %rsi\n"
        "    movq %rcx, %rdx\n"
        "    movq %r8, %r10\n"
        "    movq %r9, %r8\n"
        "    movq 8(%rsp), %r9\n"
        "    syscall\n"
        ".globl memory_trap_passed\n"
        ".hidden memory_trap_passed\n"
        "memory_trap_passed:\n"
        "    ret\n"
        ".size memory_trap_pass, . - memory_trap_pass\n"
        ".popsection\n");

enum { STACK_BYTES = 1 << 16 }; /* a signal's frame has the vector registers in it */

static long (*answer_call)(const struct memory_trap_call *call);

static void on_call(int signal, siginfo_t *info, void *context)
{
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    struct memory_trap_call call = {
        .number = info->si_syscall,
        .arguments = {(uint64_t)registers[REG_RDI], (uint64_t)registers[REG_RSI],
                      (uint64_t)registers[REG_RDX], (uint64_t)registers[REG_R10], (uint64_t)registers[REG_R8],
                      (uint64_t)registers[REG_R9]},
    };
    (void)signal;
    registers[REG_RAX] = answer_call(&call);
}

/*
 * The pages of the handler's stack are there from then on: however deep a call goes, it takes no fault while the
 * clock runs.
 */
static int handler_install(void)
{
    static char stack[STACK_BYTES];
    struct sigaction action = {.sa_sigaction = on_call, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    memset(stack, 0, sizeof stack);
    if (sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL) != 0)
        return -1;
    return sigaction(SIGSYS, &action, NULL);
}

/* The filter: the six calls are caught, unless they come from memory_trap_pass(), or only fault pages in. */
static int filter_install(void)
{
    enum { OTHERS = 5 }; /* beside madvise, which is the last one looked for */
    const uint64_t passed = (uintptr_t)memory_trap_passed;
#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define FIELD(field) offsetof(struct seccomp_data, field)
#define EQUAL(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), yes, no)
    struct sock_filter lines[] = {
        LOAD(FIELD(arch)),
        EQUAL(AUDIT_ARCH_X86_64, 0, OTHERS + 8), /* allow */
        LOAD(FIELD(nr)),
        EQUAL(SYS_mmap, OTHERS + 2, 0), /* where does it come from? */
        EQUAL(SYS_munmap, OTHERS + 1, 0),
        EQUAL(SYS_mremap, OTHERS, 0),
        EQUAL(SYS_brk, OTHERS - 1, 0),
        EQUAL(SYS_mprotect, OTHERS - 2, 0),
        EQUAL(SYS_madvise, 0, 6), /* allow */
        LOAD(FIELD(args[2])),
        EQUAL(MADV_POPULATE_WRITE, 4, 0), /* allow */
        LOAD(FIELD(instruction_pointer)),
        EQUAL(passed, 0, 3), /* trap */
        LOAD(FIELD(instruction_pointer) + 4),
        EQUAL(passed >> 32, 0, 1), /* trap */
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
    };
#undef LOAD
#undef FIELD
#undef EQUAL
    struct sock_fprog program = {.len = sizeof lines / sizeof *lines, .filter = lines};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return -1;
    /* Without the flag some kernels slow the process down against speculation, and the timed code with it. */
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program);
}

int memory_trap_install(long (*answer)(const struct memory_trap_call *call))
{
    answer_call = answer;
    return handler_install() == 0 && filter_install() == 0 ? 0 : -1;
}
