/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_exec.c - programs loaded, and refused.
 */
#include "root.h"
#include "vm_test.h"

/* Of arguments, and no multiple of anything. */
#define IMAGE_BYTES 20003u

static void
text_is_the_archives_own_and_data_is_copied_when_written(void **state)
{
	struct process p = process_new();
	uint64_t entry;

	(void)state;
	assert_int_equal(process_byte(p.space, PROG_TEXT + 5), prog_byte(5));
	entry = fake_entry(p.space, PROG_TEXT);
	assert_ptr_equal(
	    fake_page(entry), fake_archive() + PAGE_SIZE /* its data */);
	assert_int_equal(process_fetch(p.space, PROG_TEXT), 0);

	assert_int_equal(
	    process_byte(p.space, PROG_DATA), prog_byte(PROG_DATA_OFFSET));
	entry = fake_entry(p.space, PROG_DATA);
	assert_ptr_equal(
	    fake_page(entry), fake_archive() + PAGE_SIZE + PROG_DATA_OFFSET);
	assert_int_equal(process_write(p.space, PROG_DATA, 0xee), 0);
	assert_ptr_not_equal(
	    fake_page(fake_entry(p.space, PROG_DATA)), fake_page(entry));
	assert_int_equal(*fake_page(entry), prog_byte(PROG_DATA_OFFSET));
	assert_int_equal(process_byte(p.space, PROG_DATA), 0xee);
	assert_int_equal(
	    process_byte(p.space, PROG_DATA + 1), prog_byte(0x3001));
}

static void
what_follows_a_segment_in_the_archive_does_not_leak(void **state)
{
	struct process p = process_new();
	uint64_t data_end = PROG_DATA + PROG_DATA_BYTES;
	uint64_t text_end = PROG_TEXT + PROG_TEXT_BYTES;

	(void)state;
	/* The file goes on behind both segments. */
	assert_int_equal(process_byte(p.space, text_end - 1),
	    prog_byte(PROG_TEXT_BYTES - 1));
	assert_int_equal(process_byte(p.space, data_end - 1),
	    prog_byte(PROG_DATA_OFFSET + PROG_DATA_BYTES - 1));
	for (uint64_t va = text_end; (va & PAGE_MASK) != 0; va++)
		assert_int_equal(process_byte(p.space, va), 0);
	for (uint64_t va = data_end; va < PROG_DATA + PROG_DATA_MEMORY; va++)
		assert_int_equal(process_byte(p.space, va), 0);
}

static void
a_small_program_has_one_leaf_table(void **state)
{
	struct process p = process_new();
	uint64_t at;

	(void)state;
	assert_int_equal(process_brk(p.space, PROG_HEAP + 0x5000, &at), 0);
	assert_int_equal(process_write(p.space, PROG_TEXT - 1, 1), 0);
	assert_int_equal(process_write(p.space, PROG_HEAP, 1), 0);
	assert_int_equal(process_write(p.space, PROG_DATA, 1), 0);
	assert_int_equal(process_fetch(p.space, PROG_TEXT), 0);
	assert_int_equal(fake_tables(p.space), 2);
}

static void
the_stack_has_its_arguments_on_top(void **state)
{
	struct process p = process_new();

	(void)state;
	assert_int_equal(process_byte(p.space, PROG_TEXT - 16), 'p');
	assert_int_equal(process_byte(p.space, PROG_TEXT - 15), 'r');
	assert_int_equal(process_byte(p.space, PROG_TEXT - 17), 0);
}

static void
every_byte_of_a_long_stack_image_arrives(void **state)
{
	static uint8_t image[IMAGE_BYTES];
	struct vm_exec_top_rep top;
	struct vm_exec_begin_rep begun;
	struct vm_exec_stack_rep rep;
	struct vm_exec_stack_req req = {.bytes = sizeof(image)};
	struct request request = {
	    .kind = SENDER_BADGE,
	    .sender = BADGE_PROC,
	    .label = vm_exec_stack_call,
	    .req = &req,
	    .req_bytes = sizeof(req),
	    .rep = &rep,
	    .rep_bytes = sizeof(rep),
	    .window = image,
	    .window_bytes = sizeof(image),
	};
	int error;

	(void)state;
	for (size_t i = 0; i < sizeof(image); i++)
		image[i] = prog_byte(i);
	error = PROC_REQUEST(
	    exec_begin, &(struct vm_exec_begin_req){.from = 0}, &begun);
	assert_int_equal(error, 0);
	req.space = begun.space;
	error = PROC_REQUEST(
	    exec_top, &(struct vm_exec_top_req){.space = begun.space}, &top);
	assert_int_equal(error, 0);
	assert_int_equal(fake_request(&request), 0);
	for (size_t i = 0; i < sizeof(image); i++)
		assert_int_equal(
		    process_byte(begun.space, top.top - sizeof(image) + i),
		    image[i]);
	error = PROC_REQUEST(exec_abort,
	    &(struct vm_exec_abort_req){.space = begun.space},
	    &(struct vm_exec_abort_rep){});
	assert_int_equal(error, 0);
}

