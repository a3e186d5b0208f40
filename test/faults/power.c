// A library to preload that cuts the power below one directory: what the process has not synced is lost. README.md tells more.
//
// The strictest disk that POSIX allows and a journal can be: a change of names is safe when a directory that it changed was
// synced after it, bytes when their file was, and of all other names those up to some moment are there and the later ones
// are not. A file whose bytes were not synced has the old ones, the new ones, zeros, or some.
#include "preload.h"

#include <errno.h>
#include <ftw.h>
#include <pthread.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { MOST_FILES = 4096, MOST_CHANGES = 65536, MOST_BYTES = 4 << 20 };

// A file that was written: what the device has of it.
struct file {
    dev_t device;
    ino_t inode;
    int descriptor; // Our own: a copy of the caller's would hold his lock when he has let it go.
    bool synced;
    char *bytes;
    off_t size;
};

enum kind { CREATED, LINKED, RENAMED, MADE, UNLINKED, REMOVED };

// A change of names, and how to undo it.
struct change {
    enum kind kind;
    char *from, *to;
    int gone; // The file that lost its name by it; -1 for none.
    struct stat directories[2]; // Those that it changed.
    bool synced;
};

static struct file files[MOST_FILES];
static struct change changes[MOST_CHANGES];
static size_t file_count, change_count;
static unsigned calls, last_call, seed;
static bool syncs_lie;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void fail(const char *why)
{
    dprintf(2, "power: %s\n", why);
    syscall(SYS_exit_group, 78);
}

__attribute__((constructor)) static void configure(void)
{
    const char *wish = getenv("LARDER_POWER");
    const char *directory = getenv("LARDER_FAULT_UNDER");
    if (!wish || !directory)
        return;
    char tail[8] = "";
    int parts = sscanf(wish, "%u:%u:%7s", &last_call, &seed, tail);
    syncs_lie = !strcmp(tail, "lie");
    if (parts < 2 || !last_call || (parts == 3 && !syncs_lie))
        fail("LARDER_POWER is not CALL:SEED or CALL:SEED:lie");
    look_under(directory);
}

static int forget(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
    (void)status, (void)type, (void)ftw;
    return REAL(remove)(path), 0;
}

static void undo(const struct change *change)
{
    char link[32];
    switch (change->kind) {
    case CREATED:
    case LINKED:
        REAL(unlink)(change->to);
        break;
    case RENAMED:
        REAL(rename)(change->to, change->from);
        break;
    case MADE:
        nftw(change->to, forget, 16, FTW_DEPTH | FTW_PHYS);
        break;
    case UNLINKED:
        break;
    case REMOVED:
        REAL(mkdir)(change->to, 0755);
        break;
    }
    if (change->gone < 0)
        return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", change->gone);
    if (!REAL(linkat)(AT_FDCWD, link, AT_FDCWD, change->to, AT_SYMLINK_FOLLOW) || errno == EEXIST)
        return;
    // It had no other name, and cannot be given one again: another file with its bytes.
    struct stat status;
    fstat(change->gone, &status);
    int copy = REAL(open)(change->to, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, status.st_mode & 0777);
    char bytes[65536];
    ssize_t got;
    for (off_t at = 0; (got = REAL(pread)(change->gone, bytes, sizeof bytes, at)) > 0; at += got)
        REAL(pwrite)(copy, bytes, (size_t)got, at);
    futimens(copy, (struct timespec[]){status.st_atim, status.st_mtim});
    close(copy);
}

static void lose(const struct file *file)
{
    struct stat status;
    if (fstat(file->descriptor, &status))
        return;
    int draw = rand_r(&seed) % 4;
    if (draw == 0)
        return; // It came in time.
    if (draw == 1) {
        REAL(ftruncate)(file->descriptor, rand_r(&seed) % (status.st_size + 1));
        return;
    }
    REAL(ftruncate)(file->descriptor, 0);
    for (off_t at = 0; at < file->size;)
        at += REAL(pwrite)(file->descriptor, file->bytes + at, (size_t)(file->size - at), at);
    if (draw == 2 && status.st_size > file->size)
        REAL(ftruncate)(file->descriptor, status.st_size); // The length came in time and the bytes did not.
}

