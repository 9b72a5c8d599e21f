# SPDX-License-Identifier: BSD-2-Clause
"""memory.py - the kernel's invariants, checked from outside, in gdb.

  tine-check            check now; a hart has to be at the begin of a call
  tine-invariants N     go on to the end, and check there and every N seconds,
                        when a space is copied

invariants.c asserts what it takes for one object to be right, as the kernel
runs.  Here all of memory is read, so that all can be compared with all: the
frame table with page tables and objects, states of threads with queues.  The
kernel needs no line for it, and the release build can be checked as well.

What is not so is printed, and $tine_status is 1 then, or if the machine did
not get to its end.  The layout of structures comes from the debugging
information; the few numbers below are those of the kernel's headers.
"""

import collections
import struct
import threading

import gdb

PAGE = 4096
WORD = (1 << 64) - 1
# abi/types.h, abi/page.h, frame.h, space.h, space_impl.h, hart.h, notify.h
NAME_FRAME_BITS = 24
FRAME_KIND, FRAME_HOLD, FRAME_NONE = 0xff, 0x100, 0xffffffff
PTE_V, PTE_W, PTE_X, PTE_UAD, PTE_COW, PTE_SHARED = 1, 4, 8, 0xd0, 0x100, 0x200
PTE_PPN = 10
USER_ENTRIES = 256
GROUP_ENTRIES = 16
FP_OTHERS = (0, 1)
TIMER_NEVER = WORD
# Rights that make sense for a kind: cap_rights_of().
RIGHTS_OF = {"ENDPOINT": 0x003, "NOTIFICATION": 0x00c, "CSPACE": 0x010,
             "MEMORY": 0x0e0, "SYSTEM": 0x700, "IRQ": 0x800}
AT_BEGIN, AT_END = "sys_space_clone", "sys_system_power"
TOLD_MAX = 20


def number(expression):
    return int(gdb.parse_and_eval(expression)) & WORD


def read(address, length):
    """As the selected thread sees it: read_memory() of gdb 16 takes any hart,
    which may be in M- or U-mode."""
    array = gdb.parse_and_eval(f"*(unsigned char (*)[{length}]){address:#x}")
    return array.string("latin-1", "strict", length).encode("latin-1")


def words(data):
    return struct.unpack(f"<{len(data) // 8}Q", data)


class Layout:
    """Where the members of a structure are."""

    def __init__(self, name):
        self.type = gdb.lookup_type("struct " + name)
        self.size = self.type.sizeof
        self.members = {}
        self.add(self.type, 0)

    def add(self, kind, base):
        for field in kind.fields():
            offset = base + field.bitpos // 8
            if field.name:
                self.members[field.name] = offset, field.type.sizeof
            else:
                self.add(field.type, offset)

    def at(self, member):
        return self.members[member][0]


class Record:
    """A structure's bytes; its scalars are attributes."""

    def __init__(self, layout, address, data):
        self.layout = layout
        self.address = address
        self.data = data

    def __getattr__(self, member):
        offset, size = self.layout.members[member]
        return int.from_bytes(self.data[offset:offset + size], "little")

    def word(self, member):
        """A struct space_word's value."""
        return getattr(self, member) >> 1

    def array(self, member):
        offset, size = self.layout.members[member]
        return words(self.data[offset:offset + size])


