using Measuring;

namespace Peers;

/// <summary>A command that fetches a model, each time from nothing.</summary>
/// <param name="Name">In the table.</param>
/// <param name="Output">The directory that it writes to.</param>
/// <param name="Command">The command.</param>
internal sealed record Contestant(string Name, string Output, Invocation Command)
{
    /// <summary>Larder with a store of its own.</summary>
    public static Contestant Larder(
        Setting setting,
        string reference,
        Dictionary<string, string>? environment = null,
        params string[] options
    )
    {
        var store = setting.In("store");
        return new Contestant(
            "larder pull",
            store,
            new Invocation(setting.Larder, ["pull", reference, "--store", store, "--quiet", .. options])
            {
                Environment = environment ?? [],
            }
        );
    }

    /// <summary>Removes what the last run has left.</summary>
    public void Forget()
    {
        if (Directory.Exists(Output))
            Directory.Delete(Output, recursive: true);
    }

    /// <summary>Fails if less came than there is: who gives up early is not fast.</summary>
    public void ThrowIfIncomplete(long sizeBytes)
    {
        var here = Setting.BytesIn(Output);
        if (here < sizeBytes)
            throw new InvalidDataException($"{Name} left {here} bytes of {sizeBytes} in {Output}.");
    }
}
