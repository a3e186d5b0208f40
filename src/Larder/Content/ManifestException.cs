namespace Larder.Content;

/// <summary>A list of files, or the bytes of a stored one, is not a manifest.</summary>
public sealed class ManifestException : LarderException
{
    private const int FaultsInMessage = 10;

    /// <summary>Creates the failure from everything that is wrong.</summary>
    public ManifestException(IReadOnlyList<string> faults, Exception? innerException = null)
        : base(Describe(faults), innerException) => Faults = faults;

    /// <summary>Everything that is wrong, one sentence each; the message shows the first ten.</summary>
    public IReadOnlyList<string> Faults { get; }

    private static string Describe(IReadOnlyList<string> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        string shown = string.Join("; ", faults.Take(FaultsInMessage));
        int hidden = faults.Count - FaultsInMessage;
        return hidden > 0 ? $"Not a manifest: {shown}; and {hidden} more." : $"Not a manifest: {shown}.";
    }
}
