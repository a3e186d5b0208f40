using System.Buffers;
using System.IO.Enumeration;
using Larder.Content;
using Larder.Recordings.Requests;

namespace Larder.Recordings.Files;

/// <summary>Which names stand in a directory of recordings, and for what.</summary>
/// <remarks>
/// <c>Deployment/Method/&lt;key&gt;.json</c>, attachments beside it. Two deployments whose names differ only in characters that
/// no file name has share a folder: their keys tell them apart.
/// </remarks>
internal static class RecordingLayout
{
    /// <summary>How the names of files begin that are being written.</summary>
    public const string StagedPrefix = ".tmp-";

    /// <summary>The folder of the notes of what was used.</summary>
    public const string UsageFolder = ".usage";

    /// <summary>How the name of a recording ends.</summary>
    public const string Extension = ".json";

    private const int DigestLength = Digest.SizeBytes * 2;

    /// <summary>How long the name of a recording is.</summary>
    public const int FileNameLength = DigestLength + 5;
    private const int MostExtensionLength = 8;

    private static readonly SearchValues<char> Kept = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
    );

    private static readonly SearchValues<char> Ending = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>The folder of a deployment's method.</summary>
    public static string FolderOf(string directory, string deployment, string method) =>
        Path.Join(directory, NameOf(deployment), NameOf(method));

    /// <summary>The file of a request's recording.</summary>
    public static string FileOf(string directory, RecordingRequest request) =>
        Path.Join(
            FolderOf(directory, request.Deployment, request.Method),
            string.Concat(request.Key.Digest.ToString(), Extension)
        );

    /// <summary>What a deployment or a method is called as a folder.</summary>
    /// <remarks>A dot at the beginning would make it hidden, or the folder above.</remarks>
    public static string NameOf(string name)
    {
        if (!name.AsSpan().ContainsAnyExcept(Kept) && !name.StartsWith('.'))
            return name;
        return string.Create(
            name.Length,
            name,
            static (folder, from) =>
            {
                for (var i = 0; i < folder.Length; i++)
                    folder[i] = Kept.Contains(from[i]) && (i > 0 || from[i] != '.') ? from[i] : '_';
            }
        );
    }

    /// <summary>The names in a folder that look like those of recordings, in no order.</summary>
    public static string[] RecordingsIn(string folder) =>
        [
            .. new FileSystemEnumerable<string>(folder, static (ref entry) => entry.FileName.ToString())
            {
                ShouldIncludePredicate = static (ref entry) =>
                    entry.FileName.Length == FileNameLength
                    && entry.FileName.EndsWith(Extension, StringComparison.Ordinal),
            },
        ];

    /// <summary>Reads the key in the name of a recording's file; false when it is not such a name.</summary>
    public static bool TryKeyOf(ReadOnlySpan<char> fileName, out Digest key)
    {
        key = default;
        return fileName.Length == FileNameLength
            && fileName.EndsWith(Extension, StringComparison.Ordinal)
            && Digest.TryParse(fileName[..DigestLength], out key);
    }

    /// <summary>Reads the digest in the name of an attachment; false when it is not such a name.</summary>
    /// <remarks>No path is made of a name before this has looked at it: it comes out of a file that anyone may have written.</remarks>
    public static bool TryDigestOf(string attachment, out Digest digest)
    {
        digest = default;
        return attachment.Length is > DigestLength + 1 and <= DigestLength + 1 + MostExtensionLength
            && attachment[DigestLength] == '.'
            && !attachment.AsSpan(DigestLength + 1).ContainsAnyExcept(Ending)
            && !attachment.EndsWith(Extension, StringComparison.Ordinal)
            && Digest.TryParse(attachment.AsSpan(0, DigestLength), out digest);
    }

    /// <summary>A name for a file that is being written, which no other process and no reader takes.</summary>
    public static string StagedIn(string folder) => Path.Join(folder, $"{StagedPrefix}{Guid.NewGuid():n}");
}
