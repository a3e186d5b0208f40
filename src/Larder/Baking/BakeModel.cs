using Larder.Pull;

namespace Larder.Baking;

/// <summary>A model for an image.</summary>
/// <param name="Snapshot">Its files, held by their owner until the image is written.</param>
/// <param name="Name">
/// Its directory below <see cref="BakeOptions.Path"/> where the layout is <see cref="BakeLayout.Files"/>: a relative path. A store
/// finds models by their references.
/// </param>
public sealed record BakeModel(Snapshot Snapshot, string Name)
{
    /// <summary>A model under the last part of its reference: <c>llama</c> of <c>s3://bucket/models/llama/</c>.</summary>
    public BakeModel(Snapshot snapshot)
        : this(snapshot, BakedPlaces.NameOf(snapshot)) { }
}
