using System.Globalization;
using Larder.Content.Tensors;

namespace Larder.Recordings;

/// <summary>Sound, which recordings keep as a WAV file beside them.</summary>
public sealed class RecordedAudio : ITensorContent
{
    /// <summary>The most channels.</summary>
    public const int MaxChannels = 64;

    /// <summary>Makes sound over the caller's memory; nothing is copied.</summary>
    /// <param name="sampleRate">Samples of one channel in a second.</param>
    /// <param name="channels">1 to <see cref="MaxChannels"/>.</param>
    /// <param name="samples">The samples of all channels at one time together, mostly from -1 to 1.</param>
    /// <exception cref="ArgumentException">The samples are not as many in each channel, or a number is out of range.</exception>
    public RecordedAudio(int sampleRate, int channels, ReadOnlyMemory<float> samples)
        : this(sampleRate, channels, samples.Length) => Float32Samples = samples;

    /// <summary>The same of samples of 16 bits.</summary>
    /// <param name="sampleRate">Samples of one channel in a second.</param>
    /// <param name="channels">1 to <see cref="MaxChannels"/>.</param>
    /// <param name="samples">The samples of all channels at one time together.</param>
    /// <exception cref="ArgumentException">The samples are not as many in each channel, or a number is out of range.</exception>
    public RecordedAudio(int sampleRate, int channels, ReadOnlyMemory<short> samples)
        : this(sampleRate, channels, samples.Length) => Int16Samples = samples;

    private RecordedAudio(int sampleRate, int channels, int samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, MaxChannels);
        if (samples % channels != 0)
            throw new ArgumentException(
                $"{samples} samples are not as many in each of {channels} channels.",
                nameof(samples)
            );
        (SampleRate, Channels, Frames) = (sampleRate, channels, samples / channels);
    }

    /// <summary>Samples of one channel in a second.</summary>
    public int SampleRate { get; }

    /// <summary>How many sounds at once.</summary>
    public int Channels { get; }

    /// <summary>The samples of one channel.</summary>
    public int Frames { get; }

    /// <summary>The samples where they are of type <see cref="float"/>; else null.</summary>
    public ReadOnlyMemory<float>? Float32Samples { get; }

    /// <summary>The samples where they are of type <see cref="short"/>; else null.</summary>
    public ReadOnlyMemory<short>? Int16Samples { get; }

    internal string SampleType => Float32Samples is null ? "int16" : "float32";

    internal ReadOnlyMemory<byte> SampleBytes =>
        Float32Samples is { } samples
            ? LittleEndian.BytesOf(samples.Span)
            : LittleEndian.BytesOf(Int16Samples.GetValueOrDefault().Span);

    // The rate is part of what is heard: the same samples at another rate are another request.
    string ITensorContent.ElementType =>
        string.Create(CultureInfo.InvariantCulture, $"{SampleType} at {SampleRate} Hz");

    IReadOnlyList<long> ITensorContent.Shape => [Frames, Channels];

    ReadOnlyMemory<byte> ITensorContent.Bytes => SampleBytes;
}
