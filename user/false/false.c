/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * false.c - failure.
 */
int
main(void)
{
	return 1;
}
