/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * semaphore.h - semaphores; those with names fail with ENOSYS.
 */
#ifndef _SEMAPHORE_H
#define _SEMAPHORE_H

#include <sys/cdefs.h>
#include <sys/types.h>
#include <time.h>

typedef struct {
	__uint64_t __state;
	__uint32_t __shared; /* between processes */
	__uint32_t __unused;
} sem_t;

#define SEM_FAILED ((sem_t *)0)
#ifndef SEM_VALUE_MAX
#define SEM_VALUE_MAX 0x7fffffff
#endif

__BEGIN_DECLS

int sem_init(sem_t *, int, unsigned int);
int sem_destroy(sem_t *);
int sem_wait(sem_t *);
int sem_trywait(sem_t *);
int sem_timedwait(sem_t *__restrict, const struct timespec *__restrict);
int sem_post(sem_t *);
sem_t *sem_open(const char *, int, ...);
int sem_close(sem_t *);
int sem_unlink(const char *);
int sem_getvalue(sem_t *__restrict, int *__restrict);

__END_DECLS

#endif
