using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Larder.Content;

namespace Larder.Workers;

/// <summary>How the workers of a model are started, and what they may take.</summary>
/// <remarks>Immutable. Two programs with the same command, environment and number of workers share what is loaded.</remarks>
public sealed class WorkerProgram
{
    /// <summary>What stands for the directory of the model's files in arguments and variables.</summary>
    public const string SnapshotPlace = "{snapshot}";

    private readonly FrozenDictionary<string, string> _environment = FrozenDictionary<string, string>.Empty;

    // Asked for by every request.
    private readonly Lazy<Digest> _identity;

    /// <summary>Describes a program.</summary>
    /// <param name="command">The program, a name that the <c>PATH</c> has or a path, and its arguments; <c>{snapshot}</c> is replaced.</param>
    public WorkerProgram(IReadOnlyList<string> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.Count == 0 || command[0].Length == 0)
            throw new ArgumentException("A command has a program.", nameof(command));
        Command = [.. command];
        _identity = new Lazy<Digest>(() => Digest.Of(CanonicalJson.Serialize(Document(), IntegerRule.Refuse)));
    }

    /// <summary>The program and its arguments.</summary>
    public IReadOnlyList<string> Command { get; }

    /// <summary>Variables besides <c>PATH</c>, <c>HOME</c> and <c>LANG</c>, which are this process's; <c>{snapshot}</c> is replaced. Default none.</summary>
    public IReadOnlyDictionary<string, string> Environment
    {
        get => _environment;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            _environment = value.ToFrozenDictionary(StringComparer.Ordinal);
        }
    }

    /// <summary>How many workers answer at once, each with the model for itself; 1.</summary>
    public int Workers
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1;

    /// <summary>How long a worker may take until it is ready; 60 seconds.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a request may wait for a worker, and how long the worker may take for it; 30 seconds.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What all workers together will probably take; null when nobody knows. What they take once they are ready goes first.</summary>
    public long? EstimatedBytes { get; init; }

    /// <summary>How often a worker that does nothing is asked whether it is well; 30 seconds.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Names all that workers of it depend on besides the files.</summary>
    internal Digest Identity => _identity.Value;

    /// <summary>What is wrong with a variable's name; null when nothing is.</summary>
    public static string? FaultInName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0 || name.AsSpan().IndexOfAny('=', '\0') >= 0)
            return "is no name that a variable can have.";
        return name.StartsWith("LARDER_", StringComparison.Ordinal)
            ? "begins with LARDER_, as the names do that Larder gives to workers itself."
            : null;
    }

    /// <summary>The request of the key of what is loaded from files.</summary>
    internal EntryKey KeyFor(Digest manifest)
    {
        var request = Document();
        request["kind"] = "worker";
        request["version"] = 1;
        request["manifest"] = manifest.ToString();
        return EntryKey.Of(request);
    }

    // Values of variables may be secrets, and a key's request is shown: they count by their digest.
    private JsonObject Document()
    {
        var environment = new JsonObject();
        foreach (var (name, value) in Environment)
            environment[name] = value;
        return new JsonObject
        {
            ["command"] = new JsonArray([.. Command.Select(part => (JsonNode)part)]),
            ["environment"] = Digest.Of(CanonicalJson.Serialize(environment, IntegerRule.Refuse)).ToString(),
            ["workers"] = Workers,
        };
    }
}
