using System.Globalization;
using System.Runtime.CompilerServices;
using Larder.Content;
using Larder.Sharing;

namespace Larder.TestKit;

/// <summary>A shared store in memory that keeps the contract, does what its test says before it answers, and notes what is asked.</summary>
public sealed class FakeSharedStore(TimeProvider? timeProvider = null) : ISharedStore
{
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (SharedObject Seen, byte[] Content)> _objects = new(
        StringComparer.Ordinal
    );
    private readonly List<SharedRequest> _requests = [];
    private long _tags;
    private int _atOnce;

    public string Name => "fake";

    public string Location => "fake://team";

    /// <summary>Runs before a request is done, and may wait, throw, or change what is there.</summary>
    public Func<SharedRequest, CancellationToken, Task>? Before { get; set; }

    /// <summary>Runs after a request was done and before its answer is given: what throws here loses an answer.</summary>
    public Func<SharedRequest, CancellationToken, Task>? After { get; set; }

    /// <summary>Makes another body of the bytes that are sent.</summary>
    public Func<byte[], Stream>? Body { get; set; }

    /// <summary>Whether it overwrites where it was told that there must be none.</summary>
    public bool IgnoresAbsent { get; set; }

    /// <summary>Whether it overwrites what has changed since it was seen.</summary>
    public bool IgnoresTags { get; set; }

    /// <summary>How many requests were under way at once, at most.</summary>
    public int MostAtOnce { get; private set; }

    public IReadOnlyList<SharedRequest> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock)
                return [.. _objects.Keys];
        }
    }

    public byte[]? Find(string name)
    {
        lock (_lock)
            return _objects.TryGetValue(name, out var found) ? [.. found.Content] : null;
    }

    public SharedObject? Seen(string name)
    {
        lock (_lock)
            return _objects.TryGetValue(name, out var found) ? found.Seen : null;
    }

    public SharedObject Put(string name, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        lock (_lock)
        {
            var tag = string.Create(CultureInfo.InvariantCulture, $"t{++_tags}");
            var seen = new SharedObject(name, content.Length, tag, _time.GetUtcNow());
            _objects[name] = (seen, content);
            return seen;
        }
    }

    public bool Remove(string name)
    {
        lock (_lock)
            return _objects.Remove(name);
    }

    public void ForgetRequests()
    {
        lock (_lock)
        {
            _requests.Clear();
            MostAtOnce = 0;
        }
    }

    public Task<SharedDocument?> TryReadAsync(string name, int mostBytes, CancellationToken cancellationToken) =>
        DoAsync(
            "read",
            name,
            () =>
                !_objects.TryGetValue(name, out var found) ? null
                : found.Content.Length > mostBytes ? throw Fail(SharedFailure.Broken, $"'{name}' is too large.")
                : new SharedDocument(found.Seen, found.Content.ToArray()),
            cancellationToken
        );

    public Task<SharedObject?> TryStatAsync(string name, CancellationToken cancellationToken) =>
        DoAsync("stat", name, () => _objects.TryGetValue(name, out var found) ? found.Seen : null, cancellationToken);

    public Task<Stream> OpenAsync(SharedObject seen, ByteRange? range, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return DoAsync(
            "open",
            seen.Name,
            () =>
            {
                if (!_objects.TryGetValue(seen.Name, out var found) || found.Seen.Tag != seen.Tag)
                    throw Fail(SharedFailure.Changed, $"'{seen.Name}' has changed.");
                var part = range ?? new ByteRange(0, found.Content.Length);
                var bytes = found.Content.AsSpan((int)part.Offset, (int)part.Length).ToArray();
                return Body?.Invoke(bytes) ?? new MemoryStream(bytes, writable: false);
            },
            cancellationToken
        );
    }

    public Task<SharedObject?> TryWriteAsync(
        string name,
        ReadOnlyMemory<byte> content,
        SharedCondition condition,
        CancellationToken cancellationToken
    ) =>
        DoAsync(
            condition.Tag is null ? "write" : "replace",
            name,
            () =>
            {
                var there = _objects.TryGetValue(name, out var found) ? found.Seen : null;
                var holds = condition.Tag is { } tag
                    ? there is not null && (IgnoresTags || there.Tag == tag)
                    : IgnoresAbsent || there is null;
                return holds ? Put(name, content.ToArray()) : null;
            },
            cancellationToken
        );

    public Task UploadAsync(
        string name,
        SharedUpload file,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(file);
        return DoAsync(
            "upload",
            name,
            () =>
            {
                var content = File.ReadAllBytes(file.Path);
                progress?.Report(content.Length);
                return Put(name, content);
            },
            cancellationToken
        );
    }

    public async IAsyncEnumerable<SharedObject> ListAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var listed = await DoAsync(
            "list",
            prefix,
            () =>
                _objects
                    .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
                    .Select(pair => pair.Value.Seen)
                    .ToList(),
            cancellationToken
        );
        foreach (var seen in listed)
            yield return seen;
    }

    public Task<bool> TryDeleteAsync(SharedObject seen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return DoAsync(
            "delete",
            seen.Name,
            () =>
                _objects.TryGetValue(seen.Name, out var found)
                && found.Seen.Tag == seen.Tag
                && _objects.Remove(seen.Name),
            cancellationToken
        );
    }

    /// <summary>A failure of this store.</summary>
    public SharedStoreException Fail(SharedFailure failure, string message = "as the test wants it") =>
        new(failure, Location, message);

    private async Task<T> DoAsync<T>(string verb, string name, Func<T> act, CancellationToken cancellationToken)
    {
        ThrowIfNoName(verb, name);
        var request = new SharedRequest(verb, name);
        lock (_lock)
        {
            _requests.Add(request);
            MostAtOnce = Math.Max(MostAtOnce, ++_atOnce);
        }
        try
        {
            // Nobody gets an answer at once from a store over a network.
            await Task.Yield();
            if (Before is { } before)
                await before(request, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            T done;
            lock (_lock)
                done = act();
            if (After is { } after)
                await after(request, cancellationToken);
            return done;
        }
        finally
        {
            lock (_lock)
                _atOnce--;
        }
    }

    private static void ThrowIfNoName(string verb, string name)
    {
        var segments = (verb == "list" ? name.TrimEnd('/') : name).Split('/');
        if (
            (verb != "list" || name.Length > 0)
            && segments.Any(segment =>
                segment.Length == 0
                || segment.All(letter => letter == '.')
                || !segment.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-')
            )
        )
            throw new ArgumentException($"'{name}' is no name of an object.", nameof(name));
    }
}