static void cut(void)
{
    size_t there = change_count ? (size_t)rand_r(&seed) % (change_count + 1) : 0;
    for (size_t i = 0; i < file_count; i++)
        if (!files[i].synced)
            lose(&files[i]);
    for (size_t i = change_count; i-- > there;)
        if (!changes[i].synced)
            undo(&changes[i]);
    syscall(SYS_exit_group, 137);
}

// A call that changes something or syncs it begins: all others wait until it has ended.
static void enter(void)
{
    pthread_mutex_lock(&lock);
    if (++calls == last_call)
        cut();
}

static void leave(void)
{
    int kept = errno;
    pthread_mutex_unlock(&lock);
    errno = kept;
}

static void look_at_parent(const char *path, struct stat *status)
{
    char directory[PATH_MAX];
    snprintf(directory, sizeof directory, "%s", path);
    char *slash = strrchr(directory, '/');
    if (slash)
        *slash = 0;
    stat(directory, status);
}

static void note_change(enum kind kind, const char *from, const char *to, int gone)
{
    if (change_count == MOST_CHANGES)
        fail("more changes than it can remember");
    struct change *change = &changes[change_count++];
    *change = (struct change){.kind = kind, .from = from ? strdup(from) : NULL, .to = strdup(to), .gone = gone};
    look_at_parent(to, &change->directories[0]);
    look_at_parent(from ? from : to, &change->directories[1]);
}

// Before the bytes of a file change.
static void note_bytes(int descriptor)
{
    struct stat status;
    if (fstat(descriptor, &status) || !S_ISREG(status.st_mode))
        return;
    struct file *file = files;
    while (file < files + file_count && (file->device != status.st_dev || file->inode != status.st_ino))
        file++;
    if (file == files + MOST_FILES)
        fail("more files than it can remember");
    if (file == files + file_count) {
        char link[32];
        snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
        int own = REAL(open)(link, O_RDWR | O_CLOEXEC);
        if (own < 0)
            fail("a file that is written cannot be opened");
        *file = (struct file){.device = status.st_dev, .inode = status.st_ino, .descriptor = own, .synced = true};
        file_count++;
    }
    if (!file->synced)
        return;
    if (status.st_size > MOST_BYTES)
        fail("a larger file than it can remember");
    file->synced = false;
    file->size = status.st_size;
    file->bytes = realloc(file->bytes, (size_t)status.st_size + 1);
    for (off_t at = 0; at < status.st_size;) {
        ssize_t got = REAL(pread)(file->descriptor, file->bytes + at, (size_t)(status.st_size - at), at);
        if (got <= 0)
            fail("a file that is written cannot be read");
        at += got;
    }
}

