using System.Text.Json.Nodes;

namespace Larder.Passes.Keys;

/// <summary>The digests of all files that the options of a step name, by the names that they are named by.</summary>
internal sealed class StepFiles
{
    private readonly SortedDictionary<string, FileDigest> _digests = new(StringComparer.Ordinal);

    /// <summary>Reads them; what cannot be read is added to the faults.</summary>
    /// <param name="files">Their names and absolute paths.</param>
    /// <param name="path">Where the options stand in the workflow.</param>
    /// <param name="faults">Where faults go.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static StepFiles Read(
        IReadOnlyDictionary<string, string> files,
        string path,
        ICollection<WorkflowFault> faults,
        CancellationToken cancellationToken
    )
    {
        var read = new StepFiles();
        foreach (var (name, file) in files)
        {
            try
            {
                read._digests.Add(name, FileDigest.Read(file, cancellationToken));
            }
            catch (Exception unreadable)
                when (unreadable is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                faults.Add(new WorkflowFault(path, $"'{name}' cannot be read: {unreadable.Message}"));
            }
        }
        return read;
    }

    public JsonObject ToJson() =>
        new(_digests.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value.ToJson())));

    /// <summary>The first name whose file is another by now; null when all are as they were.</summary>
    public string? FirstChanged(CancellationToken cancellationToken) =>
        _digests.FirstOrDefault(pair => pair.Value.HasChanged(cancellationToken)).Key;
}
