using Larder.Content;
using Larder.Store;
using Larder.Store.Scrub;
using Microsoft.Win32.SafeHandles;

namespace Larder.Transfer;

/// <summary>One file that is put together from blocks, which may come over several connections and in any order.</summary>
/// <remarks>
/// SHA-256 follows the blocks that are there without a gap: a block that comes in its turn is hashed from memory; one that came
/// earlier is read back when its turn comes, from the page cache. Blocks that an earlier transfer is said to have left count
/// once they were read and have the checksum that was noted of them. Safe for concurrent use.
/// </remarks>
internal sealed class FileAssembly : IDisposable
{
    public const int BlockSizeBytes = BlockChecksums.BlockSizeBytes;

    private readonly Lock _lock = new();
    private readonly SafeFileHandle _target;
    private readonly State[] _blocks;
    private readonly uint[] _checksums;
    private readonly int[] _said;
    private readonly Action<int, uint>? _noted;
    private readonly IBlockHash _hash;

    private int _hashed;
    private bool _isHashing;

    // Completed for who has the block behind the one that is being hashed, and is to go on from there.
    private TaskCompletionSource? _successor;
    private long _putBytes;

    /// <summary>Begins with nothing, or with what an earlier transfer has left.</summary>
    /// <param name="target">The file, of full length already; it stays the caller's.</param>
    /// <param name="sizeBytes">Its length.</param>
    /// <param name="said">
    /// Blocks that are said to be there, with their checksums; nobody else takes them until <see cref="BelieveAsync"/> has looked.
    /// </param>
    /// <param name="hash">Hashes it; disposed of with this.</param>
    /// <param name="noted">Told of each block that was put, and its checksum; from several threads at once.</param>
    public FileAssembly(
        SafeFileHandle target,
        long sizeBytes,
        IBlockHash hash,
        IReadOnlyDictionary<int, uint>? said = null,
        Action<int, uint>? noted = null
    )
    {
        _target = target;
        _hash = hash;
        _noted = noted;
        SizeBytes = sizeBytes;
        _blocks = new State[BlockChecksums.BlockCount(sizeBytes)];
        _checksums = new uint[_blocks.Length];
        _said = said is null ? [] : [.. said.Keys.Order()];
        foreach (var block in _said)
        {
            _blocks[block] = State.Taken;
            _checksums[block] = said![block];
        }
    }

    private enum State : byte
    {
        Free,
        Taken,
        Done,
    }

    public long SizeBytes { get; }

    /// <summary>Bytes of blocks that were put, and not found.</summary>
    public long PutBytes => Interlocked.Read(ref _putBytes);

