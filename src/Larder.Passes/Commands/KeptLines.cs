namespace Larder.Passes.Commands;

/// <summary>The last lines of what a program wrote. Safe for concurrent use.</summary>
internal sealed class KeptLines
{
    private const int MaxLength = 64 * 1024;

    private readonly Lock _lock = new();

    // Under the lock.
    private readonly Queue<string> _lines = new();
    private int _length;

    /// <summary>Keeps a line, and lets those go for which there is no room any more: all have 64 Ki characters at most.</summary>
    public void Add(string line)
    {
        lock (_lock)
        {
            _lines.Enqueue(line);
            _length += line.Length + 1;
            while (_length > MaxLength)
                _length -= _lines.Dequeue().Length + 1;
        }
    }

    /// <summary>The lines, as they are now.</summary>
    public IReadOnlyList<string> ToList()
    {
        lock (_lock)
            return [.. _lines];
    }
}
