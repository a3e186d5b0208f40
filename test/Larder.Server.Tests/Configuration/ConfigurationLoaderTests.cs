using Larder.Server.Configuration;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Server.Tests.Configuration;

[Collection(nameof(ConfigurationLoaderTests))]
public sealed partial class ConfigurationLoaderTests
{
    [Fact]
    public void Load_EmptyFile_GivesTheDefaults()
    {
        var configuration = ConfigurationFile.Load("{}");

        Assert.Equal((MaterializeMode.Auto, 0), (configuration.Store.Materialize, configuration.Store.Connections));
        Assert.Equal(32, configuration.Graphs.MaxGraphs);
        Assert.Empty(configuration.Models);
        Assert.Empty(configuration.Warnings);
    }

    [Fact]
    public void Load_EverySetting_IsRead()
    {
        var configuration = ConfigurationFile.Load(
            """
            {
              "store": { "path": "/srv/store", "materialize": "copy" },
              "transfer": { "connections": 7, "retries": 2 },
              "graphs": { "max_graphs": 3, "cold": false },
              "models": {
                "a": { "from": "https://host/a.onnx", "runtime": "onnx", "file": "a.onnx", "fresh_for": "90 s", "stale_if_error": false, "warm": true },
                "b": { "from": "file:///models/b/" }
              }
            }
            """
        );

        Assert.Equal(
            ("/srv/store", MaterializeMode.Copy, 7, 2, 3),
            (
                configuration.Store.StorePath,
                configuration.Store.Materialize,
                configuration.Store.Connections,
                configuration.Store.Retries,
                configuration.Graphs.MaxGraphs
            )
        );
        Assert.False(configuration.Onnx.KeepOptimized);
        var a = configuration.Models["a"];
        Assert.Equal(("a", "https://host/a.onnx", "a.onnx", true), (a.Id, a.From.Text, a.File, a.Warm));
        Assert.Equal((TimeSpan.FromSeconds(90), false), (a.Pull.FreshFor, a.Pull.StaleIfError));
        var b = configuration.Models["b"];
        Assert.Equal((null, false), (b.File, b.Warm));
        Assert.Equal((TimeSpan.FromMinutes(5), true), (b.Pull.FreshFor, b.Pull.StaleIfError));
    }

    [Fact]
    public void Load_CommentsAndTrailingCommas_AreAccepted()
    {
        var configuration = ConfigurationFile.Load(
            """
            {
              // Where everything lies.
              "store": { "path": "/srv/store", }, /* and */
            }
            """
        );

        Assert.Equal("/srv/store", configuration.Store.StorePath);
    }

    [Fact]
    public void Load_TheExampleOfTheDocuments_LoadsAndSaysWhatHasNoEffect()
    {
        var configuration = ConfigurationFile.Load(
            """
            {
              "store":  { "path": "/var/cache/larder", "capacity": "50 GB", "keep_free": "5 GB", "high_water": 0.95, "low_water": 0.85,
                          "policy": "cost", "materialize": "auto", "lower": "/opt/models" },
              "transfer": { "bytes_per_second": 0, "connections": 0 },
              "origins": { "s3": { "endpoint": "http://127.0.0.1:7480", "path_style": true, "checksums": "when_required" },
                           "azure": { "account_url": "https://models.blob.core.windows.net" },
                           "http": { "allow_private_addresses": false } },
              "shared": { "url": "s3://models/cache", "read": true, "write": true, "namespace": "main", "models": true, "passes": true },
              "graphs": { "max_graphs": 32, "max_bytes": "4 GB", "policy": "cost" },
              "models": { "house-prices": { "from": "file:///srv/models/house-prices/", "runtime": "onnx", "file": "model.onnx", "unpack": "auto", "fresh_for": "5 min", "stale_if_error": true, "warm": true } },
              "server": { "tokens": [] }
            }
            """
        );

        Assert.Empty(configuration.Warnings);
        Assert.Equal("s3://models/cache", configuration.Shared?.Url);
        Assert.Equal((0, 32), (configuration.Store.Connections, configuration.Graphs.MaxGraphs));
        Assert.Equal((4_000_000_000, "cost"), (configuration.Graphs.MaxBytes, configuration.Graphs.Policy));
        Assert.True(configuration.Models["house-prices"].Warm);
    }

