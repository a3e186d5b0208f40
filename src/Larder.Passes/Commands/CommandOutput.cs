using Larder.Processes;

namespace Larder.Passes.Commands;

/// <summary>What a program writes: shown line by line, its end kept.</summary>
internal sealed class CommandOutput(SecretMask mask, Action<string> log) : IDisposable
{
    private const int BufferSizeBytes = 16 * 1024;
    private const int MaxKeptLength = 64 * 1024;

    // One line at a time, whichever stream it is from: who is told need not be ready for two.
    private readonly SemaphoreSlim _turn = new(1, 1);

    private readonly KeptLines _all = new(MaxKeptLength);
    private readonly KeptLines _standard = new(MaxKeptLength);

    // Under the turn.
    private Exception? _failure;

    /// <summary>The last lines of all that it wrote.</summary>
    public IReadOnlyList<string> All => _all.ToList();

    /// <summary>The last lines of its standard output.</summary>
    public IReadOnlyList<string> Standard => _standard.ToList();

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
            _all.Add(line);
            if (isStandard)
                _standard.Add(line);
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
}
