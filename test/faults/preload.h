// What the preloaded libraries share: how they find the real functions, and which paths are theirs.
#ifndef LARDER_PRELOAD_H
#define LARDER_PRELOAD_H

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REAL(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

// The directory below which calls count, LARDER_FAULT_UNDER; NULL: none does.
static const char *under;
static size_t under_length;

static void look_under(const char *directory)
{
    under = directory;
    under_length = strlen(directory);
}

static bool is_under(const char *path)
{
    return under && path && !strncmp(path, under, under_length) && (!path[under_length] || path[under_length] == '/');
}

// The path of an open file; false when it has none any more.
static bool path_of(int descriptor, char path[PATH_MAX])
{
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0)
        return false;
    path[length] = 0;
    return true;
}

// .NET looks P/Invokes up in libc's own handle, which does not know what is preloaded. Ours has these functions first and
// all others of libc behind them.
void *dlopen(const char *name, int flags)
{
    Dl_info self;
    if (name && (!strcmp(name, "libc") || !strcmp(name, "libc.so.6")) && dladdr((void *)dlopen, &self))
        name = self.dli_fname;
    return REAL(dlopen)(name, flags);
}

#endif
