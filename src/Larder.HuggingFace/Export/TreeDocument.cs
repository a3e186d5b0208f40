using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Larder.HuggingFace.Export;

/// <summary>Writes the list of a commit's files that the clients keep in <c>trees/</c>, and go by when they are offline.</summary>
internal static class TreeDocument
{
    public static byte[] Write(IEnumerable<ExportedFile> files)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("format_version", 1);
            json.WriteStartObject("files");
            foreach (var file in files)
            {
                json.WriteStartObject(file.Path);
                json.WriteNumber("size", file.SizeBytes);
                json.WriteString("blob_id", file.IsLarge ? PointerNameOf(file) : file.Blob);
                if (file.IsLarge)
                {
                    json.WriteString("lfs_sha256", file.Blob);
                    json.WriteNumber("lfs_size", file.SizeBytes);
                }
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    // Of a large file git has this text, and names that (git-lfs, "The Pointer").
    private static string PointerNameOf(ExportedFile file) =>
        GitBlobStream.NameOf(
            Encoding.ASCII.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"version https://git-lfs.github.com/spec/v1\noid sha256:{file.Blob}\nsize {file.SizeBytes}\n"
                )
            )
        );
}
