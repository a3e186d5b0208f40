using System.Buffers.Text;
using System.Text;

namespace Larder.Pull.Archives;

/// <summary>What an extended header says of the entry behind it.</summary>
/// <param name="Path">Its name; null where it says nothing of it.</param>
/// <param name="DataBytes">How many bytes it has; null where it says nothing of it.</param>
/// <param name="IsSparse">Whether its bytes are a list of pieces and not the file.</param>
internal sealed record TarPaxRecords(string? Path, long? DataBytes, bool IsSparse)
{
    /// <summary>Where a link leads; null where it says nothing of it.</summary>
    public string? LinkTarget { get; private init; }

    /// <summary>The time of the last change in seconds since 1970, perhaps with a fraction; null where it says nothing of it.</summary>
    public string? Modified { get; private init; }

    /// <summary>Reads records <c>length name=value</c>, each with a line's end; null when they are something else.</summary>
    public static TarPaxRecords? TryRead(ReadOnlySpan<byte> bytes)
    {
        var records = new TarPaxRecords(null, null, IsSparse: false);
        while (bytes.Length > 0)
        {
            if (
                !Utf8Parser.TryParse(bytes, out int length, out var digits)
                || length <= digits + 2
                || length > bytes.Length
                || bytes[digits] != ' '
                || bytes[length - 1] != '\n'
            )
                return null;
            var record = bytes[(digits + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0)
                return null;
            var name = record[..equals];
            var value = record[(equals + 1)..];
            if (name.SequenceEqual("path"u8))
                records = records with { Path = Encoding.UTF8.GetString(value) };
            else if (name.SequenceEqual("linkpath"u8))
                records = records with { LinkTarget = Encoding.UTF8.GetString(value) };
            else if (name.SequenceEqual("mtime"u8))
                records = records with { Modified = Encoding.UTF8.GetString(value) };
            else if (name.StartsWith("GNU.sparse."u8))
                records = records with { IsSparse = true };
            else if (name.SequenceEqual("size"u8))
            {
                if (!Utf8Parser.TryParse(value, out long size, out var used) || used != value.Length || size < 0)
                    return null;
                records = records with { DataBytes = size };
            }
            bytes = bytes[length..];
        }
        return records;
    }
}
