using Larder.Content;

namespace Larder.Sharing;

/// <summary>The part of an object that is asked for.</summary>
internal static class SharedRange
{
    /// <summary>That part, or all of the object.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The object, as it was seen, has no such part.</exception>
    public static ByteRange Of(SharedObject seen, ByteRange? range)
    {
        ArgumentNullException.ThrowIfNull(seen);
        var asked = range ?? new ByteRange(0, seen.SizeBytes);
        return asked is { Offset: >= 0, Length: >= 0 } && asked.Offset <= seen.SizeBytes - asked.Length
            ? asked
            : throw new ArgumentOutOfRangeException(
                nameof(range),
                asked,
                $"The object '{seen.Name}' has {seen.SizeBytes} bytes."
            );
    }
}
