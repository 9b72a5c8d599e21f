/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_firmware.h - firmware and semihosting that remember what was asked.
 */
#ifndef TINE_TEST_FAKE_FIRMWARE_H
#define TINE_TEST_FAKE_FIRMWARE_H

struct fake_firmware {
	char console[4096]; /* what was printed, NUL-terminated */
	char log[4096]; /* what semihosting was told */
	char order[16]; /* s: semihost exit, r: reset, o: shutdown */
	int status; /* of the semihost exit */
};

extern struct fake_firmware fake_firmware;

void fake_firmware_reset(void);

#endif
