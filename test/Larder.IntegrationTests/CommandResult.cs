using System.Text.Json;

namespace Larder.IntegrationTests;

/// <summary>What a command said and how it ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as one JSON document.</summary>
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Output);
            return document.RootElement.Clone();
        }
    }

    /// <summary>The names of the properties of the JSON document.</summary>
    public IEnumerable<string> Names => Json.EnumerateObject().Select(property => property.Name);

    /// <summary>Fails unless the command did its work.</summary>
    public CommandResult Done() => Ended(0);

    /// <summary>Fails unless the command ended with that code; then with all that it said.</summary>
    public CommandResult Ended(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"The exit code is {ExitCode}, not {exitCode}.\n{Output}\n{Error}");
        return this;
    }
}
