using System.Net;
using Larder.Server.Configuration;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Access;

/// <summary>Where a server may listen.</summary>
internal static class ListenAddresses
{
    /// <summary>The addresses of a text, separated by ';'.</summary>
    /// <param name="urls">The text.</param>
    /// <param name="setting">What to call it in messages.</param>
    /// <param name="configuration">Whether there are tokens, and a certificate.</param>
    /// <exception cref="ConfigurationException">The server may not or cannot listen at one of them.</exception>
    public static string[] Parse(string urls, string setting, LarderConfiguration configuration)
    {
        var addresses = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var faults = addresses
            .Select(address => FaultIn(address, configuration.Server) is { } fault ? $"{setting} {fault}" : null)
            .OfType<string>()
            .ToList();
        if (addresses.Length == 0)
            faults.Add($"{setting} names no address.");
        return faults.Count == 0 ? addresses : throw new ConfigurationException(configuration.Source, faults);
    }

    /// <summary>Whether only this machine reaches an address; read as Kestrel will read it.</summary>
    public static bool IsLoopback(string address) => TryParse(address) is { } parsed && IsLoopback(parsed);

    private static string? FaultIn(string address, ServerOptions server)
    {
        var parsed = TryParse(address);
        if (server.Tokens.Count == 0 && (parsed is null || !IsLoopback(parsed)))
            return $"{address} is not a loopback address. Without access tokens (server.tokens) the server answers this machine only: use http://127.0.0.1:PORT, http://localhost:PORT or http://[::1]:PORT.";
        // To a name that it cannot make out Kestrel listens on every address of the machine.
        if (parsed is null || !(IsLoopback(parsed) || parsed.Host is "*" || IPAddress.TryParse(parsed.Host, out _)))
            return $"{address} is no address to listen at: write http:// or https://, then an IP address, localhost, or * for all addresses of this machine, and :PORT.";
        return parsed.Scheme == "https" && server.Certificate is null
            ? $"{address} needs a certificate: set server.certificate."
            : null;
    }

    private static BindingAddress? TryParse(string address)
    {
        try
        {
            var parsed = BindingAddress.Parse(address);
            return parsed is { Scheme: "http" or "https", PathBase.Length: 0, IsUnixPipe: false, IsNamedPipe: false }
                ? parsed
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool IsLoopback(BindingAddress address) =>
        string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));
}