static void
without_room_below_the_program_the_stack_is_at_the_top(void **state)
{
	struct vm_exec_begin_rep begun;
	struct vm_exec_top_rep top;
	struct vm_exec_map_rep mapped;
	struct vm_exec_map_req map = {
	    .address = 0x10000,
	    .memory_size = 0x1000,
	    .protection = VM_PROT_READ | VM_PROT_EXEC,
	};
	int error;

	(void)state;
	error = PROC_REQUEST(
	    exec_begin, &(struct vm_exec_begin_req){.from = 0}, &begun);
	assert_int_equal(error, 0);
	map.space = begun.space;
	assert_int_equal(PROC_REQUEST(exec_map, &map, &mapped), 0);
	error = PROC_REQUEST(
	    exec_top, &(struct vm_exec_top_req){.space = begun.space}, &top);
	assert_int_equal(error, 0);
	assert_true(top.top > USER_TOP - 0x100000);
	/* A stack at the top is not in mmap's way. */
	error = PROC_REQUEST(exec_abort,
	    &(struct vm_exec_abort_req){.space = begun.space},
	    &(struct vm_exec_abort_rep){});
	assert_int_equal(error, 0);
}

static void
segments_that_make_no_sense_are_refused(void **state)
{
	const struct vm_exec_map_req bad[] = {
	    /* Offset and address differ within the page. */
	    {.address = 0x20010, .offset = 0, .file_size = 1},
	    /* More of the file than there is. */
	    {.address = 0x20000,
		.file_size = PROG_FILE_BYTES + 1,
		.memory_size = 0x10000},
	    {.address = 0x20000, .offset = ~0ul & ~PAGE_MASK, .file_size = 1},
	    /* More file than memory. */
	    {.address = 0x20000, .file_size = 2},
	    /* Null pointers, the kernel, around the end of everything. */
	    {.address = 0},
	    {.address = 0x1000},
	    {.address = USER_TOP - PAGE_SIZE, .memory_size = 2 * PAGE_SIZE},
	    {.address = USER_TOP},
	    {.address = 0xffffffff80000000ul},
	    {.address = 0x20000, .memory_size = ~0ul},
	    {.address = 0x20000, .protection = 8},
	    {.address = 0x20000, .protection = RW | VM_PROT_EXEC},
	};
	struct vm_exec_begin_rep begun;
	struct vm_exec_map_rep rep;
	int error;

	(void)state;
	error = PROC_REQUEST(
	    exec_begin, &(struct vm_exec_begin_req){.from = 0}, &begun);
	assert_int_equal(error, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vm_exec_map_req req = bad[i];

		req.space = begun.space;
		if (req.memory_size == 0)
			req.memory_size = 1;
		if (req.protection == 0)
			req.protection = VM_PROT_READ;
		assert_int_equal(
		    PROC_REQUEST(exec_map, &req, &rep), TINE_ENOEXEC);
		req.object = 4711;
		assert_int_equal(
		    PROC_REQUEST(exec_map, &req, &rep), TINE_EBADF);
	}
	error = PROC_REQUEST(exec_abort,
	    &(struct vm_exec_abort_req){.space = begun.space},
	    &(struct vm_exec_abort_rep){});
	assert_int_equal(error, 0);
	assert_nothing_promised();
}

static void
whichever_step_of_loading_fails_nothing_is_left_behind(void **state)
{
	struct process p = process_new();
	struct books before;
	uint64_t n = 1;
	int error;

	(void)state;
	assert_int_equal(process_exit(&p), 0);
	before = books_now();
	do {
		fake_kernel.needing = 0;
		fake_kernel.fail_at = n++;
		error = process_load(&p);
		fake_kernel.fail_at = 0;
		if (error) {
			assert_int_equal(error, TINE_ENOMEM);
			assert_books_equal(&before);
		}
	} while (error);
	assert_true(n > 5);
	assert_int_equal(process_exit(&p), 0);
	assert_books_equal(&before);
}

