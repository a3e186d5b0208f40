using System.Buffers.Binary;
using Larder.TestKit;

namespace Larder.IntegrationTests;

// A pull that is killed, and the next one.
public sealed partial class PullCommandTests
{
    private const int MiB = 1 << 20;

    /// <summary>The most that one request for a part asks for.</summary>
    private const int RangeBytes = 16 * MiB;

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(99)]
    public async Task Pull_KilledAndStartedAgain_FetchesNoMoreThanWasMissingAndOneRange(int percent)
    {
        var model = TestBytes.Of((64 * MiB) + 4321);
        long allowed = model.Length / 100L * percent;
        var (sent, isSent) = (0L, new TaskCompletionSource());
        await using var origin = new ScriptedHttpServer(async exchange =>
        {
            string[] headers = ["ETag: \"v1\"", "Accept-Ranges: bytes"];
            if (exchange.IsHead)
            {
                await exchange.AnswerAsync(200, model, headers);
                return;
            }
            var (first, last) = exchange.Range ?? (0, model.Length - 1);
            await exchange.SendHeadAsync(
                exchange.Range is null ? 200 : 206,
                last - first + 1,
                exchange.Range is null ? headers : [.. headers, $"Content-Range: bytes {first}-{last}/{model.Length}"]
            );
            for (var at = first; at <= last; at += MiB)
            {
                var part = model.AsMemory(at, Math.Min(MiB, last + 1 - at));
                if (Interlocked.Add(ref sent, part.Length) > Volatile.Read(ref allowed))
                {
                    isSent.TrySetResult();
                    await Task.Delay(Timeout.Infinite, exchange.Stopping);
                }
                await exchange.SendBodyAsync(part);
            }
        });
        using (var first = CommandProcess.Start(Here, ["pull", origin.Url("/model.onnx")], $"LARDER_STORE={StorePath}"))
        {
            await isSent.Task;
            await WaitUntilStoredAsync(allowed - (4L * 2 * MiB));
            await first.KillAsync();
        }
        var stored = StoredBlocks() * (long)MiB;
        Volatile.Write(ref allowed, long.MaxValue);
        var before = origin.BodyBytes;

        var second = (await RunAsync("pull", origin.Url("/model.onnx"), "--json")).Done();

        Assert.InRange(origin.BodyBytes - before, 1, model.Length - stored + RangeBytes);
        Assert.InRange(second.Json.GetProperty("bytes_fetched").GetInt64(), 1, model.Length - stored + RangeBytes);
        var path = Path.Combine(second.Json.GetProperty("path").GetString()!, "model.onnx");
        Assert.Equal(model, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        StoreOnDisk.AssertWhole(StorePath);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(StorePath, "partial")));
    }

    [Fact]
    public async Task Pull_InterruptedByAPerson_TheNextOneGoesOn()
    {
        var model = TestBytes.Of(8 * MiB);
        var isAsked = new TaskCompletionSource();
        await using var origin = new ScriptedHttpServer(async exchange =>
        {
            if (isAsked.Task.IsCompleted || exchange.IsHead)
            {
                await exchange.AnswerPartAsync(model, "ETag: \"v1\"", "Accept-Ranges: bytes");
                return;
            }
            await exchange.SendHeadAsync(200, model.Length, "ETag: \"v1\"", "Accept-Ranges: bytes");
            await exchange.SendBodyAsync(model.AsMemory(0, 4 * MiB));
            isAsked.TrySetResult();
            await Task.Delay(Timeout.Infinite, exchange.Stopping);
        });
        using var pull = CommandProcess.Start(
            Here,
            ["pull", origin.Url("/model.onnx")],
            $"LARDER_STORE={StorePath}",
            "LARDER__TRANSFER__CONNECTIONS=1"
        );
        await isAsked.Task;
        await WaitUntilStoredAsync(2 * MiB);
        pull.Interrupt();

        var ended = (await pull.EndAsync()).Ended(130);

        Assert.Equal(
            "larder: Cancelled. What was fetched stays in the store: the same command goes on where this one ended.",
            ended.Error.TrimEnd().Split('\n')[^1]
        );
        var stored = StoredBlocks();
        Assert.InRange(stored, 2, 4);
        var second = (await RunAsync("pull", origin.Url("/model.onnx"), "--json")).Done();
        Assert.Equal((8 - stored) * MiB, second.Json.GetProperty("bytes_fetched").GetInt64());
    }

    [Theory]
    [InlineData("evict", "--to", "0")]
    [InlineData("clear", "--all", "--yes")]
    public async Task Pull_Killed_WhatItLeftGoesWithTheFirstCommandThatRemoves(params string[] command)
    {
        var model = TestBytes.Of(8 * MiB);
        await using var origin = new ScriptedHttpServer(async exchange =>
        {
            string[] headers = ["ETag: \"v1\"", "Accept-Ranges: bytes"];
            await exchange.SendHeadAsync(200, model.Length, headers);
            if (exchange.IsHead)
                return;
            await exchange.SendBodyAsync(model.AsMemory(0, 4 * MiB));
            await Task.Delay(Timeout.Infinite, exchange.Stopping);
        });
        using (var pull = CommandProcess.Start(Here, ["pull", origin.Url("/model.onnx")], $"LARDER_STORE={StorePath}"))
        {
            await WaitUntilStoredAsync(2 * MiB);
            await pull.KillAsync();
        }

        var removed = (await RunAsync([.. command, "--json"])).Done();

        Assert.True(removed.Json.GetProperty("freed_bytes").GetInt64() >= model.Length);
        Assert.Equal(0, StoredBlocks());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(StorePath, "partial")));
    }

    // A journal says of each block that is there when it was written; whether the process lives does not matter.
    private int StoredBlocks()
    {
        const int Record = 64;
        const int Block = 0x4C4A3103;
        var blocks = 0;
        foreach (var part in new[] { "staging", "partial" })
        foreach (var path in Directory.EnumerateFiles(Path.Combine(StorePath, part), "journal", AllFiles))
        {
            using var file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var record = new byte[Record];
            while (file.ReadAtLeast(record, Record, throwOnEndOfStream: false) == Record)
                blocks += BinaryPrimitives.ReadInt32LittleEndian(record) == Block ? 1 : 0;
        }
        return blocks;
    }

    private static readonly EnumerationOptions AllFiles = new() { RecurseSubdirectories = true };

    private async Task WaitUntilStoredAsync(long bytes)
    {
        while (!Directory.Exists(Path.Combine(StorePath, "partial")) || StoredBlocks() * (long)MiB < bytes)
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }
}
