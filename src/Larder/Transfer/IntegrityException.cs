using System.Globalization;
using Larder.Origins;

namespace Larder.Transfer;

/// <summary>Bytes are not those that were promised; nothing of them was kept.</summary>
public sealed class IntegrityException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public IntegrityException(string path, string expected, string actual, string message)
        : base(message)
    {
        Path = path;
        Expected = expected;
        Actual = actual;
    }

    internal static IntegrityException Length(ModelReference reference, OriginFile file, long actual)
    {
        var isShorter = actual < file.SizeBytes;
        return new IntegrityException(
            file.Path,
            string.Create(CultureInfo.InvariantCulture, $"{file.SizeBytes}"),
            string.Create(CultureInfo.InvariantCulture, $"{actual}"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{file.Path}' of '{reference}' is {(isShorter ? "shorter" : "longer")} than announced: {file.SizeBytes} bytes were announced, {(isShorter ? "" : "at least ")}{actual} came. It was thrown away; pull again."
            )
        );
    }

    /// <summary>The file, or the reference, that is wrong.</summary>
    public string Path { get; }

    /// <summary>The digest or length that was promised.</summary>
    public string Expected { get; }

    /// <summary>The digest or length that came.</summary>
    public string Actual { get; }
}
