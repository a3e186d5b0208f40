namespace Larder.Store.Scrub;

/// <summary>Takes the checksum of each block of bytes that pass, in pieces of any size.</summary>
/// <param name="limitBytes">What comes after so many bytes is not counted.</param>
internal sealed class BlockChecksumBuilder(long limitBytes = long.MaxValue)
{
    private readonly List<uint> _blocks = [];
    private long _length;
    private uint _block;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..(int)Math.Min(bytes.Length, limitBytes - _length)];
        while (bytes.Length > 0)
        {
            var filled = (int)(_length % BlockChecksums.BlockSizeBytes);
            var count = Math.Min(bytes.Length, BlockChecksums.BlockSizeBytes - filled);
            _block = Crc32C.Append(_block, bytes[..count]);
            _length += count;
            bytes = bytes[count..];
            if (filled + count == BlockChecksums.BlockSizeBytes)
                EndBlock();
        }
    }

    /// <summary>The checksums of all that has passed; nothing may come after.</summary>
    public BlockChecksums End()
    {
        if (_length % BlockChecksums.BlockSizeBytes != 0)
            EndBlock();
        return new BlockChecksums(_length, [.. _blocks]);
    }

    private void EndBlock()
    {
        _blocks.Add(_block);
        _block = 0;
    }
}
