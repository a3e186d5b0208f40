using System.Text;
using Larder.Content;
using Larder.Content.Hashing;

namespace Larder.Tests.Content.Hashing;

public abstract class Sha256LanesTests(ITestOutputHelper output)
{
    private static readonly int[] Borders = [0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 129];

    private protected abstract void Append(Sha256Message[] messages, ReadOnlyMemory<byte>[] chunks);

    private protected abstract Digest Finish(Sha256Message message);

    // FIPS 180-4's examples of SHA-256, and those that NIST published with it.
    [Theory]
    [InlineData("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        1,
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    )]
    [InlineData(
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        1,
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    )]
    [InlineData("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")]
    public void Finish_PublishedExample_HasItsDigest(string text, int times, string expected)
    {
        var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(text, times)));
        for (var count = 1; count <= Sha256Lanes.Count; count++)
        {
            var messages = Messages(count);
            Append(messages, [.. messages.Select(_ => (ReadOnlyMemory<byte>)bytes)]);
            Assert.All(messages, message => Assert.Equal(expected, Finish(message).ToString()));
        }
    }

    [Fact]
    public void Append_AnyLengthsInAnyChunksAndCompany_GivesThePlatformsDigests()
    {
        var random = Seeded();
        for (var round = 0; round < 60; round++)
        {
            var texts = Enumerable
                .Range(0, random.Next(1, 9))
                .Select(_ => Bytes(random, Length(random, round % 3 == 0 ? 1_000 : 300_000)))
                .ToArray();
            var messages = Messages(texts.Length);

            AppendAll(messages, texts, random);

            for (var i = 0; i < texts.Length; i++)
            {
                Assert.Equal(texts[i].Length, messages[i].LengthBytes);
                Assert.Equal(Digest.Of(texts[i]), Finish(messages[i]));
            }
        }
    }

    [Fact]
    public void Append_EveryLengthUpToThreeBlocks_GivesThePlatformsDigests()
    {
        var bytes = Bytes(Seeded(), 3 * 64);
        for (var length = 0; length <= bytes.Length; length++)
        {
            // The other messages end before it and after it.
            var texts = Enumerable.Range(0, 8).Select(i => bytes.AsMemory(0, (length + (i * 37)) % 193)).ToArray();
            var messages = Messages(8);
            Append(messages, [.. texts.Select(text => (ReadOnlyMemory<byte>)text)]);
            Assert.Equal(texts.Select(text => Digest.Of(text.Span)), messages.Select(Finish));
        }
    }

    [Fact]
    public void Append_LanesThatRunOut_AreLeftAsTheyAre()
    {
        var bytes = Bytes(Seeded(), 9 * 64);
        var messages = Messages(8);
        Append(
            messages,
            [.. Enumerable.Range(0, 8).Select(i => (ReadOnlyMemory<byte>)bytes.AsMemory(0, (8 - i) * 64))]
        );
        for (var i = 0; i < 8; i++)
            Assert.Equal(Digest.Of(bytes.AsSpan(0, (8 - i) * 64)), Finish(messages[i]));
    }

    [Fact]
    public void Finish_ThenAppend_BeginsANewMessage()
    {
        var bytes = Bytes(Seeded(), 1000);
        var message = new Sha256Message();
        foreach (var length in new[] { 1000, 3, 0, 64, 120 })
        {
            Append([message], [bytes.AsMemory(0, length)]);
            Assert.Equal(Digest.Of(bytes.AsSpan(0, length)), Finish(message));
            Assert.Equal(0, message.LengthBytes);
        }
    }

    [Fact]
    public void Reset_AfterSomething_ForgetsIt()
    {
        var bytes = Bytes(Seeded(), 100);
        var message = new Sha256Message();
        Append([message], [bytes]);

        message.Reset();

        Append([message], [bytes.AsMemory(5)]);
        Assert.Equal(Digest.Of(bytes.AsSpan(5)), Finish(message));
    }

    [Fact]
    public void Append_ManyChunks_AllocatesNothing()
    {
        var messages = Messages(5);
        ReadOnlyMemory<byte>[] chunks =
        [
            .. messages.Select((_, i) => (ReadOnlyMemory<byte>)new byte[1000 + (i * 100)]),
        ];
        Append(messages, chunks);
        var before = GC.GetAllocatedBytesForCurrentThread();
        const int rounds = 1000;
        for (var i = 0; i < rounds; i++)
            Append(messages, chunks);
        // A collection that others cause counts the rest of a thread's 8 kB as allocated; the least object has 24 bytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, rounds * 23);
    }

    [Fact]
    public void Append_OneMessageTwice_IsRefused()
    {
        var message = new Sha256Message();
        var error = Assert.Throws<ArgumentException>(() =>
            Append([message, new(), message], new ReadOnlyMemory<byte>[3])
        );
        Assert.StartsWith("Message 2 is there twice.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9, 9, "At most 8 messages can be hashed at once, not 9.")]
    [InlineData(3, 2, "3 messages need as many chunks, not 2.")]
    public void Append_WrongCounts_AreRefused(int messages, int chunks, string expected)
    {
        var error = Assert.Throws<ArgumentException>(() =>
            Append(Messages(messages), new ReadOnlyMemory<byte>[chunks])
        );
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    // Some of the messages that are not complete, in any order, get chunks of any length, until all have all.
    private void AppendAll(Sha256Message[] messages, byte[][] texts, Random random)
    {
        var largest = random.Next(4) switch
        {
            0 => 70,
            1 => 5_000,
            _ => 400_000,
        };
        var offsets = new int[texts.Length];
        while (true)
        {
            var open = Enumerable.Range(0, texts.Length).Where(i => offsets[i] < texts[i].Length).ToArray();
            if (open.Length == 0)
                return;
            random.Shuffle(open);
            var chosen = open[..random.Next(1, open.Length + 1)];
            var sizes = chosen.Select(i => Math.Min(Length(random, largest), texts[i].Length - offsets[i])).ToArray();
            Append(
                [.. chosen.Select(i => messages[i])],
                [.. chosen.Select((i, n) => (ReadOnlyMemory<byte>)texts[i].AsMemory(offsets[i], sizes[n]))]
            );
            for (var n = 0; n < chosen.Length; n++)
                offsets[chosen[n]] += sizes[n];
        }
    }

    private static int Length(Random random, int largest) =>
        random.Next(3) == 0 ? Borders[random.Next(Borders.Length)] : random.Next(largest + 1);

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static Sha256Message[] Messages(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new Sha256Message())];

    private Random Seeded()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }
}
