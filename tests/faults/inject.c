/* What goes wrong between a program and its disk, at a chosen moment.
 *
 * Preloaded before libc. Once armed, it counts the calls that change files under FAULT_ROOT
 * and at the n-th one does what was asked. It also keeps a trace of all of them, from which
 * the state of a disk after a power cut can be made.
 *
 *   fault_arm(at, how)   count from now; at the `at`-th call (1 is the first):
 *                        'k' kill before it, 't' do half of it, if it is a write, and kill, 'e' EIO once,
 *                        'n' ENOSPC from now on for all that takes room, 0 only count
 *   fault_each(call)     before each counted call, call(its number): it may fork, and in the
 *                        child say fault_now(how); locks of files then always succeed, for
 *                        the parent, which stands still, holds them
 *   fault_off()          stop; returns how many calls were counted
 *   fault_trace(fd)      write every call to fd: a line of words, then its bytes
 *   fault_mark(word)     a line of the test's own in the trace
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static long count, at;
static int how, armed, inside, unlocked, alone, trace = -1;
static void (*each)(long);
static char root[PATH_MAX];

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
    const char *given = getenv("FAULT_ROOT");
    snprintf(root, sizeof root, "%s/", given ? given : "/nowhere");
}

static int ours(const char *path) {
    char whole[PATH_MAX];
    if (path[0] != '/') {
        if (!getcwd(whole, sizeof whole)) return 0;
        return !strncmp(whole, root, strlen(root) - 1);
    }
    return !strncmp(path, root, strlen(root));
}

static const char *name_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, PATH_MAX - 1);
    if (size < 0) return "";
    path[size] = 0;
    return path;
}

static void put(const void *data, size_t size) {
    const char *from = data;
    while (size) {
        long done = syscall(SYS_write, trace, from, size);
        if (done <= 0) return;
        from += done;
        size -= done;
    }
}

static void note(const char *what, const char *path, const char *other, long offset,
                 const void *data, size_t size) {
    char line[2 * PATH_MAX + 128];
    if (trace < 0) return;
    int length = snprintf(line, sizeof line, "%s\t%s\t%s\t%ld\t%zu\n", what, path, other,
                          offset, size);
    put(line, length);
    put(data, size);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

enum { GO, HALF, FAIL };

/* Whether the call may go on. `room`: it takes place on the disk; `torn`: it can be done by
 * half. */
static int next(int room, int torn) {
    if (!armed || inside) return GO;
    count++;
    if (each) {
        inside = 1;
        each(count);
        inside = 0;
    }
    if (how == 'n' && at && count >= at && room) {
        errno = ENOSPC;
        return FAIL;
    }
    if (count != at) return GO;
    if (how == 'k') die();
    if (how == 't' && torn) return HALF;
    if (how == 't') die();
    if (how == 'e') {
        errno = EIO;
        return FAIL;
    }
    return GO;
}

void fault_arm(long when, int kind) {
    count = 0;
    at = when;
    how = kind;
    armed = 1;
}

void fault_each(void (*call)(long)) {
    each = call;
    unlocked = 1;
}

void fault_now(int kind) {
    each = 0;
    alone = 1;
    at = count;
    how = kind;
}

/* What was locked when it was forked bears the number of the parent's thread, and could never
 * be unlocked. The child has one thread and needs no locks. */
#define LOCKING(name)                                                        \
    int name(pthread_mutex_t *lock) {                                        \
        static int (*plain)(pthread_mutex_t *);                              \
        if (alone) return 0;                                                 \
        if (!plain) plain = REAL(name);                                      \
        return plain(lock);                                                  \
    }

LOCKING(pthread_mutex_lock)
LOCKING(pthread_mutex_trylock)
LOCKING(pthread_mutex_unlock)

long fault_off(void) {
    armed = 0;
    return count;
}

void fault_trace(int fd) { trace = fd; }
void fault_mark(const char *word) { note("mark", word, "", 0, "", 0); }