    /// <summary>Whether every block is there and hashed.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_lock)
                return _hashed == _blocks.Length;
        }
    }

    /// <summary>Whether there is a block that nobody has.</summary>
    public bool HasFree
    {
        get
        {
            lock (_lock)
                return Array.IndexOf(_blocks, State.Free) >= 0;
        }
    }

    /// <summary>The bytes from one block to another.</summary>
    public ByteRange RangeOf(int first, int end)
    {
        var offset = (long)first * BlockSizeBytes;
        return new ByteRange(offset, Math.Min((long)end * BlockSizeBytes, SizeBytes) - offset);
    }

    /// <summary>Takes the first blocks that nobody has, no more than so many; null when there are none.</summary>
    public BlockRun? TryTake(int most)
    {
        lock (_lock)
        {
            var first = Array.IndexOf(_blocks, State.Free);
            return first < 0 ? null : new BlockRun(first, Take(first, most));
        }
    }

    /// <summary>Takes the blocks behind a run that nobody has yet, no more than so many; false when there are none.</summary>
    public bool TryExtend(BlockRun run, int most)
    {
        lock (_lock)
        {
            var end = Take(run.End, most);
            var isExtended = end > run.End;
            run.End = end;
            return isExtended;
        }
    }

    /// <summary>Up to which block a run could be extended at this moment.</summary>
    public int FreeUpTo(BlockRun run)
    {
        lock (_lock)
        {
            var end = run.End;
            while (end < _blocks.Length && _blocks[end] == State.Free)
                end++;
            return end;
        }
    }

    /// <summary>Lets go of what is left of a run.</summary>
    public void GiveBack(BlockRun run)
    {
        lock (_lock)
            Array.Fill(_blocks, State.Free, run.Next, run.End - run.Next);
    }

    /// <summary>Forgets all blocks; nobody may have any.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            Array.Fill(_blocks, State.Free);
            _hash.Reset();
            _hashed = 0;
        }
    }

    /// <summary>Writes a block that was taken and hashes as far as there is no gap.</summary>
    /// <param name="block">Its number.</param>
    /// <param name="bytes">All of it.</param>
    /// <param name="scratch">Room for one block, to read others back.</param>
    /// <param name="previous">
    /// What puts the block before it, of the same connection: this one is hashed after it, and fails if it does.
    /// </param>
    /// <param name="cancellationToken">Leaves the block as if it had not come.</param>
    /// <returns>True for the one call that completed the file.</returns>
    public async Task<bool> PutAsync(
        int block,
        ReadOnlyMemory<byte> bytes,
        Memory<byte> scratch,
        Task previous,
        CancellationToken cancellationToken
    )
    {
        await RandomAccess
            .WriteAsync(_target, bytes, (long)block * BlockSizeBytes, cancellationToken)
            .ConfigureAwait(false);
        Posix.BeginWriteback(_target, (long)block * BlockSizeBytes, bytes.Length);
        _checksums[block] = Crc32C.Of(bytes.Span);
        Interlocked.Add(ref _putBytes, bytes.Length);
        _noted?.Invoke(block, _checksums[block]);
        await previous.ConfigureAwait(false);
        return await AcceptAsync(block, bytes, scratch).ConfigureAwait(false);
    }

    /// <summary>Reads what is said to be there; what is not, or is other bytes, is free to be fetched.</summary>
    /// <param name="buffers">Of the caller alone.</param>
    /// <param name="believed">Told of each block that counts, and how many bytes it has.</param>
    /// <param name="cancellationToken">Leaves the rest to be fetched.</param>
    /// <returns>True if that completed the file.</returns>
    public async ValueTask<bool> BelieveAsync(
        BlockBuffers buffers,
        Action<int> believed,
        CancellationToken cancellationToken
    )
    {
        var isComplete = false;
        foreach (var block in _said)
        {
            var range = RangeOf(block, block + 1);
            var bytes = buffers.Next()[..(int)range.Length];
            if (!cancellationToken.IsCancellationRequested && TryRead(range, bytes.Span, _checksums[block]))
            {
                believed(bytes.Length);
                isComplete |= await AcceptAsync(block, bytes, buffers.Scratch).ConfigureAwait(false);
                continue;
            }
            lock (_lock)
                _blocks[block] = State.Free;
        }
        cancellationToken.ThrowIfCancellationRequested();
        return isComplete;
    }

    /// <summary>What the complete file is.</summary>
    public FetchedFile Finish() => new(SizeBytes, _hash.Finish(), new BlockChecksums(SizeBytes, _checksums));

    public void Dispose() => _hash.Dispose();

    private async ValueTask<bool> AcceptAsync(int block, ReadOnlyMemory<byte> bytes, Memory<byte> scratch)
    {
        TaskCompletionSource? turn = null;
        lock (_lock)
        {
            _blocks[block] = State.Done;
            if (!_isHashing)
            {
                if (_blocks[_hashed] != State.Done)
                    return false;
                _isHashing = true;
            }
            else if (block == _hashed + 1)
                _successor = turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            else
                return false; // Who hashes at this moment comes to this block too, if there is no gap before it.
        }
        if (turn is not null)
            await turn.Task.ConfigureAwait(false);
        return await HashAsync(block, bytes, scratch).ConfigureAwait(false);
    }

    private async ValueTask<bool> HashAsync(int block, ReadOnlyMemory<byte> bytes, Memory<byte> scratch)
    {
        try
        {
            while (true)
            {
                // Only who hashes changes it.
                var next = _hashed;
                await _hash.AppendAsync(next == block ? bytes : ReadBack(next, scratch)).ConfigureAwait(false);
                lock (_lock)
                {
                    _hashed++;
                    if (TakeSuccessor() is { } successor)
                    {
                        successor.SetResult();
                        return false;
                    }
                    if (_hashed == _blocks.Length || _blocks[_hashed] != State.Done)
                    {
                        _isHashing = false;
                        return _hashed == _blocks.Length;
                    }
                }
            }
        }
        catch (Exception failure)
        {
            lock (_lock)
            {
                _isHashing = false;
                TakeSuccessor()?.SetException(failure);
            }
            throw;
        }
    }

    // Within the lock.
    private TaskCompletionSource? TakeSuccessor()
    {
        var successor = _successor;
        _successor = null;
        return successor;
    }

    private ReadOnlyMemory<byte> ReadBack(int block, Memory<byte> scratch)
    {
        var range = RangeOf(block, block + 1);
        var bytes = scratch[..(int)range.Length];
        // Between the memory and here it must not have become another: its digest would be that of what nobody sent.
        return TryRead(range, bytes.Span, _checksums[block])
            ? bytes
            : throw new IOException("A block that was written is not there any more, or read with other bytes.");
    }

    private bool TryRead(ByteRange range, Span<byte> bytes, uint checksum)
    {
        for (var done = 0; done < bytes.Length; )
        {
            var read = RandomAccess.Read(_target, bytes[done..], range.Offset + done);
            if (read == 0)
                return false;
            done += read;
        }
        return Crc32C.Of(bytes) == checksum;
    }

    private int Take(int first, int most)
    {
        var end = first;
        while (end < _blocks.Length && end - first < most && _blocks[end] == State.Free)
            _blocks[end++] = State.Taken;
        return end;
    }
}
