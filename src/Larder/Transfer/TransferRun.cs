using Larder.Content;
using Larder.Origins;

namespace Larder.Transfer;

/// <summary>One run of the downloader: its connections take from it what is to be done next.</summary>
internal sealed class TransferRun(
    IOrigin origin,
    ModelReference reference,
    TransferPlan plan,
    TransferContext context,
    TransferTarget target,
    ProgressMeter meter
) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ManifestFile[] _files = new ManifestFile[plan.Files.Count];
    private readonly HashSet<FileTransfer> _begun = [];
    private readonly TaskCompletionSource _allBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RetryBudget _retries = new(context.Settings.Retries, context.Time);
    private readonly ConnectionRates _rates = new();
    private int _begunCount;
    private int _next;
    private int _filesFetched;
    private long _bytesFetched;

    /// <summary>Bytes that have come from the origin.</summary>
    public long BytesArrived => _retries.BytesArrived;

    /// <summary>The work of one connection, until nothing is left for it.</summary>
    /// <param name="isWanted">Asked between two parts: whether it is to go on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OriginException">Something could not be had.</exception>
    /// <exception cref="IntegrityException">Something is not what it was said to be.</exception>
    public async Task WorkAsync(Func<bool> isWanted, CancellationToken cancellationToken)
    {
        var connection = new Connection(_rates.Add());
        while (isWanted() && TryBegin(out var index))
        {
            var planned = plan.Files[index];
            if (
                planned.Known is { } known
                && await target.TryReuseAsync(known, cancellationToken).ConfigureAwait(false)
            )
            {
                Begun(null);
                var file = meter.Begin(known.Path, known.SizeBytes);
                file.Found(known.SizeBytes);
                Done(index, known, file);
            }
            else
            {
                await BeginAsync(index, planned, connection, isWanted, cancellationToken).ConfigureAwait(false);
            }
        }
        await HelpAsync(connection, isWanted, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What came of it, once all connections are done.</summary>
    public TransferResult Result() => new(Manifest.Create(_files), target.Staged, _filesFetched, _bytesFetched);

    public void Dispose()
    {
        // After a failure: nobody works on them any more.
        foreach (var file in _begun)
            file.Dispose();
    }

    private bool TryBegin(out int index)
    {
        index = Interlocked.Increment(ref _next) - 1;
        return index < plan.Files.Count;
    }

    private void Begun(FileTransfer? file)
    {
        lock (_lock)
        {
            if (file is not null)
                _begun.Add(file);
            if (++_begunCount < plan.Files.Count)
                return;
        }
        target.DropRest();
        _allBegun.SetResult();
    }

    private async Task BeginAsync(
        int index,
        PlannedFile planned,
        Connection connection,
        Func<bool> isWanted,
        CancellationToken cancellationToken
    )
    {
        var file = planned.File;
        var created = await target.CreateAsync(planned, cancellationToken).ConfigureAwait(false);
        if (file.SizeBytes is not { } sizeBytes || sizeBytes == 0)
        {
            using var _ = created;
            Begun(null);
            var fileMeter = meter.Begin(file.Path, file.SizeBytes);
            var fetched = await new FileFetch(origin, reference, file, target.Room, context, fileMeter)
                .RunAsync(created.Handle, cancellationToken)
                .ConfigureAwait(false);
            Fetched(index, target.Seal(reference, file, fetched, created), fetched.SizeBytes, fileMeter);
            return;
        }
        var assembly = new FileAssembly(
            created.Handle,
            sizeBytes,
            context.Hashes.NewHash(sizeBytes),
            created.Said,
            created.Note
        );
        var begun = new FileTransfer(
            index,
            created,
            new RangedFetch(origin, reference, file, assembly, context, _retries, meter.Begin(file.Path, sizeBytes))
        );
        begun.Enter();
        Begun(begun);
        if (
            await assembly
                .BelieveAsync(connection.Buffers, bytes => begun.Fetch.Meter.Found(bytes), cancellationToken)
                .ConfigureAwait(false)
        )
            Complete(begun);
        // Where there are files enough for all connections one request for each is best, else they share a file from the start.
        var mode = plan.Files.Count >= context.Settings.FirstConnections ? FetchMode.GoesOn : FetchMode.Part;
        await FetchBlocksAsync(begun, mode, connection, isWanted, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Works on what is left of the files that others have begun, until all are done.</summary>
    private async Task HelpAsync(Connection connection, Func<bool> isWanted, CancellationToken cancellationToken)
    {
        while (isWanted())
        {
            var isLast = _allBegun.Task.IsCompleted;
            if (ToHelp() is { } file)
            {
                file.Enter();
                await FetchBlocksAsync(file, FetchMode.Part, connection, isWanted, cancellationToken)
                    .ConfigureAwait(false);
            }
            else if (isLast)
            {
                return;
            }
            else
            {
                await _allBegun.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private FileTransfer? ToHelp()
    {
        lock (_lock)
            return _begun.FirstOrDefault(file => file.Fetch.IsShared && file.Fetch.Assembly.HasFree);
    }

    /// <summary>Fetches what nobody has of a file that was entered, and leaves it.</summary>
    private async Task FetchBlocksAsync(
        FileTransfer file,
        FetchMode mode,
        Connection connection,
        Func<bool> isWanted,
        CancellationToken cancellationToken
    )
    {
        var assembly = file.Fetch.Assembly;
        try
        {
            while (file.Fetch.IsShared && isWanted() && assembly.TryTake(RangedFetch.BlocksAtOnce) is { } run)
                await FetchRunAsync(file, run, mode, connection, cancellationToken).ConfigureAwait(false);
        }
        catch (OriginException failure) when (failure.Failure == OriginFailure.NoRanges)
        {
            // The last one here takes all of it.
        }
        if (file.Leave() == 0 && !file.Fetch.IsShared && !assembly.IsComplete && file.TryTakeOver())
        {
            assembly.Reset();
            var all = assembly.TryTake(int.MaxValue)!;
            await FetchRunAsync(file, all, FetchMode.Whole, connection, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task FetchRunAsync(
        FileTransfer file,
        BlockRun run,
        FetchMode mode,
        Connection connection,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (await file.Fetch.RunAsync(run, mode, connection, cancellationToken).ConfigureAwait(false))
                Complete(file);
        }
        catch (IntegrityException)
        {
            file.Target.Void();
            throw;
        }
        finally
        {
            file.Fetch.Assembly.GiveBack(run);
        }
    }

    private void Complete(FileTransfer file)
    {
        var assembly = file.Fetch.Assembly;
        try
        {
            var done = target.Seal(reference, file.Fetch.File, assembly.Finish(), file.Target);
            Fetched(file.Index, done, assembly.PutBytes, file.Fetch.Meter);
        }
        catch (IntegrityException)
        {
            file.Target.Void();
            throw;
        }
        // Of many files no more are open than there are connections.
        lock (_lock)
            _begun.Remove(file);
        file.Dispose();
    }

    private void Fetched(int index, ManifestFile file, long bytes, FileMeter fileMeter)
    {
        if (bytes > 0 || file.SizeBytes == 0)
            Interlocked.Increment(ref _filesFetched);
        Interlocked.Add(ref _bytesFetched, bytes);
        Done(index, file, fileMeter);
    }

    private void Done(int index, ManifestFile file, FileMeter fileMeter)
    {
        _files[index] = file;
        meter.Done(fileMeter);
    }

    private sealed class FileTransfer(int index, TargetFile target, RangedFetch fetch) : IDisposable
    {
        private int _connections;
        private bool _isTakenOver;

        public int Index => index;

        public TargetFile Target => target;

        public RangedFetch Fetch => fetch;

        public void Enter() => Interlocked.Increment(ref _connections);

        /// <summary>Returns how many are still at it.</summary>
        public int Leave() => Interlocked.Decrement(ref _connections);

        /// <summary>True for one who asks: he fetches all of it alone.</summary>
        public bool TryTakeOver() => !Interlocked.Exchange(ref _isTakenOver, true);

        public void Dispose()
        {
            fetch.Assembly.Dispose();
            target.Dispose();
        }
    }
}
