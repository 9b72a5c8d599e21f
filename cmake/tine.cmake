# SPDX-License-Identifier: BSD-2-Clause
#
# tine.cmake - rules for the kernel, servers, SDK, programs and boot archive.
#
#   tine_kernel(source... LDSCRIPT file.lds.S)
#   tine_server(name source... [LDSCRIPT file] [FLAT] [NOSTART] [NOARCHIVE])
#   tine_sdk_library(name source...)
#   tine_sdk(path file)
#   tine_sdk_target(path target)
#   tine_program(name source... [PATH path] [NOARCHIVE] [PLAIN]
#	[FLAGS flag...] [LIBS -lname...])
#   tine_archive(path file [mode])
#
# A path is one inside the SDK or the boot archive, without a leading slash.

set(TINE_SDK ${CMAKE_BINARY_DIR}/sdk)
set(TINE_CC ${TINE_SDK}/bin/tine-cc)
set(TINE_SDK_STAMP ${CMAKE_BINARY_DIR}/sdk.stamp)
# Servers and programs: with symbols for the debugger, and as archived.
set(TINE_ELVES ${CMAKE_BINARY_DIR}/elf)
set(TINE_IMAGES ${CMAKE_BINARY_DIR}/image)
file(MAKE_DIRECTORY ${TINE_ELVES} ${TINE_IMAGES})

find_path(TINE_PICOLIBC include/picolibc.h
	PATHS /usr/lib/picolibc/riscv64-unknown-elf
	NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH REQUIRED)
find_program(TINE_PYTHON python3 REQUIRED)

# tine_multilib(OUT march mabi): gcc's directory name for a flavour.
function(tine_multilib out march mabi)
	execute_process(
		COMMAND ${CMAKE_C_COMPILER} -march=${march} -mabi=${mabi}
			-print-multi-directory
		OUTPUT_VARIABLE directory
		OUTPUT_STRIP_TRAILING_WHITESPACE
		COMMAND_ERROR_IS_FATAL ANY)
	set(${out} ${directory} PARENT_SCOPE)
endfunction()

tine_multilib(multilib rv64imac lp64)
# picolibc's default build of functions is the small one, a byte at a time.
set(TINE_BARE_LIBDIR ${TINE_PICOLIBC}/lib/release/${multilib})

if(TINE_ASSERTS)
	set(TINE_ASSERTS_VALUE 1)
else()
	set(TINE_ASSERTS_VALUE 0)
endif()

set(TINE_COMMON_FLAGS -std=gnu17 -O2 -g -fno-common -fno-strict-aliasing
	-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.
	-ffile-prefix-map=${CMAKE_BINARY_DIR}=build)
# A compiler older or newer than ours may warn of what ours does not.
set(TINE_C_WARNINGS
	"$<$<COMPILE_LANGUAGE:C>:${TINE_WARNINGS};-Wframe-larger-than=1024>")

set(TINE_KERNEL_FLAGS ${TINE_COMMON_FLAGS}
	-march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany
	-ffreestanding -mno-relax)
set(TINE_SERVER_FLAGS ${TINE_COMMON_FLAGS}
	-march=rv64imac_zicsr -mabi=lp64 -mcmodel=medany -ffreestanding)
# gcc finds its libraries by the architecture's plain name only.
set(TINE_BARE_LINK_FLAGS -march=rv64imac -mabi=lp64 -mcmodel=medany)
set(TINE_PROGRAM_FLAGS ${TINE_COMMON_FLAGS}
	-march=rv64imafdc_zicsr -mabi=lp64d -mcmodel=medany
	-ftls-model=local-exec)

# Adds a directory that has something to build.
function(tine_subdirectory directory)
	file(GLOB found CONFIGURE_DEPENDS
		${CMAKE_SOURCE_DIR}/${directory}/CMakeLists.txt)
	if(found)
		add_subdirectory(${directory})
	endif()
endfunction()

