using Larder.Baking;
using Larder.Pull;

namespace Larder.Cli;

/// <summary>Models under their leases.</summary>
internal sealed class PulledModels : IDisposable
{
    private readonly List<BakeModel> _models = [];

    public IReadOnlyList<BakeModel> Models => _models;

    /// <summary>Takes a snapshot over, under a name or under that of its reference.</summary>
    public void Add(Snapshot snapshot, string? name) =>
        _models.Add(name is null ? new BakeModel(snapshot) : new BakeModel(snapshot, name));

    public void Dispose() => _models.ForEach(model => model.Snapshot.Dispose());
}
