namespace Larder.Content.Hashing;

/// <summary>The compression of several messages at once.</summary>
internal interface ISha256Kernel
{
    /// <summary>Compresses as many blocks of each message as are asked for.</summary>
    /// <param name="messages">One to <see cref="Sha256Lanes.Count"/> messages, none of them twice.</param>
    /// <param name="sources">For each message where its blocks are; more may follow them.</param>
    /// <param name="sizeBytes">How many bytes of each source: whole blocks, at least one.</param>
    static abstract void Compress(
        ReadOnlySpan<Sha256Message> messages,
        ReadOnlySpan<ReadOnlyMemory<byte>> sources,
        int sizeBytes
    );
}
