/* SPDX-License-Identifier: MIT */
#include "harness/results/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/message.h"
#include "base/text.h"

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

int journal_open(const struct writing_folder *folder, const char *name, int flags,
                 struct journal *ret_journal)
{
    struct stat about;
    *ret_journal = (struct journal){.path = text_format("%s/%s", folder->path, name)};
    ret_journal->file =
        openat(folder->at, name, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | flags, 0666);
    int error = ret_journal->file < 0 || fstat(ret_journal->file, &about) != 0 ? errno : 0;
    if (!error && S_ISREG(about.st_mode))
        return 0;
    int status = error && error != ELOOP
                     ? message_storage("%s: %s", ret_journal->path, strerror(error))
                     : message_storage("%s: it is a link, or no plain file; move it away", ret_journal->path);
    journal_close(ret_journal);
    return status;
}

int journal_create(const struct writing_folder *folder, struct journal *ret_journal)
{
    int status = journal_open(folder, "runs.csv", O_CREAT | O_EXCL, ret_journal);
    if (status == 0 && (status = header_append(ret_journal)) != 0)
        journal_close(ret_journal);
    return status;
}

int journal_resume(const struct writing_folder *folder, int64_t whole_bytes, struct journal *ret_journal)
{
    int status = journal_open(folder, "runs.csv", O_CREAT, ret_journal);
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
