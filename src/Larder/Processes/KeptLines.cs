namespace Larder.Processes;

/// <summary>The last lines of what a program wrote. Safe for concurrent use.</summary>
/// <param name="maxLength">How many characters they have together at most, the ends of lines included.</param>
internal sealed class KeptLines(int maxLength)
{
    private readonly Lock _lock = new();

    // Under the lock.
    private readonly Queue<string> _lines = new();
    private int _length;

    /// <summary>Keeps a line, and lets those go for which there is no room any more.</summary>
    public void Add(string line)
    {
        lock (_lock)
        {
            _lines.Enqueue(line);
            _length += line.Length + 1;
            while (_length > maxLength)
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
