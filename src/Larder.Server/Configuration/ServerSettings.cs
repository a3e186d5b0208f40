namespace Larder.Server.Configuration;

/// <summary>The section <c>server</c>.</summary>
internal static class ServerSettings
{
    /// <summary>How the server writes its log.</summary>
    public static LogFormat ReadLogs(SettingReader server) => server.Choice("logs", LogFormat.Text);

    public static void Read(SettingReader server)
    {
        // Whoever lists tokens expects that nobody gets in without one. To read over that would be a hole, not a warning.
        if (server.Section("tokens").Names.Any())
            server.Fault("tokens", "cannot be honoured by this version, which serves this machine only. Remove them.");
        server.FindUnknown();
    }
}