static bool is_same(const struct stat *one, const struct stat *other)
{
    return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

static void note_sync(int descriptor)
{
    struct stat status;
    if (fstat(descriptor, &status))
        return;
    for (size_t i = 0; S_ISREG(status.st_mode) && i < file_count; i++)
        files[i].synced |= files[i].device == status.st_dev && files[i].inode == status.st_ino;
    for (size_t i = 0; S_ISDIR(status.st_mode) && i < change_count; i++)
        changes[i].synced |=
            is_same(&changes[i].directories[0], &status) || is_same(&changes[i].directories[1], &status);
}

static bool is_open_under(int descriptor)
{
    char path[PATH_MAX];
    return under && path_of(descriptor, path) && is_under(path);
}

// Opens the file that a name is about to be taken from; -1 where there is none.
static int open_gone(const char *path)
{
    struct stat status;
    if (lstat(path, &status) || !S_ISREG(status.st_mode))
        return -1;
    return REAL(open)(path, O_RDONLY | O_CLOEXEC);
}

// Calls that change names. `gone` is the file that has a name before and not after.
#define NAMES(name, parameters, kind, from, to, gone, ...)                                                             \
    int name parameters                                                                                                \
    {                                                                                                                  \
        if (!is_under(to))                                                                                             \
            return REAL(name)(__VA_ARGS__);                                                                            \
        enter();                                                                                                       \
        int lost = gone;                                                                                               \
        int result = REAL(name)(__VA_ARGS__);                                                                          \
        if (result == 0)                                                                                               \
            note_change(kind, from, to, lost);                                                                         \
        leave();                                                                                                       \
        return result;                                                                                                 \
    }

NAMES(rename, (const char *from, const char *to), RENAMED, from, to, open_gone(to), from, to)
NAMES(renameat2, (int a, const char *from, int b, const char *to, unsigned flags), RENAMED, from, to, open_gone(to), a,
      from, b, to, flags)
NAMES(link, (const char *from, const char *to), LINKED, from, to, -1, from, to)
NAMES(linkat, (int a, const char *from, int b, const char *to, int flags), LINKED, from, to, -1, a, from, b, to, flags)
NAMES(mkdir, (const char *path, mode_t mode), MADE, NULL, path, -1, path, mode)
NAMES(unlink, (const char *path), UNLINKED, NULL, path, open_gone(path), path)
NAMES(rmdir, (const char *path), REMOVED, NULL, path, -1, path)

// Calls that change bytes.
#define BYTES(type, name, parameters, ...)                                                                             \
    type name parameters                                                                                               \
    {                                                                                                                  \
        if (!is_open_under(fd))                                                                                        \
            return REAL(name)(__VA_ARGS__);                                                                            \
        enter();                                                                                                       \
        note_bytes(fd);                                                                                                \
        type result = REAL(name)(__VA_ARGS__);                                                                         \
        leave();                                                                                                       \
        return result;                                                                                                 \
    }

BYTES(ssize_t, write, (int fd, const void *bytes, size_t length), fd, bytes, length)
BYTES(ssize_t, pwrite, (int fd, const void *bytes, size_t length, off_t offset), fd, bytes, length, offset)
BYTES(ssize_t, pwrite64, (int fd, const void *bytes, size_t length, off64_t offset), fd, bytes, length, offset)
BYTES(int, ftruncate, (int fd, off_t length), fd, length)
BYTES(int, ftruncate64, (int fd, off64_t length), fd, length)
BYTES(int, fallocate, (int fd, int mode, off_t from, off_t length), fd, mode, from, length)
BYTES(int, fallocate64, (int fd, int mode, off64_t from, off64_t length), fd, mode, from, length)
BYTES(int, posix_fallocate, (int fd, off_t from, off_t length), fd, from, length)
BYTES(int, posix_fallocate64, (int fd, off64_t from, off64_t length), fd, from, length)

#define SYNCS(name)                                                                                                    \
    int name(int fd)                                                                                                   \
    {                                                                                                                  \
        if (!is_open_under(fd))                                                                                        \
            return REAL(name)(fd);                                                                                     \
        enter();                                                                                                       \
        int result = syncs_lie ? 0 : REAL(name)(fd);                                                                   \
        if (result == 0 && !syncs_lie)                                                                                 \
            note_sync(fd);                                                                                             \
        leave();                                                                                                       \
        return result;                                                                                                 \
    }

SYNCS(fsync)
SYNCS(fdatasync)

#define OPENS(name, parameters, ...)                                                                                   \
    int name parameters                                                                                                \
    {                                                                                                                  \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;                                                      \
        va_end(rest);                                                                                                  \
        if (!is_under(path) || !(flags & (O_CREAT | O_TRUNC)))                                                         \
            return REAL(name)(__VA_ARGS__, mode);                                                                      \
        enter();                                                                                                       \
        bool is_there = !access(path, F_OK);                                                                           \
        int before = is_there && flags & O_TRUNC ? REAL(open)(path, O_RDWR | O_CLOEXEC) : -1;                          \
        if (before >= 0) {                                                                                             \
            note_bytes(before);                                                                                        \
            close(before);                                                                                             \
        }                                                                                                              \
        int result = REAL(name)(__VA_ARGS__, mode);                                                                    \
        if (result >= 0 && !is_there)                                                                                  \
            note_change(CREATED, NULL, path, -1);                                                                      \
        leave();                                                                                                       \
        return result;                                                                                                 \
    }

OPENS(open, (const char *path, int flags, ...), path, flags)
OPENS(open64, (const char *path, int flags, ...), path, flags)
OPENS(openat, (int at, const char *path, int flags, ...), at, path, flags)
OPENS(openat64, (int at, const char *path, int flags, ...), at, path, flags)
