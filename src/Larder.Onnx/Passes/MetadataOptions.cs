using System.Collections.ObjectModel;

namespace Larder.Onnx.Passes;

/// <summary>The options of <see cref="MetadataPass"/>.</summary>
internal sealed record MetadataOptions
{
    /// <summary>The model's file; null for the only <c>.onnx</c> file, or <c>model.onnx</c>.</summary>
    public string? File { get; set; }

    /// <summary>Entries of the metadata to set, by key; none.</summary>
    public IReadOnlyDictionary<string, string> Set { get; set; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Keys of the metadata to remove, whether they are there or not; none.</summary>
    public IReadOnlyList<string> Remove { get; set; } = [];

    /// <summary>The description; null to leave it, empty to remove it.</summary>
    public string? DocString { get; set; }

    /// <summary>The name of what made the model; null to leave it, empty to remove it.</summary>
    public string? ProducerName { get; set; }

    /// <summary>The version of what made the model; null to leave it, empty to remove it.</summary>
    public string? ProducerVersion { get; set; }
}
