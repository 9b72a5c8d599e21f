/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_root.c - the root task, from an archive that is good or damaged.
 */
#include "world.h"
#include "fake_arch.h"
#include "memory.h"
#include "root.h"

#include <abi/boot.h>

#define AT(page) (FAKE_BASE + (page)*PAGE_SIZE)
#define ARCHIVE 300ul /* its first frame */
#define ARCHIVE_BYTES (9 * PAGE_SIZE + 100)
#define KERNEL_END AT(16)

/* Pages of the image: text, read-only data, data, bss. */
#define RODATA (ROOT_BASE + 2 * PAGE_SIZE)
#define DATA (ROOT_BASE + 3 * PAGE_SIZE)
#define BSS (ROOT_BASE + 5 * PAGE_SIZE)
#define BSS_END (BSS + PAGE_SIZE + 8)

static struct machine machine;
static struct boot_image *image;

static void
hart_start(void)
{
	struct hart *hart = hart_self();

	memset(hart, 0, sizeof(*hart));
	nharts = 1;
	slice_ticks = 10000;
	hart->fp_holder = FP_NOBODY;
	hart->deadline = TIMER_NEVER;
	hart->tick = slice_ticks;
	prioq_init(&hart->ready);
	list_init(&hart->timers);
}

static int
start(void **state)
{
	(void)state;
	fake_arch_reset();
	hart_start();
	machine = (struct machine){
	    .memory = {{FAKE_BASE, FAKE_FRAMES * PAGE_SIZE}},
	    .memories = 1,
	    .initrd_start = AT(ARCHIVE),
	    .initrd_end = AT(ARCHIVE) + ARCHIVE_BYTES,
	    .timebase = 1000000,
	    .console = {.kind = CONSOLE_NS16550, .base = 0x10000000},
	    .bootargs = "quiet -- /bin/true",
	};
	assert_null(memory_init(&machine, FAKE_BASE, KERNEL_END));
	frames.given = frames.free_count;
	kernel_space = object_in(frame_take(FRAME_TABLE));
	memset(kernel_space, 0, PAGE_SIZE);
	hart_self()->satp = space_satp(kernel_space);
	arch_set_satp(hart_self()->satp);
	image = dmap(AT(ARCHIVE) + ROOT_IMAGE_OFFSET);
	*image = (struct boot_image){
	    .magic = BOOT_IMAGE_MAGIC,
	    .entry = ROOT_BASE + 64,
	    .rodata = RODATA,
	    .data = DATA,
	    .bss = BSS,
	    .bss_end = BSS_END,
	};
	return 0;
}

static uint64_t
entry(vaddr_t va)
{
	return world_entry(root_thread->space, va);
}

static void
assert_page(vaddr_t va, uint64_t flags, uint64_t frame)
{
	assert_int_equal(
	    entry(va) & (PTE_V | PTE_R | PTE_W | PTE_X | PTE_SHARED | PTE_COW),
	    PTE_V | flags);
	if (frame != 0)
		assert_int_equal(pte_frame(entry(va)), frame);
}

static void
the_image_is_mapped_where_it_lies_and_data_is_copied(void **state)
{
	uint64_t first = ARCHIVE + 1;

	(void)state;
	root_create(&machine);
	assert_page(ROOT_BASE, PTE_R | PTE_X | PTE_SHARED, first);
	assert_page(
	    ROOT_BASE + PAGE_SIZE, PTE_R | PTE_X | PTE_SHARED, first + 1);
	assert_page(RODATA, PTE_R | PTE_SHARED, first + 2);
	for (uint64_t i = 0; i < 2; i++) {
		vaddr_t va = DATA + i * PAGE_SIZE;

		assert_page(va, PTE_R | PTE_W, 0);
		assert_int_not_equal(pte_frame(entry(va)), first + 3 + i);
		assert_memory_equal(world_page(pte_frame(entry(va))),
		    world_page(first + 3 + i), PAGE_SIZE);
	}
	for (vaddr_t va = BSS; va < BSS_END; va += PAGE_SIZE) {
		assert_page(va, PTE_R | PTE_W, 0);
		assert_int_equal(world_page(pte_frame(entry(va)))[99], 0);
	}
	assert_int_equal(entry(BSS + 2 * PAGE_SIZE), 0);
	frame_check();
	space_check(root_thread->space);
	thread_check(root_thread);
}

