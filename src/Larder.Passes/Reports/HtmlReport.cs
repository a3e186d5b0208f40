using System.Xml;
using System.Xml.Linq;
using Larder.Passes.Running;
using static Larder.Passes.Reports.Markup;

namespace Larder.Passes.Reports;

/// <summary>Writes a report as one HTML file that needs nothing else: no scripts, no fonts, no pictures from elsewhere.</summary>
public static class HtmlReport
{
    // Should a browser ever read a name as markup: nothing is loaded and nothing is run.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'";

    /// <summary>Writes the file's text, which is well-formed XML as well.</summary>
    /// <param name="report">What it tells.</param>
    /// <param name="writer">Where to write it; not disposed.</param>
    public static void Write(WorkflowReport report, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(writer);
        // A document type of XLinq's would be written with a subset in brackets, which is none of HTML's.
        writer.Write("<!DOCTYPE html>\n");
        var settings = new XmlWriterSettings
        {
            OmitXmlDeclaration = true,
            NewLineChars = "\n",
            CloseOutput = false,
        };
        using var xml = XmlWriter.Create(writer, settings);
        Document(report).WriteTo(xml);
    }

    private static XElement Document(WorkflowReport report) =>
        Html("html", Is("lang", "en"), Head(report), Body(report));

    private static XElement Head(WorkflowReport report) =>
        Html(
            "head",
            Void("meta", Is("charset", "utf-8")),
            Void("meta", Is("http-equiv", "Content-Security-Policy"), Is("content", Policy)),
            Void("meta", Is("name", "viewport"), Is("content", "width=device-width, initial-scale=1")),
            Html("title", $"{report.Workflow} · Larder"),
            Html("style", Style.Sheet)
        );

    private static XElement Body(WorkflowReport report) =>
        Html(
            "body",
            Html("h1", report.Workflow),
            Html("p", Class("muted long"), "from ", Html("code", report.Input), Version(report.InputDigest)),
            Tiles(report),
            Warnings("The figures miss limits", report.Evaluations.SelectMany(Missed)),
            Warnings("Warnings", report.Warnings),
            Html("h2", "The chain"),
            new ChainPicture(report, ChainLayout.Wide).Draw("wide"),
            new ChainPicture(report, ChainLayout.Narrow).Draw("narrow"),
            Key(),
            report.Passes.Count == 0 ? null : PassTable(report),
            report.Evaluations.Count == 0
                ? null
                : new object[] { Html("h2", "Figures"), report.Evaluations.Select(EvaluationTable) },
            Footer(report)
        );

    private static XElement Tiles(WorkflowReport report)
    {
        List<StepOutcome> outcomes =
        [
            .. report.Passes.Select(pass => pass.Outcome),
            .. report.Evaluations.Select(evaluation => evaluation.Outcome),
        ];
        var computed = outcomes.Count(outcome => outcome == StepOutcome.Computed);
        var change = Wording.Change(report.InputBytes, report.OutputBytes);
        return Html(
            "ul",
            Class("tiles"),
            Tile(Wording.Seconds(report.Seconds), "took the run"),
            Tile(Wording.Seconds(report.SecondsSaved), "of work saved"),
            Tile(
                FormattableString.Invariant($"{outcomes.Count - computed} of {outcomes.Count}"),
                "steps not computed again"
            ),
            Tile(Wording.Bytes(report.BytesFetched), "fetched"),
            report.BytesPublished > 0 ? Tile(Wording.Bytes(report.BytesPublished), "shared with the team") : null,
            Tile(Wording.Bytes(report.OutputBytes), change.Length > 0 ? $"final model ({change})" : "final model")
        );
    }

    private static XElement Tile(string figure, string what) =>
        Html("li", Html("strong", figure), Html("span", Class("muted"), what));

    private static IEnumerable<string> Missed(ReportedEvaluation evaluation) =>
        evaluation.Missed.Select(missed => $"{evaluation.Name}: {missed}");

    private static XElement? Warnings(string title, IEnumerable<string> sentences)
    {
        var items = sentences.Select(sentence => Html("li", sentence)).ToList();
        return items.Count == 0 ? null : Html("div", Class("warnings"), Html("strong", title), Html("ul", items));
    }

