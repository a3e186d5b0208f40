using System.Globalization;
using System.Net;
using System.Text;
using PolicySimulator.Replacement;
using PolicySimulator.Scores;

namespace PolicySimulator.Output;

/// <summary>Seconds waited relative to LRU as an SVG: a group of bars for each policy, a bar for each kind of trace.</summary>
internal static class BarChart
{
    private const int Left = 52;
    private const int Top = 64;
    private const int PlotWidth = 660;
    private const int PlotHeight = 260;
    private const int Width = Left + PlotWidth + 84;
    private const int Height = Top + PlotHeight + 56;
    private const int BarWidth = 27;
    private const double Step = 0.25;

    // The page that shows it may be dark or light; what is coloured stands out on both.
    private const string Style = """
        text{font:12px system-ui,sans-serif;fill:#3d444d}
        .title{font-size:14px;font-weight:600}.value{font-size:10px;text-anchor:middle;fill:#fff}.name{text-anchor:middle}
        .grid{stroke:#8b949e;stroke-opacity:.35}.axis{stroke:#8b949e}
        .target{stroke:#d1242f;stroke-width:1.5;stroke-dasharray:6 4}.limit{fill:#d1242f}
        .b0{fill:#2f6fd0}.b1{fill:#b4601a}.b2{fill:#7d55c7}
        @media(prefers-color-scheme:dark){text:not(.value):not(.limit){fill:#d1d7e0}.target{stroke:#ff7b72}.limit{fill:#ff7b72}}
        """;

    private static readonly string[] Names = [.. Contenders.Policies.Select(contender => contender.Name)];

    public static string Draw(IReadOnlyList<Contest> contests)
    {
        var most = contests.Max(contest => Names.Max(name => contest.Of(name).RelativeToLru));
        var top = Math.Ceiling(most / Step) * Step;
        var svg = new StringBuilder();
        Add(
            svg,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" role=\"img\">"
        );
        Add(svg, $"<title>Seconds waited for loads, relative to LRU</title>\n<style>{Style}</style>");
        Add(
            svg,
            $"<text class=\"title\" x=\"{Left}\" y=\"20\">Seconds waited for loads, relative to LRU (less is better)</text>"
        );
        DrawLegend(svg, contests);
        DrawGrid(svg, top);
        for (var group = 0; group < Names.Length; group++)
            DrawGroup(svg, contests, group, top);
        DrawTarget(svg, top);
        Add(svg, $"<text class=\"name\" x=\"{Left + (PlotWidth / 2)}\" y=\"{Height - 10}\">policy</text>");
        Add(
            svg,
            $"<text class=\"name\" transform=\"translate(14 {Top + (PlotHeight / 2)}) rotate(-90)\">seconds / LRU's seconds</text>"
        );
        return svg.Append("</svg>\n").ToString();
    }

    private static void DrawLegend(StringBuilder svg, IReadOnlyList<Contest> contests)
    {
        for (var i = 0; i < contests.Count; i++)
        {
            var x = Left + (i * 90);
            Add(
                svg,
                $"<rect class=\"b{i}\" x=\"{x}\" y=\"32\" width=\"12\" height=\"12\"/><text x=\"{x + 18}\" y=\"42\">{WebUtility.HtmlEncode(contests[i].Name)}</text>"
            );
        }
    }

    private static void DrawGrid(StringBuilder svg, double top)
    {
        for (var value = 0.0; value <= top; value += Step)
        {
            var y = Y(value, top);
            Add(
                svg,
                $"<line class=\"{(value is 0 ? "axis" : "grid")}\" x1=\"{Left}\" x2=\"{Left + PlotWidth}\" y1=\"{y:F1}\" y2=\"{y:F1}\"/>"
            );
            Add(svg, $"<text x=\"{Left - 8}\" y=\"{y + 4:F1}\" text-anchor=\"end\">{value:F2}</text>");
        }
    }

    private static void DrawGroup(StringBuilder svg, IReadOnlyList<Contest> contests, int group, double top)
    {
        var middle = Left + ((group + 0.5) * PlotWidth / Names.Length);
        var left = middle - (contests.Count * BarWidth / 2.0);
        for (var i = 0; i < contests.Count; i++)
        {
            var value = contests[i].Of(Names[group]).RelativeToLru;
            var (x, y) = (left + (i * BarWidth), Y(value, top));
            Add(
                svg,
                $"<rect class=\"b{i}\" x=\"{x + 1:F1}\" y=\"{y:F1}\" width=\"{BarWidth - 2}\" height=\"{Top + PlotHeight - y:F1}\"/>"
            );
            Add(
                svg,
                $"<text class=\"value\" x=\"{x + (BarWidth / 2.0):F1}\" y=\"{Top + PlotHeight - 6}\">{value:F2}</text>"
            );
        }
        Add(svg, $"<text class=\"name\" x=\"{middle:F1}\" y=\"{Top + PlotHeight + 18}\">{Names[group]}</text>");
    }

    private static void DrawTarget(StringBuilder svg, double top)
    {
        var y = Y(Target.MostOfLru, top);
        Add(svg, $"<line class=\"target\" x1=\"{Left}\" x2=\"{Left + PlotWidth}\" y1=\"{y:F1}\" y2=\"{y:F1}\"/>");
        Add(
            svg,
            $"<text class=\"limit\" x=\"{Left + PlotWidth + 6}\" y=\"{y + 4:F1}\">target {Target.MostOfLru:F2}</text>"
        );
    }

    private static double Y(double value, double top) => Top + (PlotHeight * (1 - (value / top)));

    private static void Add(StringBuilder svg, FormattableString line) =>
        svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
