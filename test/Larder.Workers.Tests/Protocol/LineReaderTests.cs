using System.Text;
using Larder.Workers.Protocol;

namespace Larder.Workers.Tests.Protocol;

public sealed class LineReaderTests
{
    [Fact]
    public async Task Read_AnyLinesInAnyPieces_GivesEachLine()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var lines = Enumerable
                .Range(0, random.Next(1, 20))
                .Select(_ => new string('x', random.Next(2) == 0 ? random.Next(5) : random.Next(20_000)))
                .ToList();
            var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")) + "the rest");
            var reader = new LineReader(new Pieces(bytes, random));

            foreach (var line in lines)
                Assert.Equal(line, await ReadAsync(reader));
            Assert.Null(await ReadAsync(reader));
        }
    }

    [Fact]
    public async Task Read_LongestLine_IsRead()
    {
        var reader = new LineReader(new MemoryStream([.. new byte[100], (byte)'\n']), maxLineBytes: 100);

        Assert.Equal(100, (await ReadAsync(reader))!.Length);
    }

    [Fact]
    public async Task Read_LongerLine_BreaksTheProtocol()
    {
        var reader = new LineReader(new MemoryStream(new byte[5000]), maxLineBytes: 100);

        var breach = await Assert.ThrowsAsync<ProtocolException>(() => ReadAsync(reader));

        Assert.Equal("it wrote a line of more than 100 bytes to its channel", breach.Message);
    }

    private static async Task<string?> ReadAsync(LineReader reader) =>
        await reader.ReadAsync(TestContext.Current.CancellationToken) is { } line
            ? Encoding.UTF8.GetString(line.Span)
            : null;

    /// <summary>Gives its bytes in pieces of any size.</summary>
    private sealed class Pieces(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, 6000))], cancellationToken);
    }
}
