using Larder.Content;
using Larder.Origins;
using Larder.TestKit;

namespace Larder.Tests.Origins;

/// <summary>Parts of files.</summary>
public sealed partial class HttpOriginTests
{
    [Theory]
    [InlineData("\"v1\"", "bytes", true)]
    [InlineData("W/\"v1\"", "bytes", false)]
    [InlineData(null, "bytes", false)]
    [InlineData("\"v1\"", "none", false)]
    [InlineData("\"v1\"", null, false)]
    public async Task ListAsync_TellsWhetherPartsAreSurelyOfOneVersion(string? tag, string? ranges, bool hasRanges)
    {
        string[] headers =
        [
            .. tag is null ? (string[])[] : [$"ETag: {tag}"],
            .. ranges is null ? (string[])[] : [$"Accept-Ranges: {ranges}"],
        ];
        await using var server = new ScriptedHttpServer(exchange => exchange.AnswerAsync(200, Body, headers));

        Assert.Equal(hasRanges, (await ListAsync(server.Url("/model.onnx"))).HasRanges);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(10, 20)]
    [InlineData(999, 1)]
    public async Task OpenAsync_Part_IsThoseBytesOfThatVersion(int offset, int length)
    {
        HttpExchange? asked = null;
        await using var server = new ScriptedHttpServer(exchange =>
        {
            asked = exchange;
            return exchange.AnswerPartAsync(Body, "ETag: \"v1\"");
        });

        var bytes = await ReadAsync(server.Url("/model.onnx"), "etag=\"v1\"", new ByteRange(offset, length));

        Assert.Equal(Body[offset..(offset + length)], bytes);
        Assert.Equal(("\"v1\"", (offset, offset + length - 1)), (asked!.Headers["If-Match"], asked.Range));
    }

    [Fact]
    public async Task OpenAsync_WholeFileForAPart_IsSaidSo()
    {
        await using var server = ScriptedHttpServer.Serving(Body);

        var failure = await Assert.ThrowsAsync<OriginException>(() =>
            ReadAsync(server.Url("/model.onnx"), "etag=\"v1\"", new ByteRange(10, 20))
        );

        Assert.Equal(OriginFailure.NoRanges, failure.Failure);
        Assert.Contains("was sent whole where a part was asked for", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Range: bytes 11-30/1000")]
    [InlineData("Content-Range: bytes 10-28/1000")]
    [InlineData("Content-Range: bytes 10-29/1001")]
    [InlineData("Content-Range: bytes */1000")]
    [InlineData("X-Content-Range: bytes 10-29/1000")]
    public async Task OpenAsync_AnotherPart_IsRefused(string header)
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(206, Body.AsMemory(10, 20), "ETag: \"v1\"", header)
        );

        var failure = await Assert.ThrowsAsync<OriginException>(() =>
            ReadAsync(server.Url("/model.onnx"), "etag=\"v1\"", new ByteRange(10, 20))
        );

        Assert.Equal(OriginFailure.Broken, failure.Failure);
        Assert.Contains("bytes 10-29/1000 were asked for", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(412, OriginFailure.Changed)]
    [InlineData(416, OriginFailure.Broken)]
    public async Task OpenAsync_PartRefused_SaysWhy(int status, OriginFailure why)
    {
        await using var server = new ScriptedHttpServer(exchange => exchange.AnswerAsync(status));

        var failure = await Assert.ThrowsAsync<OriginException>(() =>
            ReadAsync(server.Url("/model.onnx"), "etag=\"v1\"", new ByteRange(10, 20))
        );

        Assert.Equal(why, failure.Failure);
    }

    [Theory]
    [InlineData("Retry-After: 7", 7)]
    [InlineData("Date: Sat, 21 Nov 2026 10:00:00 GMT\r\nRetry-After: Sat, 21 Nov 2026 10:01:30 GMT", 90)]
    [InlineData("Date: Sat, 21 Nov 2026 10:00:00 GMT\r\nRetry-After: Sat, 21 Nov 2026 09:00:00 GMT", null)]
    [InlineData("Retry-After: soon", null)]
    [InlineData("X-Retry: 7", null)]
    public async Task OpenAsync_Overloaded_TellsWhenToComeBack(string header, int? seconds)
    {
        await using var server = new ScriptedHttpServer(exchange => exchange.AnswerAsync(503, header));

        var failure = await Assert.ThrowsAsync<OriginException>(() =>
            ReadAsync(server.Url("/model.onnx"), "etag=\"v1\"")
        );

        Assert.Equal(seconds, failure.RetryAfter?.TotalSeconds);
    }
}
