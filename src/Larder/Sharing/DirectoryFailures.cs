using Larder.Store;

namespace Larder.Sharing;

/// <summary>What the failures of a file system mean to who shares a directory.</summary>
internal static class DirectoryFailures
{
    /// <summary>The failure that an exception stands for; null for one that is none of the file system's.</summary>
    public static SharedStoreException? Of(string location, Exception failure) =>
        failure switch
        {
            UnauthorizedAccessException => Denied(location, failure),
            DirectoryNotFoundException or FileNotFoundException => new SharedStoreException(
                SharedFailure.NotFound,
                location,
                $"A directory vanished from '{location}': {Plain(failure)}. Check that it is mounted.",
                failure
            ),
            // How .NET says that a file is larger than the file system takes.
            ArgumentOutOfRangeException { ParamName: "value" } => Full(location, failure),
            IOException { HResult: Posix.EACCES or Posix.EPERM or Posix.EROFS } => Denied(location, failure),
            IOException { HResult: Posix.ENOSPC or Posix.EDQUOT or Posix.EFBIG } => Full(location, failure),
            IOException
            {
                HResult: Posix.EIO
                    or Posix.ESTALE
                    or Posix.ENFILE
                    or Posix.EMFILE
                    or Posix.ETIMEDOUT
                    or Posix.EHOSTDOWN
                    or Posix.ENOLCK
            } => new SharedStoreException(
                SharedFailure.Unavailable,
                location,
                $"The directory '{location}' cannot be used now: {Plain(failure)}. Try again later.",
                failure
            ),
            IOException => Broken(location, Plain(failure), failure),
            _ => null,
        };

    /// <summary>Something lies there that is no object of a shared store.</summary>
    public static SharedStoreException Broken(string location, string what, Exception? inner = null) =>
        new(SharedFailure.Broken, location, $"The directory '{location}' cannot be used so: {what}.", inner);

    public static SharedStoreException Changed(string location, SharedObject seen) =>
        new(
            SharedFailure.Changed,
            location,
            $"The object '{seen.Name}' in '{location}' changed or vanished after it was seen. Look at it again."
        );

    private static SharedStoreException Denied(string location, Exception failure) =>
        new(
            SharedFailure.Denied,
            location,
            $"The directory '{location}' may not be used so: {Plain(failure)}. Give this user the right, or use the store read only.",
            failure
        );

    private static SharedStoreException Full(string location, Exception failure) =>
        new(
            SharedFailure.Full,
            location,
            $"There is no room in '{location}': {Plain(failure)}. Remove what is no longer used ('larder shared prune').",
            failure
        );

    private static string Plain(Exception failure) => failure.Message.TrimEnd('.');
}
