/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stdio.c - the standard streams, for picolibc's stdio.
 *
 * All three are buffered by lines: unbuffered streams of picolibc make one
 * write() for each character.  fork() copies them with what they hold.
 *
 * Each has a lock, which picolibc takes for a character or a flush; see also
 * stdiocall.h.
 */
#include "forkhook.h"
#include "lock.h"

#include <stdio-bufio.h>
#include <stdio.h>
#include <unistd.h>

/*
 * picolibc takes setvbuf() without a buffer for a wish to have none.  The
 * standard leaves the size to us then: keep what there is.
 */
static int
stream_setvbuf(FILE *file, char *buffer, int mode, size_t size)
{
	struct __file_bufio *stream = (struct __file_bufio *)file;

	if (buffer != NULL || mode == _IONBF)
		return __bufio_setvbuf(file, buffer, mode, size);
	if (mode == _IOLBF)
		stream->bflags |= __BLBF;
	else
		stream->bflags &= (uint8_t)~__BLBF;
	return 0;
}

#define STREAM(number, buffer, direction) \
	FDEV_SETUP_BUFIO(number, buffer, sizeof(buffer), read, write, lseek, \
	    close, direction, __BLBF)

static char in_buffer[BUFSIZ];
static char out_buffer[BUFSIZ];
static char err_buffer[BUFSIZ];

static struct __lock stream_locks[STDERR_FILENO + 1];

/* The later value of a member counts: our setvbuf and lock, not picolibc's. */
#pragma GCC diagnostic ignored "-Woverride-init"
static struct __file_bufio streams[] = {
    [STDIN_FILENO] = STREAM(STDIN_FILENO, in_buffer, __SRD),
    [STDIN_FILENO].xfile.setvbuf = stream_setvbuf,
    [STDIN_FILENO].lock = &stream_locks[STDIN_FILENO],
    [STDOUT_FILENO] = STREAM(STDOUT_FILENO, out_buffer, __SWR),
    [STDOUT_FILENO].xfile.setvbuf = stream_setvbuf,
    [STDOUT_FILENO].lock = &stream_locks[STDOUT_FILENO],
    [STDERR_FILENO] = STREAM(STDERR_FILENO, err_buffer, __SWR),
    [STDERR_FILENO].xfile.setvbuf = stream_setvbuf,
    [STDERR_FILENO].lock = &stream_locks[STDERR_FILENO],
};

FILE *const stdin = &streams[STDIN_FILENO].xfile.cfile.file;
FILE *const stdout = &streams[STDOUT_FILENO].xfile.cfile.file;
FILE *const stderr = &streams[STDERR_FILENO].xfile.cfile.file;

/*
 * In a child whose parent had a thread that was reading: what it will have
 * read is the parent's, and the lock has no owner any more.
 */
static void
abandon_input(void)
{
	if (!lock_is_orphan(&stream_locks[STDIN_FILENO]))
		return;
	stream_locks[STDIN_FILENO] = (struct __lock){0};
	streams[STDIN_FILENO].len = 0;
	streams[STDIN_FILENO].off = 0;
}

/* A thread may keep the lock of the input until somebody types. */
void
__tine_fork_streams(enum fork_phase phase)
{
	for (int i = STDOUT_FILENO; i <= STDERR_FILENO; i++) {
		if (phase == FORK_PREPARE)
			lock_acquire(&stream_locks[i]);
		else
			lock_release(&stream_locks[i]);
	}
	if (phase == FORK_CHILD)
		abandon_input();
}

static void
flush_streams(void)
{
	fflush(stdout);
	fflush(stderr);
}

/* exit() runs these from the last to the first: this is the very last. */
static void (*const at_end)(void)
    __attribute__((section(".fini_array.00000"), used)) = flush_streams;