# The kernel, tine.elf; its linker script is preprocessed first.  tine.bin is
# the same in the form that boot loaders start Linux in.
function(tine_kernel)
	cmake_parse_arguments(PARSE_ARGV 0 ARG "" "LDSCRIPT" "")
	get_filename_component(lds_source ${ARG_LDSCRIPT} ABSOLUTE)
	set(lds ${CMAKE_BINARY_DIR}/kernel.lds)
	add_custom_command(
		OUTPUT ${lds}
		COMMAND ${CMAKE_C_COMPILER} -E -P -x assembler-with-cpp
			-I ${CMAKE_SOURCE_DIR}/kernel -MD -MF ${lds}.d
			-MT ${lds} -o ${lds} ${lds_source}
		DEPENDS ${lds_source}
		DEPFILE ${lds}.d
		COMMENT "Preprocessing kernel.lds"
		VERBATIM)
	add_custom_target(kernel_lds DEPENDS ${lds})

	add_executable(kernel ${ARG_UNPARSED_ARGUMENTS})
	add_dependencies(kernel kernel_lds)
	set_target_properties(kernel PROPERTIES
		OUTPUT_NAME tine SUFFIX .elf
		RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}
		LINK_DEPENDS ${lds})
	target_compile_options(kernel PRIVATE
		${TINE_KERNEL_FLAGS} ${TINE_C_WARNINGS})
	target_compile_definitions(kernel PRIVATE
		TINE_ASSERTS=${TINE_ASSERTS_VALUE})
	target_include_directories(kernel PRIVATE
		${CMAKE_SOURCE_DIR}/kernel ${CMAKE_SOURCE_DIR})
	target_include_directories(kernel SYSTEM PRIVATE
		${TINE_PICOLIBC}/include)
	# gcc has its libraries for this name of the same architecture.
	target_link_options(kernel PRIVATE -march=rv64imac -mabi=lp64
		-nostdlib -static -Wl,--no-relax -Wl,--build-id=none
		-Wl,-z,max-page-size=4096 -Wl,--no-warn-rwx-segments
		-Wl,--fatal-warnings -T ${lds})
	# For the string functions that the compiler takes for granted.
	target_link_directories(kernel PRIVATE ${TINE_BARE_LIBDIR})
	target_link_libraries(kernel PRIVATE c gcc)

	set(flat ${CMAKE_BINARY_DIR}/tine.bin)
	tine_convert(${flat} ${CMAKE_BINARY_DIR}/tine.elf kernel
		${CMAKE_OBJCOPY} -O binary)
	add_custom_target(kernel_flat ALL DEPENDS ${flat})
endfunction()

# A library for servers, or (tine_sdk_library) for programs.
function(tine_library name flags)
	add_library(${name} STATIC ${ARGN})
	target_compile_options(${name} PRIVATE ${flags} ${TINE_C_WARNINGS})
	target_include_directories(${name} PUBLIC
		${CMAKE_SOURCE_DIR}/libipc/include)
endfunction()

function(tine_server_library name)
	tine_library(${name} "${TINE_SERVER_FLAGS}" ${ARGN})
	target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/kernel)
	target_include_directories(${name} SYSTEM PRIVATE
		${TINE_PICOLIBC}/include)
endfunction()

function(tine_sdk_library name)
	tine_library(${name} "${TINE_PROGRAM_FLAGS}" ${ARGN})
	# For abi/ alone: the kernel has a sched.h, too.
	target_compile_options(${name} PRIVATE
		-idirafter ${CMAKE_SOURCE_DIR}/kernel)
	# Our headers come ahead of picolibc's.
	target_include_directories(${name} SYSTEM BEFORE PRIVATE
		${TINE_PICOLIBC}/include)
	target_include_directories(${name} SYSTEM BEFORE PRIVATE
		${CMAKE_SOURCE_DIR}/libc/include)
endfunction()

