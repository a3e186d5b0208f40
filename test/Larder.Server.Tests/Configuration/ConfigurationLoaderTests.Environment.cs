using Larder.Server.Access;
using Larder.Server.Configuration;

namespace Larder.Server.Tests.Configuration;

// Here because nothing else in this program reads these variables while a test of this class runs.
public sealed partial class ConfigurationLoaderTests : IDisposable
{
    private readonly List<string> _variables = [];

    [Fact]
    public void Load_VariableOfASetting_WinsOverTheFile()
    {
        Set("LARDER__STORE__PATH", "/from/variable");

        Assert.Equal("/from/variable", ConfigurationFile.Load("""{"store": {"path": "/from/file"}}""").Store.StorePath);
    }

    [Fact]
    public void Load_VariableOfAModel_KeepsTheIdAsTheFileSpellsIt()
    {
        Set("LARDER__MODELS__PRICES__WARM", "true");

        var models = ConfigurationFile.Load("""{"models": {"prices": {"from": "file:///a"}}}""").Models;

        Assert.Equal(["prices"], models.Keys);
        Assert.True(models["prices"].Warm);
    }

    [Fact]
    public void Load_VariableThatIsUnknown_IsAFault()
    {
        Set("LARDER__STORE__PTH", "/x");

        Assert.Contains(
            "Did you mean 'path'?",
            Assert.Single(ConfigurationFile.FaultsOf("{}")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Load_VariablesOfAToken_AreTheToken()
    {
        Set("LARDER__SERVER__TOKENS__0__NAME", "ops");
        Set("LARDER__SERVER__TOKENS__0__SHA256", new string('a', 64));
        Set("LARDER__SERVER__TOKENS__0__SCOPES__0", "read");
        Set("LARDER__SERVER__TOKENS__0__SCOPES__1", "admin");

        var token = Assert.Single(ConfigurationFile.Load("{}").Server.Tokens);

        Assert.Equal("ops", token.Name);
        Assert.Equal([Scope.Read, Scope.Admin], token.Scopes);
    }

    [Fact]
    public void Load_NoPath_TakesTheFileOfTheVariable()
    {
        using var file = new ConfigurationFile("""{"graphs": {"max_graphs": 5}}""");
        Set("LARDER_CONFIG", file.Path);

        var configuration = ConfigurationLoader.Load();

        Assert.Equal((5, file.Path), (configuration.Graphs.MaxGraphs, configuration.Source));
    }

    [Fact]
    public void Load_PathAndVariable_TakesThePath()
    {
        Set("LARDER_CONFIG", "/nowhere/larder.json");

        Assert.Equal(5, ConfigurationFile.Load("""{"graphs": {"max_graphs": 5}}""").Graphs.MaxGraphs);
    }

    [Fact]
    public void Load_FileOfTheVariableIsMissing_SaysWhichOne()
    {
        Set("LARDER_CONFIG", "/nowhere/larder.json");

        var failure = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load());

        Assert.Contains("/nowhere/larder.json", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_StoreVariable_IsTheDefault()
    {
        Set("LARDER_STORE", "/from/variable");

        Assert.Equal("/from/variable", ConfigurationFile.Load("{}").Store.StorePath);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("YES", true)]
    [InlineData("0", false)]
    [InlineData("no", false)]
    [InlineData("", false)]
    public void Load_OfflineVariable_KeepsEveryModelFromItsOrigin(string value, bool offline)
    {
        Set("LARDER_OFFLINE", value);

        var configuration = ConfigurationFile.Load("""{"models": {"a": {"from": "file:///a"}}}""");

        Assert.Equal((offline, offline), (configuration.Offline, configuration.Models["a"].Pull.Offline));
    }

    [Fact]
    public void Load_OfflineVariableMistyped_IsAFault()
    {
        Set("LARDER_OFFLINE", "banana");

        var refused = Assert.Throws<ConfigurationException>(() => ConfigurationFile.Load("{}"));

        Assert.Contains("LARDER_OFFLINE is 'banana'. Set it to 1", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _variables.ForEach(name => Environment.SetEnvironmentVariable(name, null));

    private void Set(string name, string value)
    {
        _variables.Add(name);
        Environment.SetEnvironmentVariable(name, value);
    }
}
