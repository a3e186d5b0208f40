using System.Globalization;

namespace Larder.Content;

/// <summary>The sorted list of a model's files; its own digest names that version of the model.</summary>
/// <remarks>One set of files has one manifest, to the byte, for as long as stores of format 1 exist.</remarks>
public sealed class Manifest
{
    private readonly byte[] _bytes;

    private Manifest(ManifestFile[] sorted)
    {
        Files = Array.AsReadOnly(sorted);
        foreach (ManifestFile file in sorted)
            SizeBytes += file.SizeBytes;
        _bytes = Write(sorted);
        Digest = Digest.Of(_bytes);
    }

    /// <summary>The files, in the byte order of their UTF-8 paths.</summary>
    public IReadOnlyList<ManifestFile> Files { get; }

    /// <summary>The SHA-256 of <see cref="Bytes"/>.</summary>
    public Digest Digest { get; }

    /// <summary>The manifest as canonical JSON: <c>{"files":[{"path","sha256","size"}]}</c>.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The length of all files together, in bytes.</summary>
    public long SizeBytes { get; }

    /// <summary>Makes the manifest of some files, given in any order.</summary>
    /// <exception cref="ManifestException">
    /// There is no file, a path is not safe (<see cref="ManifestPath"/>), two paths cannot lie beside each other, or a
    /// size is negative or above 2^53 - 1; all faults are reported together.
    /// </exception>
    public static Manifest Create(IEnumerable<ManifestFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        ManifestFile[] sorted = [.. files];
        // By UTF-8 and not by UTF-16 as JSON names are: a program in any language sorts bytes the same way.
        Array.Sort(sorted, static (left, right) => Utf16.CompareAsUtf8(left.Path, right.Path));

        string[] faults = [.. ManifestRules.FaultsIn(sorted)];
        return faults.Length == 0 ? new Manifest(sorted) : throw new ManifestException(faults);
    }

    /// <summary>Reads a manifest, which must be to the byte what <see cref="Create"/> would write.</summary>
    /// <exception cref="ManifestException">The bytes are anything else.</exception>
    public static Manifest Parse(ReadOnlyMemory<byte> bytes)
    {
        Manifest manifest = Create(ManifestReader.Read(bytes.Span));
        // Comparing with the canonical form replaces a rule each for order, spaces, escapes and spellings of numbers.
        return bytes.Span.SequenceEqual(manifest._bytes)
            ? manifest
            : throw new ManifestException(["its files are right, but it is not written in canonical form"]);
    }

    private static byte[] Write(ManifestFile[] files)
    {
        var json = new CanonicalJsonWriter();
        json.WriteRaw("{\"files\":["u8);
        foreach (ManifestFile file in files)
        {
            json.WriteRaw(ReferenceEquals(file, files[0]) ? "{\"path\":"u8 : ",{\"path\":"u8);
            json.WriteString(file.Path);
            json.WriteRaw(",\"sha256\":"u8);
            json.WriteString(file.Digest.ToString());
            json.WriteRaw(",\"size\":"u8);
            json.WriteRaw(file.SizeBytes.ToString(CultureInfo.InvariantCulture));
            json.WriteRaw("}"u8);
        }

        json.WriteRaw("]}"u8);
        return json.ToArray();
    }
}
