namespace Larder.Transfer;

/// <summary>The memory of one connection: it does not grow with what is fetched.</summary>
internal sealed class BlockBuffers
{
    /// <summary>One to receive a block in, one to write from, one to hash.</summary>
    public const int Turns = 3;

    private readonly byte[][] _turns =
    [
        GC.AllocateUninitializedArray<byte>(FileAssembly.BlockSizeBytes),
        GC.AllocateUninitializedArray<byte>(FileAssembly.BlockSizeBytes),
        GC.AllocateUninitializedArray<byte>(FileAssembly.BlockSizeBytes),
    ];

    private int _turn;

    /// <summary>Room for a block that is read back.</summary>
    public Memory<byte> Scratch { get; } = GC.AllocateUninitializedArray<byte>(FileAssembly.BlockSizeBytes);

    /// <summary>Room for a block, one of <see cref="Turns"/> by turns.</summary>
    public Memory<byte> Next() => _turns[_turn = (_turn + 1) % Turns];
}