static void
commit_moves_the_thread_and_drops_the_old_space(void **state)
{
	struct process p = process_new();
	struct process fresh = process_new();
	struct books before = books_now();
	struct process vforked;
	struct vm_exec_begin_rep begun;
	struct vm_exec_commit_rep rep;
	struct vm_exec_commit_req req;
	struct vm_exec_top_rep top;
	int error;

	(void)state;
	assert_int_equal(process_fork(&p, VM_FORK_SHARE, &vforked), 0);
	assert_int_equal(vforked.space, p.space);
	error = PROC_REQUEST(
	    exec_begin, &(struct vm_exec_begin_req){.from = p.space}, &begun);
	assert_int_equal(error, 0);
	req = (struct vm_exec_commit_req){
	    .space = begun.space, .thread = vforked.thread, .old = p.space};
	/* Not without a stack. */
	assert_int_equal(PROC_REQUEST(exec_commit, &req, &rep), TINE_EINVAL);
	error = PROC_REQUEST(
	    exec_top, &(struct vm_exec_top_req){.space = begun.space}, &top);
	assert_int_equal(error, 0);
	error = PROC_REQUEST(exec_stack,
	    &(struct vm_exec_stack_req){.space = begun.space},
	    &(struct vm_exec_stack_rep){});
	assert_int_equal(error, 0);
	assert_int_equal(PROC_REQUEST(exec_commit, &req, &rep), 0);
	assert_int_equal(rep.thread, vforked.thread);
	assert_int_equal(
	    fake_thread_space(vforked.thread), fake_space(begun.space));
	/* The parent still has its memory. */
	assert_int_equal(process_byte(p.space, PROG_TEXT), prog_byte(0));
	vforked.space = begun.space;
	assert_int_equal(process_exit(&vforked), 0);
	assert_books_equal(&before);
	assert_int_equal(process_exit(&p), 0);
	assert_int_equal(process_exit(&fresh), 0);
	assert_nothing_promised();
}

static void
the_first_thread_reaches_only_what_processes_may(void **state)
{
	struct process p = process_new();

	(void)state;
	assert_int_equal(
	    fake_thread_field(p.thread, THREAD_CSPACE), OWN_USER_CSPACE);
	assert_int_equal(
	    fake_thread_field(p.thread, THREAD_FAULT_ENDPOINT), OWN_ENDPOINT);
	assert_int_equal(fake_thread_field(p.thread, THREAD_EXCEPTION_ENDPOINT),
	    OWN_PROC_EXCEPTION);
	assert_int_equal(
	    fake_thread_field(p.thread, THREAD_PRIORITY), PRIORITY_USER);
	assert_int_equal(fake_thread_field(p.thread, THREAD_FPU), 1);
	assert_false(fake_thread_started(p.thread));
}

static void
stale_and_foreign_spaces_are_refused(void **state)
{
	struct process p = process_new();
	struct process gone = process_new();
	const uint64_t bad[] = {
	    0, gone.space, p.space + (1ul << 32), p.space + 1000, ~0ul};
	struct vm_exec_commit_rep rep;

	(void)state;
	assert_int_equal(process_exit(&gone), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct process other = {.space = bad[i], .thread = p.thread};
		struct vm_exec_commit_req req = {.space = bad[i]};
		struct process child;
		uint64_t at;

		assert_int_equal(process_exit(&other), TINE_ESRCH);
		assert_int_equal(process_fork(&other, 0, &child), TINE_ESRCH);
		assert_int_equal(
		    PROC_REQUEST(exec_commit, &req, &rep), TINE_ESRCH);
		assert_int_equal(
		    process_map(bad[i], 0, 4096, RW, VM_MAP_PRIVATE, &at),
		    TINE_ESRCH);
		assert_int_equal(process_brk(bad[i], 0, &at), TINE_ESRCH);
	}
	/* A space that is alive is not one that is loaded. */
	assert_int_equal(PROC_REQUEST(exec_abort,
			     (&(struct vm_exec_abort_req){.space = p.space}),
			     (&(struct vm_exec_abort_rep){})),
	    TINE_ESRCH);
	/* A thread that is none. */
	gone = (struct process){.space = p.space, .thread = 12345};
	assert_int_equal(process_exit(&gone), TINE_ESRCH);
	assert_int_equal(process_exit(&p), 0);
}

