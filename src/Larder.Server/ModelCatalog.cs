using System.Diagnostics.CodeAnalysis;
using Larder.Onnx.Serving;
using Larder.Server.Configuration;

namespace Larder.Server;

/// <summary>The models that this server answers for, by their ids.</summary>
public sealed class ModelCatalog
{
    private readonly IReadOnlyDictionary<string, ServedModel> _models;

    internal ModelCatalog(IReadOnlyDictionary<string, ServedModel> models) => _models = models;

    /// <summary>All of them, by id.</summary>
    public IEnumerable<ServedModel> All => _models.Values.OrderBy(model => model.Id, StringComparer.Ordinal);

    /// <summary>The model of that id.</summary>
    public bool TryGet(string id, [NotNullWhen(true)] out ServedModel? model) => _models.TryGetValue(id, out model);

    /// <summary>What the caches are asked for a model.</summary>
    public static OnnxModelRequest RequestFor(ServedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new OnnxModelRequest(model.From) { File = model.File, Pull = model.Pull };
    }
}
