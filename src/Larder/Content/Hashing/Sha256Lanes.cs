using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using static Larder.Content.Hashing.Sha256Constants;

namespace Larder.Content.Hashing;

/// <summary>SHA-256 of several messages at once, for processors without instructions for it.</summary>
/// <remarks>
/// One message alone is hashed as fast as by the platform; what is won are the others. The kernel for up to four messages and
/// the one for up to eight are compiled at their first use, some 25 ms each: this is for megabytes.
/// </remarks>
internal static class Sha256Lanes
{
    /// <summary>How many messages can be appended to in one call.</summary>
    public const int Count = EightLanes.Count;

    /// <summary>Whether two messages at once are hashed faster here than one after the other by the platform.</summary>
    public static bool IsFaster { get; } = Avx512Kernel.IsSupported && !HasShaInstructions();

    /// <summary>Appends to each message a chunk, of any length. Nothing is allocated.</summary>
    /// <remarks>Chunks of about one length, and whole blocks of 64 bytes, keep most lanes busy.</remarks>
    /// <param name="messages">At most <see cref="Count"/>, none of them twice.</param>
    /// <param name="chunks">One for each message.</param>
    /// <exception cref="ArgumentException">There are too many messages, one is there twice, or the chunks are not as many.</exception>
    public static void Append(ReadOnlySpan<Sha256Message> messages, ReadOnlySpan<ReadOnlyMemory<byte>> chunks)
    {
        if (Avx512Kernel.IsSupported)
            Append<Avx512Kernel>(messages, chunks);
        else
            Append<PortableKernel>(messages, chunks);
    }

    internal static void Append<T>(ReadOnlySpan<Sha256Message> messages, ReadOnlySpan<ReadOnlyMemory<byte>> chunks)
        where T : struct, ISha256Kernel
    {
        Validate(messages, chunks);
        InlineArray8<Sha256Message> lanes = default;
        InlineArray8<ReadOnlyMemory<byte>> sources = default;
        InlineArray8<ReadOnlyMemory<byte>> rests = default;

        var active = 0;
        for (var i = 0; i < messages.Length; i++)
        {
            rests[i] = chunks[i];
            if (!messages[i].TryFill(ref rests[i]))
                continue;
            lanes[active] = messages[i];
            sources[active++] = messages[i].Filled;
        }
        Compress<T>(lanes[..active], sources[..active]);

        active = 0;
        for (var i = 0; i < messages.Length; i++)
        {
            var whole = rests[i].Length - (rests[i].Length % BlockSizeBytes);
            if (whole > 0)
            {
                lanes[active] = messages[i];
                sources[active++] = rests[i][..whole];
                messages[i].Count(whole);
            }
            messages[i].Begin(rests[i][whole..]);
        }
        Compress<T>(lanes[..active], sources[..active]);
    }

    // All go on together until the shortest ends; then those that are left do.
    private static void Compress<T>(Span<Sha256Message> messages, Span<ReadOnlyMemory<byte>> sources)
        where T : struct, ISha256Kernel
    {
        var active = messages.Length;
        while (active > 0)
        {
            var size = int.MaxValue;
            foreach (var source in sources[..active])
                size = Math.Min(size, source.Length);
            T.Compress(messages[..active], sources[..active], size);

            var left = 0;
            for (var i = 0; i < active; i++)
            {
                if (sources[i].Length == size)
                    continue;
                messages[left] = messages[i];
                sources[left++] = sources[i][size..];
            }
            active = left;
        }
    }

    private static void Validate(ReadOnlySpan<Sha256Message> messages, ReadOnlySpan<ReadOnlyMemory<byte>> chunks)
    {
        if (messages.Length > Count)
            throw new ArgumentException(
                $"At most {Count} messages can be hashed at once, not {messages.Length}.",
                nameof(messages)
            );
        if (chunks.Length != messages.Length)
            throw new ArgumentException(
                $"{messages.Length} messages need as many chunks, not {chunks.Length}.",
                nameof(chunks)
            );
        for (var i = 1; i < messages.Length; i++)
        {
            // Two lanes of one message would each begin where it was, and one of them would be lost.
            foreach (var other in messages[..i])
            {
                if (ReferenceEquals(messages[i], other))
                    throw new ArgumentException($"Message {i} is there twice.", nameof(messages));
            }
        }
    }

    // CPUID leaf 7, EBX bit 29. A processor with AVX-512 has that leaf.
    private static bool HasShaInstructions() => (X86Base.CpuId(7, 0).Ebx & (1 << 29)) != 0;
}
