using System.Text.Json;
using Larder.Content;
using Larder.Origins;

namespace Larder.Server.Configuration;

/// <summary>What a <c>model.json</c> of Practicus says of files to download; all else in it is somebody else's.</summary>
/// <param name="From"><c>download_files_from</c>: a prefix at the origin, without a slash at either end.</param>
/// <param name="To"><c>download_files_to</c>: the directory under which the prefix is repeated.</param>
public sealed record PracticusModel(string From, string To)
{
    /// <summary>The directory where nothing else is said.</summary>
    public const string DefaultDirectory = "/var/practicus/cache";

    private const string FromName = "download_files_from";
    private const string ToName = "download_files_to";
    private const long MaxSizeBytes = 16 << 20;

    private static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigurationException">It cannot be read, or does not say what to download.</exception>
    public static PracticusModel Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            if (!File.Exists(path))
                throw new ConfigurationException(path, [$"There is no file '{Path.GetFullPath(path)}'."]);
            if (new FileInfo(path).Length > MaxSizeBytes)
                throw new ConfigurationException(
                    path,
                    [$"It has {new FileInfo(path).Length} bytes; {MaxSizeBytes} are the most of a model.json."]
                );
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            return Read(path, document.RootElement);
        }
        catch (Exception failure)
            when (failure is JsonException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigurationException(path, [$"It cannot be read: {failure.Message}"], failure);
        }
    }

    /// <summary>The reference of the files at an origin.</summary>
    public ModelReference At(ModelReference origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        var uri = origin.Uri;
        var escaped = string.Join('/', From.Split('/').Select(Uri.EscapeDataString));
        // What stands behind a '?' is the origin's, and may be what opens it.
        var place = uri.GetComponents(
            UriComponents.AbsoluteUri & ~UriComponents.Query & ~UriComponents.Fragment,
            UriFormat.UriEscaped
        );
        return ModelReference.Parse($"{place.TrimEnd('/')}/{escaped}/{uri.Query}");
    }

    /// <summary>Where the files are laid out.</summary>
    /// <param name="instead">A directory to take in place of <see cref="To"/>; null for that.</param>
    public string DirectoryIn(string? instead) => Path.Combine(instead ?? To, From);

    private static PracticusModel Read(string path, JsonElement root)
    {
        var faults = new List<string>();
        if (root.ValueKind != JsonValueKind.Object)
            throw new ConfigurationException(path, ["It is no object with names and values."]);
        var from = Text(root, FromName, faults);
        var to = Text(root, ToName, faults);
        if (from is null && faults.Count == 0)
            faults.Add(
                $"{FromName} is missing; it names the files below the origin, such as cache/llama-1b-instruct/."
            );
        var prefix = from?.TrimEnd('/');
        if (prefix is not null && ManifestPath.FaultIn(prefix) is { } fault)
            faults.Add(
                $"{FromName} is '{from}', which {fault}; a path below the origin is expected, such as cache/llama/."
            );
        if (to is not null && !Path.IsPathRooted(to))
            faults.Add($"{ToName} is '{to}'; an absolute path is expected, such as {DefaultDirectory}.");
        return faults.Count == 0
            ? new PracticusModel(prefix!, to ?? DefaultDirectory)
            : throw new ConfigurationException(path, faults);
    }

    private static string? Text(JsonElement root, string name, List<string> faults)
    {
        if (!root.TryGetProperty(name, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString();
        faults.Add($"{name} is {value.GetRawText()}; a text is expected.");
        return null;
    }
}
