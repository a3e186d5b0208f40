using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larder.IntegrationTests.Workflows;

/// <summary>The sample workflow through the command, for a team whose members share nothing but a store.</summary>
[Trait("Category", "Integration")]
public abstract class TeamRunTests : CommandTests, IAsyncLifetime
{
    private const int Passes = 4;

    private ITeamStore? _team;

    private ITeamStore Team => _team ?? throw new InvalidOperationException("The store is not there yet.");

    public async ValueTask InitializeAsync()
    {
        SampleWorkflow.CopyTo(Here);
        _team = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_team is not null)
            await _team.DisposeAsync();
        Dispose();
    }

    [Fact]
    public async Task Run_AgainAndElsewhereAndChanged_ComputesWhatNobodyHas()
    {
        var first = (await RunAsync("mine")).Done();
        var second = (await RunAsync("mine")).Done();
        var elsewhere = (await RunAsync("theirs")).Done();
        ChangeOption();
        var changed = (await RunAsync("mine")).Done();

        Assert.Equal(Repeated("computed"), Outcomes(first, "passes"));
        Assert.Equal(["computed"], Outcomes(first, "evaluations"));
        Assert.Equal("local_hit", Outcomes(second, "passes")[^1]);
        Assert.DoesNotContain("computed", Outcomes(second, "passes").Concat(Outcomes(second, "evaluations")));
        Assert.Equal(0, Number(second, "bytes_fetched"));

        Assert.Equal("shared_hit", Outcomes(elsewhere, "passes")[^1]);
        Assert.DoesNotContain("computed", Outcomes(elsewhere, "passes").Concat(Outcomes(elsewhere, "evaluations")));
        AssertOnlyTheFinalModelCame(elsewhere);
        Assert.Equal(Text(first, "digest"), Text(elsewhere, "digest"));
        Assert.Equal(Text(first, "digest"), Text(second, "digest"));

        // The third pass has another option: it and what follows it.
        Assert.Equal("computed", Outcomes(changed, "passes")[2]);
        Assert.Equal("computed", Outcomes(changed, "passes")[3]);
        Assert.DoesNotContain("computed", Outcomes(changed, "passes")[..2]);
        foreach (var result in new[] { first, second, elsewhere, changed })
            Assert.DoesNotContain("larder-canary", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TwoWorkersAtOnce_OneComputesEachPass()
    {
        using var one = Start("one");
        using var other = Start("other");
        var results = await Task.WhenAll(one.EndAsync(), other.EndAsync());

        var outcomes = results.Select(result => Outcomes(result.Done(), "passes")).ToArray();
        for (var pass = 0; pass < Passes; pass++)
            Assert.Single(outcomes, worker => worker[pass] == "computed");
        Assert.Equal(Text(results[0], "digest"), Text(results[1], "digest"));
        var third = (await RunAsync("third")).Done();
        Assert.Equal("shared_hit", Outcomes(third, "passes")[^1]);
        Assert.Equal(Text(results[0], "digest"), Text(third, "digest"));
    }

    [Fact]
    public async Task Shared_AfterARun_ListsAndVerifiesWhatWasPublished()
    {
        (await RunAsync("mine")).Done();

        var list = (await SharedAsync("list")).Done();
        var verified = (await SharedAsync("verify", "--deep")).Done();
        var pruned = (await SharedAsync("prune", "--older-than", "1 h", "--dry-run")).Done();

        Assert.True(list.Json.GetProperty("entries").GetArrayLength() >= Passes + 1);
        Assert.Equal(0, Number(verified, "damaged"));
        Assert.Equal(0, Number(pruned, "removed_entries"));
    }

    /// <summary>Starts the store.</summary>
    private protected abstract Task<ITeamStore> StartAsync();

    private Task<CommandResult> RunAsync(string store) =>
        RunAsync(["run", "optimise.json", "--json", "--quiet"], Environment(store));

    private Task<CommandResult> SharedAsync(params string[] arguments) =>
        RunAsync(["shared", .. arguments, "--json", "--quiet"], Environment("mine"));

    private CommandProcess Start(string store) =>
        CommandProcess.Start(Here, ["run", "optimise.json", "--json", "--quiet"], Environment(store));

    private string[] Environment(string store) =>
        [$"LARDER_STORE={At(store)}", $"LARDER__SHARED__URL={Team.Url}", .. Team.Environment];

    private void ChangeOption()
    {
        var path = At("optimise.json");
        var workflow = JsonNode.Parse(
            File.ReadAllText(path),
            documentOptions: new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
            }
        )!;
        var config = workflow["passes"]![2]!["config"]!.AsObject();
        Assert.True(config.ContainsKey("set"));
        config["set"] = new JsonObject { ["team"] = "another" };
        File.WriteAllText(path, workflow.ToJsonString());
    }

    // And the figures of the evaluation, a small file.
    private static void AssertOnlyTheFinalModelCame(CommandResult result)
    {
        var passes = result.Json.GetProperty("passes").EnumerateArray().ToArray();
        Assert.All(passes[..^1], pass => Assert.Equal(0, pass.GetProperty("bytes_fetched").GetInt64()));
        Assert.Equal(Number(result, "bytes"), passes[^1].GetProperty("bytes_fetched").GetInt64());
        Assert.InRange(Number(result, "bytes_fetched") - Number(result, "bytes"), 0, 4096);
    }

    private static string[] Repeated(string outcome) => [.. Enumerable.Repeat(outcome, Passes)];

    private static string[] Outcomes(CommandResult result, string steps) =>
        [.. result.Json.GetProperty(steps).EnumerateArray().Select(step => step.GetProperty("outcome").GetString()!)];

    private static long Number(CommandResult result, string name) => result.Json.GetProperty(name).GetInt64();

    private static string Text(CommandResult result, string name) => result.Json.GetProperty(name).GetString()!;
}
