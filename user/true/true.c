/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * true.c - success.
 */
int
main(void)
{
	return 0;
}
