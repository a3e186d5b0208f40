using System.Text;
using System.Text.Json;
using Larder.Origins;
using Larder.Pull;
using Larder.Server;
using Larder.Server.Configuration;

namespace Larder.Cli.Warming;

/// <summary>Reads the list of <c>larder warm</c>: lines, or a JSON array; ids of the configuration, or references.</summary>
internal static class WarmList
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Every model of the configuration, by id.</summary>
    public static IReadOnlyList<WantedModel> Of(LarderConfiguration configuration) =>
        [.. configuration.Models.Values.OrderBy(model => model.Id, StringComparer.Ordinal).Select(Of)];

    /// <summary>Reads a list; a model that it has twice is one.</summary>
    /// <param name="file">The file; <c>-</c> for standard input.</param>
    /// <param name="configuration">Knows the models that ids stand for.</param>
    /// <param name="idsOfAServer">Whether ids that the configuration does not have are left to a server.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="UsageException">It cannot be read, or names what is neither.</exception>
    /// <exception cref="ReferenceException">A reference cannot be understood.</exception>
    public static async Task<IReadOnlyList<WantedModel>> ReadAsync(
        string file,
        LarderConfiguration configuration,
        bool idsOfAServer,
        CancellationToken cancellationToken
    )
    {
        var text = await TextOfAsync(file, cancellationToken);
        var names = text.TrimStart().StartsWith('[') ? FromJson(file, text) : FromLines(text);
        var models = names
            .Distinct(StringComparer.Ordinal)
            .Select(name => Find(name, file, configuration, idsOfAServer))
            .ToList();
        return models.Count > 0
            ? models
            : throw new UsageException($"The list '{file}' names no model. Write one id or reference a line.");
    }

    private static async Task<string> TextOfAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return await reader.ReadToEndAsync(cancellationToken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The list '{file}' cannot be read: {unreadable.Message}");
        }
    }

    private static IEnumerable<string> FromLines(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Length > 0 && !line.StartsWith('#'));

    private static List<string> FromJson(string file, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Lenient);
            return
            [
                .. document
                    .RootElement.EnumerateArray()
                    .Select(item =>
                        item.ValueKind is JsonValueKind.String && item.GetString() is { Length: > 0 } name
                            ? name
                            : throw new UsageException(
                                $"The list '{file}' has {item.GetRawText()}; a text with an id or a reference is expected."
                            )
                    ),
            ];
        }
        catch (JsonException malformed)
        {
            throw new UsageException($"The list '{file}' is not a JSON array: {malformed.Message}");
        }
    }

    private static WantedModel Find(string name, string file, LarderConfiguration configuration, bool idsOfAServer)
    {
        if (configuration.Models.TryGetValue(name, out var served))
            return Of(served);
        if (!ModelId.IsValid(name))
            return new WantedModel(
                name,
                Id: null,
                References.Parse(name),
                new PullOptions { Offline = configuration.Offline }
            );
        return idsOfAServer
            ? new WantedModel(name, name, Reference: null, new PullOptions())
            : throw new UsageException(
                $"The list '{file}' has '{name}', which is no reference, and no model of the configuration has that id."
            );
    }

    private static WantedModel Of(ServedModel model) => new(model.Id, model.Id, model.From, model.Pull);
}
