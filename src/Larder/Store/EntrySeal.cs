using System.Globalization;
using System.Text;
using Larder.Store.Scrub;

namespace Larder.Store;

/// <summary>The last member of an entry's document: a checksum of all before it.</summary>
/// <remarks>
/// An entry has no digest for a name, and a digit of its bytes or its times that was read wrong once would be as good as any
/// other. A document that somebody else wrote, without it or laid out in another way, is read as it is.
/// </remarks>
internal static class EntrySeal
{
    private const int Digits = 8;

    private static ReadOnlySpan<byte> Name => ",\"crc32c\":\""u8;

    private static ReadOnlySpan<byte> End => "\"}"u8;

    private static int SizeBytes => Name.Length + Digits + End.Length;

    /// <summary>Puts it at the end of a document, which ends with its brace.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> document)
    {
        var text = document[..^1];
        return [.. text, .. Name, .. Encoding.ASCII.GetBytes(Checksum(text)), .. End];
    }

    /// <summary>Whether a document has one, and it is of other bytes.</summary>
    public static bool IsBroken(ReadOnlySpan<byte> document)
    {
        if (document.Length < SizeBytes || !document.EndsWith(End))
            return false;
        var seal = document[^SizeBytes..];
        return seal.StartsWith(Name)
            && !seal.Slice(Name.Length, Digits)
                .SequenceEqual(Encoding.ASCII.GetBytes(Checksum(document[..^SizeBytes])));
    }

    private static string Checksum(ReadOnlySpan<byte> text) =>
        Crc32C.Of(text).ToString("x8", CultureInfo.InvariantCulture);
}
