// Only in thread sanitizer builds. QProcess starts its children in the parent's memory (CLONE_VM with CLONE_VFORK). The
// sanitizer's own clone() takes that for a fork and notes in the shared memory that this process is the child: from
// then on it looks away, so that a test that starts a server would find nothing. A child with memory of its own leaves
// the parent watched.

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdarg>

extern "C" int clone(int (*child)(void*), void*, int flags, void* argument, ...)
{
    va_list rest;
    va_start(rest, argument);
    auto* const parentTid = va_arg(rest, pid_t*); // with CLONE_PIDFD: where the descriptor goes
    va_end(rest);
    const long pid = syscall(SYS_clone, flags & ~(CLONE_VM | CLONE_VFORK), nullptr, parentTid, nullptr, nullptr);
    if (pid == 0)
        _exit(child(argument));
    return int(pid);
}
