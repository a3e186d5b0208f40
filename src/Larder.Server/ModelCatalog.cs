using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Larder.Onnx.Serving;
using Larder.Pull;
using Larder.Server.Configuration;
using Larder.Server.Models;

namespace Larder.Server;

/// <summary>The models that this server answers for, by their ids; they change with the configuration.</summary>
/// <remarks>Safe for concurrent use: all of them are replaced at once.</remarks>
public sealed class ModelCatalog
{
    private volatile FrozenDictionary<string, ModelStanding> _models;

    internal ModelCatalog(LarderConfiguration configuration) =>
        _models = configuration.Models.ToFrozenDictionary(
            pair => pair.Key,
            pair => new ModelStanding(pair.Value, configuration.ContentOf(pair.Key)),
            StringComparer.Ordinal
        );

    /// <summary>All of them, by id.</summary>
    public IEnumerable<ServedModel> All => Standings.Select(standing => standing.Settings);

    /// <summary>All of them with how they stand, by id.</summary>
    internal IEnumerable<ModelStanding> Standings =>
        _models.Values.OrderBy(standing => standing.Settings.Id, StringComparer.Ordinal);

    /// <summary>The model of that id.</summary>
    public bool TryGet(string id, [NotNullWhen(true)] out ServedModel? model)
    {
        model = Find(id)?.Settings;
        return model is not null;
    }

    /// <summary>What the caches are asked for a model.</summary>
    public static OnnxModelRequest RequestFor(ServedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new OnnxModelRequest(model.From)
        {
            File = model.File,
            Pull = model.Pull,
            Name = model.Id,
            HitOutcome = model.IsStale ? PullOutcome.Stale : PullOutcome.Hit,
        };
    }

    /// <summary>What the caches are asked for the model of that id.</summary>
    /// <exception cref="KeyNotFoundException">The configuration has no such model.</exception>
    public OnnxModelRequest RequestFor(string id) =>
        TryGet(id, out var model)
            ? RequestFor(model)
            : throw new KeyNotFoundException(
                $"There is no model '{id}' in the section 'models' of the configuration; there are: {string.Join(", ", All.Select(known => known.Id))}."
            );

    /// <summary>The model of that id with how it stands; null when there is none.</summary>
    internal ModelStanding? Find(string id) => _models.GetValueOrDefault(id);

    /// <summary>Whether a model is served just so still; else it was removed, or its settings have changed.</summary>
    internal bool IsServed(ModelStanding standing) => ReferenceEquals(Find(standing.Settings.Id), standing);

    /// <summary>Takes over other models; one caller at a time.</summary>
    internal void Replace(IEnumerable<ModelStanding> models) =>
        _models = models.ToFrozenDictionary(standing => standing.Settings.Id, StringComparer.Ordinal);
}
