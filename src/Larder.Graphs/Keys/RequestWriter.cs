using System.Text;
using Larder.Content;

namespace Larder.Graphs.Keys;

/// <summary>The document of one key while it is written: canonical JSON, and the place that a fault would be at.</summary>
/// <remarks>Equal values are written alike whatever their type: 30 as an integer, a double, or text of JSON.</remarks>
internal sealed partial class RequestWriter(string graph)
{
    private const int MaxDepth = CanonicalJsonTree.MaxDepth;

    // Of each object and array that is open, which of its members is being written. The first is the request itself.
    private readonly RequestStep[] _steps = new RequestStep[MaxDepth];
    private CanonicalJsonWriter _output = new();
    private int _depth;

    /// <summary>Where tokens go that need no check.</summary>
    public CanonicalJsonWriter Output => _output;

    /// <summary>Begins a document, whose first object counts as open.</summary>
    public void Begin()
    {
        _output.Clear();
        _depth = 1;
    }

    /// <summary>Opens an object or array.</summary>
    public void Enter(ReadOnlySpan<byte> bracket)
    {
        if (_depth == MaxDepth)
            throw Refused(
                $"The configuration is nested so deep that its key would be more than {MaxDepth} deep, or it contains itself; flatten it."
            );
        _depth++;
        _output.WriteRaw(bracket);
    }

    /// <summary>Closes what was opened last.</summary>
    public void Leave(ReadOnlySpan<byte> bracket)
    {
        _depth--;
        _output.WriteRaw(bracket);
    }

    /// <summary>Goes to a member of the open object; the name is for messages.</summary>
    public void At(string name) => _steps[_depth - 1] = new RequestStep(name, 0);

    /// <summary>Goes to an item of the open array.</summary>
    public void At(int index) => _steps[_depth - 1] = new RequestStep(null, index);

    /// <summary>The failure at the place where the writer is.</summary>
    public InvalidConfigurationException Refused(string message, Exception? innerException = null)
    {
        var path = new StringBuilder("$");
        for (var i = 1; i < _depth; i++)
            path.Append(_steps[i].ToString());
        return new(graph, [new ConfigurationFault(path.ToString(), message)], innerException);
    }

    /// <summary>Writes the items in the order of their bytes, which is no order of the caller's.</summary>
    public void WriteSorted<T>(IEnumerable<T> items, Action<T> write)
    {
        var outer = _output;
        List<byte[]> written = [];
        foreach (var item in items)
        {
            At(written.Count);
            _output = new CanonicalJsonWriter();
            write(item);
            written.Add(_output.ToArray());
        }
        _output = outer;

        written.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        for (var i = 0; i < written.Count; i++)
        {
            WriteComma(i);
            _output.WriteRaw(written[i]);
        }
    }

    /// <summary>Writes what stands before the member of that number.</summary>
    public void WriteComma(int index)
    {
        if (index > 0)
            _output.WriteRaw(","u8);
    }

    public void WriteNull() => _output.WriteRaw("null"u8);

    public void WriteBoolean(bool value) => _output.WriteRaw(value ? "true"u8 : "false"u8);

    public void WriteText(string text)
    {
        if (!Utf16.IsWellFormed(text))
            throw Refused("A string or name has half of a surrogate pair; it is not Unicode text.");
        _output.WriteString(text);
    }
}
