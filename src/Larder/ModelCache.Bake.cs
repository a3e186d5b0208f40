using Larder.Baking;
using Larder.Store;

namespace Larder;

public sealed partial class ModelCache
{
    /// <summary>Writes an image archive with some models in it, as the OCI image specification has it; no engine is needed.</summary>
    /// <remarks>
    /// The same models and options give the same bytes on any machine. Files go from the store into the archive without a copy
    /// between, each compared with its digest; a large one has a layer of its own, which stays the same from version to version.
    /// What stands under the archive's name is replaced when the new one is whole.
    /// </remarks>
    /// <param name="models">The models, held by their snapshots until this returns.</param>
    /// <param name="path">The archive, such as <c>image.tar</c>.</param>
    /// <param name="options">What else the image is made of; the defaults when null.</param>
    /// <param name="cancellationToken">Stops the writing; nothing is left then.</param>
    /// <exception cref="ArgumentException">There is no model, or an option, or a name of a model, makes no sense.</exception>
    /// <exception cref="ImageException">The base cannot be read, or the archive not be written.</exception>
    /// <exception cref="StoreException">A file of the store is damaged, or a model was cleared meanwhile.</exception>
    public Task<BakeResult> BakeAsync(
        IReadOnlyList<BakeModel> models,
        string path,
        BakeOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var baker = new Baker(options ?? new BakeOptions(), FindFile, _timeProvider);
        return UseAsync(() => baker.RunAsync(models, path, cancellationToken));
    }
}
