using System.Buffers.Binary;
using System.Text;
using Larder.Content.Tensors;

namespace Larder.Recordings.Media;

/// <summary>Writes and reads WAV files of 16-bit whole numbers or 32-bit floats.</summary>
internal static class WavFile
{
    private const ushort Pcm = 1;
    private const ushort IeeeFloat = 3;
    private const ushort Extensible = 0xFFFE;

    /// <summary>Writes sound.</summary>
    public static byte[] Write(RecordedAudio audio)
    {
        var samples = audio.SampleBytes;
        var isFloat = audio.Float32Samples is not null;
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        var sampleBytes = isFloat ? sizeof(float) : sizeof(short);
        // What is no PCM has a size of an extension, and a chunk that counts its samples.
        var formatBytes = isFloat ? 18 : 16;
        var factBytes = isFloat ? 12 : 0;
        writer.Write("RIFF"u8);
        writer.Write(checked((uint)(4 + 8 + formatBytes + factBytes + 8 + (long)samples.Length)));
        writer.Write("WAVEfmt "u8);
        writer.Write(formatBytes);
        writer.Write(isFloat ? IeeeFloat : Pcm);
        writer.Write((ushort)audio.Channels);
        writer.Write(audio.SampleRate);
        writer.Write((uint)Math.Min((long)audio.SampleRate * audio.Channels * sampleBytes, uint.MaxValue));
        writer.Write((ushort)(audio.Channels * sampleBytes));
        writer.Write((ushort)(sampleBytes * 8));
        if (isFloat)
        {
            writer.Write((ushort)0);
            writer.Write("fact"u8);
            writer.Write(4);
            writer.Write(audio.Frames);
        }
        writer.Write("data"u8);
        writer.Write(samples.Length);
        writer.Write(samples.Span);
        return file.ToArray();
    }

    /// <summary>Reads sound.</summary>
    /// <exception cref="InvalidDataException">It is no such file, or is damaged.</exception>
    public static RecordedAudio Read(ReadOnlyMemory<byte> file)
    {
        var span = file.Span;
        if (span.Length < 12 || !span.StartsWith("RIFF"u8) || !span[8..].StartsWith("WAVE"u8))
            throw new InvalidDataException("It is no WAV file.");
        var rest = span[12..];
        Format? format = null;
        while (rest.Length >= 8)
        {
            var name = rest[..4];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            if (length > rest.Length - 8)
                throw new InvalidDataException(
                    $"The WAV file is cut: its part '{Encoding.Latin1.GetString(name)}' has {length} bytes of {rest.Length - 8}."
                );
            var bytes = rest.Slice(8, (int)length);
            if (name.SequenceEqual("fmt "u8))
                format = ReadFormat(bytes);
            else if (name.SequenceEqual("data"u8))
                return ReadSamples(
                    format ?? throw new InvalidDataException("The WAV file does not tell its format."),
                    bytes
                );
            // Parts begin at even places.
            rest = rest[Math.Min(rest.Length, 8 + (int)length + (int)(length & 1))..];
        }
        throw new InvalidDataException("The WAV file is cut: it has no samples.");
    }

    private static Format ReadFormat(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 16)
            throw new InvalidDataException("The WAV file's format is cut.");
        var kind = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        // Its own kind begins the name that it is extended by.
        if (kind == Extensible && bytes.Length >= 26)
            kind = BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..]);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]);
        if ((kind, bits) is not ((Pcm, 16) or (IeeeFloat, 32)))
            throw new InvalidDataException(
                $"It has samples of {bits} bits of kind {kind}; 16-bit PCM and 32-bit floats are read."
            );
        if (channels is 0 or > RecordedAudio.MaxChannels || rate is 0 or > int.MaxValue)
            throw new InvalidDataException($"It has {channels} channels at {rate} Hz.");
        return new Format(kind == IeeeFloat, channels, (int)rate);
    }

    private static RecordedAudio ReadSamples(Format format, ReadOnlySpan<byte> bytes)
    {
        var frame = format.Channels * (format.IsFloat ? sizeof(float) : sizeof(short));
        if (bytes.Length % frame != 0)
            throw new InvalidDataException($"Its {bytes.Length} bytes of samples are no whole number of {frame}.");
        return format.IsFloat
            ? new RecordedAudio(format.SampleRate, format.Channels, LittleEndian.ElementsOf<float>(bytes))
            : new RecordedAudio(format.SampleRate, format.Channels, LittleEndian.ElementsOf<short>(bytes));
    }

    private readonly record struct Format(bool IsFloat, int Channels, int SampleRate);
}
