using System.Xml.Linq;
using Larder.Passes.Running;
using static Larder.Passes.Reports.Markup;

namespace Larder.Passes.Reports;

/// <summary>Draws the chain from above to below: for each model its size, for each step the time spent and saved.</summary>
internal sealed class ChainPicture
{
    private const double ChainX = 14;
    private const double BarHeight = 12;

    // What has been spent or saved is seen, however little it is beside the rest.
    private const double LeastLength = 2;

    private readonly ChainLayout _layout;
    private readonly IReadOnlyList<ChainRow> _rows;
    private readonly double _mostBytes;
    private readonly double _mostSeconds;

    public ChainPicture(WorkflowReport report, ChainLayout layout)
    {
        _layout = layout;
        _rows = ChainRow.Of(report);
        _mostBytes = _rows.Max(row => row.Bytes ?? 0);
        _mostSeconds = _rows.Max(row => row.Seconds + row.SecondsSaved);
    }

    private double Top => _layout.HasColumns ? 34 : 8;

    /// <summary>The picture.</summary>
    /// <param name="names">The class of its element.</param>
    public XElement Draw(string names)
    {
        var height = Top + (_rows.Count * _layout.RowHeight);
        return Svg(
            "svg",
            Class(names),
            Is("viewBox", FormattableString.Invariant($"0 0 {_layout.Width} {height}")),
            Is("role", "img"),
            Is("aria-label", "The chain of passes with the size of each model and the time spent and saved"),
            _layout.HasColumns ? Headings() : null,
            Line(),
            _rows.Select(Row)
        );
    }

    private XElement[] Headings() =>
        [
            Text(_layout.SizeX, 14, "head", "size of the model"),
            Text(_layout.TimeX, 14, "head", "time spent, time saved"),
        ];

    // From the input to the last pass; evaluations hang beside the chain and not in it.
    private XElement Line() =>
        Svg(
            "line",
            Class("chain"),
            Is("x1", ChainX),
            Is("x2", ChainX),
            Is("y1", Top + 14),
            Is("y2", Top + 14 + (_layout.RowHeight * (_rows.Count(row => !row.IsEvaluation) - 1)))
        );

    private XElement Row(ChainRow row, int place) =>
        Svg(
            "g",
            Is("transform", FormattableString.Invariant($"translate(0 {Top + (place * _layout.RowHeight)})")),
            Svg("title", $"{row.Name}: {row.Note}"),
            Mark(row),
            Text(34, 19, "name", Wording.Shorten(row.Name, _layout.NameLength)),
            Text(34, 36, "note", Wording.Shorten(row.Note, _layout.NameLength + 4)),
            row.IsEvaluation ? null : Size(row),
            row.Outcome is null or StepOutcome.NotNeeded ? null : Time(row)
        );

    private static XElement Mark(ChainRow row)
    {
        var names = row.Outcome switch
        {
            null => "mark input",
            StepOutcome.Computed => "mark spent",
            StepOutcome.NotNeeded or StepOutcome.Miss => "mark none",
            _ => "mark saved",
        };
        return row.IsEvaluation
            ? Svg("path", Class(names), Is("d", $"M{ChainX} 7 l7 7 l-7 7 l-7 -7 z"))
            : Svg("circle", Class(names), Is("cx", ChainX), Is("cy", 14d), Is("r", 6.5));
    }

    private IEnumerable<object> Size(ChainRow row)
    {
        var length = Length(row.Bytes ?? 0, _mostBytes);
        if (length > 0)
            yield return Bar("bar size", _layout.SizeX, _layout.SizeY, length);
        var text = row.Bytes is null ? "size not known" : Wording.Bytes(row.Bytes);
        var change = Wording.Change(row.BytesBefore, row.Bytes);
        yield return BesideBar(_layout.SizeX, _layout.SizeY, length, change.Length > 0 ? $"{text} ({change})" : text);
    }

    private IEnumerable<object> Time(ChainRow row)
    {
        // There is no bar of a size to leave room for.
        var y = row.IsEvaluation ? _layout.SizeY : _layout.TimeY;
        var spent = Length(row.Seconds, _mostSeconds);
        var saved = Length(row.SecondsSaved, _mostSeconds);
        if (spent > 0)
            yield return Bar("bar spent", _layout.TimeX, y, spent);
        if (saved > 0)
            yield return Bar("bar saved", _layout.TimeX + spent, y, saved);
        var text = row switch
        {
            { SecondsSaved: > 0, Seconds: 0 } => $"saved {Wording.Seconds(row.SecondsSaved)}",
            { SecondsSaved: > 0 } => $"{Wording.Seconds(row.Seconds)}, saved {Wording.Seconds(row.SecondsSaved)}",
            _ => Wording.Seconds(row.Seconds),
        };
        yield return BesideBar(_layout.TimeX, y, spent + saved, text);
    }

    private double Length(double value, double most) =>
        value > 0 ? Math.Max(LeastLength, value / most * (_layout.BarLength - LeastLength)) : 0;

    private static XElement Bar(string names, double x, double y, double length) =>
        Svg(
            "rect",
            Class(names),
            Is("x", x),
            Is("y", y - BarHeight),
            Is("width", length),
            Is("height", BarHeight),
            Is("rx", 2d)
        );

    private static XElement BesideBar(double x, double y, double length, string text) =>
        Text(length > 0 ? x + length + 7 : x, y - 2, "value", text);

    private static XElement Text(double x, double y, string names, string text) =>
        Svg("text", Class(names), Is("x", x), Is("y", y), text);
}
