using Larder.Content;
using Larder.Store;

namespace Larder.Passes.Failures;

/// <summary>What the failures of a step that say nothing of it themselves mean.</summary>
internal static class FailureKind
{
    /// <summary>The failure as one of a pass; null for one that is a pass's already.</summary>
    public static PassException Translate(Exception failure) =>
        failure switch
        {
            PassException known => known,
            OutOfMemoryException => new PassException(
                PassFailure.Environment,
                "There is not enough memory for it on this machine.",
                failure
            ),
            IOException { HResult: Posix.ENOSPC or Posix.EDQUOT } => new PassException(
                PassFailure.Environment,
                $"The disk has no room for it: {failure.Message}",
                failure
            ),
            ManifestException unkept => new PassException(
                PassFailure.Permanent,
                $"Its output cannot be kept: {unkept.Message}",
                failure
            ),
            // An error of its program, or a machine that had a bad moment: nobody can tell.
            _ => new PassException(
                PassFailure.Transient,
                $"It threw {failure.GetType().Name}: {failure.Message}",
                failure
            ),
        };
}