/* Arguments of so many bytes. */
static int
stack_load(uint64_t space, uint64_t bytes)
{
	static uint8_t window[1 << 16];
	const struct vm_exec_stack_req req = {.space = space, .bytes = bytes};
	struct vm_exec_stack_rep rep;

	return fake_request(&(struct request){
	    .kind = SENDER_BADGE,
	    .sender = BADGE_PROC,
	    .label = vm_exec_stack_call,
	    .req = &req,
	    .req_bytes = sizeof(req),
	    .rep = &rep,
	    .rep_bytes = sizeof(rep),
	    .window = window,
	    .window_bytes = sizeof(window),
	});
}

#define EXEC_MAP(tag) \
	PROC_REQUEST(exec_map, \
	    (&(struct vm_exec_map_req){.space = (tag), \
		.address = PROG_TEXT, \
		.memory_size = PROG_TEXT_BYTES, \
		.file_size = PROG_TEXT_BYTES, \
		.protection = VM_PROT_READ | VM_PROT_EXEC}), \
	    (&(struct vm_exec_map_rep){}))
#define EXEC_TOP(tag) \
	PROC_REQUEST(exec_top, (&(struct vm_exec_top_req){.space = (tag)}), \
	    (&(struct vm_exec_top_rep){}))

static void
programs_are_loaded_in_order_or_not_at_all(void **state)
{
	const struct process p = process_new();
	struct vm_exec_begin_rep begun;
	struct books before;

	(void)state;
	/* vmsrv's tables have grown by now. */
	assert_int_equal(process_exit(&p), 0);
	before = books_now();
	assert_int_equal(
	    PROC_REQUEST(exec_begin,
		(&(struct vm_exec_begin_req){.from = 12345}), &begun),
	    TINE_ESRCH);
	assert_int_equal(EXEC_MAP(12345), TINE_ESRCH);
	assert_int_equal(EXEC_TOP(12345), TINE_ESRCH);
	assert_int_equal(stack_load(12345, 16), TINE_ESRCH);
	assert_int_equal(PROC_REQUEST(exec_begin,
			     (&(struct vm_exec_begin_req){.from = 0}), &begun),
	    0);
	assert_int_equal(EXEC_MAP(begun.space), 0);
	/* The stack comes after its top, and nothing but the stack does. */
	assert_int_equal(stack_load(begun.space, 16), TINE_EINVAL);
	assert_int_equal(EXEC_TOP(begun.space), 0);
	assert_int_equal(EXEC_TOP(begun.space), 0);
	assert_int_equal(EXEC_MAP(begun.space), TINE_EINVAL);
	/* More than there is room for below the program. */
	assert_int_equal(stack_load(begun.space, 1ul << 40), TINE_ENOMEM);
	assert_int_equal(stack_load(begun.space, 16), 0);
	assert_int_equal(stack_load(begun.space, 16), TINE_EINVAL);
	assert_int_equal(
	    PROC_REQUEST(exec_abort, (&(struct vm_exec_abort_req){begun.space}),
		(&(struct vm_exec_abort_rep){})),
	    0);
	assert_books_equal(&before);
}

static void
processes_may_not_ask_what_is_procsrvs(void **state)
{
	struct process p = process_new();
	struct vm_fork_req req = {.space = p.space};
	struct vm_fork_rep rep;
	struct request request = {
	    .kind = SENDER_SPACE,
	    .sender = p.space,
	    .label = vm_fork_call,
	    .req = &req,
	    .req_bytes = sizeof(req),
	    .rep = &rep,
	    .rep_bytes = sizeof(rep),
	};

	(void)state;
	assert_int_equal(fake_request(&request), TINE_EPERM);
	request.kind = SENDER_BADGE;
	request.sender = BADGE_TTY;
	assert_int_equal(fake_request(&request), TINE_EPERM);
	request.sender = ~0ul;
	assert_int_equal(fake_request(&request), TINE_EPERM);
	request.sender = BADGE_PROC;
	request.req_bytes = 8;
	assert_int_equal(fake_request(&request), TINE_EINVAL);
	request.label = 999;
	assert_int_equal(fake_request(&request), TINE_ENOSYS);
}