static void
stack_information_and_archive_are_there(void **state)
{
	const struct boot_info *info;

	(void)state;
	root_create(&machine);
	for (uint64_t i = 1; i <= ROOT_STACK_PAGES; i++)
		assert_page(ROOT_STACK_TOP - i * PAGE_SIZE, PTE_R | PTE_W, 0);
	assert_int_equal(
	    entry(ROOT_STACK_TOP - (ROOT_STACK_PAGES + 1) * PAGE_SIZE), 0);
	for (uint64_t i = 0; i < 10; i++)
		assert_page(ROOT_ARCHIVE + i * PAGE_SIZE, PTE_R | PTE_SHARED,
		    ARCHIVE + i);
	assert_int_equal(entry(ROOT_ARCHIVE + 10 * PAGE_SIZE), 0);
	assert_page(ROOT_INFO, PTE_R, 0);
	info = (const void *)world_page(pte_frame(entry(ROOT_INFO)));
	assert_int_equal(info->thread, root_thread->name);
	assert_ptr_equal(world_space_at(info->space), root_thread->space);
	assert_int_equal(info->frames, FAKE_FRAMES);
	assert_int_equal(info->ram_base, FAKE_BASE);
	assert_int_equal(info->archive_frame, ARCHIVE);
	assert_int_equal(info->archive_size, ARCHIVE_BYTES);
	assert_int_equal(info->console_base, 0x10000000);
	assert_string_equal(info->args, machine.bootargs);
}

static void
the_thread_is_ready_at_its_entry(void **state)
{
	(void)state;
	root_create(&machine);
	assert_int_equal(root_thread->state, THREAD_READY);
	assert_int_equal(root_thread->regs[REG_PC], image->entry);
	assert_int_equal(root_thread->regs[REG_SP], ROOT_STACK_TOP);
	assert_int_equal(root_thread->regs[REG_A0], ROOT_INFO);
	assert_ptr_equal(sched_leave(NULL), root_thread);
	frame_check();
	space_check(root_thread->space);
	thread_check(root_thread);
}

static void
its_capabilities_are_all_memory_all_devices_and_the_system(void **state)
{
	struct cap *slots, *cap;

	(void)state;
	root_create(&machine);
	slots = root_thread->cspace;
	assert_int_equal(cap_authority(slots, ROOT_MEMORY, RIGHT_OWNER, 0), 0);
	assert_int_equal(
	    cap_authority(slots, ROOT_MEMORY, RIGHT_STEWARD, FAKE_FRAMES - 1),
	    0);
	assert_int_equal(cap_lookup(slots, ROOT_DEVICES, RIGHT_MAP, &cap), 0);
	/* Devices end where RAM begins. */
	assert_int_equal((cap->first + cap->pages) << PAGE_SHIFT, FAKE_BASE);
	assert_int_equal(
	    cap_lookup(slots, ROOT_DEVICES, RIGHT_OWNER, &cap), TINE_EBADF);
	assert_int_equal(
	    cap_lookup(slots, ROOT_MEMORY, RIGHT_MAP, &cap), TINE_EBADF);
	assert_int_equal(cap_lookup(slots, ROOT_SYSTEM, RIGHT_POWER, &cap), 0);
	assert_int_equal(cap_lookup(slots, ROOT_CSPACE, RIGHT_EDIT, &cap), 0);
	cap_check(slots);
}

static void
the_archive_outlives_the_root_task(void **state)
{
	(void)state;
	root_create(&machine);
	prioq_remove(&root_thread->hart->ready, &root_thread->link,
	    root_thread->priority);
	root_thread->state = THREAD_STOPPED;
	for (uint64_t i = 0; i < frames.count; i++) {
		if (frame_kind(i) == KIND_THREAD)
			assert_int_equal(object_destroy(i), 0);
	}
	for (uint64_t i = 0; i < frames.count; i++) {
		if (frame_kind(i) == KIND_SPACE || frame_kind(i) == KIND_CSPACE)
			assert_int_equal(object_destroy(i), 0);
	}
	for (uint64_t i = ARCHIVE; i < ARCHIVE + 10; i++) {
		assert_int_equal(frames.table[i].tag, FRAME_USER | FRAME_HOLD);
		assert_int_equal(frames.table[i].count, 1);
	}
	/* All but the kernel's root table is back. */
	assert_int_equal(frames.free_count, frames.given - 1);
}

