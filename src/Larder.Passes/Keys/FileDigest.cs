using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Larder.Content;

namespace Larder.Passes.Keys;

/// <summary>The digest of a file or directory that the options of a step name, and what its files were like when it was made.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Digest">The SHA-256 of a file's bytes; the digest of the manifest of a directory's files, so that their names count.</param>
/// <param name="IsDirectory">Which of the two.</param>
/// <param name="Files">Its files.</param>
internal sealed record FileDigest(string Path, Digest Digest, bool IsDirectory, IReadOnlyList<TreeFile> Files)
{
    private const int Tries = 3;
    private const int BufferSizeBytes = 1 << 20;

    /// <summary>Reads all bytes; nothing is remembered of it, for such files are small, and wrong keys dear.</summary>
    /// <exception cref="InvalidDataException">It cannot be a part of a key: a whole sentence.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileDigest Read(string path, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            var (isDirectory, files) = FileTree.Walk(path, cancellationToken);
            var digest = isDirectory ? DigestOf(files, cancellationToken) : HashOf(files[0].Path, cancellationToken);
            var read = new FileDigest(path, digest, isDirectory, files);
            if (!read.HasChanged(cancellationToken))
                return read;
        }
        throw new InvalidDataException(
            $"'{path}' changes while it is read, {Tries} times so far. Run again when nobody writes to it."
        );
    }

    /// <summary>Whether what is there now is something else, as far as can be told without reading it.</summary>
    public bool HasChanged(CancellationToken cancellationToken)
    {
        try
        {
            return !FileTree.Walk(Path, cancellationToken).Files.ToHashSet().SetEquals(Files);
        }
        catch (Exception gone) when (gone is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>As it stands in a key; a directory's is marked as one, so that no file can stand for it.</summary>
    public JsonNode ToJson() =>
        IsDirectory ? new JsonObject { ["manifest"] = Digest.ToString() } : JsonValue.Create(Digest.ToString());

    private static Digest DigestOf(IReadOnlyList<TreeFile> files, CancellationToken cancellationToken)
    {
        try
        {
            return Manifest
                .Create(
                    files.Select(file => new ManifestFile(
                        file.Name,
                        file.Stamp.SizeBytes,
                        HashOf(file.Path, cancellationToken)
                    ))
                )
                .Digest;
        }
        catch (ManifestException wrong)
        {
            throw new InvalidDataException(wrong.Message, wrong);
        }
    }

    private static Digest HashOf(string path, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = GC.AllocateUninitializedArray<byte>(BufferSizeBytes);
        int read;
        for (long offset = 0; (read = RandomAccess.Read(file, buffer, offset)) > 0; offset += read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }
        return Digest.FromBytes(hash.GetHashAndReset());
    }
}
