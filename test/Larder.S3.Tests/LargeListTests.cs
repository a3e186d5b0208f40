using System.Diagnostics;
using System.Globalization;
using Larder.Origins;
using Larder.TestKit;

namespace Larder.S3.Tests;

/// <summary>A list that has no end in sight. Alone, because the memory of the process is looked at.</summary>
[Collection(AloneCollection.Name)]
public sealed class LargeListTests
{
    private const int Pages = 100;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_HundredThousandObjects_TakesThePagesOneByOne()
    {
        await using var server = new ScriptedHttpServer(exchange => AnswerAsync(exchange, Pages));
        using var origin = S3Site.Connect(server.Url("/"));
        var reference = ModelReference.Parse("s3://bucket/models/");
        await origin.ListAsync(reference, Cancellation); // what is loaded once
        await Task.Yield(); // This runs on top of what has just made the list, and still holds it.
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();

        var listing = await origin.ListAsync(reference, Cancellation);

        var took = watch.Elapsed;
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(Pages * 1000, listing.Files.Select(file => file.Path).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(2 * Pages, server.Requests.Count);
        // The records themselves, and neither the pages that they came in nor what the SDK made of them.
        Assert.InRange(held, 8 << 20, 64 << 20);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        TestContext.Current.SendDiagnosticMessage($"{took.TotalSeconds:f2} s, {held >> 20} MiB");
    }

    [Fact]
    [Trait("Category", "Full")]
    public async Task List_MoreThanAMillionObjects_IsBrokenBeforeMemoryEnds()
    {
        var page = ScriptedList.Objects(1000);
        var answered = 0;
        await using var server = new ScriptedHttpServer(exchange =>
            ScriptedList.AnswerAsync(
                exchange,
                page,
                string.Create(CultureInfo.InvariantCulture, $"page-{Interlocked.Increment(ref answered)}")
            )
        );
        using var origin = S3Site.Connect(server.Url("/"));

        var failure = await Assert.ThrowsAsync<OriginException>(() =>
            origin.ListAsync(ModelReference.Parse("s3://bucket/models/"), Cancellation)
        );

        Assert.Equal(OriginFailure.Broken, failure.Failure);
        Assert.Contains("more than 1000000 objects", failure.Message, StringComparison.Ordinal);
    }

    private static Task AnswerAsync(HttpExchange exchange, int pages)
    {
        var page = exchange.Target.Contains("continuation-token=page-", StringComparison.Ordinal)
            ? int.Parse(exchange.Target.Split("page-")[1].Split('&')[0], CultureInfo.InvariantCulture)
            : 0;
        var next = page + 1 < pages ? string.Create(CultureInfo.InvariantCulture, $"page-{page + 1}") : null;
        return ScriptedList.AnswerAsync(exchange, ScriptedList.Objects(1000, page), next);
    }
}
