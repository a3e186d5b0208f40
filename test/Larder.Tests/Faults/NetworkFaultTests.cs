using Larder.Origins;
using Larder.TestKit;
using Larder.Transfer;

namespace Larder.Tests.Faults;

/// <summary>A pull through a network and from a server that misbehave, one scenario for each fault.</summary>
/// <remarks>Every one ends in a verified model or in an error that says what happened; the table is in docs/reliability.md.</remarks>
public sealed class NetworkFaultTests : IAsyncDisposable
{
    private const int MiB = 1 << 20;

    private static readonly byte[] Model = TestBytes.Of((20 * MiB) + 123);

    private readonly TempDirectory _directory = new();
    private readonly ScriptedHttpServer _server = ScriptedHttpServer.ServingParts(Model);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // What passes: it is tried again, or gone on with, and the model is whole.
    [Theory]
    [InlineData(ProxyFault.Reset, 0)]
    [InlineData(ProxyFault.Reset, 1)]
    [InlineData(ProxyFault.Reset, (3 * MiB) + 17)]
    [InlineData(ProxyFault.ShortBody, 0)]
    [InlineData(ProxyFault.ShortBody, 5 * MiB)]
    [InlineData(ProxyFault.Stall, 0)]
    [InlineData(ProxyFault.Stall, MiB + 1)]
    [InlineData(ProxyFault.WholeForPart, 0)]
    [InlineData(ProxyFault.RequestTimeout, 0)]
    [InlineData(ProxyFault.TooManyRequests, 0)]
    [InlineData(ProxyFault.ServerError, 0)]
    [InlineData(ProxyFault.Unavailable, 0)]
    [InlineData(ProxyFault.Abort, 0)]
    public async Task PullAsync_FaultOfOneAnswer_GivesTheModel(ProxyFault fault, int atByte)
    {
        // The second part, so that something has arrived and is not to be fetched again.
        var parts = 0;
        await using var proxy = new FaultProxy(
            _server.Port,
            request => request.HasRange && Interlocked.Increment(ref parts) == 2 ? fault : null
        )
        {
            AtByte = atByte,
        };

        await AssertPullsAsync(proxy);
    }

    // An address that was signed for a while, and was good, is asked for once more from the start.
    [Theory]
    [InlineData(ProxyFault.Unauthorized)]
    [InlineData(ProxyFault.Forbidden)]
    public async Task PullAsync_RefusedOnceAfterSomethingArrived_GivesTheModel(ProxyFault fault)
    {
        var parts = 0;
        await using var proxy = new FaultProxy(
            _server.Port,
            // One connection: whoever is refused before anything has arrived is refused.
            request => request.Method == "GET" && Interlocked.Increment(ref parts) == 2 ? fault : null
        );

        await AssertPullsAsync(proxy, connections: 1, breakFirstAt: 2 * MiB);
    }

    // What does not pass: an error at once, that says what the server did.
    [Theory]
    [InlineData(ProxyFault.WrongContentRange, OriginFailure.Broken, "were asked for, and '")]
    [InlineData(ProxyFault.NoContentRange, OriginFailure.Broken, "were asked for, and '' was sent")]
    [InlineData(ProxyFault.Gzip, OriginFailure.Broken, "was sent as gzip although plain bytes were asked for")]
    [InlineData(ProxyFault.Changed, OriginFailure.Changed, "changed or vanished after it was listed")]
    [InlineData(ProxyFault.RangeNotSatisfiable, OriginFailure.Broken, "the server answered 416")]
    [InlineData(ProxyFault.RedirectLoop, OriginFailure.Broken, "more than 5 redirects")]
    public async Task PullAsync_AnswersThatMakeNoSense_SaysSo(ProxyFault fault, OriginFailure why, string said)
    {
        await using var proxy = new FaultProxy(_server.Port, request => request.HasRange ? fault : null);
        using var cache = Open();

        var failure = await Assert.ThrowsAsync<OriginException>(() => PullAsync(cache, proxy));

        Assert.Equal(why, failure.Failure);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        StoreAudit.AssertEmptyInUse(_directory["store"]);
    }

