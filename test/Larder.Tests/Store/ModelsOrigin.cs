using Larder.Content;
using Larder.Origins;

namespace Larder.Tests.Store;

/// <summary>An origin in memory that has models of different files and tells their digests.</summary>
internal sealed class ModelsOrigin : IOrigin
{
    private readonly Dictionary<string, List<(OriginFile File, byte[] Bytes)>> _models = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private int _opened;

    public string Name => "models";

    public IReadOnlyList<string> Schemes { get; } = ["models"];

    /// <summary>How many files were asked for.</summary>
    public int Opened => Volatile.Read(ref _opened);

    /// <summary>Called with the name of a model before a file of it is sent.</summary>
    public Action<string> Opening { get; set; } = static _ => { };

    public static ModelReference Reference(string model) => ModelReference.Parse($"models://origin/{model}/");

    /// <summary>The files of a model, from now on these.</summary>
    public ModelsOrigin Put(string model, params (string Path, byte[] Bytes)[] files)
    {
        lock (_lock)
        {
            _models[model] =
            [
                .. files.Select(file =>
                {
                    var digest = Digest.Of(file.Bytes);
                    return (new OriginFile(file.Path, file.Bytes.Length, digest.ToString(), digest), file.Bytes);
                }),
            ];
        }
        return this;
    }

    public Task<OriginListing> ListAsync(ModelReference reference, CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult(new OriginListing([.. FilesOf(reference).Select(pair => pair.File)]));
    }

    public Task<Stream> OpenAsync(
        ModelReference reference,
        OriginFile file,
        ByteRange? range,
        CancellationToken cancellationToken
    )
    {
        Interlocked.Increment(ref _opened);
        Opening(NameOf(reference));
        lock (_lock)
        {
            var bytes = FilesOf(reference).Single(pair => pair.File.Path == file.Path).Bytes;
            return Task.FromResult<Stream>(new MemoryStream(bytes, writable: false));
        }
    }

    private static string NameOf(ModelReference reference) => reference.Uri.AbsolutePath.Trim('/');

    private List<(OriginFile File, byte[] Bytes)> FilesOf(ModelReference reference) => _models[NameOf(reference)];
}
