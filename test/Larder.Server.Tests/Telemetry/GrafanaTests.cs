using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Larder.Server.Telemetry;
using Larder.TestKit;

namespace Larder.Server.Tests.Telemetry;

/// <summary>The dashboard and the alerts of <c>docs/grafana</c> ask for metrics that there are, in expressions that make sense.</summary>
[Collection(MetricTests.Name)]
public sealed partial class GrafanaTests : IDisposable
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "grafana");

    private readonly TempDirectory _directory = new();

    [Fact]
    public async Task Dashboard_Expressions_NameExportedMetrics()
    {
        var expressions = Expressions();

        Assert.InRange(expressions.Count, 10, 200);
        await AssertExportedAsync(expressions);
    }

    [Fact]
    public async Task Alerts_Expressions_NameExportedMetrics()
    {
        var rules = await File.ReadAllTextAsync(
            Path.Combine(Folder, "alerts.yml"),
            TestContext.Current.CancellationToken
        );
        var expressions = rules
            .Split('\n')
            .Where(line => line.TrimStart().StartsWith("expr:", StringComparison.Ordinal))
            .ToList();

        Assert.InRange(expressions.Count, 5, 50);
        await AssertExportedAsync(expressions);
    }

    [Fact]
    public async Task Dashboard_Panels_DoNotOverlapAndHaveTitles()
    {
        await using var file = File.OpenRead(Path.Combine(Folder, "larder.json"));
        using var dashboard = await JsonDocument.ParseAsync(
            file,
            cancellationToken: TestContext.Current.CancellationToken
        );
        var taken = new HashSet<(int X, int Y)>();
        var ids = new HashSet<int>();

        foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
        {
            Assert.NotEmpty(panel.GetProperty("title").GetString()!);
            Assert.True(ids.Add(panel.GetProperty("id").GetInt32()));
            var place = panel.GetProperty("gridPos");
            var (x, y) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32());
            for (var i = 0; i < place.GetProperty("w").GetInt32(); i++)
            for (var j = 0; j < place.GetProperty("h").GetInt32(); j++)
                Assert.True(taken.Add((x + i, y + j)), $"Two panels lie at {x + i}, {y + j}.");
        }
        Assert.All(taken, cell => Assert.InRange(cell.X, 0, 23));
    }

    [Fact]
    public Task Alerts_File_HasNoFaultForPromtool() =>
        Promtool.CheckAsync("rules", Path.Combine(Folder, "alerts.yml"), input: null);

    [Fact]
    public async Task Dashboard_Expressions_HaveNoFaultForPromtool()
    {
        var rules = new StringBuilder("groups:\n- name: dashboard\n  rules:\n");
        foreach (var expression in Expressions())
        {
            // What Grafana puts in place of its variables.
            var plain = expression
                .Replace("$__rate_interval", "5m", StringComparison.Ordinal)
                .Replace("$model", ".*", StringComparison.Ordinal)
                .Replace("$instance", ".*", StringComparison.Ordinal);
            rules
                .Append("  - record: checked")
                .Append(rules.Length)
                .Append("\n    expr: '")
                .Append(plain.Replace("'", "''", StringComparison.Ordinal))
                .Append("'\n");
        }
        var path = _directory["rules.yml"];
        await File.WriteAllTextAsync(path, rules.ToString(), TestContext.Current.CancellationToken);

        await Promtool.CheckAsync("rules", path, input: null);
    }

    public void Dispose() => _directory.Dispose();

    private static async Task AssertExportedAsync(IReadOnlyList<string> expressions)
    {
        var known = new HashSet<string>(await KnownMetrics.NamesAsync(), StringComparer.Ordinal);
        var ofPlatform = MetricCollector.OfPlatform.Select(name => name.Replace('.', '_')).ToList();
        foreach (var expression in expressions)
        {
            var names = MetricName().Matches(expression).Select(match => match.Value).ToList();
            Assert.NotEmpty(names);
            Assert.All(
                names,
                name =>
                    Assert.True(
                        known.Contains(name)
                            || ofPlatform.Exists(other => name.StartsWith(other, StringComparison.Ordinal)),
                        $"'{name}' is no metric of Larder: {expression}"
                    )
            );
        }
    }

    private static List<string> Expressions()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "larder.json")));
        return
        [
            .. dashboard
                .RootElement.GetProperty("panels")
                .EnumerateArray()
                .Where(panel => panel.TryGetProperty("targets", out _))
                .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
                .Select(target => target.GetProperty("expr").GetString()!),
        ];
    }

    [GeneratedRegex(
        @"\b(larder|http_server|kestrel|dotnet)_[a-z0-9_]+",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex MetricName();
}