    private static XElement Key() =>
        Html(
            "p",
            Class("key muted"),
            KeyOf("size", "size of the model"),
            KeyOf("spent", "time that this run spent"),
            KeyOf("saved", "time of work done before")
        );

    private static XElement KeyOf(string name, string text) => Html("span", Html("i", Class(name)), text);

    private static XElement[] PassTable(WorkflowReport report) =>
        [
            Html("h2", "Passes"),
            Html(
                "table",
                Class("passes"),
                Html(
                    "thead",
                    Html(
                        "tr",
                        Html("th", "pass"),
                        Html("th", "answer"),
                        Html("th", Class("number"), "spent"),
                        Html("th", Class("number"), "saved"),
                        Html("th", Class("number"), "fetched"),
                        Html("th", Class("number"), "before"),
                        Html("th", Class("number"), "after")
                    )
                ),
                Html("tbody", report.Passes.Select(PassRow))
            ),
        ];

    private static XElement PassRow(ReportedPass pass) =>
        Html(
            "tr",
            Html(
                "td",
                Class("name"),
                Html("strong", pass.Name),
                " ",
                Html(
                    "span",
                    Class("muted"),
                    pass.Type,
                    pass.Key is { } key ? new object[] { " · ", Digest(key) } : null
                )
            ),
            Cell("answer", "", Wording.Outcome(pass.Outcome)),
            Cell("spent", "number", Wording.Seconds(pass.Seconds)),
            Cell("saved", "number", pass.SecondsSaved > 0 ? Wording.Seconds(pass.SecondsSaved) : Wording.Unknown),
            Cell("fetched", "number", pass.BytesFetched > 0 ? Wording.Bytes(pass.BytesFetched) : Wording.Unknown),
            Cell("before", "number", Wording.Bytes(pass.BytesBefore)),
            Cell("after", "number", Wording.Bytes(pass.BytesAfter))
        );

    private static XElement Cell(string label, string names, string text) =>
        Html("td", names.Length > 0 ? Class(names) : null, Is("data-label", label), text);

    private static XElement EvaluationTable(ReportedEvaluation evaluation)
    {
        var hasBaseline = evaluation.Baseline.Count > 0;
        return Html(
            "section",
            Html(
                "h3",
                $"{evaluation.Name} ",
                Html(
                    "span",
                    Class("muted"),
                    $"{evaluation.Type} of {evaluation.Of ?? "the input"} · {Wording.Outcome(evaluation.Outcome)}"
                )
            ),
            Html(
                "table",
                Html(
                    "thead",
                    Html(
                        "tr",
                        Html("th", "figure"),
                        Html("th", Class("number"), "value"),
                        hasBaseline
                            ? new[]
                            {
                                Html("th", Class("number"), evaluation.BaselineName ?? "baseline"),
                                Html("th", Class("number"), "change"),
                            }
                            : null
                    )
                ),
                Html(
                    "tbody",
                    evaluation
                        .Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal)
                        .Select(metric => MetricRow(metric.Key, metric.Value, evaluation.Baseline))
                )
            )
        );
    }

    private static XElement MetricRow(string name, double value, IReadOnlyDictionary<string, double> baseline)
    {
        double? before = baseline.TryGetValue(name, out var figure) ? figure : null;
        return Html(
            "tr",
            Html("td", Class("name"), name),
            Html("td", Class("number"), Wording.Figure(value)),
            baseline.Count == 0
                ? null
                : new[]
                {
                    Html("td", Class("number"), before is { } number ? Wording.Figure(number) : Wording.Unknown),
                    Html("td", Class("number"), Wording.Change(before, value)),
                }
        );
    }

    private static XElement Footer(WorkflowReport report) =>
        Html(
            "footer",
            report.OutputDigest is { } digest ? Html("p", Class("long"), "Final model ", Html("code", digest)) : null,
            report.OutputPath is { } path ? Html("p", Class("long"), "in ", Html("code", path)) : null,
            Html("p", $"{Wording.Moment(report.Ended)} · Larder {LarderVersion}")
        );

    private static object[]? Version(string? digest) =>
        digest is null ? null : new object[] { " · version ", Digest(digest) };

    private static XElement Digest(string digest) => Html("code", Is("title", digest), Wording.Short(digest));

    private static string LarderVersion => typeof(HtmlReport).Assembly.GetName().Version?.ToString(3) ?? "";
}
