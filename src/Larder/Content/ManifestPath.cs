using System.Text;

namespace Larder.Content;

/// <summary>The rule for paths in a manifest: one that is safe below any directory of any system.</summary>
/// <remarks>
/// Names that only Windows refuses are refused everywhere, because a store may be shared with such a system or
/// exported to it, and a model that can be stored but not laid out helps nobody.
/// </remarks>
public static class ManifestPath
{
    private const int MaxSegmentBytes = 255;
    private const int MaxPathBytes = 4096;

    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>Says what is wrong with a path, or null when it is a safe relative path.</summary>
    /// <returns>A short reason to be read after the path, such as <c>is empty</c>.</returns>
    public static string? FaultIn(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0)
            return "is empty";
        // No character takes less than one byte: this bounds the work below, whatever the input.
        if (path.Length > MaxPathBytes)
            return $"is longer than {MaxPathBytes} bytes of UTF-8";
        if (!Utf16.IsWellFormed(path))
            return "is not well-formed Unicode";
        if (Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
            return $"is longer than {MaxPathBytes} bytes of UTF-8";
        if (path.AsSpan().ContainsAnyInRange('\0', '\u001F') || path.AsSpan().ContainsAnyInRange('\u007F', '\u009F'))
            return "has a control character";
        if (path.Contains('\\', StringComparison.Ordinal))
            return "has a backslash; segments are separated by '/'";
        if (path[0] == '/')
            return "is absolute";
        if (path.Length > 1 && path[1] == ':' && char.IsAsciiLetter(path[0]))
            return "begins with a drive letter";

        return FaultInSegments(path);
    }

    private static string? FaultInSegments(ReadOnlySpan<char> path)
    {
        foreach (Range range in path.Split('/'))
        {
            if (FaultInSegment(path[range]) is { } fault)
                return fault;
        }

        return null;
    }

    private static string? FaultInSegment(ReadOnlySpan<char> segment) =>
        segment switch
        {
            [] => "has an empty segment",
            "." or ".." => "has a '.' or '..' segment",
            [.., '.' or ' '] => "has a segment that ends in a dot or a space, which Windows would drop",
            _ when Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes =>
                $"has a segment longer than {MaxSegmentBytes} bytes of UTF-8",
            _ when IsDevice(segment) => "has a segment that is the name of a device on Windows",
            _ => null,
        };

    // Windows takes "nul.txt" and "nul .txt" for the device too.
    private static bool IsDevice(ReadOnlySpan<char> segment)
    {
        int dot = segment.IndexOf('.');
        ReadOnlySpan<char> stem = (dot < 0 ? segment : segment[..dot]).TrimEnd(' ');
        if (IsPort(stem))
            return true;
        foreach (string device in Devices)
        {
            if (stem.Equals(device, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    // Superscript digits count as digits there.
    private static bool IsPort(ReadOnlySpan<char> stem) =>
        stem.Length == 4
        && "0123456789¹²³".Contains(stem[3], StringComparison.Ordinal)
        && (
            stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase)
            || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase)
        );
}
