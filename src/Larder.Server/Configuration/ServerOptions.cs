using Larder.Server.Access;

namespace Larder.Server.Configuration;

/// <summary>Where the server listens, whom it answers, and how much it lets itself be asked.</summary>
public sealed record ServerOptions
{
    /// <summary>Where it listens, several separated by ';'; null for <see cref="LarderServer.DefaultUrl"/>.</summary>
    public string? Urls { get; init; }

    /// <summary>The names that it answers to; any where there are none. Without tokens those of the loopback only.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>The tokens that open it; without any it answers this machine only, and everybody there.</summary>
    public IReadOnlyList<AccessToken> Tokens { get; init; } = [];

    /// <summary>The certificate for https; null for none.</summary>
    public CertificateFiles? Certificate { get; init; }

    /// <summary>The most bytes of a request's body; 30 MB.</summary>
    public long MaxBodyBytes { get; init; } = 30_000_000;

    /// <summary>How many requests are answered at once, 0 for no limit; 1000.</summary>
    public int MaxConcurrent { get; init; } = 1000;

    /// <summary>How many requests a caller may send in a second, 0 for no limit; 0.</summary>
    public int RequestsPerSecond { get; init; }

    /// <summary>After how long a request is given up, zero for never; one hour, in which a large model can be fetched.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long it still listens when it is to stop and says that it is not ready; zero.</summary>
    public TimeSpan StopDelay { get; init; }

    /// <summary>How long it then answers what it was asked before; 30 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The file of the audit log; null for none but the log.</summary>
    public string? AuditFile { get; init; }

    /// <summary>How large that file becomes before another is begun; 64 MB.</summary>
    public long AuditFileBytes { get; init; } = 64_000_000;
}
