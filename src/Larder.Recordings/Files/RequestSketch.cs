using System.Numerics;

namespace Larder.Recordings.Files;

/// <summary>What stretches of text a request has: tells quickly, of thousands of others, which may be near.</summary>
/// <remarks>Spaces and line ends do not count, so that a request as it is written in a file and its canonical form are alike.</remarks>
internal sealed class RequestSketch
{
    // Long enough that names of members are told from values, short enough that a changed word leaves most as they were.
    private const int StretchBytes = 6;
    private const int Bits = 1 << 16;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly ulong[] _seen = new ulong[Bits / 64];
    private readonly int _count;

    /// <summary>Takes a sketch of a request.</summary>
    public RequestSketch(ReadOnlySpan<byte> request)
    {
        var stretches = new Stretches(request);
        while (stretches.MoveNext(out var hash))
        {
            _seen[hash / 64] |= 1UL << (int)(hash % 64);
            _count++;
        }
    }

    /// <summary>How alike another request is, from 0 to 1: the share of the stretches of both that both have.</summary>
    public double Likeness(ReadOnlySpan<byte> request)
    {
        var (shared, count) = (0, 0);
        var stretches = new Stretches(request);
        while (stretches.MoveNext(out var hash))
        {
            shared += (int)((_seen[hash / 64] >> (int)(hash % 64)) & 1);
            count++;
        }
        return shared / (double)Math.Max(count + _count - shared, 1);
    }

    private ref struct Stretches(ReadOnlySpan<byte> text)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private ulong _window;
        private int _filled;
        private int _at;

        public bool MoveNext(out uint hash)
        {
            while (_at < _text.Length)
            {
                var unit = _text[_at++];
                if (unit <= ' ')
                    continue;
                _window = ((_window << 8) | unit) & ((1UL << (8 * StretchBytes)) - 1);
                if (++_filled < StretchBytes)
                    continue;
                hash = (uint)((_window * Multiplier) >> (64 - BitOperations.Log2(Bits)));
                return true;
            }
            hash = 0;
            return false;
        }
    }
}
