namespace Larder.Recordings.Tests.Proxies;

#pragma warning disable MA0048 // The services of one test class, a line or two each.
public interface IHasSpan
{
    [TestCache]
    int Read(Span<int> numbers);
}

public interface IHasOut
{
    [TestCache]
    bool TryRead(string text, out int number);
}

public interface IHasRef
{
    [TestCache]
    void Change(ref int number);
}

public unsafe interface IHasPointer
{
    [TestCache]
    int Read(int* numbers);
}

public interface IReturnsReference
{
    [TestCache]
    ref int Read(string text);
}

public interface IReturnsSpan
{
    [TestCache]
    ReadOnlySpan<int> Read(string text);
}

public interface IHasCallback
{
    [TestCache]
    Task<int> ReadAsync(string text, Action<string> callback);
}

public interface IReturnsDelegate
{
    [TestCache]
    Task<Func<int>> ReadAsync(string text);
}

public interface IHasTwins
{
    [TestCache]
    Task<int> ReadAsync(int number);

    [TestCache]
    Task<int> ReadAsync(string number);
}

public interface IIgnoresNothing
{
    [TestCache(Ignore = ["txet"])]
    Task<int> ReadAsync(string text);
}

public interface INormalizesByNothing
{
    [TestCache]
    Task<int> ReadAsync([NormalizedBy(typeof(string))] string text);
}

public interface IUnmarked
{
    Task<int> ReadAsync(string text);
}

[TestCache]
public interface IAllMarked
{
    string Name { get; }

    Task<int> OneAsync();

    Task<int> TwoAsync();
}

public sealed class AllMarked : IAllMarked
{
    public string Name => nameof(AllMarked);

    public Task<int> OneAsync() => Task.FromResult(1);

    public Task<int> TwoAsync() => Task.FromResult(2);
}

public interface IWide
{
    [TestCache(Ignore = ["seen"])]
    Task<int> ReadAsync(
        string text,
        [NotRecorded] string trace,
        string seen,
        [NormalizedBy(typeof(FirstWord))] string date,
        IProgress<int> progress
    );
}

public sealed class Wide : IWide
{
    public Task<int> ReadAsync(string text, string trace, string seen, string date, IProgress<int> progress) =>
        Task.FromResult(text.Length);
}

public sealed class FirstWord : IRequestNormalizer
{
    public object? Normalize(object? value) => ((string?)value)?.Split(' ')[0];
}

public interface IReadsStreams
{
    [TestCache]
    Task<long> LengthAsync(Stream content);
}

public sealed class ReadsStreams : IReadsStreams
{
    public async Task<long> LengthAsync(Stream content)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy);
        return copy.Length;
    }
}

/// <summary>A stream that can neither seek nor be read twice.</summary>
public sealed class OnceStream(byte[] bytes) : MemoryStream(bytes)
{
    public override bool CanSeek => false;

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override long Length => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin loc) => throw new NotSupportedException();
}
