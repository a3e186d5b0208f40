namespace Larder.Server.Tests.Configuration;

public sealed partial class ConfigurationLoaderTests
{
    [Theory]
    [InlineData("cache")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("a/b")]
    public void Load_BadModelId_IsAFault(string id)
    {
        var fault = Assert.Single(
            ConfigurationFile.FaultsOf($$$$"""{"models": {"{{{{id}}}}": {"from": "file:///a"}}}""")
        );

        Assert.StartsWith($"models.{id} is no id of a model", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models/a")]
    [InlineData("/models/a")]
    [InlineData("")]
    public void Load_FromIsNoReference_IsAFault(string from)
    {
        var fault = Assert.Single(ConfigurationFile.FaultsOf($$$$"""{"models": {"a": {"from": "{{{{from}}}}"}}}"""));

        Assert.StartsWith("models.a.from is wrong: ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SecretInABadReference_IsNotRepeated()
    {
        var fault = Assert.Single(
            ConfigurationFile.FaultsOf("""{"models": {"a": {"from": "https://user:hush@host:port/a?sig=hush"}}}""")
        );

        Assert.DoesNotContain("hush", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AnotherRuntime_IsAFault() =>
        Assert.Equal(
            ["models.a.runtime is 'torch'; onnx is possible."],
            ConfigurationFile.FaultsOf("""{"models": {"a": {"from": "file:///a", "runtime": "torch"}}}""")
        );

    [Fact]
    public void Load_UnpackIsUnknown_IsAFault() =>
        Assert.Equal(
            ["models.a.unpack is 'tar'; auto, none are possible."],
            ConfigurationFile.FaultsOf("""{"models": {"a": {"from": "file:///a", "unpack": "tar"}}}""")
        );

    [Fact]
    public void Load_ModelIsNoSection_IsAFault() =>
        Assert.Contains(
            "models.a is the value 'file:///a'; a section with names and values is expected.",
            ConfigurationFile.FaultsOf("""{"models": {"a": "file:///a"}}""")
        );
}