class Kernel:
    """All that there is to compare, and what is wrong with it."""

    LAYOUTS = ("cap", "endpoint", "hart", "irq", "notification", "prioq",
               "space", "thread")

    def __init__(self):
        self.problems = []
        self.layouts = {name: Layout(name) for name in self.LAYOUTS}
        self.kinds = {name: number(f"(int)({name})") for name in (
            "FRAME_RESERVED", "FRAME_FREE", "FRAME_USER", "FRAME_TABLE",
            "KIND_THREAD", "KIND_SPACE", "KIND_CSPACE", "KIND_ENDPOINT",
            "KIND_NOTIFICATION", "KIND_IRQ", "KIND_MEMORY", "KIND_SYSTEM")}
        self.states = {number(f"(int)THREAD_{name}"): name for name in (
            "STOPPED", "READY", "RUNNING", "SENDING", "RECEIVING",
            "AWAITING")}
        self.priorities = (self.layouts["prioq"].members["queue"][1]
                           // 16)
        self.base = number("frames.base")
        self.origin = (number("(unsigned long)frames.table << 8")
                       + number("frames.bias")) & WORD
        self.read_frames()
        self.objects = {
            name: {frame: self.record(name, frame)
                   for frame in self.of_kind("KIND_" + name.upper())}
            for name in ("thread", "space", "endpoint", "notification",
                         "irq")}
        self.threads = self.objects["thread"]
        self.harts = self.read_harts()

    # Reading.

    def read_frames(self):
        count = number("frames.count")
        data = read(number("frames.table"), 16 * count)
        self.frames = list(struct.iter_unpack("<QII", data))
        self.by_kind = collections.defaultdict(list)
        for frame, entry in enumerate(self.frames):
            self.by_kind[entry[0] & FRAME_KIND].append(frame)

    def read_harts(self):
        layout = self.layouts["hart"]
        first = number("&harts[0]")
        return [Record(layout, at, read(at, layout.size))
                for at in range(first, first + number("nharts") * layout.size,
                                layout.size)]

    def of_kind(self, kind):
        return self.by_kind[self.kinds[kind]]

    def address(self, frame):
        return self.origin + frame * PAGE

    def frame_at(self, address):
        """The frame that an object's address is of, or None."""
        frame, rest = divmod(address - self.origin, PAGE)
        return frame if rest == 0 and 0 <= frame < len(self.frames) else None

    def page(self, frame):
        return read(self.address(frame), PAGE)

    def record(self, name, frame):
        layout = self.layouts[name]
        address = self.address(frame)
        return Record(layout, address, read(address, layout.size))

    def object_at(self, name, address):
        return self.objects[name].get(self.frame_at(address))

    def name_of(self, frame):
        return (self.frames[frame][0] >> NAME_FRAME_BITS << NAME_FRAME_BITS
                | frame)

    # Telling.

    def expect(self, good, *what):
        if not good:
            self.problems.append(" ".join(
                f"{each:#x}" if isinstance(each, int) else each
                for each in what))

    # Frames.

    def check_free_list(self):
        free = set(self.of_kind("FRAME_FREE"))
        frame, seen = number("frames.free_head"), set()
        while frame != FRAME_NONE:
            if frame not in free or frame in seen:
                self.expect(False, "free list: frame", frame)
                return
            seen.add(frame)
            frame = self.frames[frame][2]
        self.expect(seen == free, "free list: lacks frames")
        self.expect(len(seen) == number("frames.free_count"),
                    "free list: count")
        pools = sum(each.word("pool")
                    for each in self.objects["space"].values())
        self.expect(pools == number("frames.reserved_count"),
                    "reserved frames: count")
        self.expect(pools <= len(seen), "reserved frames: more than are free")

    def check_leaf(self, entry, where):
        """The frame that a leaf counts for, or None."""
        frame = (entry >> PTE_PPN) - (self.base // PAGE)
        if entry & PTE_V:
            self.expect(entry & PTE_UAD == PTE_UAD, "leaf without U, A, D",
                        *where)
            self.expect(entry & (PTE_W | PTE_X) != PTE_W | PTE_X,
                        "leaf with W and X", *where)
            self.expect(entry & (PTE_W | PTE_COW) != PTE_W | PTE_COW,
                        "leaf with W and COW", *where)
        if not 0 <= frame < len(self.frames):
            return None
        tag, count, _ = self.frames[frame]
        self.expect(tag & FRAME_KIND == self.kinds["FRAME_USER"],
                    "leaf to what is no user page", *where)
        if entry & PTE_V and entry & PTE_W and not entry & PTE_SHARED:
            self.expect(count - bool(tag & FRAME_HOLD) == 1,
                        "writable private leaf to a page that others have",
                        *where)
        return frame

    def table(self, entry, tables, where):
        """The entries that are not 0 of the table that one points to."""
        frame = (entry >> PTE_PPN) - (self.base // PAGE)
        if (entry & (PTE_UAD | PTE_W | PTE_X | PTE_V) != PTE_V
                or not 0 <= frame < len(self.frames)
                or self.frames[frame][0] & FRAME_KIND
                != self.kinds["FRAME_TABLE"]):
            self.expect(False, "no table below", *where)
            return
        tables[frame] += 1
        page = self.page(frame)
        if page.count(0) != PAGE:
            yield from self.entries(frame, words(page), where)

    def entries(self, frame, table, where):
        """Those that are not 0; the table's groups have to tell of them."""
        groups = self.frames[frame][2]
        for i, entry in enumerate(table):
            if entry:
                self.expect(groups >> i // GROUP_ENTRIES & 1,
                            "entry that its table does not tell of", *where,
                            i)
                yield i, entry

    def check_spaces(self):
        """Page tables against the frame table."""
        tables, users = collections.Counter(), collections.Counter()
        for name, space in self.objects["space"].items():
            before = tables.total()
            for i, root in self.entries(name, space.array("user"), (name,)):
                for j, middle in self.table(root, tables, (name, i)):
                    for k, leaf in self.table(middle, tables, (name, i, j)):
                        users[self.check_leaf(leaf, (name, i, j, k))] += 1
            self.expect(tables.total() - before == space.word("tables"),
                        "space", name, "counts other tables")
        del users[None]
        self.expect(set(tables) == set(self.of_kind("FRAME_TABLE"))
                    - self.own_tables(), "tables that are in no space")
        self.expect(all(each == 1 for each in tables.values()),
                    "a table that is in two places")
        for frame in self.of_kind("FRAME_USER"):
            tag, count, _ = self.frames[frame]
            self.expect(count == users[frame] + bool(tag & FRAME_HOLD)
                        and count > 0,
                        "user page", frame, "counts", count, "is mapped",
                        users[frame])

    def own_tables(self):
        """The kernel's: page tables of its own, and the frame table."""
        own = set(range(self.frame_at(number("frames.table")),
                        self.frame_at(number("frames.table")
                                      + 16 * len(self.frames) + PAGE - 1
                                      & ~(PAGE - 1))))
        own.add(self.frame_at(number("kernel_space")))
        below = [words(read(number("kernel_space"), PAGE))[USER_ENTRIES:]]
        for table in below:
            for entry in table:
                frame = (entry >> PTE_PPN) - (self.base // PAGE)
                if (entry & (PTE_UAD | PTE_W | PTE_X | PTE_V) == PTE_V
                        and 0 <= frame < len(self.frames) and frame not in own
                        and self.frames[frame][0] & FRAME_KIND
                        == self.kinds["FRAME_TABLE"]):
                    own.add(frame)
                    below.append(words(self.page(frame)))
        return own

    def check_references(self):
        """What objects count, against who refers to them."""
        users = collections.Counter()
        for thread in self.threads.values():
            for pointer in (thread.space, thread.cspace):
                if pointer:
                    users[self.frame_at(pointer)] += 1
        for kind in self.kinds:
            if not kind.startswith("KIND_"):
                continue
            for frame in self.of_kind(kind):
                count = self.frames[frame][1]
                self.expect(count == users[frame], kind, frame, "counts",
                            count, "has", users[frame])

    # Capabilities.

    def check_capabilities(self):
        layout = self.layouts["cap"]
        allowed = {self.kinds["KIND_" + name]: rights
                   for name, rights in RIGHTS_OF.items()}
        for frame in self.of_kind("KIND_CSPACE"):
            data = self.page(frame)
            for slot in range(PAGE // layout.size):
                cap = Record(layout, 0, data[slot * layout.size:])
                rights = allowed.get(cap.tag & FRAME_KIND, 0)
                self.expect(cap.rights & ~rights == 0, "capability", frame,
                            slot, "has rights", cap.rights)

    # Threads and queues.

    def members(self, head, offset, what):
        """Addresses of the structures on a list, whose links are there."""
        before, at, found = head, words(read(head, 16))[0], []
        while at != head and len(found) <= len(self.frames):
            following, preceding = words(read(at, 16))
            self.expect(preceding == before, what, "has a broken link", at)
            found.append(at - offset)
            before, at = at, following
        self.expect(words(read(head, 16))[1] == before, what,
                    "has a broken end")
        return found

    def queued(self, address, what):
        """Threads that are on a struct prioq, each with what it is on."""
        layout = self.layouts["prioq"]
        ready, = words(read(address + layout.at("ready"), 8))
        for priority in range(self.priorities):
            head = address + layout.at("queue") + 16 * priority
            found = self.members(head, self.layouts["thread"].at("link"),
                                 what)
            self.expect(bool(found) == bool(ready >> priority & 1), what,
                        "has a wrong bit for", priority)
            for thread in found:
                record = self.object_at("thread", thread)
                self.expect(record is None or record.priority == priority,
                            what, "has at a wrong priority", thread)
                yield thread

    def check_queues(self):
        """Each thread is on what its state says, and on nothing else."""
        on = collections.defaultdict(list)
        for hart in self.harts:
            for thread in self.queued(
                    hart.address + hart.layout.at("ready"), "ready queue"):
                on[thread].append(("READY", hart.address))
            if hart.current:
                on[hart.current].append(("RUNNING", hart.address))
        for endpoint in self.objects["endpoint"].values():
            at = endpoint.address
            senders = list(self.queued(
                at + endpoint.layout.at("senders"), "senders"))
            receivers = self.members(
                at + endpoint.layout.at("receivers"),
                self.layouts["thread"].at("link"), "receivers")
            self.expect(not senders or not receivers,
                        "endpoint with senders and receivers", at)
            for thread in senders:
                on[thread].append(("SENDING", at))
            for thread in receivers:
                on[thread].append(("RECEIVING", None))
        for thread in self.threads.values():
            state = self.states.get(thread.state, "none")
            where = {"READY": thread.hart, "RUNNING": thread.hart,
                     "SENDING": thread.endpoint, "RECEIVING": None}
            expected = [(state, where[state])] if state in where else []
            self.expect(on.pop(thread.address, []) == expected, "thread",
                        thread.address, "is not on what its state says:",
                        state)
        self.expect(not on, "on a queue, but no thread:",
                    *(f"{each:#x}" for each in on))

    def check_threads(self):
        spaces = self.objects["space"]
        names = {self.name_of(frame) for frame in self.threads}
        for frame, thread in self.threads.items():
            what = "thread", frame
            self.expect(thread.name == self.name_of(frame), *what, "name")
            self.expect(thread.token >= thread.name
                        and thread.token & 0xffffff == frame, *what, "token")
            awaits = self.states.get(thread.state) == "AWAITING"
            self.expect(thread.reply_name in names if awaits
                        else thread.reply_name == 0, *what,
                        "is to be answered by", thread.reply_name)
            space = spaces.get(self.frame_at(thread.space))
            if thread.space:
                self.expect(space is not None and thread.satp == self.satp(
                    space), *what, "space")
            if space is not None:
                self.expect(space.word("harts") >> self.hart_index(
                    thread.hart) & 1, *what, "whose space its hart is not of")

    def satp(self, space):
        page = (space.address - self.origin + self.base) // PAGE
        return 8 << 60 | space.word("asid") << 44 | page

    def hart_index(self, address):
        return (address - self.harts[0].address) // self.layouts["hart"].size

    def check_harts(self):
        kernel = number("kernel_space")
        for hart in self.harts:
            what = "hart", hart.index
            current = self.object_at("thread", hart.current)
            if current is not None:
                self.expect(hart.satp == current.satp, *what,
                            "is in another space than its thread")
            else:
                self.expect(hart.satp & (1 << 44) - 1
                            == (kernel - self.origin + self.base) // PAGE,
                            *what, "is idle in a space that is not its own")
            self.expect(hart.fp_holder in FP_OTHERS or self.object_at(
                "thread", hart.fp_holder) is not None, *what,
                "holds FP registers of", hart.fp_holder)
        for name, stat in (("thread", "STAT_THREADS"),
                           ("space", "STAT_SPACES")):
            total = sum(hart.array("counters")[number(f"(int){stat}")]
                        for hart in self.harts) & WORD
            self.expect(total == len(self.objects[name]), stat, total, "of",
                        len(self.objects[name]))

    def check_notifications(self):
        armed = []
        for hart in self.harts:
            timers = self.members(
                hart.address + hart.layout.at("timers"),
                self.layouts["notification"].at("timer_link"), "timers")
            records = [self.object_at("notification", each)
                       for each in timers]
            self.expect(None not in records, "a timer of what is gone")
            deadlines = [each.deadline for each in records if each]
            self.expect(deadlines == sorted(deadlines), "timers: order")
            armed += timers
        for frame, each in self.objects["notification"].items():
            what = "notification", frame
            self.expect(armed.count(each.address)
                        == (each.deadline != TIMER_NEVER), *what, "timer")
            bound = self.object_at("thread", each.bound)
            if each.bound == 0:
                continue
            self.expect(bound is not None
                        and bound.notification == each.address, *what,
                        "is bound to who does not know")
            if bound is not None:
                self.expect(not each.pending or self.states.get(bound.state)
                            != "RECEIVING", *what, "has not been taken")
        for frame, thread in self.threads.items():
            known = self.object_at("notification", thread.notification)
            self.expect(thread.notification == 0 or known is not None
                        and known.bound == thread.address, "thread", frame,
                        "has a notification that is bound to another")

    def check_lines(self):
        irqs = words(read(number("&irqs[0]"), number("sizeof(irqs)")))
        taken = {line: address for line, address in enumerate(irqs)
                 if address}
        self.expect(taken == {each.line: each.address for each
                              in self.objects["irq"].values()},
                    "interrupt lines")

    def check(self):
        for each in (self.check_free_list, self.check_spaces,
                     self.check_references, self.check_capabilities,
                     self.check_queues, self.check_threads, self.check_harts,
                     self.check_notifications, self.check_lines):
            each()
        return self.problems


def check():
    """Whether all is well; what is not is printed."""
    problems = Kernel().check()
    for each in problems[:TOLD_MAX]:
        print("# not so:", each)
    if problems:
        gdb.execute("set variable $tine_status = 1")
    return not problems


def only_the_kernel():
    """Forget symbols of others, who have functions and types of like names."""
    kernel = next(each.filename for each in gdb.objfiles()
                  if each.filename.endswith("/tine.elf"))
    gdb.execute("symbol-file", to_string=True)
    gdb.execute(f"symbol-file {kernel}", to_string=True)


class Check(gdb.Command):
    """tine-check: check now."""

    def __init__(self):
        super().__init__("tine-check", gdb.COMMAND_DATA)

    def invoke(self, _argument, _from_tty):
        only_the_kernel()
        check()


class Invariants(gdb.Command):
    """tine-invariants SECONDS: go on to the end, with checks."""

    def __init__(self):
        super().__init__("tine-invariants", gdb.COMMAND_RUNNING)

    def invoke(self, argument, _from_tty):
        gdb.execute("set variable $tine_status = 1")
        only_the_kernel()
        end = stop_at(AT_END)
        while end.hit_count == 0:
            go_on(float(argument))
            if end.hit_count == 0:
                meanwhile = stop_at(AT_BEGIN)
                go_on()
                begun = meanwhile.hit_count
                meanwhile.delete()
                if not begun and end.hit_count == 0:
                    # A panic, or the machine is gone.
                    print("\n# it did not get to its end")
                    return
            if not check():
                return
        gdb.execute("set variable $tine_status = 0")
        gdb.execute("delete")
        gdb.execute("continue", to_string=True)


def stop_at(function):
    before = gdb.breakpoints()
    gdb.execute(f"hbreak {function}", to_string=True)
    return next(each for each in gdb.breakpoints() if each not in before)


def go_on(seconds=None):
    """Until the machine stops, or for so long."""
    timer = None
    if seconds:
        timer = threading.Timer(
            seconds, gdb.post_event, [lambda: timer and interrupt()])
        timer.start()
    gdb.execute("continue", to_string=True)
    if timer:
        timer.cancel()
        timer = None


def interrupt():
    gdb.execute("interrupt", to_string=True)


# The frame table is one value.
gdb.execute("set max-value-size unlimited")
for command in (Check, Invariants):
    command()