static ssize_t change(int fd, const void *data, size_t size, off_t offset, int placed) {
    char path[PATH_MAX];
    ssize_t (*plain)(int, const void *, size_t) = REAL(write);
    ssize_t (*at_place)(int, const void *, size_t, off_t) = REAL(pwrite64);
    if ((!armed && trace < 0) || !ours(name_of(fd, path)))
        return placed ? at_place(fd, data, size, offset) : plain(fd, data, size);
    int fate = next(1, 1);
    if (fate == FAIL) return -1;
    if (fate == HALF) {
        if (placed) at_place(fd, data, size / 2, offset);
        else plain(fd, data, size / 2);
        die();
    }
    if (!placed) {
        off_t here = lseek(fd, 0, SEEK_CUR);
        offset = fcntl(fd, F_GETFL) & O_APPEND ? lseek(fd, 0, SEEK_END) : here;
    }
    note("write", path, "", offset, data, size);
    return placed ? at_place(fd, data, size, offset) : plain(fd, data, size);
}

ssize_t write(int fd, const void *data, size_t size) { return change(fd, data, size, 0, 0); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
    return change(fd, data, size, offset, 1);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
    return change(fd, data, size, offset, 1);
}

static int on_file(int fd, const char *what, int (*go)(int)) {
    char path[PATH_MAX];
    if ((!armed && trace < 0) || !ours(name_of(fd, path))) return go(fd);
    if (next(0, 0) == FAIL) return -1;
    note(what, path, "", 0, "", 0);
    return go(fd);
}

int fsync(int fd) { return on_file(fd, "sync", REAL(fsync)); }
int fdatasync(int fd) { return on_file(fd, "sync", REAL(fdatasync)); }

static int cut(int fd, off_t size) {
    char path[PATH_MAX];
    if ((armed || trace >= 0) && ours(name_of(fd, path))) {
        if (next(0, 0) == FAIL) return -1;
        note("cut", path, "", size, "", 0);
    }
    return REAL(ftruncate64)(fd, size);
}

int ftruncate(int fd, off_t size) { return cut(fd, size); }
int ftruncate64(int fd, off64_t size) { return cut(fd, size); }

int unlink(const char *path) {
    if ((armed || trace >= 0) && ours(path)) {
        if (next(0, 0) == FAIL) return -1;
        note("unlink", path, "", 0, "", 0);
    }
    return REAL(unlink)(path);
}

int rename(const char *from, const char *to) {
    if ((armed || trace >= 0) && ours(to)) {
        if (next(0, 0) == FAIL) return -1;
        note("rename", from, to, 0, "", 0);
    }
    return REAL(rename)(from, to);
}

int renameat(int one, const char *from, int two, const char *to) {
    if ((armed || trace >= 0) && ours(to)) {
        if (next(0, 0) == FAIL) return -1;
        note("rename", from, to, 0, "", 0);
    }
    return REAL(renameat)(one, from, two, to);
}

int unlinkat(int dir, const char *path, int flags) {
    if ((armed || trace >= 0) && ours(path)) {
        if (next(0, 0) == FAIL) return -1;
        note("unlink", path, "", 0, "", 0);
    }
    return REAL(unlinkat)(dir, path, flags);
}

static int control(int fd, int what, void *more) {
    int (*plain)(int, int, ...) = REAL(fcntl);
    struct flock *lock = more;
    if (unlocked && (what == F_SETLK || what == F_SETLKW)) return 0;
    if (unlocked && what == F_GETLK) {
        lock->l_type = F_UNLCK;
        return 0;
    }
    return plain(fd, what, more);
}

#define CONTROL(name)                                                        \
    int name(int fd, int what, ...) {                                        \
        va_list more;                                                        \
        va_start(more, what);                                                \
        void *last = va_arg(more, void *);                                   \
        va_end(more);                                                        \
        return control(fd, what, last);                                      \
    }

CONTROL(fcntl)
CONTROL(fcntl64)

static int opened(const char *path, int flags, mode_t mode, int result) {
    (void)mode;
    if (result >= 0 && trace >= 0 && (flags & (O_CREAT | O_TRUNC)) && ours(path))
        note(flags & O_TRUNC ? "empty" : "make", path, "", 0, "", 0);
    return result;
}

static int may_open(const char *path, int flags) {
    if (armed && (flags & (O_CREAT | O_TRUNC)) && ours(path)) return next(1, 0) != FAIL;
    return 1;
}

#define OPENING(name)                                                        \
    int name(const char *path, int flags, ...) {                             \
        va_list more;                                                        \
        va_start(more, flags);                                               \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more);                                                        \
        if (!may_open(path, flags)) return -1;                               \
        return opened(path, flags, mode, REAL(name)(path, flags, mode));     \
    }

OPENING(open)
OPENING(open64)
