using Larder.S3;
using Larder.Server.Configuration;
using Microsoft.Extensions.Configuration;

namespace Larder.Server.Tests.Configuration;

// One after the other: settings come from the variables of the process as well, which those tests change.
[Collection(nameof(ConfigurationLoaderTests))]
public sealed class S3SettingsTests
{
    [Fact]
    public void Load_NothingSet_HasS3AllTheSame()
    {
        var configuration = ConfigurationFile.Load("{}");

        Assert.Contains(configuration.Origins, origin => origin.Schemes.Contains("s3"));
    }

    [Fact]
    public void Read_NothingSet_IsWhatTheOriginHasByDefault()
    {
        var (options, faults) = Read([]);

        var expected = new S3OriginOptions();
        Assert.Empty(faults);
        Assert.Equal(
            (expected.Endpoint, expected.Region, expected.PathStyle, expected.Checksums, expected.Anonymous),
            (options.Endpoint, options.Region, options.PathStyle, options.Checksums, options.Anonymous)
        );
    }

    [Fact]
    public void Read_AllSet_IsTaken()
    {
        var (options, faults) = Read(
            new()
            {
                ["endpoint"] = "https://s3.example.com:7480",
                ["region"] = "eu-central-1",
                ["path_style"] = "false",
                ["checksums"] = "when_supported",
                ["anonymous"] = "true",
            }
        );

        Assert.Empty(faults);
        Assert.Equal(
            ("https://s3.example.com:7480", "eu-central-1", false, S3Checksums.WhenSupported, true),
            (options.Endpoint, options.Region, options.PathStyle, options.Checksums, options.Anonymous)
        );
    }

    [Fact]
    public void Load_ManyFaults_AreReportedTogether()
    {
        var faults = ConfigurationFile.FaultsOf(
            """
            { "origins": { "s3": { "endpoint": "localhost:7480", "region": "eu central", "path_stile": true, "checksums": "always", "anonymous": "perhaps" } } }
            """
        );

        Assert.Equal(5, faults.Count);
        Assert.Contains(
            faults,
            fault => fault.StartsWith("origins.s3.region is no name of a region", StringComparison.Ordinal)
        );
        Assert.Contains(
            faults,
            fault => fault.StartsWith("origins.s3.endpoint is no address of a server", StringComparison.Ordinal)
        );
        Assert.Contains("origins.s3.path_stile is unknown. Did you mean 'path_style'?", faults);
        Assert.Contains("origins.s3.checksums is 'always'; when_required, when_supported are possible.", faults);
        Assert.Contains("origins.s3.anonymous is 'perhaps'; true or false is expected.", faults);
    }

    [Theory]
    [InlineData("http://user:larder-canary@127.0.0.1:7480")]
    [InlineData("http://127.0.0.1:7480/?key=larder-canary")]
    [InlineData("larder-canary")]
    public void Load_EndpointWithASecret_IsAFaultThatDoesNotTellIt(string endpoint)
    {
        var fault = Assert.Single(
            ConfigurationFile.FaultsOf($$"""{ "origins": { "s3": { "endpoint": "{{endpoint}}" } } }""")
        );

        Assert.StartsWith("origins.s3.endpoint ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("larder-canary", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("access_key")]
    [InlineData("secret_key")]
    public void Load_KeysInTheFile_AreUnknown(string name) =>
        Assert.StartsWith(
            $"origins.s3.{name} is unknown.",
            Assert.Single(ConfigurationFile.FaultsOf($$"""{ "origins": { "s3": { "{{name}}": "x" } } }""")),
            StringComparison.Ordinal
        );

    private static (S3OriginOptions Options, List<string> Faults) Read(Dictionary<string, string?> settings)
    {
        var faults = new List<string>();
        var section = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return (S3Settings.ReadOptions(new SettingReader(section, faults, [])), faults);
    }
}
