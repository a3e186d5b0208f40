using Larder.Content;
using Larder.Origins;
using Microsoft.Win32.SafeHandles;

namespace Larder.Transfer;

/// <summary>One run of the downloader: its connections take from it what is to be done next.</summary>
internal sealed class TransferRun(
    IOrigin origin,
    ModelReference reference,
    TransferPlan plan,
    TransferSettings settings,
    TransferTarget target,
    ProgressMeter meter,
    RetryBudget retries
) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ManifestFile[] _files = new ManifestFile[plan.Files.Count];
    private readonly List<FileTransfer> _begun = [];
    private readonly TaskCompletionSource _allBegun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _begunCount;
    private int _next;
    private int _filesFetched;
    private long _bytesFetched;

    /// <summary>The work of one connection, until nothing is left for it.</summary>
    /// <exception cref="OriginException">Something could not be had.</exception>
    /// <exception cref="IntegrityException">Something is not what it was said to be.</exception>
    public async Task WorkAsync(CancellationToken cancellationToken)
    {
        BlockBuffers? buffers = null;
        while (TryBegin(out var index))
        {
            var planned = plan.Files[index];
            if (
                planned.Known is { } known
                && await target.TryReuseAsync(known, cancellationToken).ConfigureAwait(false)
            )
            {
                Begun(null);
                meter.Add(known.SizeBytes);
                Done(index, known);
            }
            else
            {
                buffers ??= new BlockBuffers();
                await BeginAsync(index, planned.File, buffers, cancellationToken).ConfigureAwait(false);
            }
        }
        await HelpAsync(buffers, cancellationToken).ConfigureAwait(false);
    }

    private async Task HelpAsync(BlockBuffers? buffers, CancellationToken cancellationToken)
    {
        while (true)
        {
            var isLast = _allBegun.Task.IsCompleted;
            if (ToHelp() is { } file)
                await FetchAsync(file, FetchMode.Part, buffers ??= new BlockBuffers(), cancellationToken)
                    .ConfigureAwait(false);
            else if (isLast)
                return;
            else
                await _allBegun.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
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
            if (++_begunCount == plan.Files.Count)
                _allBegun.SetResult();
        }
    }

    private FileTransfer? ToHelp()
    {
        lock (_lock)
            return _begun.Find(file => file.Fetch.IsShared && file.Fetch.Assembly.HasFree);
    }

    private async Task BeginAsync(int index, OriginFile file, BlockBuffers buffers, CancellationToken cancellationToken)
    {
        var (path, handle) = await target.CreateAsync(file, cancellationToken).ConfigureAwait(false);
        if (file.SizeBytes is not { } sizeBytes || sizeBytes == 0)
        {
            using var _ = handle;
            Begun(null);
            var fetched = await new FileFetch(origin, reference, file, target.Room, settings.IdleTimeout, meter)
                .RunAsync(handle, cancellationToken)
                .ConfigureAwait(false);
            Fetched(index, target.Seal(reference, file, fetched, path, handle));
            return;
        }
        var begun = new FileTransfer(
            index,
            path,
            handle,
            new RangedFetch(
                origin,
                reference,
                file,
                new FileAssembly(handle, sizeBytes),
                settings.IdleTimeout,
                retries,
                meter
            )
        );
        Begun(begun);
        // Where there are files enough for all connections one request for each is best, else they share a file from the start.
        var mode = plan.Files.Count >= settings.Connections ? FetchMode.GoesOn : FetchMode.Part;
        await FetchAsync(begun, mode, buffers, cancellationToken).ConfigureAwait(false);
    }

    private async Task FetchAsync(
        FileTransfer file,
        FetchMode mode,
        BlockBuffers buffers,
        CancellationToken cancellationToken
    )
    {
        var assembly = file.Fetch.Assembly;
        file.Enter();
        try
        {
            while (file.Fetch.IsShared && assembly.TryTake(RangedFetch.BlocksAtOnce) is { } run)
                await FetchAsync(file, run, mode, buffers, cancellationToken).ConfigureAwait(false);
        }
        catch (OriginException failure) when (failure.Failure == OriginFailure.NoRanges)
        {
            // The last one here takes all of it.
        }
        if (file.Leave() == 0 && !file.Fetch.IsShared && file.TryTakeOver())
        {
            assembly.Reset();
            var all = assembly.TryTake(int.MaxValue)!;
            await FetchAsync(file, all, FetchMode.Whole, buffers, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task FetchAsync(
        FileTransfer file,
        BlockRun run,
        FetchMode mode,
        BlockBuffers buffers,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (await file.Fetch.RunAsync(run, mode, buffers, cancellationToken).ConfigureAwait(false))
                Complete(file);
        }
        finally
        {
            file.Fetch.Assembly.GiveBack(run);
        }
    }

    private void Complete(FileTransfer file)
    {
        var fetched = file.Fetch.Assembly.Finish();
        Fetched(file.Index, target.Seal(reference, file.Fetch.File, fetched, file.Path, file.Handle));
    }

    private void Fetched(int index, ManifestFile file)
    {
        Interlocked.Increment(ref _filesFetched);
        Interlocked.Add(ref _bytesFetched, file.SizeBytes);
        Done(index, file);
    }

    private void Done(int index, ManifestFile file)
    {
        _files[index] = file;
        meter.FileDone();
    }

    private sealed class FileTransfer(int index, string path, SafeFileHandle handle, RangedFetch fetch) : IDisposable
    {
        private int _connections;
        private bool _isTakenOver;

        public int Index => index;

        public string Path => path;

        public SafeFileHandle Handle => handle;

        public RangedFetch Fetch => fetch;

        public void Enter() => Interlocked.Increment(ref _connections);

        /// <summary>Returns how many are still at it.</summary>
        public int Leave() => Interlocked.Decrement(ref _connections);

        /// <summary>True for one who asks: he fetches all of it alone.</summary>
        public bool TryTakeOver() => !Interlocked.Exchange(ref _isTakenOver, true);

        public void Dispose()
        {
            fetch.Assembly.Dispose();
            handle.Dispose();
        }
    }
}
