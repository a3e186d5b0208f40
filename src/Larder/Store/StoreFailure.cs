using Larder.Telemetry;

namespace Larder.Store;

/// <summary>Says in the store's words what the file system refused.</summary>
internal static class StoreFailure
{
    /// <summary>Whether a failure is of the file system.</summary>
    public static bool Covers(Exception failure) => failure is IOException or UnauthorizedAccessException;

    /// <summary>The failure to report instead of one that is covered.</summary>
    public static LarderException Translate(Exception failure, LocalStore store)
    {
        if (failure is IOException { HResult: Posix.ENOSPC or Posix.EDQUOT })
        {
            StoreMeter.NoRoom(canFitLater: true);
            return new NoRoomException(store.Root, neededBytes: null, store.AvailableBytes, failure);
        }
        StoreMeter.Unusable();
        return new StoreException(
            store.Root,
            $"The store '{store.Root}' could not be used: {failure.Message.TrimEnd('.')}. What was stored before is untouched; mend the cause and try again.",
            failure
        );
    }
}
