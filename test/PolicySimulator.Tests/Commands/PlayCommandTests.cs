using System.Xml.Linq;
using Larder.TestKit;

namespace PolicySimulator.Commands;

public sealed class PlayCommandTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _directory.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public void Invoke_TraceThatWasMade_PlaysIt()
    {
        Assert.Equal(0, Invoke("make", "--kind", "drift", "--requests", "50", "--output", _directory["made.csv"]));

        Assert.Equal(0, Invoke("--trace", _directory["made.csv"]));

        Assert.Contains("### made.csv", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("| lru | ", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("was not judged", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Invoke_Defaults_KeepTheTargetAndWriteASmallPlot()
    {
        var code = Invoke("--json", _directory["out.json"], "--plot", _directory["out.svg"]);

        Assert.Equal(0, code);
        Assert.Contains("- drift: cost waits 0.6", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"target_kept\": true", File.ReadAllText(_directory["out.json"]), StringComparison.Ordinal);
        Assert.InRange(new FileInfo(_directory["out.svg"]).Length, 1_000, 20_000);
        Assert.Equal("svg", XDocument.Load(_directory["out.svg"]).Root!.Name.LocalName);
    }

    [Theory]
    [InlineData("--models", "0")]
    [InlineData("--zipf", "NaN")]
    [InlineData("--requests", "many")]
    public void Invoke_WrongNumber_NamesItAndWhatIsExpected(string option, string value)
    {
        Assert.Equal(1, Invoke(option, value));

        Assert.Contains($"{option} is '{value}' where a number from ", _error.ToString(), StringComparison.Ordinal);
    }

    private int Invoke(params string[] args) =>
        PlayCommand.Create().Parse(args).Invoke(new() { Output = _output, Error = _error });
}
