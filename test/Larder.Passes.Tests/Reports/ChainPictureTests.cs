using System.Globalization;
using System.Xml.Linq;
using Larder.Passes.Reports;
using Larder.Passes.Running;

namespace Larder.Passes.Tests.Reports;

public sealed class ChainPictureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static TheoryData<string> Layouts => ["wide", "narrow"];

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Draw_Bars_AreAsLongAsWhatTheyStandFor(string layout)
    {
        var picture = Draw(SampleReports.Full, layout);

        var sizes = Lengths(picture, "bar size");
        Assert.Equal(4, sizes.Count);
        Assert.Equal(sizes[0] * 51.1 / 102.4, sizes[2], tolerance: 0.2);
        var saved = Lengths(picture, "bar saved");
        var spent = Lengths(picture, "bar spent");
        Assert.Equal(saved[0] * 6.5 / 14.2, saved[1], tolerance: 0.2);
        Assert.Equal(saved[0] * 8.25 / 14.2, spent[1], tolerance: 0.2);
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Draw_AnyReport_StaysInItsFrame(string layout)
    {
        var report = SampleReports.Full with
        {
            Passes =
            [
                .. SampleReports.Full.Passes,
                new ReportedPass(new string('w', 300), new string('t', 300), StepOutcome.Computed)
                {
                    Seconds = 1e6,
                    SecondsSaved = 1e6,
                    BytesBefore = 1,
                    BytesAfter = long.MaxValue,
                },
            ],
        };

        var picture = Draw(report, layout);

        var frame = picture.Attribute("viewBox")!.Value.Split(' ').Select(Number).ToArray();
        Assert.All(
            picture.Descendants(Svg + "rect"),
            bar => Assert.InRange(Value(bar, "x") + Value(bar, "width"), 0, frame[2])
        );
        // A character of 12.5 px is some 6.5 px wide, a wide one 8.
        Assert.All(
            picture.Descendants(Svg + "text"),
            text => Assert.InRange(Value(text, "x") + (text.Value.Length * 6.5), 0, frame[2])
        );
        Assert.All(
            picture.Descendants(Svg + "g"),
            row => Assert.InRange(Number(row.Attribute("transform")!.Value.Split(' ', ')')[1]), 0, frame[3])
        );
    }

    [Fact]
    public void Draw_AlmostNothing_IsSeen()
    {
        var report = SampleReports.Full with
        {
            Passes = [new ReportedPass("a", "b", StepOutcome.LocalHit) { Seconds = 0.0001, SecondsSaved = 100_000 }],
            Evaluations = [],
        };

        Assert.Equal(2, Lengths(Draw(report, "wide"), "bar spent").Single(), tolerance: 0.1);
    }

    [Fact]
    public void Draw_SizesNotKnown_SaysSo()
    {
        var picture = Draw(SampleReports.Full with { InputBytes = null }, "wide");

        Assert.Equal(2, picture.Descendants(Svg + "text").Count(text => text.Value == "size not known"));
    }

    private static XElement Draw(WorkflowReport report, string layout) =>
        new ChainPicture(report, layout == "wide" ? ChainLayout.Wide : ChainLayout.Narrow).Draw(layout);

    private static List<double> Lengths(XElement picture, string names) =>
        [
            .. picture
                .Descendants(Svg + "rect")
                .Where(bar => (string?)bar.Attribute("class") == names)
                .Select(bar => Value(bar, "width")),
        ];

    private static double Value(XElement element, string name) => Number(element.Attribute(name)!.Value);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
