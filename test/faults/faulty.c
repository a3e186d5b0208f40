// A library to preload that makes the Nth call of one kind fail below one directory. README.md tells of the variables.
//
// Every wrapper asks `fault_at` first: the ordinary answer is NONE, and then the call is what it always was. Calls that take
// a descriptor are looked up in /proc/self/fd, but only those of the kind that is to fail, so the rest costs nothing.
#include "preload.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum op { OPEN, READ, WRITE, FSYNC, RENAME, LINK, MKDIR, UNLINK, FALLOCATE, STAT, OPS };
enum fault { NONE, ERROR, TORN, LIE, FLIP, SHORT };

static const char *const op_names[] = {"open",  "read",  "write",  "fsync",     "rename",
                                       "link",  "mkdir", "unlink", "fallocate", "stat"};
static const struct { const char *name; enum fault fault; int number; } faults[] = {
    {"EIO", ERROR, EIO},       {"ENOSPC", ERROR, ENOSPC}, {"EDQUOT", ERROR, EDQUOT}, {"EMFILE", ERROR, EMFILE},
    {"EACCES", ERROR, EACCES}, {"EROFS", ERROR, EROFS},   {"ENOENT", ERROR, ENOENT}, {"torn", TORN, 0},
    {"lie", LIE, 0},           {"flip", FLIP, 0},         {"short", SHORT, 0},
};

static enum op faulty_op = OPS; // OPS: nothing fails.
static enum fault fault = NONE;
static int fault_errno;
static unsigned first;
static int always;
static atomic_uint calls;

__attribute__((constructor)) static void configure(void)
{
    const char *wish = getenv("LARDER_FAULT");
    const char *directory = getenv("LARDER_FAULT_UNDER");
    if (!wish || !directory)
        return;
    char op[16], what[16], tail[16] = "";
    int parts = sscanf(wish, "%15[a-z]:%15[A-Za-z]:%u:%15[a-z]", op, what, &first, tail);
    enum op wanted = 0;
    while (wanted < OPS && strcmp(op, op_names[wanted]))
        wanted++;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (!strcmp(what, faults[i].name)) {
            fault = faults[i].fault;
            fault_errno = faults[i].number;
        }
    always = !strcmp(tail, "always");
    // A wish that is not understood would be a campaign without faults.
    if (parts < 3 || wanted == OPS || fault == NONE || first == 0 || (parts == 4 && !always)) {
        fprintf(stderr, "faulty: LARDER_FAULT=%s is not op:fault:N[:always]\n", wish);
        _exit(78);
    }
    look_under(directory);
    faulty_op = wanted;
}

// What this call shall meet; with ERROR, errno is set already.
static enum fault fault_at(enum op op, const char *path)
{
    if (op != faulty_op || !is_under(path))
        return NONE;
    unsigned call = atomic_fetch_add(&calls, 1) + 1;
    if (always ? call < first : call != first)
        return NONE;
    const char *met = getenv("LARDER_FAULT_MET");
    if (met)
        syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, met, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    errno = fault_errno;
    return fault;
}

static enum fault fault_on(enum op op, int descriptor)
{
    char path[PATH_MAX];
    return op == faulty_op && path_of(descriptor, path) ? fault_at(op, path) : NONE;
}

// Calls that fail or do what they always do.
#define PLAIN(type, failed, name, parameters, look, ...)                                                               \
    type name parameters { return look == ERROR ? failed : REAL(name)(__VA_ARGS__); }

PLAIN(DIR *, NULL, opendir, (const char *path), fault_at(OPEN, path), path)
PLAIN(int, -1, rename, (const char *from, const char *to), fault_at(RENAME, to), from, to)
PLAIN(int, -1, renameat, (int a, const char *from, int b, const char *to), fault_at(RENAME, to), a, from, b, to)
PLAIN(int, -1, renameat2, (int a, const char *from, int b, const char *to, unsigned flags), fault_at(RENAME, to), a,
      from, b, to, flags)
PLAIN(int, -1, link, (const char *from, const char *to), fault_at(LINK, to), from, to)
PLAIN(int, -1, linkat, (int a, const char *from, int b, const char *to, int flags), fault_at(LINK, to), a, from, b, to,
      flags)
