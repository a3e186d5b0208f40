using System.Xml;
using System.Xml.Linq;
using Larder.Passes.Reports;
using Larder.Passes.Running;

namespace Larder.Passes.Tests.Reports;

public sealed class HtmlReportTests
{
    private const string Hostile = "<script>alert(1)</script>\"'&<!--]]>\0\u001b[31m\u202Egpj.exe\ud800</style>";

    private static readonly XNamespace Html = "http://www.w3.org/1999/xhtml";
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Write_FullReport_IsWellFormedAndSaysEverything()
    {
        var text = Parse(SampleReports.Html(SampleReports.Full)).Root!.Value;

        foreach (
            var said in new[]
            {
                "optimise.json",
                "s3://models/resnet-50/",
                "11.8 s",
                "22.7 s",
                "4 of 6",
                "51.1 MB",
                "final model (−75\u00A0%)",
                "from this machine",
                "from the shared store",
                "computed",
                "not needed",
                "21 ms, saved 14.2 s",
                "51.1 MB (−50\u00A0%)",
                "onnx-latency of quantise",
                "speed before",
                "+100\u00A0%",
                "4e-5",
                "closeness: 'max_abs_error' is 4E-05 and must be at most 1E-05.",
                "it is read-only.",
                "/srv/models/out",
                "2026-11-22 03:06 UTC",
            }
        )
        {
            Assert.Contains(said, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Write_HostileTexts_StayTexts()
    {
        var html = SampleReports.Html(
            new WorkflowReport
            {
                Workflow = Hostile,
                Input = Hostile,
                InputDigest = Hostile,
                Passes = [new ReportedPass(Hostile, Hostile, StepOutcome.Computed) { Key = Hostile }],
                Evaluations =
                [
                    new ReportedEvaluation(Hostile, Hostile, StepOutcome.LocalHit)
                    {
                        Of = Hostile,
                        Metrics = SampleReports.Figures((Hostile, double.NaN)),
                        Baseline = SampleReports.Figures((Hostile, double.PositiveInfinity)),
                        BaselineName = Hostile,
                        Missed = [Hostile],
                    },
                ],
                OutputDigest = Hostile,
                OutputPath = Hostile,
                Warnings = [Hostile],
                Ended = SampleReports.Ended,
            }
        );

        var document = Parse(html);
        Assert.DoesNotContain("script", document.Descendants().Select(element => element.Name.LocalName));
        Assert.Single(document.Descendants(Html + "style"));
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<!--", html, StringComparison.Ordinal);
        Assert.DoesNotContain(html, character => char.IsControl(character) && character != '\n');
        Assert.DoesNotContain('\u202E', html);
        Assert.Contains(
            "<script>alert(1)</script>\"'&<!--]]>",
            document.Root!.Element(Html + "body")!.Value,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Write_Anything_NeedsNothingFromElsewhere()
    {
        var document = Parse(SampleReports.Html(SampleReports.Full));

        Assert.DoesNotContain(
            document.Descendants().Attributes(),
            attribute =>
                attribute.Name.LocalName is "src" or "href"
                || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal)
        );
        var style = document.Descendants(Html + "style").Single().Value;
        Assert.DoesNotContain("url(", style, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", style, StringComparison.Ordinal);
        Assert.Contains(
            document.Descendants(Html + "meta"),
            meta => (string?)meta.Attribute("content") == "default-src 'none'; style-src 'unsafe-inline'"
        );
    }

    // A reader of HTML does not undo escapes in a style, and takes <td/> for the beginning of a cell.
    [Fact]
    public void Write_ForReadersOfHtml_IsTheSameAsForThoseOfXml()
    {
        var html = SampleReports.Html(SampleReports.Full with { Warnings = [""] });

        Assert.StartsWith("<!DOCTYPE html>\n<html ", html, StringComparison.Ordinal);
        var document = Parse(html);
        var style = document.Descendants(Html + "style").Single().Value;
        Assert.DoesNotContain(style, character => character is '<' or '>' or '&');
        Assert.All(
            document.Descendants().Where(element => element.Name.Namespace == Html && element.IsEmpty),
            element => Assert.Equal("meta", element.Name.LocalName)
        );
    }

    [Fact]
    public void Write_NoPasses_IsAReportOfTheInput()
    {
        var document = Parse(
            SampleReports.Html(
                new WorkflowReport
                {
                    Workflow = "empty",
                    Input = "file:///m",
                    Ended = SampleReports.Ended,
                }
            )
        );

        Assert.DoesNotContain(document.Descendants(Html + "table"), _ => true);
        Assert.Contains("0 of 0", document.Root!.Value, StringComparison.Ordinal);
        Assert.Equal(2, document.Descendants(Svg + "svg").Count());
    }

    private static XDocument Parse(string html)
    {
        using var text = new StringReader(html);
        using var reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }
}
