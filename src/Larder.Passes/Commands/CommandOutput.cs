namespace Larder.Passes.Commands;

/// <summary>What a program writes: shown line by line, its end kept.</summary>
internal sealed class CommandOutput(SecretMask mask, Action<string> log) : IDisposable
{
    private const int MaxKeptLength = 64 * 1024;
    private const int BufferSizeBytes = 16 * 1024;

    // One line at a time, whichever stream it is from: who is told need not be ready for two.
    private readonly SemaphoreSlim _turn = new(1, 1);

    // Guards what is kept, which is also asked for while somebody still writes.
    private readonly Lock _lock = new();
    private readonly Queue<string> _kept = new();
    private int _keptLength;

    // Under the turn.
    private Exception? _failure;

    /// <summary>The last line of standard output; empty without one.</summary>
    public string LastLine { get; private set; } = "";

    /// <summary>The lines at the end, 64 Ki characters at most.</summary>
    public IReadOnlyList<string> Kept
    {
        get
        {
            lock (_lock)
                return [.. _kept];
        }
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">What the program writes to.</param>
    /// <param name="isStandard">Whether it is standard output.</param>
    public async Task ReadAsync(Stream stream, bool isStandard)
    {
        var lines = new OutputLines(mask);
        var buffer = new byte[BufferSizeBytes];
        int read;
        do
        {
            // Not cancelled: a program that nobody reads from could not end. Who stops it ends the stream.
            read = await stream.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false);
            foreach (var line in lines.Add(buffer.AsMemory(0, read), isLast: read == 0))
                await AddAsync(line, isStandard).ConfigureAwait(false);
        } while (read > 0);
    }

    /// <summary>Throws what who is told the lines threw first.</summary>
    public void ThrowIfLogFailed()
    {
        if (_failure is { } failure)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    public void Dispose() => _turn.Dispose();

    private async Task AddAsync(string line, bool isStandard)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (isStandard)
                LastLine = line;
            Keep(line);
            if (_failure is null)
                log(line);
        }
#pragma warning disable CA1031 // The program must still be read from; the failure is thrown when it has ended.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _failure = failure;
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Keep(string line)
    {
        lock (_lock)
        {
            _kept.Enqueue(line);
            _keptLength += line.Length + 1;
            while (_keptLength > MaxKeptLength)
                _keptLength -= _kept.Dequeue().Length + 1;
        }
    }
}
