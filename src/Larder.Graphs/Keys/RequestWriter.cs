using System.Globalization;
using System.Numerics;
using System.Text;
using Larder.Content;

namespace Larder.Graphs.Keys;

/// <summary>The document of one key while it is written: canonical JSON, and the place that a fault would be at.</summary>
/// <remarks>Equal values are written alike whatever their type: 30 as an integer, a double, or text of JSON.</remarks>
internal sealed class RequestWriter(string graph)
{
    private const int MaxDepth = CanonicalJsonTree.MaxDepth;
    private const long MaxExact = 1L << 53;

    // Room for the digits of any long or double, with a sign and an exponent.
    private const int MaxNumber = 32;

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

    public void WriteNumber(long value)
    {
        Span<byte> digits = stackalloc byte[MaxNumber];
        value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        WriteInteger(digits[..length], isExact: value is >= -MaxExact and <= MaxExact);
    }

    public void WriteNumber(ulong value)
    {
        Span<byte> digits = stackalloc byte[MaxNumber];
        value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        WriteInteger(digits[..length], isExact: value <= MaxExact);
    }

    public void WriteNumber(double value)
    {
        if (double.IsInteger(value))
            WriteInteger(value);
        else if (!double.IsFinite(value))
            throw Refused(
                $"{value.ToString(CultureInfo.InvariantCulture)} is no number that a key can hold; give a finite one."
            );
        else
            WriteFraction(value);
    }

    // A fraction by its own digits: 0.1f is 0.1, as it is in JSON, and not the double nearest to its bits.
    public void WriteNumber(float value)
    {
        if (float.IsInteger(value) || !float.IsFinite(value))
            WriteNumber((double)value);
        else
            WriteFraction(
                double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            );
    }

    public void WriteNumber(decimal value)
    {
        if (decimal.IsInteger(value))
        {
            WriteInteger(new BigInteger(value));
            return;
        }

        var text = value.ToString("0.############################", CultureInfo.InvariantCulture);
        var nearest = (double)value;
        if (DecimalNumber.Of(nearest) == DecimalNumber.Parse(text))
            WriteFraction(nearest);
        else
            _output.WriteString(text);
    }

    /// <summary>Writes a number by its JSON: of an integer every digit counts, a fraction is the nearest double.</summary>
    public void WriteNumber(string json)
    {
        var nearest = double.Parse(json, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(nearest))
            throw Refused($"{Printable.Quote(json)} is larger than a double can be; give it as a string.");

        var exact = DecimalNumber.Parse(json);
        if (exact.IsInteger)
            WriteInteger(exact);
        else
            WriteNumber(nearest);
    }

    private void WriteInteger(double value)
    {
        if (Math.Abs(value) <= MaxExact)
            WriteNumber((long)value);
        else
            WriteInteger(new BigInteger(value));
    }

    // Not the text itself, which may be any number of zeros.
    private void WriteInteger(DecimalNumber value)
    {
        var digits = "0" + value.Digits.PadRight((int)value.Point, '0');
        var magnitude = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        WriteInteger(value.IsNegative ? -magnitude : magnitude);
    }

    private void WriteInteger(BigInteger value)
    {
        if (BigInteger.Abs(value) <= MaxExact)
            WriteNumber((long)value);
        else
            _output.WriteString(value.ToString(CultureInfo.InvariantCulture));
    }

    // Beyond 2^53 a reader of JSON may take two integers for one.
    private void WriteInteger(ReadOnlySpan<byte> digits, bool isExact)
    {
        if (!isExact)
            _output.WriteRaw("\""u8);
        _output.WriteRaw(digits);
        if (!isExact)
            _output.WriteRaw("\""u8);
    }

    private void WriteFraction(double value)
    {
        // In this range .NET's shortest digits, in its notation, are those of ECMAScript.
        if (Math.Abs(value) is < 1e-4 or >= 1e15)
        {
            _output.WriteRaw(DecimalNumber.Of(value).ToEcmaScript());
            return;
        }

        Span<byte> digits = stackalloc byte[MaxNumber];
        value.TryFormat(digits, out var length, "R", CultureInfo.InvariantCulture);
        _output.WriteRaw(digits[..length]);
    }
}
