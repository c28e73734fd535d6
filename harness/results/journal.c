/* SPDX-License-Identifier: MIT */
#include "harness/results/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"

int journal_lock(const char *dir)
{
    int lock = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0)
        return -message_storage("%s: %s", dir, strerror(errno));
    if (flock(lock, LOCK_EX | LOCK_NB) == 0)
        return lock;
    int error = errno;
    close(lock);
    if (error == EWOULDBLOCK)
        return -message_bad_input("%s: another gcmatrix is writing to this folder", dir);
    return -message_storage("%s: cannot be locked: %s", dir, strerror(error));
}

/* Writes all of `text` at the end, or leaves the file as it was. */
int journal_text_append(struct journal *journal, const char *text, size_t size)
{
    ssize_t written = write(journal->file, text, size);
    if (written == (ssize_t)size && fdatasync(journal->file) == 0) {
        journal->bytes += written;
        return 0;
    }
    int error = written >= 0 && written < (ssize_t)size ? ENOSPC : errno;
    if (ftruncate(journal->file, journal->bytes) != 0)
        error = errno;
    return message_storage("%s: %s; the rows before it are kept", journal->path, strerror(error));
}

static int header_append(struct journal *journal)
{
    char *text;
    size_t size;
    FILE *memory = memory_stream(&text, &size);
    store_header_write(memory);
    memory_stream_close(memory);
    int status = journal_text_append(journal, text, size);
    free(text);
    return status;
}

static int file_open(const char *dir, int flags, struct journal *ret_journal)
{
    *ret_journal = (struct journal){.file = -1};
    ret_journal->path = text_format("%s/runs.csv", dir);
    ret_journal->file = open(ret_journal->path, O_WRONLY | O_APPEND | O_CLOEXEC | flags, 0666);
    if (ret_journal->file >= 0)
        return 0;
    int status = message_storage("%s: %s", ret_journal->path, strerror(errno));
    journal_close(ret_journal);
    return status;
}

int journal_create(const char *dir, struct journal *ret_journal)
{
    int status = file_open(dir, O_CREAT | O_EXCL, ret_journal);
    if (status == 0 && (status = header_append(ret_journal)) != 0)
        journal_close(ret_journal);
    return status;
}

int journal_resume(const char *dir, int64_t whole_bytes, struct journal *ret_journal)
{
    int status = file_open(dir, O_CREAT, ret_journal);
    if (status != 0)
        return status;
    ret_journal->bytes = whole_bytes;
    if (ftruncate(ret_journal->file, whole_bytes) != 0)
        status = message_storage("%s: %s", ret_journal->path, strerror(errno));
    else if (whole_bytes == 0)
        status = header_append(ret_journal);
    if (status != 0)
        journal_close(ret_journal);
    return status;
}

int journal_append(struct journal *journal, const struct store_row *row)
{
    char *text;
    size_t size;
    FILE *memory = memory_stream(&text, &size);
    store_row_write(memory, row);
    memory_stream_close(memory);
    int status = journal_text_append(journal, text, size);
    free(text);
    return status;
}

void journal_close(struct journal *journal)
{
    if (journal->file >= 0)
        close(journal->file);
    free(journal->path);
    *journal = (struct journal){.file = -1};
}
