using System.Text;

namespace Larder.Content.Requests;

/// <summary>The document of one request while it is written: canonical JSON, and the place that a fault would be at.</summary>
/// <remarks>Equal values are written alike whatever their type: 30 as an integer, a double, or text of JSON.</remarks>
/// <param name="rules">What values mean.</param>
/// <param name="fault">Makes the failure that a value cannot be written.</param>
/// <param name="forms">Forms of values beyond those of JSON; null when there are none.</param>
internal sealed partial class RequestWriter(ValueRules rules, RequestFault fault, IValueForms? forms = null)
{
    private const int MaxDepth = CanonicalJsonTree.MaxDepth;

    // Of each object and array that is open, which of its members is being written. The first is the request itself.
    private readonly RequestStep[] _steps = new RequestStep[MaxDepth];
    private CanonicalJsonWriter _output = new();
    private int _depth;

    public ValueRules Rules => rules;

    public IValueForms? Forms => forms;

    /// <summary>How paths to places begin.</summary>
    public string Start { get; set; } = "$";

    /// <summary>The name of the member that is being written; null for an item.</summary>
    public string? Name => _steps[_depth - 1].Name;

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
                $"The {rules.Subject} is nested so deep that its key would be more than {MaxDepth} deep, or it contains itself; flatten it."
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
    public Exception Refused(string message, Exception? innerException = null)
    {
        var path = new StringBuilder(Start);
        for (var i = 1; i < _depth; i++)
            path.Append(_steps[i].ToString());
        return fault(path.ToString(), message, innerException);
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

    /// <summary>Writes an object whose names a caller has chosen, sorted.</summary>
    /// <param name="names">The names; sorted in place.</param>
    /// <param name="write">Writes the value of the name that was given at that index.</param>
    public void WriteMembers(string[] names, Action<int> write)
    {
        var written = forms is null ? names : Array.ConvertAll(names, forms.NameOf);
        int[] order = [.. Enumerable.Range(0, written.Length)];
        Array.Sort(written, order, StringComparer.Ordinal);
        Enter("{"u8);
        for (var i = 0; i < written.Length; i++)
        {
            if (i > 0 && written[i] == written[i - 1])
                throw Refused("Two names in it are written alike once secrets are taken out; choose others.");
            At(written[i]);
            WriteComma(i);
            WriteString(written[i]);
            _output.WriteRaw(":"u8);
            write(order[i]);
        }
        Leave("}"u8);
    }

    /// <summary>Writes what stands before the member of that number.</summary>
    public void WriteComma(int index)
    {
        if (index > 0)
            _output.WriteRaw(","u8);
    }

    public void WriteNull() => _output.WriteRaw("null"u8);

    public void WriteBoolean(bool value) => _output.WriteRaw(value ? "true"u8 : "false"u8);

    /// <summary>Writes the value of a string, as the member of its name.</summary>
    public void WriteText(string text) => WriteString(forms?.TextOf(Name, text) ?? text);

    /// <summary>Writes a string or name as it is.</summary>
    public void WriteString(string text)
    {
        if (!Utf16.IsWellFormed(text))
            throw Refused("A string or name has half of a surrogate pair; it is not Unicode text.");
        _output.WriteString(text);
    }
}
