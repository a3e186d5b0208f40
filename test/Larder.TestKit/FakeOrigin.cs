using System.Globalization;
using Larder.Content;
using Larder.Origins;

namespace Larder.TestKit;

/// <summary>An origin in memory that does what its test says and counts what is asked of it.</summary>
public sealed class FakeOrigin : IOrigin
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (OriginFile File, byte[] Bytes)> _files = new(StringComparer.Ordinal);
    private readonly List<string> _opened = [];
    private readonly List<ByteRange?> _ranges = [];
    private int _listings;
    private int _versions;

    public string Name => "fake";

    public IReadOnlyList<string> Schemes { get; } = ["fake"];

    /// <summary>Passed by every listing before it looks at the files.</summary>
    public Gate Listing { get; } = new();

    /// <summary>Passed by every opening.</summary>
    public Gate Opening { get; } = new();

    /// <summary>Thrown by every listing while it is set.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Whether any call is a failure of the test.</summary>
    public bool IsForbidden { get; set; }

    /// <summary>Answers listings instead of the files that were put.</summary>
    public Func<IReadOnlyList<OriginFile>>? ListsInstead { get; set; }

    /// <summary>Answers openings instead of the bytes that were put.</summary>
    public Func<OriginFile, Task<Stream>>? SendsInstead { get; set; }

    /// <summary>Answers openings with a part of the bytes that were put, which it is given with all of them.</summary>
    public Func<ByteRange, byte[], Task<Stream>>? SendsPartInstead { get; set; }

    /// <summary>Whether files that are put from now on can be read in parts.</summary>
    public bool HasRanges { get; set; }

    /// <summary>Whether what it lists now is said to be so for ever.</summary>
    public bool IsFixed { get; set; }

    /// <summary>How often it was listed.</summary>
    public int Listings => Volatile.Read(ref _listings);

    /// <summary>The paths that were opened, in their order.</summary>
    public IReadOnlyList<string> Opened
    {
        get
        {
            lock (_lock)
                return [.. _opened];
        }
    }

    /// <summary>The parts that were opened, in the order of <see cref="Opened"/>; null for a whole file.</summary>
    public IReadOnlyList<ByteRange?> Ranges
    {
        get
        {
            lock (_lock)
                return [.. _ranges];
        }
    }

    /// <summary>A reference that this origin answers; all of them name the same files.</summary>
    public static ModelReference Reference(string name = "model") => ModelReference.Parse($"fake://origin/{name}/");

    /// <summary>Adds a file, or replaces it by a new version.</summary>
    public FakeOrigin Put(string path, byte[] bytes, bool tellsDigest = false)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        lock (_lock)
        {
            var version = string.Create(CultureInfo.InvariantCulture, $"v{++_versions}");
            Digest? digest = tellsDigest ? Digest.Of(bytes) : null;
            _files[path] = (new OriginFile(path, bytes.Length, version, digest, HasRanges), bytes);
        }
        return this;
    }

    public void Remove(string path)
    {
        lock (_lock)
            _files.Remove(path);
    }

    public async Task<OriginListing> ListAsync(ModelReference reference, CancellationToken cancellationToken)
    {
        ThrowIfForbidden();
        Interlocked.Increment(ref _listings);
        await Listing.PassAsync(cancellationToken);
        if (Failure is { } failure)
            throw failure;
        if (ListsInstead is { } list)
            return new OriginListing(list());
        lock (_lock)
            return new OriginListing([.. _files.Values.Select(pair => pair.File)]) { IsFixed = IsFixed };
    }

    public async Task<Stream> OpenAsync(
        ModelReference reference,
        OriginFile file,
        ByteRange? range,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(file);
        ThrowIfForbidden();
        lock (_lock)
        {
            _opened.Add(file.Path);
            _ranges.Add(range);
        }
        await Opening.PassAsync(cancellationToken);
        if (SendsInstead is { } send)
            return await send(file);
        byte[] bytes;
        lock (_lock)
            bytes = _files[file.Path].Bytes;
        var part = range ?? new ByteRange(0, bytes.Length);
        if (SendsPartInstead is { } sendPart)
            return await sendPart(part, bytes);
        return new MemoryStream(bytes, (int)part.Offset, (int)part.Length, writable: false);
    }

    private void ThrowIfForbidden()
    {
        if (IsForbidden)
            throw new InvalidOperationException("The origin was asked although the store had to answer.");
    }
}
