using System.Text.Json;
using Larder.TestKit;

namespace Larder.IntegrationTests;

/// <summary>What the tests of commands have in common: a directory of their own with a store in it.</summary>
public abstract class CommandTests : IDisposable
{
    protected const string Prices = "house-prices/v1";

    private readonly TempDirectory _directory = new();

    /// <summary>Where the commands run.</summary>
    protected string Here => _directory.Path;

    protected string StorePath => _directory["store"];

    /// <summary>A path in the directory.</summary>
    protected string At(string name) => _directory[name];

    /// <summary>The directory of a sample model, with a slash at its end.</summary>
    protected static string Sample(string name) => Path.Combine(Repository.Root, "samples", "models", name) + "/";

    protected static string Example(string name) => Path.Combine(Sample(name), "example.json");

    protected static byte[] ModelBytes(string name) => File.ReadAllBytes(Path.Combine(Sample(name), "model.onnx"));

    /// <summary>Writes a file and returns its path.</summary>
    protected string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    /// <summary>Writes a configuration that serves one model, and returns its path.</summary>
    protected string Serving(string id, string from) =>
        Write(
            "served.json",
            JsonSerializer.Serialize(
                new Dictionary<string, object>
                {
                    ["models"] = new Dictionary<string, object>
                    {
                        [id] = new Dictionary<string, string> { ["from"] = from },
                    },
                }
            )
        );

    /// <summary>Runs a command on the test's store.</summary>
    private protected Task<CommandResult> RunAsync(params string[] arguments) =>
        RunAsync(arguments, $"LARDER_STORE={StorePath}");

    private protected async Task<CommandResult> RunAsync(string[] arguments, params string[] environment)
    {
        using var process = CommandProcess.Start(Here, arguments, environment);
        return await process.EndAsync();
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _directory.Dispose();
    }
}
