using Larder.TestKit;

namespace PolicySimulator.Traces;

public sealed class TraceFileTests : IDisposable
{
    private static readonly KnownModels Nothing = new(new Dictionary<string, (long?, TimeSpan?)>(), null, null);

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Read_WhatWasWritten_GivesTheSameRequests()
    {
        var trace = TraceMaker.Make(new Workload { Requests = 1200 }, TraceKind.Scan, seed: 1);
        var path = Path.Combine(_directory.Path, "trace.csv");

        TraceFile.Write(trace, path);

        Assert.Equal(Resolve(trace), Resolve(TraceFile.Read(path, Nothing)));
    }

    [Fact]
    public void Write_NameWithCommaAndQuote_IsReadAsItWas()
    {
        var path = Path.Combine(_directory.Path, "trace.csv");
        var trace = new Trace([new("a, \"b\"", 1, TimeSpan.FromSeconds(2))], [new(0, TimeSpan.Zero, 0)]);

        TraceFile.Write(trace, path);

        Assert.Equal("a, \"b\"", TraceFile.Read(path, Nothing).Models[0].Name);
    }

    [Theory]
    [InlineData("10,a,5,2\n12.5,b,6,3\n12.5,a\n")]
    [InlineData("time,model,bytes,seconds\n10,a,5,2\n12.5,b,6,3\n\n12.5,a,,\n")]
    [InlineData("user,Seconds,Model,bytes,time\nx,2,a,5,10\ny,3,b,6,12.5\nz,2,a,5,12.5\n")]
    [InlineData("2026-01-31T12:00:00Z,a,5,2\n2026-01-31 13:00:02.5+01:00,b,6,3\n2026-01-31T12:00:02.5,a\n")]
    public void Read_WithAndWithoutHeader_GivesTheRequests(string text)
    {
        var trace = TraceFile.Read(FileOf(text), Nothing);

        Assert.Equal(
            [new Model("a", 5, TimeSpan.FromSeconds(2)), new Model("b", 6, TimeSpan.FromSeconds(3))],
            trace.Models
        );
        var later = TimeSpan.FromSeconds(2.5);
        Assert.Equal([new(0, TimeSpan.Zero, 0), new(1, later, 1), new(2, later, 0)], trace.Requests);
    }

    [Fact]
    public void Read_SizesFromAFileOfModels_FillsWhatIsUnknown()
    {
        var models = KnownModels.Read(FileOf("model,bytes,seconds\na,5,2\nb,6,\n"));

        var trace = TraceFile.Read(FileOf("0,a\n1,b\n2,c\n3,d,9,9\n"), new(models, 7, TimeSpan.FromSeconds(1)));

        Assert.Equal(
            [(5L, 2.0), (6, 1), (7, 1), (9, 9)],
            trace.Models.Select(model => (model.Bytes, model.LoadTime.TotalSeconds))
        );
    }

    [Theory]
    [InlineData("", "has no request")]
    [InlineData("time,name\n", "line 1: the header 'time,name' has no column model")]
    [InlineData("soon,a,1,1\n", "line 1: the time is 'soon' where seconds as a number from 0")]
    [InlineData("0,a,1,1\n-1,a,1,1\n", "line 2: the time is '-1'")]
    [InlineData("5,a,1,1\n4,a,1,1\n", "line 2: the time is '4' where no earlier time")]
    [InlineData(
        "5,a,1,1\n2026-01-31T12:00:00Z,a\n",
        "line 2: the time is '2026-01-31T12:00:00Z' where a number of seconds"
    )]
    [InlineData("0,a,big,1\n", "line 1: the bytes is 'big' where a whole number of bytes from 1")]
    [InlineData("0,a,0,1\n", "line 1: the bytes is '0'")]
    [InlineData("0,a,1,long\n", "line 1: the seconds is 'long' where seconds as a number")]
    [InlineData("0,,1,1\n", "line 1: the model is '' where the name of a model")]
    [InlineData("0\n", "line 1: the model is ''")]
    [InlineData("0,a\n", "line 1: the model is 'a' where one of a known size")]
    [InlineData("0,a,1\n", "line 1: the model is 'a' where one of a known load time")]
    [InlineData("0,a,1,1\n1,a,2,1\n", "line 2: the bytes is '2' where 1, as before for a,")]
    [InlineData("0,a,1,1\n1,a,1,2\n", "line 2: the seconds is '2' where 1, as before for a,")]
    [InlineData("0,\"a,1,1\n", "line 1: a quote is not closed")]
    public void Read_WrongLine_NamesFileLineValueAndWhatIsExpected(string text, string fault)
    {
        var path = FileOf(text);

        var exception = Assert.Throws<TraceException>(() => TraceFile.Read(path, Nothing));

        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(fault, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadModels_NameTwice_Throws()
    {
        var exception = Assert.Throws<TraceException>(() => KnownModels.Read(FileOf("a,1,1\na,2,2\n")));

        Assert.Contains(
            "line 2: the model is 'a' where a name that no line before has",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    private static IEnumerable<(TimeSpan, Model)> Resolve(Trace trace) =>
        trace.Requests.Select(request => (request.At, trace.Models[request.Model]));

    private string FileOf(string text)
    {
        var path = Path.Combine(_directory.Path, Path.GetRandomFileName());
        File.WriteAllText(path, text);
        return path;
    }
}