    // What stays: so often, and no more, and then an error that says what the server did.
    [Theory]
    [InlineData(ProxyFault.Reset, "broke off after")]
    [InlineData(ProxyFault.ShortBody, "broke off after")]
    [InlineData(ProxyFault.Stall, "not a byte came for 0.5 s")]
    [InlineData(ProxyFault.ServerError, "the server answered 500")]
    [InlineData(ProxyFault.Unavailable, "the server answered 503")]
    [InlineData(ProxyFault.Abort, "cannot be reached")]
    [InlineData(ProxyFault.Garbage, "cannot be reached")]
    public async Task PullAsync_FaultStays_GivesUpAndSaysWhy(ProxyFault fault, string said)
    {
        await using var proxy = new FaultProxy(_server.Port, request => request.Method == "GET" ? fault : null);
        using var cache = Open(retries: 1);

        var failure = await Assert.ThrowsAsync<OriginException>(() => PullAsync(cache, proxy));

        Assert.Equal(OriginFailure.Unavailable, failure.Failure);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        StoreAudit.AssertEmptyInUse(_directory["store"]);
    }

    [Fact]
    public async Task PullAsync_BodyIsLongerThanItSays_HasTheBytesThatWereAnnounced()
    {
        await using var proxy = new FaultProxy(_server.Port, _ => ProxyFault.LongBody);

        await AssertPullsAsync(proxy);
    }

    // Nobody knows better here: a later pull finds that the bytes are those of no version, where the origin tells digests.
    [Fact]
    public async Task PullAsync_BitFlippedAndTheOriginTellsDigests_StoresNothing()
    {
        var origin = new FakeOrigin { HasRanges = true };
        origin.Put("model.onnx", Model, tellsDigest: true);
        origin.SendsPartInstead = (part, all) =>
        {
            var flipped = all.AsSpan((int)part.Offset, (int)part.Length).ToArray();
            flipped[^1] ^= 1;
            return Task.FromResult<Stream>(new MemoryStream(flipped));
        };
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = _directory["store"] }, [origin]);

        await Assert.ThrowsAsync<IntegrityException>(() =>
            cache.PullAsync(FakeOrigin.Reference(), cancellationToken: Cancellation)
        );

        StoreAudit.AssertEmpty(_directory["store"]);
    }

    [Fact]
    [Trait("Category", "Full")]
    public async Task PullAsync_Trickles_AsksForTheRestAgain()
    {
        var parts = 0;
        await using var proxy = new FaultProxy(
            _server.Port,
            request => request.HasRange && Interlocked.Increment(ref parts) == 2 ? ProxyFault.Trickle : null
        );

        await AssertPullsAsync(proxy, idleTimeout: TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    private ModelCache Open(int retries = 5, int connections = 4, TimeSpan? idleTimeout = null) =>
        new(
            new ModelCacheOptions
            {
                StorePath = _directory["store"],
                Connections = connections,
                Retries = retries,
                IdleTimeout = idleTimeout ?? TimeSpan.FromSeconds(0.5),
            }
        );

    private static Task<Larder.Pull.Snapshot> PullAsync(ModelCache cache, FaultProxy proxy) =>
        cache.PullAsync(ModelReference.Parse(proxy.Url("/model.onnx")), cancellationToken: Cancellation);

    private async Task AssertPullsAsync(
        FaultProxy proxy,
        int connections = 4,
        int? breakFirstAt = null,
        TimeSpan? idleTimeout = null
    )
    {
        if (breakFirstAt is { } bytes)
        {
            // The first answer breaks off after so many bytes, so that the second request meets the fault.
            await using var breaking = new FaultProxy(
                proxy.Port,
                request => request.Number == 2 ? ProxyFault.ShortBody : null
            )
            {
                AtByte = bytes,
            };
            await AssertPullsAsync(breaking, connections);
            return;
        }
        using (var cache = Open(connections: connections, idleTimeout: idleTimeout))
        {
            using var snapshot = await PullAsync(cache, proxy);
            var path = Path.Join(snapshot.Path, "model.onnx");
            Assert.Equal(Model, await File.ReadAllBytesAsync(path, Cancellation));
        }
        StoreAudit.AssertWhole(_directory["store"]);
    }
}
