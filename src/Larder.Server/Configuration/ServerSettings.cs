namespace Larder.Server.Configuration;

/// <summary>The section <c>server</c>.</summary>
internal static class ServerSettings
{
    /// <summary>The longest that a stop may take, delay and answers each; whoever sends the signal waits no longer.</summary>
    public static readonly TimeSpan LongestStop = TimeSpan.FromHours(1);

    // What a JSON document can be read from.
    private const long MostBodyBytes = 2_000_000_000;

    // What a timer can wait for.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(49);

    /// <summary>How the server writes its log; before <see cref="Read"/>, which takes what is left for unknown.</summary>
    public static LogFormat ReadLogs(SettingReader server) => server.Choice("logs", LogFormat.Text);

    public static ServerOptions Read(SettingReader server)
    {
        var defaults = new ServerOptions();
        var options = new ServerOptions
        {
            Urls = server.Text("urls") is { Length: > 0 } urls ? urls : null,
            Tokens = TokenSettings.Read(server),
            Hosts = Hosts(server),
            Certificate = Certificate(server),
            MaxBodyBytes = server.Bytes("max_body") ?? defaults.MaxBodyBytes,
            MaxConcurrent = server.Whole("max_concurrent", defaults.MaxConcurrent, least: 0),
            RequestsPerSecond = server.Whole("requests_per_second", defaults.RequestsPerSecond, least: 0),
            RequestTimeout = AtMost(server, "request_timeout", defaults.RequestTimeout, LongestTimeout),
            StopDelay = AtMost(server, "stop_delay", defaults.StopDelay, LongestStop),
            StopTimeout = AtMost(server, "stop_timeout", defaults.StopTimeout, LongestStop),
            AuditFile = server.Text("audit") is { Length: > 0 } audit ? audit : null,
            AuditFileBytes = server.Bytes("audit_size") ?? defaults.AuditFileBytes,
        };
        if (options.MaxBodyBytes is 0 or > MostBodyBytes)
            server.Fault("max_body", "is not more than 0 and at most 2 GB.");
        if (options.AuditFileBytes == 0)
            server.Fault("audit_size", "is 0; more than 0 is expected.");
        server.FindUnknown();
        // A list of tokens with a fault in it is not the same as none.
        if (options.Hosts.Count > 0 && !server.Section("tokens").Names.Any())
            server.Fault(
                "hosts",
                "has no use without server.tokens: the server then answers this machine only, to the names of its loopback."
            );
        return options;
    }

    private static IReadOnlyList<string> Hosts(SettingReader server)
    {
        var hosts = server.List("hosts");
        foreach (var host in hosts)
        {
            var name = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host.Trim('[', ']');
            if (Uri.CheckHostName(name) == UriHostNameType.Unknown)
                server.Fault(
                    "hosts",
                    $"has '{host}', which is no name of a host: write larder.example, *.example or an IP address, without a scheme and a port."
                );
        }
        return hosts;
    }

    private static CertificateFiles? Certificate(SettingReader server)
    {
        var section = server.Section("certificate");
        var certificate = section.Text("path") is { Length: > 0 } path
            ? new CertificateFiles
            {
                Path = path,
                KeyPath = section.Text("key_path") is { Length: > 0 } key ? key : null,
                Password = section.Text("password"),
            }
            : null;
        if (certificate is null && section.Names.Any())
            section.Fault("path", "is missing; it names the file of the certificate.");
        section.Text("key_path");
        section.Text("password");
        section.FindUnknown();
        return certificate;
    }

    private static TimeSpan AtMost(SettingReader server, string name, TimeSpan fallback, TimeSpan most)
    {
        var time = server.Duration(name, fallback);
        if (time <= most)
            return time;
        server.Fault(
            name,
            FormattableString.Invariant($"is longer than {most.TotalHours:0} h, the longest that it can be.")
        );
        return fallback;
    }
}
