/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys/_pthreadtypes.h - the types of pthread.h.
 */
#ifndef _SYS__PTHREADTYPES_H_
#define _SYS__PTHREADTYPES_H_

#include <sys/types.h>

typedef struct __pthread *pthread_t;
typedef unsigned int pthread_key_t;
typedef __uint32_t pthread_spinlock_t;

typedef struct {
	void *__stack; /* NULL: the library's */
	__SIZE_TYPE__ __stacksize;
	__SIZE_TYPE__ __guardsize;
	int __detachstate;
	int __inheritsched;
	int __policy;
	int __priority;
} pthread_attr_t;

typedef struct {
	__uint32_t __word; /* of lock.h */
	__uint32_t __depth;
	int __type;
	int __shared;
	__uint64_t __owner; /* if shared: of owner.h */
} pthread_mutex_t;

typedef struct {
	int __type;
	int __shared;
} pthread_mutexattr_t;

typedef struct {
	__uint64_t __state;
	int __clock; /* 0: CLOCK_REALTIME, so that zeros are good, too */
	int __shared;
} pthread_cond_t;

typedef struct {
	int __clock;
	int __shared;
} pthread_condattr_t;

typedef struct {
	__uint32_t __state;
	int __shared;
	__uint64_t __writer;
} pthread_rwlock_t;

typedef struct {
	int __shared;
} pthread_rwlockattr_t;

typedef struct {
	__uint64_t __state;
	__uint32_t __limit;
	__uint32_t __inside;
	int __shared;
} pthread_barrier_t;

typedef struct {
	int __shared;
} pthread_barrierattr_t;

typedef struct {
	__uint32_t __state;
} pthread_once_t;

#endif
