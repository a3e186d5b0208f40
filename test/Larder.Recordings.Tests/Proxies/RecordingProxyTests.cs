namespace Larder.Recordings.Tests.Proxies;

public sealed class RecordingProxyTests : IDisposable
{
    private readonly RecordingsRoom _room = new();

    public void Dispose() => _room.Dispose();

    [Theory]
    [InlineData(typeof(IHasSpan), "Read")]
    [InlineData(typeof(IHasOut), "TryRead")]
    [InlineData(typeof(IHasRef), "Change")]
    [InlineData(typeof(IHasPointer), "Read")]
    [InlineData(typeof(IReturnsReference), "Read")]
    [InlineData(typeof(IReturnsSpan), "Read")]
    [InlineData(typeof(IHasCallback), "ReadAsync")]
    [InlineData(typeof(IReturnsDelegate), "ReadAsync")]
    [InlineData(typeof(IHasTwins), "ReadAsync")]
    [InlineData(typeof(IIgnoresNothing), "ReadAsync")]
    [InlineData(typeof(INormalizesByNothing), "ReadAsync")]
    public void Wrap_MethodThatCannotBeRecorded_IsRefusedByName(Type contract, string method)
    {
        using var recordings = _room.Open(RecordingMode.Replay);

        var refused = Assert.Throws<NotRecordableException>(() => WrapNothing(recordings, contract));

        Assert.Contains(method, refused.Message, StringComparison.Ordinal);
        Assert.Contains(method, refused.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrap_InterfaceWithoutAMark_IsToldSo()
    {
        using var recordings = _room.Open(RecordingMode.Replay);

        var refused = Assert.Throws<RecordingException>(() => WrapNothing(recordings, typeof(IUnmarked)));

        Assert.Contains(nameof(IUnmarked), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrap_Class_IsToldToNameTheInterface()
    {
        using var recordings = _room.Open(RecordingMode.Replay);

        Assert.Throws<ArgumentException>(() => recordings.Wrap(new Assistant()));
    }

    [Fact]
    public async Task Call_MethodThatIsNotMarked_IsPassedOnButNotInReplay()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            Assert.Equal("ready", recording.Wrap<IAssistant>(new Assistant()).Status());
        using var recordings = _room.Open(RecordingMode.Replay);
        var service = new Assistant();
        var assistant = recordings.Wrap<IAssistant>(service);

        var refused = Assert.Throws<RecordingException>(assistant.Status);
        await assistant.LoadAsync();

        Assert.Contains("IAssistant.Status", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, service.Calls);
    }

    [Fact]
    public async Task Call_MarkOnTheType_IsThatOfAllItsMethods()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        var all = recordings.Wrap<IAllMarked>(new AllMarked());

        await all.OneAsync();
        await all.TwoAsync();

        Assert.Equal("AllMarked", all.Name);
        Assert.Equal(2, _room.Files.Count);
    }

    [Fact]
    public async Task Call_ArgumentsThatDoNotCount_AreLeftOut()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        var wide = recordings.Wrap<IWide>(new Wide());

        await wide.ReadAsync("a", trace: "1", seen: "x", date: "a 2026-01-02", new Progress<int>());
        await wide.ReadAsync("a", trace: "2", seen: "y", date: "a 2027-03-04", new Progress<int>());
        await wide.ReadAsync("a", trace: "2", seen: "y", date: "b 2027-03-04", new Progress<int>());

        Assert.Equal(2, _room.Files.Count);
    }

    [Fact]
    public async Task Call_TokenOfTheCaller_ReachesTheService()
    {
        using var cancel = new CancellationTokenSource();
        using var recordings = _room.Open(RecordingMode.Record);
        var service = new Assistant
        {
            OnAsk = (_, token) => Task.FromResult(token == cancel.Token ? "the caller's" : "another"),
        };

        Assert.Equal(
            "the caller's",
            await recordings.Wrap<IAssistant>(service).AskAsync("Which token?", cancellationToken: cancel.Token)
        );
    }

    [Fact]
    public async Task Call_StreamWithTheTokenOfItsReader_IsCancelledByIt()
    {
        using var cancel = new CancellationTokenSource();
        using var recordings = _room.Open(RecordingMode.Record);
        var words = recordings.Wrap<IAssistant>(new Assistant()).TellAsync("a time").WithCancellation(cancel.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in words)
                await cancel.CancelAsync();
        });

        Assert.Empty(_room.Files);
    }

    [Fact]
    public async Task Call_StreamThatCanBeReadOnce_ReachesTheServiceWhole()
    {
        using var recordings = _room.Open(RecordingMode.Record);

        var length = await recordings.Wrap<IReadsStreams>(new ReadsStreams()).LengthAsync(new OnceStream([1, 2, 3]));

        Assert.Equal(3, length);
        Assert.Single(_room.Files);
    }

    [Fact]
    public void Dispose_ServiceOfTheCaller_IsLeftToTheCaller()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        var service = new Assistant();

        ((IDisposable)recordings.Wrap<IAssistant>(service)).Dispose();

        Assert.Equal(0, service.Disposals);
    }

    [Fact]
    public async Task Dispose_ServiceThatWasMadeForACall_IsDisposedOnce()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        var service = new Assistant();
        var wrapped = recordings.Wrap<IAssistant>(() => service, new Deployment("Assistant"));
        await wrapped.CountAsync("x");

        ((IDisposable)wrapped).Dispose();
        ((IDisposable)wrapped).Dispose();

        Assert.Equal(1, service.Disposals);
    }

    private static void WrapNothing(Recordings recordings, Type contract)
    {
        var wrap = typeof(Recordings)
            .GetMethods()
            .Single(method =>
                method.Name == nameof(Recordings.Wrap) && method.GetParameters()[0].ParameterType.Name == "Func`1"
            );
        wrap.MakeGenericMethod(contract)
            .Invoke(
                recordings,
                System.Reflection.BindingFlags.DoNotWrapExceptions,
                binder: null,
                [Never(contract), new Deployment("None")],
                culture: null
            );
    }

    // A function that fails, since nothing may be made.
    private static Delegate Never(Type contract) =>
        System
            .Linq.Expressions.Expression.Lambda(
                typeof(Func<>).MakeGenericType(contract),
                System.Linq.Expressions.Expression.Throw(
                    System.Linq.Expressions.Expression.New(typeof(InvalidOperationException)),
                    contract
                )
            )
            .Compile();
}
