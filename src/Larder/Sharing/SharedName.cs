namespace Larder.Sharing;

/// <summary>The names that objects of a shared store may have: those that every kind of store takes as they are.</summary>
internal static class SharedName
{
    /// <summary>With the prefix of a bucket before it, it still fits into what S3 and Azure take (1,024 bytes).</summary>
    public const int MaxLength = 512;

    /// <summary>File systems take 255 bytes.</summary>
    public const int MaxSegmentLength = 200;

    /// <summary>Refuses what is no name of an object.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static void ThrowIfIllegal(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (FaultIn(name) is { } fault)
            throw new ArgumentException(
                $"{Content.Printable.Quote(name)} is no name of an object in a shared store: {fault}.",
                nameof(name)
            );
    }

    /// <summary>Refuses what no name can begin with; all names begin with the empty prefix.</summary>
    /// <exception cref="ArgumentException">None can.</exception>
    public static void ThrowIfIllegalPrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (FaultIn(prefix + "x") is { } fault)
            throw new ArgumentException(
                $"No name of an object in a shared store begins with {Content.Printable.Quote(prefix)}: {fault}.",
                nameof(prefix)
            );
    }

    /// <summary>Whether a name that was found is one; what others put beside the objects is not looked at.</summary>
    public static bool IsLegal(string name) => FaultIn(name) is null;

    private static string? FaultIn(string name)
    {
        if (name.Length is 0 or > MaxLength)
            return $"it has {name.Length} characters, and 1 to {MaxLength} are allowed";
        if (!name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '_' or '-'))
            return "only letters, digits, '/', '.', '_' and '-' are allowed";
        foreach (var segment in name.Split('/'))
        {
            if (segment.Length is 0 or > MaxSegmentLength)
                return $"a part between slashes has {segment.Length} characters, and 1 to {MaxSegmentLength} are allowed";
            if (segment.All(letter => letter == '.'))
                return "a part between slashes has nothing but dots";
        }
        return null;
    }
}
