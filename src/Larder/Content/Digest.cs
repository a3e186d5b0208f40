using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Larder.Content;

/// <summary>The SHA-256 of some bytes, which is their name.</summary>
/// <remarks>The text form is 64 lower-case hexadecimal digits and nothing else: one digest has one name.</remarks>
[SuppressMessage("Design", "CA1036", Justification = "Digests are sorted, but nobody asks which of two is smaller.")]
[SuppressMessage("Design", "MA0097", Justification = "The same rule from another analyser.")]
[StructLayout(LayoutKind.Sequential)]
public readonly struct Digest : IEquatable<Digest>, IComparable<Digest>
{
    /// <summary>The length of a digest in bytes.</summary>
    public const int SizeBytes = 32;

    // Big-endian, so that comparing the numbers in turn compares the bytes.
    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    private Digest(ReadOnlySpan<byte> hash)
    {
        _first = BinaryPrimitives.ReadUInt64BigEndian(hash);
        _second = BinaryPrimitives.ReadUInt64BigEndian(hash[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(hash[16..]);
        _fourth = BinaryPrimitives.ReadUInt64BigEndian(hash[24..]);
    }

    /// <summary>Compares two digests for equality.</summary>
    public static bool operator ==(Digest left, Digest right) => left.Equals(right);

    /// <summary>Compares two digests for inequality.</summary>
    public static bool operator !=(Digest left, Digest right) => !left.Equals(right);

    /// <summary>Hashes the bytes.</summary>
    public static Digest Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SizeBytes];
        SHA256.HashData(bytes, hash);
        return new Digest(hash);
    }

    /// <summary>Takes a hash that has been computed already.</summary>
    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public static Digest FromBytes(ReadOnlySpan<byte> hash32) =>
        hash32.Length == SizeBytes
            ? new Digest(hash32)
            : throw new ArgumentException(
                $"A SHA-256 hash has {SizeBytes} bytes, not {hash32.Length}.",
                nameof(hash32)
            );

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not 64 lower-case hexadecimal digits.</exception>
    public static Digest Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out Digest digest)
            ? digest
            : throw new FormatException(
                $"A digest is {SizeBytes * 2} lower-case hexadecimal digits, not {Printable.Quote(text)}."
            );
    }

    /// <summary>Reads the text form, if it is one.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Digest digest)
    {
        Span<byte> hash = stackalloc byte[SizeBytes];
        // Upper case is refused: two spellings of one digest would be two file names.
        bool isDigest =
            text.Length == SizeBytes * 2
            && !text.ContainsAnyInRange('A', 'F')
            && Convert.FromHexString(text, hash, out _, out _) == OperationStatus.Done;
        digest = isDigest ? new Digest(hash) : default;
        return isDigest;
    }

    /// <summary>Writes the 32 bytes of the digest.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than 32 bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length < SizeBytes)
            throw new ArgumentException(
                $"A digest has {SizeBytes} bytes, not {destination.Length}.",
                nameof(destination)
            );

        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _fourth);
    }

    /// <inheritdoc/>
    public int CompareTo(Digest other) =>
        (_first, _second, _third, _fourth).CompareTo((other._first, other._second, other._third, other._fourth));

    /// <inheritdoc/>
    public bool Equals(Digest other) =>
        _first == other._first && _second == other._second && _third == other._third && _fourth == other._fourth;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Digest other && Equals(other);

    /// <inheritdoc/>
    // A hash of hashes: any eight bytes of it are as good as all of them.
    public override int GetHashCode() => _first.GetHashCode();

    /// <summary>The 64 lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> hash = stackalloc byte[SizeBytes];
        CopyTo(hash);
        return Convert.ToHexStringLower(hash);
    }
}