    [Fact]
    public void Load_ManyFaults_AreReportedTogetherEachWithItsPath()
    {
        var failure = Assert.Throws<ConfigurationException>(() =>
            ConfigurationFile.Load(
                """
                {
                  "stor": {},
                  "store": { "materialize": "symlink" },
                  "transfer": { "connections": -1 },
                  "graphs": { "max_graphs": 0 },
                  "models": { "a": { "fresh_for": "soon", "warm": "maybe" } }
                }
                """
            )
        );

        Assert.Equal(7, failure.Faults.Count);
        Assert.All(
            [
                "stor ",
                "store.materialize ",
                "transfer.connections ",
                "graphs.max_graphs ",
                "models.a.from ",
                "models.a.fresh_for ",
                "models.a.warm ",
            ],
            path => Assert.Single(failure.Faults, fault => fault.StartsWith(path, StringComparison.Ordinal))
        );
        Assert.All(failure.Faults, fault => Assert.Contains(fault, failure.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"stroe": {}}""", "stroe is unknown. Did you mean 'store'?")]
    [InlineData("""{"store": {"pth": "/x"}}""", "store.pth is unknown. Did you mean 'path'?")]
    [InlineData("""{"transfer": {"conections": 3}}""", "transfer.conections is unknown. Did you mean 'connections'?")]
    [InlineData("""{"graphs": {"clod": true}}""", "graphs.clod is unknown. Did you mean 'cold'?")]
    [InlineData("""{"graphs": {"cold": "maybe"}}""", "graphs.cold is 'maybe'; true or false is expected.")]
    [InlineData(
        """{"graphs": {"max_bytes": 0}}""",
        "graphs.max_bytes is 0; more than 0 is expected, or leave it out for no limit."
    )]
    [InlineData("""{"graphs": {"policy": "fifo"}}""", "graphs.policy is 'fifo'; cost, lru, lfu are possible.")]
    [InlineData(
        """{"graphs": {"idle_timeout": "0 s"}}""",
        "graphs.idle_timeout is not more than 0 and at most 49 days."
    )]
    [InlineData("""{"graphs": {"max_graph": 3}}""", "graphs.max_graph is unknown. Did you mean 'max_graphs'?")]
    [InlineData("""{"server": {"token": 3}}""", "server.token is unknown. Did you mean 'tokens'?")]
    [InlineData(
        """{"models": {"a": {"from": "file:///a", "frsh_for": "1 s"}}}""",
        "models.a.frsh_for is unknown. Did you mean 'fresh_for'?"
    )]
    [InlineData(
        """{"graphs": {"colour": "red"}}""",
        "graphs.colour is unknown. Known are: cold, idle_timeout, load_deadline, max_bytes, max_graphs, memory_pressure, policy, wait_for_room."
    )]
    public void Load_UnknownName_SuggestsTheNearest(string text, string fault) =>
        Assert.Equal([fault], ConfigurationFile.FaultsOf(text));

    [Theory]
    [InlineData(
        """{"store": "/srv/store"}""",
        "store is the value '/srv/store'; a section with names and values is expected."
    )]
    [InlineData(
        """{"store": {"path": ["/srv/store"]}}""",
        "store.path is a section or a list; a single value is expected."
    )]
    [InlineData(
        """{"store": {"materialize": "Copy"}}""",
        "store.materialize is 'Copy'; auto, reflink, hardlink, copy are possible."
    )]
    [InlineData(
        """{"store": {"materialize": "1"}}""",
        "store.materialize is '1'; auto, reflink, hardlink, copy are possible."
    )]
    [InlineData(
        """{"transfer": {"connections": 1.5}}""",
        "transfer.connections is '1.5'; a whole number of 0 or more is expected."
    )]
    [InlineData(
        """{"graphs": {"max_graphs": "many"}}""",
        "graphs.max_graphs is 'many'; a whole number of 1 or more is expected."
    )]
    [InlineData(
        """{"graphs": {"max_graphs": 99999999999}}""",
        "graphs.max_graphs is '99999999999'; a whole number of 1 or more is expected."
    )]
    public void Load_BadValue_IsAFault(string text, string fault) =>
        Assert.Equal([fault], ConfigurationFile.FaultsOf(text));

    [Theory]
    [InlineData("{", "larder.json", "LineNumber: 0")]
    [InlineData("{\n  \"store\": {\n    \"path\": nowhere\n  }\n}", "larder.json", "LineNumber: 2")]
    [InlineData("[]", "larder.json", "")]
    [InlineData("", "larder.json", "")]
    [InlineData("{\"store\": {\"path\": \"/a\", \"PATH\": \"/b\"}}", "larder.json", "store:PATH")]
    public void Load_MalformedJson_NamesFileAndLine(string text, string file, string place)
    {
        var failure = Assert.Throws<ConfigurationException>(() => ConfigurationFile.Load(text));

        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        Assert.Contains(place, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileIsMissing_SaysWhichOne()
    {
        var failure = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load("/nowhere/larder.json"));

        Assert.Contains("There is no file '/nowhere/larder.json'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_PathIsADirectory_IsAFault()
    {
        using var directory = new TempDirectory();

        Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(directory.Path));
    }
}