static void
assert_no_root(void)
{
	EXPECT_PANIC(root_create(&machine));
}

static void
an_archive_that_is_none_is_the_end_of_the_boot(void **state)
{
	(void)state;
	machine.initrd_end = machine.initrd_start;
	EXPECT_PANIC(root_create(&machine));
	machine.initrd_end = machine.initrd_start + ROOT_IMAGE_OFFSET + 8;
	EXPECT_PANIC(root_create(&machine));
	machine.initrd_start += 8;
	machine.initrd_end = machine.initrd_start + ARCHIVE_BYTES;
	EXPECT_PANIC(root_create(&machine));
}

static void
a_damaged_image_is_the_end_of_the_boot(void **state)
{
	static const struct boot_image damaged[] = {
	    {0, ROOT_BASE, RODATA, DATA, BSS, BSS_END},
	    {BOOT_IMAGE_MAGIC, ROOT_BASE, 0, DATA, BSS, BSS_END},
	    {BOOT_IMAGE_MAGIC, ROOT_BASE, RODATA + 8, DATA, BSS, BSS_END},
	    {BOOT_IMAGE_MAGIC, ROOT_BASE, RODATA, DATA + 1, BSS, BSS_END},
	    {BOOT_IMAGE_MAGIC, ROOT_BASE, RODATA, DATA, BSS + 4, BSS_END},
	    {BOOT_IMAGE_MAGIC, ROOT_BASE, BSS, DATA, BSS, BSS_END},
	    {BOOT_IMAGE_MAGIC, ROOT_BASE, RODATA, RODATA - PAGE_SIZE, BSS,
		BSS_END},
	    {BOOT_IMAGE_MAGIC, ROOT_BASE, RODATA, DATA, DATA - PAGE_SIZE,
		BSS_END},
	    {BOOT_IMAGE_MAGIC, ROOT_BASE, RODATA, DATA, BSS, BSS - 1},
	    {BOOT_IMAGE_MAGIC, ROOT_BASE, RODATA, DATA,
		ROOT_BASE + 10 * PAGE_SIZE, ROOT_BASE + 10 * PAGE_SIZE},
	    {BOOT_IMAGE_MAGIC, ROOT_BASE, RODATA, DATA, BSS, ROOT_ARCHIVE},
	    {BOOT_IMAGE_MAGIC, ROOT_BASE, RODATA, DATA, BSS, ~0ul},
	    {BOOT_IMAGE_MAGIC, ROOT_BASE, RODATA, DATA, ~PAGE_MASK, ~0ul},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		*image = damaged[i];
		assert_no_root();
		/* Not later, when something of it cannot be mapped. */
		assert_null(strstr(fake_panic.message, "mapping"));
	}
}

static void
a_machine_too_small_for_it_is_the_end_of_the_boot(void **state)
{
	(void)state;
	image->bss_end = ROOT_BASE + FAKE_FRAMES * PAGE_SIZE;
	EXPECT_PANIC(root_create(&machine));
}

#undef TEST
#define TEST(claim) cmocka_unit_test_setup(claim, start)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_image_is_mapped_where_it_lies_and_data_is_copied),
	    TEST(stack_information_and_archive_are_there),
	    TEST(the_thread_is_ready_at_its_entry),
	    TEST(its_capabilities_are_all_memory_all_devices_and_the_system),
	    TEST(the_archive_outlives_the_root_task),
	    TEST(an_archive_that_is_none_is_the_end_of_the_boot),
	    TEST(a_damaged_image_is_the_end_of_the_boot),
	    TEST(a_machine_too_small_for_it_is_the_end_of_the_boot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
