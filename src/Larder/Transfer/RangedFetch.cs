using Larder.Origins;

namespace Larder.Transfer;

/// <summary>Fetches runs of blocks of one file, each over one connection, and asks again for what broke off.</summary>
internal sealed class RangedFetch(
    IOrigin origin,
    ModelReference reference,
    OriginFile file,
    FileAssembly assembly,
    TransferContext context,
    RetryBudget retries,
    FileMeter meter
)
{
    /// <summary>Blocks that one request asks for where several connections share a file.</summary>
    public const int BlocksAtOnce = 16;

    /// <summary>How often one run is asked for again only because it is slow: after that it may just be so.</summary>
    private const int MostStraggles = 3;

    private volatile bool _hasRanges = file.HasRanges;

    public OriginFile File => file;

    public FileAssembly Assembly => assembly;

    /// <summary>Counts what comes of the file.</summary>
    public FileMeter Meter => meter;

    /// <summary>Whether several connections may fetch it; false as soon as the origin sent all of it for a part.</summary>
    public bool IsShared => _hasRanges;

    /// <summary>Fetches a run that was taken.</summary>
    /// <param name="run">The run; it grows with <see cref="FetchMode.GoesOn"/>.</param>
    /// <param name="mode">How far one request goes.</param>
    /// <param name="connection">Whose work it is.</param>
    /// <param name="cancellationToken">Ends it, the run's blocks being free again.</param>
    /// <returns>True for the one run that completed the file.</returns>
    /// <exception cref="OriginException">It broke off and was not to be had again.</exception>
    public async Task<bool> RunAsync(
        BlockRun run,
        FetchMode mode,
        Connection connection,
        CancellationToken cancellationToken
    )
    {
        var (failures, straggles) = (0, 0);
        while (true)
        {
            var before = run.Next;
            try
            {
                var rate = mode != FetchMode.Whole && straggles < MostStraggles ? connection.Rate : null;
                return await StreamAsync(run, mode, connection.Buffers, rate, cancellationToken).ConfigureAwait(false);
            }
            catch (OriginException failure) when (failure.Failure == OriginFailure.NoRanges)
            {
                _hasRanges = false;
                throw;
            }
            catch (StragglerException)
            {
                straggles++;
            }
            catch (OriginException failure)
            {
                failures = run.Next > before ? 1 : failures + 1;
                if (!await retries.TryWaitAsync(failure, failures, cancellationToken).ConfigureAwait(false))
                    throw;
                if (mode == FetchMode.Whole)
                    StartOver(run);
            }
        }
    }

    // All blocks are this run's.
    private void StartOver(BlockRun run)
    {
        meter.Arrived(-assembly.RangeOf(0, run.Next).Length);
        assembly.Reset();
        run.Next = run.End = 0;
        assembly.TryExtend(run, int.MaxValue);
    }

    private async Task<bool> StreamAsync(
        BlockRun run,
        FetchMode mode,
        BlockBuffers buffers,
        ConnectionRate? rate,
        CancellationToken cancellationToken
    )
    {
        var end = mode == FetchMode.GoesOn ? assembly.FreeUpTo(run) : run.End;
        var asked = assembly.RangeOf(run.Next, end);
        var isWhole = asked.Length == assembly.SizeBytes;
        var body = await origin
            .OpenAsync(reference, file, isWhole ? null : asked, cancellationToken)
            .ConfigureAwait(false);
        var reader = new BodyReader(body, reference, file, context, rate, cancellationToken);
        await using var _ = reader.ConfigureAwait(false);

        // While blocks are written and hashed, the next arrives in another buffer.
        var puts = new Queue<Put>(BlockBuffers.Turns);
        var last = Task.FromResult(false);
        var isComplete = false;
        try
        {
            for (
                var block = run.Next;
                block < run.End || assembly.TryExtend(run, Math.Min(BlocksAtOnce, end - run.End));
                block++
            )
            {
                if (puts.Count == BlockBuffers.Turns)
                    isComplete |= await EndFirstAsync(run, puts).ConfigureAwait(false);
                var range = assembly.RangeOf(block, block + 1);
                var bytes = buffers.Next()[..(int)range.Length];
                await FillAsync(reader, bytes, range.Offset).ConfigureAwait(false);
                last = assembly.PutAsync(block, bytes, buffers.Scratch, last, cancellationToken);
                puts.Enqueue(new Put(block, bytes.Length, last));
            }
        }
        finally
        {
            // Nobody else may have a buffer that is still read from.
            await Task.WhenAll(puts.Select(put => (Task)put.Task))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // What has come in its order counts, whatever happened behind it.
            while (puts.TryPeek(out var put) && put.Task.IsCompletedSuccessfully)
                isComplete |= await EndFirstAsync(run, puts).ConfigureAwait(false);
            foreach (var put in puts)
                meter.Arrived(-put.SizeBytes);
        }
        if (puts.Count > 0)
            await EndFirstAsync(run, puts).ConfigureAwait(false); // It has failed, and says how.
        // Only here was all of it read: the last blocks may have been another connection's.
        if (isWhole && assembly.RangeOf(0, run.End).Length == assembly.SizeBytes)
            await ThrowIfLongerAsync(reader, buffers).ConfigureAwait(false);
        return isComplete;
    }

    // One that fails stays the first: the run does not go past it, whatever became of those behind.
    private async ValueTask<bool> EndFirstAsync(BlockRun run, Queue<Put> puts)
    {
        var put = puts.Peek();
        var isComplete = await put.Task.ConfigureAwait(false);
        puts.Dequeue();
        run.Next = put.Block + 1;
        retries.Progress(put.SizeBytes);
        return isComplete;
    }

    private async Task FillAsync(BodyReader reader, Memory<byte> bytes, long offset)
    {
        var filled = 0;
        try
        {
            while (filled < bytes.Length)
            {
                var read = await reader.ReadAsync(bytes[filled..], offset + filled).ConfigureAwait(false);
                if (read == 0)
                    throw !file.HasRanges
                        ? IntegrityException.Length(reference, file, offset + filled)
                        : reader.Interrupted(offset + filled, "the origin ended it there");
                filled += read;
                meter.Arrived(read);
            }
        }
        catch
        {
            // Less than a block is asked for again.
            meter.Arrived(-filled);
            throw;
        }
    }

    private async Task ThrowIfLongerAsync(BodyReader reader, BlockBuffers buffers)
    {
        try
        {
            var more = await reader.ReadAsync(buffers.Scratch[..1], assembly.SizeBytes).ConfigureAwait(false);
            if (more > 0)
                throw IntegrityException.Length(reference, file, assembly.SizeBytes + more);
        }
        catch (OriginException failure) when (failure.Failure == OriginFailure.Unavailable)
        {
            // It broke off behind the last byte: all that was announced is here.
        }
    }

    /// <summary>A block that is being written and hashed.</summary>
    private readonly record struct Put(int Block, int SizeBytes, Task<bool> Task);
}