// To make a directory that is there is never an error of the disk: the name is looked up first.
PLAIN(int, -1, mkdir, (const char *path, mode_t mode), (access(path, F_OK) ? fault_at(MKDIR, path) : NONE), path, mode)
PLAIN(int, -1, unlink, (const char *path), fault_at(UNLINK, path), path)
PLAIN(int, -1, unlinkat, (int at, const char *path, int flags), fault_at(UNLINK, path), at, path, flags)
PLAIN(int, -1, rmdir, (const char *path), fault_at(UNLINK, path), path)
PLAIN(int, -1, fallocate, (int fd, int mode, off_t from, off_t length), fault_on(FALLOCATE, fd), fd, mode, from, length)
PLAIN(int, -1, fallocate64, (int fd, int mode, off64_t from, off64_t length), fault_on(FALLOCATE, fd), fd, mode, from,
      length)
PLAIN(int, fault_errno, posix_fallocate, (int fd, off_t from, off_t length), fault_on(FALLOCATE, fd), fd, from, length)
PLAIN(int, fault_errno, posix_fallocate64, (int fd, off64_t from, off64_t length), fault_on(FALLOCATE, fd), fd, from,
      length)
PLAIN(int, -1, statx, (int at, const char *restrict path, int flags, unsigned mask, struct statx *restrict status),
      (*path ? fault_at(STAT, path) : fault_on(STAT, at)), at, path, flags, mask, status)

// A sync that lies says that it is done and is not.
#define SYNCS(name)                                                                                                    \
    int name(int fd)                                                                                                   \
    {                                                                                                                  \
        enum fault now = fault_on(FSYNC, fd);                                                                          \
        return now == ERROR ? -1 : now == LIE ? 0 : REAL(name)(fd);                                                    \
    }

SYNCS(fsync)
SYNCS(fdatasync)

// The names under which .NET, built for an old glibc, asks for stat, lstat and fstat.
#define STATUS(name, what, look, real)                                                                                 \
    int name(int version, what, struct stat *status)                                                                   \
    {                                                                                                                  \
        (void)version;                                                                                                 \
        return look == ERROR ? -1 : real;                                                                              \
    }

STATUS(__xstat64, const char *path, fault_at(STAT, path), fstatat(AT_FDCWD, path, status, 0))
STATUS(__lxstat64, const char *path, fault_at(STAT, path), fstatat(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW))
STATUS(__fxstat64, int fd, fault_on(STAT, fd), fstatat(fd, "", status, AT_EMPTY_PATH))

#define OPENS(name, parameters, ...)                                                                                   \
    int name parameters                                                                                                \
    {                                                                                                                  \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;                                        \
        va_end(rest);                                                                                                  \
        return fault_at(OPEN, path) == ERROR ? -1 : REAL(name)(__VA_ARGS__, mode);                                     \
    }

OPENS(open, (const char *path, int flags, ...), path, flags)
OPENS(open64, (const char *path, int flags, ...), path, flags)
OPENS(openat, (int at, const char *path, int flags, ...), at, path, flags)
OPENS(openat64, (int at, const char *path, int flags, ...), at, path, flags)

// A write that lies says that all of it is there; one call of `real` sees only the first `length` bytes.
#define WRITES(name, parameters, ...)                                                                                  \
    ssize_t name parameters                                                                                            \
    {                                                                                                                  \
        size_t whole = length;                                                                                         \
        enum fault now = fault_on(WRITE, fd);                                                                          \
        if (now == ERROR)                                                                                              \
            return -1;                                                                                                 \
        length = now == LIE ? 0 : now == TORN ? whole / 2 : whole;                                                     \
        ssize_t written = REAL(name)(__VA_ARGS__);                                                                     \
        return now == NONE || written < 0 ? written : (ssize_t)whole;                                                  \
    }

WRITES(write, (int fd, const void *bytes, size_t length), fd, bytes, length)
WRITES(pwrite, (int fd, const void *bytes, size_t length, off_t offset), fd, bytes, length, offset)
WRITES(pwrite64, (int fd, const void *bytes, size_t length, off64_t offset), fd, bytes, length, offset)

#define READS(name, parameters, ...)                                                                                   \
    ssize_t name parameters                                                                                            \
    {                                                                                                                  \
        enum fault now = fault_on(READ, fd);                                                                           \
        if (now == ERROR)                                                                                              \
            return -1;                                                                                                 \
        if (now == SHORT && length > 1)                                                                                \
            length /= 2;                                                                                               \
        ssize_t got = REAL(name)(__VA_ARGS__);                                                                         \
        if (now == FLIP && got > 0)                                                                                    \
            ((char *)bytes)[calls * 2654435761u % (size_t)got] ^= 1; /* another place each time, the same each run */  \
        return got;                                                                                                    \
    }

READS(read, (int fd, void *bytes, size_t length), fd, bytes, length)
READS(pread, (int fd, void *bytes, size_t length, off_t offset), fd, bytes, length, offset)
READS(pread64, (int fd, void *bytes, size_t length, off64_t offset), fd, bytes, length, offset)
