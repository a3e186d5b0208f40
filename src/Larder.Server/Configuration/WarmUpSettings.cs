namespace Larder.Server.Configuration;

/// <summary>What a server loads before anybody asks: <c>server.warm</c> and <c>server.ready_after_warm</c>.</summary>
public sealed record WarmUpSettings
{
    private const string Configured = "configured";
    private const string Used = "used";

    /// <summary>Whether also models are loaded that the last run used, those first that saved most time; false.</summary>
    public bool ByUse { get; init; }

    /// <summary>Whether the server says that it is ready only after that; true.</summary>
    public bool ReadyAfter { get; init; } = true;

    internal static WarmUpSettings Read(SettingReader server) =>
        new()
        {
            ByUse = server.Choice("warm", [Configured, Used], Configured) == Used,
            ReadyAfter = server.Flag("ready_after_warm", fallback: true),
        };
}
