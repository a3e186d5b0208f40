using System.Text;

namespace Larder.Processes;

/// <summary>Cuts what a program writes into lines that can be shown: without secrets, without what a terminal would obey.</summary>
/// <param name="mask">The secrets.</param>
internal sealed class OutputLines(SecretMask mask)
{
    /// <summary>What a line has at most; the rest of a longer one is dropped.</summary>
    public const int MaxLineLength = 16 * 1024;

    private const char Escape = '\u001B';

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _line = new();

    /// <summary>The lines that end in these bytes; a carriage return ends one as well, for progress bars.</summary>
    public IEnumerable<string> Add(ReadOnlyMemory<byte> bytes, bool isLast)
    {
        var letters = new char[_decoder.GetCharCount(bytes.Span, isLast)];
        _decoder.GetChars(bytes.Span, letters, isLast);
        foreach (var letter in letters)
        {
            if (letter is '\n' or '\r')
            {
                if (_line.Length > 0)
                    yield return Take();
            }
            // A secret across the end of what is shown is found as a whole.
            else if (_line.Length <= MaxLineLength + mask.MostLength)
                _line.Append(letter);
        }
        if (isLast && _line.Length > 0)
            yield return Take();
    }

    private string Take()
    {
        var line = mask.Apply(_line.ToString());
        _line.Clear();
        if (line.Length > MaxLineLength)
            line = string.Concat(line.AsSpan(0, MaxLineLength), "…");
        return Shown(line);
    }

    // A terminal obeys control characters. Sequences that only colour a text go without a trace.
    private static string Shown(string line)
    {
        if (!line.Any(char.IsControl))
            return line;
        var shown = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == Escape && i + 1 < line.Length && line[i + 1] == '[')
                i = EndOfSequence(line, i + 2);
            else
                shown.Append(char.IsControl(line[i]) && line[i] != '\t' ? '\uFFFD' : line[i]);
        }
        return shown.ToString();
    }

    // ECMA-48: parameters, then one letter from '@' to '~'.
    private static int EndOfSequence(string line, int index)
    {
        while (index < line.Length && line[index] is >= ' ' and <= '?')
            index++;
        return index;
    }
}
