/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stdio.c - the standard streams, for picolibc's stdio.
 *
 * All three are buffered by lines: unbuffered streams of picolibc make one
 * write() for each character.  fork() copies them with what they hold.
 */
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

#define STREAM(number, buffer, direction)                                      \
	{                                                                      \
		.xfile = FDEV_SETUP_EXT(__bufio_put, __bufio_get,              \
		    __bufio_flush, __bufio_close, __bufio_seek,                \
		    stream_setvbuf, (direction) | __SBUF),                     \
		.fd = number, .bflags = __BLBF, .buf = buffer,                 \
		.size = sizeof(buffer), .read = read, .write = write,          \
		.lseek = lseek, .close = close,                                \
	}

static char in_buffer[BUFSIZ];
static char out_buffer[BUFSIZ];
static char err_buffer[BUFSIZ];
static struct __file_bufio in = STREAM(STDIN_FILENO, in_buffer, __SRD);
static struct __file_bufio out = STREAM(STDOUT_FILENO, out_buffer, __SWR);
static struct __file_bufio err = STREAM(STDERR_FILENO, err_buffer, __SWR);

FILE *const stdin = &in.xfile.cfile.file;
FILE *const stdout = &out.xfile.cfile.file;
FILE *const stderr = &err.xfile.cfile.file;

static void
flush_streams(void)
{
	fflush(stdout);
	fflush(stderr);
}

/* exit() runs these from the last to the first: this is the very last. */
static void (*const at_end)(void)
    __attribute__((section(".fini_array.00000"), used)) = flush_streams;