# A server, boot/NAME in the archive: a stripped ELF file, or with FLAT the
# bytes that the kernel maps.  NOSTART: it brings its own start code.
# NOARCHIVE: it is not in the archive.
function(tine_server name)
	cmake_parse_arguments(PARSE_ARGV 1 ARG
		"FLAT;NOSTART;NOARCHIVE" "LDSCRIPT;BASE" "")
	set(sources ${ARG_UNPARSED_ARGUMENTS})
	if(NOT ARG_NOSTART)
		list(APPEND sources ${CMAKE_SOURCE_DIR}/servers/common/start.S)
	endif()
	add_executable(${name} ${sources})
	set_target_properties(${name} PROPERTIES SUFFIX .elf
		RUNTIME_OUTPUT_DIRECTORY ${TINE_ELVES})
	target_compile_options(${name} PRIVATE
		${TINE_SERVER_FLAGS} ${TINE_C_WARNINGS})
	target_compile_definitions(${name} PRIVATE
		TINE_ASSERTS=${TINE_ASSERTS_VALUE})
	target_include_directories(${name} PRIVATE
		${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/servers
		${CMAKE_SOURCE_DIR}/servers/common)
	target_include_directories(${name} SYSTEM PRIVATE
		${TINE_PICOLIBC}/include)
	target_link_options(${name} PRIVATE ${TINE_BARE_LINK_FLAGS}
		-nostdlib -static -Wl,--build-id=none
		-Wl,-z,max-page-size=4096)
	target_link_directories(${name} PRIVATE ${TINE_BARE_LIBDIR})
	target_link_libraries(${name} PRIVATE ipc_server c gcc)
	if(NOT ARG_LDSCRIPT)
		# Each server elsewhere: a trace or a debugger that sees an
		# address knows whose it is.
		get_property(servers GLOBAL PROPERTY TINE_SERVERS)
		list(LENGTH servers index)
		set_property(GLOBAL APPEND PROPERTY TINE_SERVERS ${name})
		math(EXPR base "0x200000 * (2 + ${index}) + 0x10000"
			OUTPUT_FORMAT HEXADECIMAL)
		target_link_options(${name} PRIVATE
			-Wl,-Ttext-segment=${base})
	endif()
	if(ARG_BASE)
		target_link_options(${name} PRIVATE
			-Wl,-Ttext-segment=${ARG_BASE})
	endif()
	if(ARG_LDSCRIPT)
		get_filename_component(lds ${ARG_LDSCRIPT} ABSOLUTE)
		target_link_options(${name} PRIVATE -T ${lds}
			-Wl,--no-warn-rwx-segments)
		set_property(TARGET ${name} APPEND PROPERTY
			LINK_DEPENDS ${lds})
	endif()

	set(elf ${TINE_ELVES}/${name}.elf)
	set(image ${TINE_IMAGES}/${name})
	if(ARG_FLAT)
		set(convert ${CMAKE_OBJCOPY} -O binary)
	else()
		set(convert ${CMAKE_STRIP} -s -o ${image})
	endif()
	tine_convert(${image} ${elf} ${name} ${convert})
	add_custom_target(image_${name} ALL DEPENDS ${image})
	if(NOT ARG_NOARCHIVE)
		tine_archive(boot/${name} ${image})
	endif()
endfunction()

# IMAGE is what the command makes of ELF; strip has its -o in front already.
function(tine_convert image elf depends)
	set(command ${ARGN} ${elf})
	if(NOT "-o" IN_LIST command)
		list(APPEND command ${image})
	endif()
	add_custom_command(
		OUTPUT ${image}
		COMMAND ${command}
		DEPENDS ${depends} ${elf}
		VERBATIM)
endfunction()

# Registers a file that a rule in this directory makes.  The target lets the
# rules of other directories depend on it.
function(tine_sdk_file path)
	string(MAKE_C_IDENTIFIER sdk_${path} target)
	add_custom_target(${target} ALL DEPENDS ${TINE_SDK}/${path})
	set_property(GLOBAL APPEND PROPERTY TINE_SDK_FILES ${TINE_SDK}/${path})
endfunction()

# A file of the SDK that is copied; tine-cc's mode (executable) is kept.
function(tine_sdk path file)
	get_filename_component(source ${file} ABSOLUTE)
	add_custom_command(
		OUTPUT ${TINE_SDK}/${path}
		COMMAND ${CMAKE_COMMAND} -E copy ${source} ${TINE_SDK}/${path}
		DEPENDS ${source}
		VERBATIM)
	tine_sdk_file(${path})
endfunction()

# A library or object file that a CMake target makes, as a file of the SDK.
function(tine_sdk_target path target)
	add_custom_command(
		OUTPUT ${TINE_SDK}/${path}
		COMMAND ${CMAKE_COMMAND} -E copy
			$<TARGET_FILE:${target}> ${TINE_SDK}/${path}
		DEPENDS ${target} $<TARGET_FILE:${target}>
		VERBATIM)
	tine_sdk_file(${path})
endfunction()

# The stamp is newer than every file of the SDK; programs depend on it.
function(tine_sdk_finish)
	get_property(files GLOBAL PROPERTY TINE_SDK_FILES)
	add_custom_command(
		OUTPUT ${TINE_SDK_STAMP}
		COMMAND ${CMAKE_COMMAND} -E touch ${TINE_SDK_STAMP}
		DEPENDS ${files}
		VERBATIM)
	add_custom_target(sdk ALL DEPENDS ${TINE_SDK_STAMP})
endfunction()

# One object file of a program, compiled by tine-cc.
function(tine_object object source)
	get_filename_component(source ${source} ABSOLUTE)
	add_custom_command(
		OUTPUT ${object}
		COMMAND ${TINE_CC} ${ARGN} -MD -MF ${object}.d
			-MT ${object} -c -o ${object} ${source}
		DEPENDS ${source} ${TINE_SDK_STAMP}
		DEPFILE ${object}.d
		COMMENT "tine-cc ${source}"
		COMMAND_EXPAND_LISTS
		VERBATIM)
endfunction()

# A program, built as a user would.  In the archive it is PATH, by default
# bin/NAME.  PLAIN: somebody else's code, compiled without our warnings.
function(tine_program name)
	cmake_parse_arguments(PARSE_ARGV 1 ARG
		"PLAIN;NOARCHIVE" "PATH" "FLAGS;LIBS")
	set(flags -O2 -g -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.
		-ffile-prefix-map=${CMAKE_BINARY_DIR}=build)
	if(NOT ARG_PLAIN)
		list(APPEND flags -std=gnu17 ${TINE_WARNINGS})
	endif()
	list(APPEND flags ${ARG_FLAGS})

	set(directory ${CMAKE_CURRENT_BINARY_DIR}/${name}.objects)
	file(MAKE_DIRECTORY ${directory})
	set(objects)
	foreach(source ${ARG_UNPARSED_ARGUMENTS})
		get_filename_component(base ${source} NAME)
		list(APPEND objects ${directory}/${base}.o)
		tine_object(${directory}/${base}.o ${source} ${flags})
	endforeach()

	set(elf ${TINE_ELVES}/${name}.elf)
	set(image ${TINE_IMAGES}/${name})
	add_custom_command(
		OUTPUT ${elf}
		COMMAND ${TINE_CC} ${flags} -o ${elf} ${objects} ${ARG_LIBS}
		DEPENDS ${objects} ${TINE_SDK_STAMP}
		VERBATIM)
	tine_convert(${image} ${elf} "${elf}" ${CMAKE_STRIP} -s -o ${image})
	add_custom_target(program_${name} ALL DEPENDS ${image})
	add_dependencies(program_${name} sdk)
	if(NOT ARG_NOARCHIVE)
		if(NOT ARG_PATH)
			set(ARG_PATH bin/${name})
		endif()
		tine_archive(${ARG_PATH} ${image})
	endif()
endfunction()

# A program under tests/system, which prints TAP; /test/NAME on the target.
function(tine_system_test name)
	tine_program(${name} ${ARGN} PATH test/${name})
endfunction()

# A file of the boot archive.
function(tine_archive path file)
	get_filename_component(file ${file} ABSOLUTE)
	set(entry ${path}=${file})
	if(ARGC GREATER 2)
		string(APPEND entry :${ARGV2})
	endif()
	set_property(GLOBAL APPEND PROPERTY TINE_ARCHIVE_ENTRIES ${entry})
	set_property(GLOBAL APPEND PROPERTY TINE_ARCHIVE_FILES ${file})
endfunction()

# The boot archive with all that was registered; the root task is first.
function(tine_archive_finish)
	get_property(entries GLOBAL PROPERTY TINE_ARCHIVE_ENTRIES)
	get_property(files GLOBAL PROPERTY TINE_ARCHIVE_FILES)
	set(first ${entries})
	list(FILTER first INCLUDE REGEX "^boot/vmsrv=")
	if(NOT first)
		message(STATUS "no boot archive: boot/vmsrv is missing")
		return()
	endif()
	list(FILTER entries EXCLUDE REGEX "^boot/vmsrv=")
	list(SORT entries)
	set(mkarchive ${CMAKE_SOURCE_DIR}/scripts/mkarchive)
	add_custom_command(
		OUTPUT ${CMAKE_BINARY_DIR}/boot.cpio
		COMMAND ${TINE_PYTHON} ${mkarchive}
			-o ${CMAKE_BINARY_DIR}/boot.cpio ${first} ${entries}
		DEPENDS ${files} ${mkarchive}
			${CMAKE_SOURCE_DIR}/scripts/host/newc.py
		COMMENT "Writing boot.cpio"
		VERBATIM)
	add_custom_target(archive ALL DEPENDS ${CMAKE_BINARY_DIR}/boot.cpio)
endfunction()
