# SPDX-License-Identifier: BSD-2-Clause
#
# warnings.cmake - what the compiler is asked to find, on host and target.

option(TINE_WERROR "treat warnings as errors" OFF)

set(TINE_WARNINGS -Wall -Wextra -Wshadow -Wundef -Wvla -Wpointer-arith
	-Wcast-align -Wcast-qual -Wwrite-strings -Wstrict-prototypes
	-Wmissing-prototypes -Wredundant-decls -Wimplicit-fallthrough
	-Wformat=2 -Wconversion -Wno-sign-conversion)
if(TINE_WERROR)
	list(APPEND TINE_WARNINGS -Werror)
endif()
