using System.CommandLine;

namespace Peers;

/// <summary>What is measured, and where.</summary>
/// <param name="Larder">The published command.</param>
/// <param name="Model">The directory of the model.</param>
/// <param name="Work">A directory for what is fetched, for servers and for results.</param>
/// <param name="Rounds">Runs of each command.</param>
internal sealed record Setting(string Larder, string Model, string Work, int Rounds)
{
    /// <summary>How many bytes the files of the model have.</summary>
    public long SizeBytes { get; } = BytesIn(Model);

    /// <summary>Makes a part of this program a command.</summary>
    public static Command Command(string name, string description, Func<Setting, Task> run)
    {
        var larder = new Option<string>("--larder") { Description = "The published command", Required = true };
        var model = new Option<string>("--model") { Description = "The directory of the model", Required = true };
        var work = new Option<string>("--work")
        {
            Description = "A directory for all that is written",
            Required = true,
        };
        var rounds = new Option<int>("--rounds") { Description = "Runs of each command", DefaultValueFactory = _ => 5 };
        var command = new Command(name, description) { larder, model, work, rounds };
        command.SetAction(
            async (parsed, _) =>
            {
                var setting = new Setting(
                    Path.GetFullPath(parsed.GetRequiredValue(larder)),
                    Path.GetFullPath(parsed.GetRequiredValue(model)),
                    Path.GetFullPath(parsed.GetRequiredValue(work)),
                    parsed.GetValue(rounds)
                );
                if (Directory.Exists(setting.Work))
                    Directory.Delete(setting.Work, recursive: true);
                Directory.CreateDirectory(setting.Work);
                await run(setting);
                return 0;
            }
        );
        return command;
    }

    /// <summary>The bytes of all files below a directory.</summary>
    public static long BytesIn(string directory) =>
        new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>A path in the work directory.</summary>
    public string In(string name) => Path.Combine(Work, name);
}
