using System.Runtime.CompilerServices;

namespace Larder.Recordings.Files;

/// <summary>What stretches of text a request has: tells quickly, of thousands of others, which may be near.</summary>
/// <remarks>Spaces and line ends do not count, so that a request as it is written in a file and its canonical form are alike.</remarks>
internal sealed class RequestSketch
{
    // Long enough that names of members are told from values, short enough that a changed word leaves most as they were.
    private const int StretchBytes = 6;
    private const int HashBits = 16;

    // A longer text on the same matter is nearer than a short one on none: what is besides counts less than what lacks.
    private const double Besides = 0.25;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly ulong[] _seen = new ulong[1 << (HashBits - 6)];
    private readonly int _count;

    /// <summary>Takes a sketch of a request.</summary>
    public RequestSketch(ReadOnlySpan<byte> request) => Walk(request, mark: true, out _count);

    /// <summary>How alike another request is, from 0 to 1: the share of the stretches that it has too, less for what it has besides.</summary>
    public double Likeness(ReadOnlySpan<byte> request)
    {
        var shared = Walk(request, mark: false, out var count);
        return shared / (_count + (Besides * (count - shared)) + 1);
    }

    // Optimised from the first call on: a test that fails makes one, and it goes through thousands of files.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Walk(ReadOnlySpan<byte> text, bool mark, out int count)
    {
        var (window, filled, shared) = (0UL, 0, 0);
        foreach (var unit in text)
        {
            if (unit <= ' ')
                continue;
            window = ((window << 8) | unit) & ((1UL << (8 * StretchBytes)) - 1);
            if (++filled < StretchBytes)
                continue;
            var hash = (window * Multiplier) >> (64 - HashBits);
            var bit = 1UL << (int)(hash % 64);
            ref var place = ref _seen[hash / 64];
            if ((place & bit) != 0)
                shared++;
            if (mark)
                place |= bit;
        }
        count = Math.Max(filled - StretchBytes + 1, 0);
        return shared;
    }
}