static int
object_open(const char *path, size_t bytes, struct vm_object_open_rep *rep)
{
	char window[300] = {0};
	struct vm_object_open_req req = {.bytes = bytes};

	memcpy(window, path, strlen(path) + 1);
	return fake_request(&(struct request){
	    .kind = SENDER_BADGE,
	    .sender = BADGE_PROC,
	    .label = vm_object_open_call,
	    .req = &req,
	    .req_bytes = sizeof(req),
	    .rep = rep,
	    .rep_bytes = sizeof(*rep),
	    .window = window,
	    .window_bytes = 280,
	});
}

static void
files_are_found_by_their_whole_path(void **state)
{
	struct vm_object_open_rep rep;

	(void)state;
	assert_int_equal(object_open(PROG_FILE, 8, &rep), 0);
	assert_int_equal(rep.size, PROG_FILE_BYTES);
	assert_int_equal(rep.mode, 0100755);
	assert_int_equal(object_open(PROG_FILE, 7, &rep), TINE_ENOENT);
	assert_int_equal(object_open(PROG_FILE, 9, &rep), TINE_ENOENT);
	assert_int_equal(object_open("", 0, &rep), TINE_ENOENT);
	/* A directory. */
	assert_int_equal(object_open("etc", 3, &rep), TINE_ENOENT);
	assert_int_equal(object_open("", 256, &rep), TINE_ENAMETOOLONG);
	assert_int_equal(object_open("", ~0ul, &rep), TINE_ENAMETOOLONG);
}

static int
object_read(uint32_t object, uint64_t offset, uint32_t size, uint8_t *window,
    size_t bytes, struct vm_object_read_rep *rep)
{
	struct vm_object_read_req req = {
	    .offset = offset, .object = object, .size = size};

	return fake_request(&(struct request){
	    .kind = SENDER_BADGE,
	    .sender = BADGE_PROC,
	    .label = vm_object_read_call,
	    .req = &req,
	    .req_bytes = sizeof(req),
	    .rep = rep,
	    .rep_bytes = sizeof(*rep),
	    .window = window,
	    .window_bytes = bytes,
	});
}

static void
reading_stops_at_the_end_of_the_file(void **state)
{
	static uint8_t window[PROG_FILE_BYTES];
	struct vm_object_read_rep rep;

	(void)state;
	assert_int_equal(
	    object_read(0, 0, sizeof(window), window, sizeof(window), &rep), 0);
	assert_int_equal(rep.bytes, PROG_FILE_BYTES);
	for (uint64_t i = 0; i < PROG_FILE_BYTES; i++)
		assert_int_equal(window[i], prog_byte(i));
	assert_int_equal(object_read(0, PROG_FILE_BYTES - 2, 100, window,
			     sizeof(window), &rep),
	    0);
	assert_int_equal(rep.bytes, 2);
	assert_int_equal(
	    object_read(0, ~0ul, 100, window, sizeof(window), &rep), 0);
	assert_int_equal(rep.bytes, 0);
	/* More than the window holds. */
	assert_int_equal(object_read(0, 0, 100, window, 99, &rep), TINE_EFAULT);
	assert_int_equal(
	    object_read(99, 0, 1, window, sizeof(window), &rep), TINE_EBADF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(text_is_the_archives_own_and_data_is_copied_when_written),
	    TEST(what_follows_a_segment_in_the_archive_does_not_leak),
	    TEST(a_small_program_has_one_leaf_table),
	    TEST(the_stack_has_its_arguments_on_top),
	    TEST(every_byte_of_a_long_stack_image_arrives),
	    TEST(without_room_below_the_program_the_stack_is_at_the_top),
	    TEST(segments_that_make_no_sense_are_refused),
	    TEST(whichever_step_of_loading_fails_nothing_is_left_behind),
	    TEST(commit_moves_the_thread_and_drops_the_old_space),
	    TEST(the_first_thread_reaches_only_what_processes_may),
	    TEST(stale_and_foreign_spaces_are_refused),
	    TEST(programs_are_loaded_in_order_or_not_at_all),
	    TEST(processes_may_not_ask_what_is_procsrvs),
	    TEST(files_are_found_by_their_whole_path),
	    TEST(reading_stops_at_the_end_of_the_file),
	};

	return cmocka_run_group_tests_name("vmsrv_exec", tests, NULL, NULL);
}
