using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Larder.Server.Configuration;
using Larder.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Larder.Server.Access;

/// <summary>How much callers may ask of the server, all together and each of them.</summary>
internal static class RequestLimits
{
    // Below this a body is not slow but held back, to keep the server busy.
    private const double LeastBodyBytesPerSecond = 240;
    private static readonly TimeSpan BodyGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(130);

    // Providers of IPv6 give every customer a network of this many bits: addresses in it cost nothing.
    private const int Ipv6NetworkBytes = 8;

    /// <summary>What the listener itself sees to.</summary>
    public static void Apply(KestrelServerLimits limits)
    {
        limits.MinRequestBodyDataRate = new MinDataRate(LeastBodyBytesPerSecond, BodyGrace);
        limits.MinResponseDataRate = new MinDataRate(LeastBodyBytesPerSecond, BodyGrace);
        limits.RequestHeadersTimeout = HeadersTimeout;
        limits.KeepAliveTimeout = KeepAliveTimeout;
    }

    /// <summary>The limits on the number of requests, and what is answered beyond them.</summary>
    public static RateLimiterOptions Of(ServerOptions options)
    {
        var concurrency = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            ConcurrencyOf(context, options)
        );
        return new RateLimiterOptions
        {
            GlobalLimiter =
                options.RequestsPerSecond == 0
                    ? concurrency
                    : PartitionedRateLimiter.CreateChained(
                        PartitionedRateLimiter.Create<HttpContext, string>(context => RateOf(context, options)),
                        concurrency
                    ),
            OnRejected = (rejected, _) =>
                new ValueTask(
                    ProblemWriter.WriteAsync(
                        rejected.HttpContext,
                        rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after)
                            ? AccessProblems.TooManyRequests(after)
                            : AccessProblems.TooBusy(options.MaxConcurrent)
                    )
                ),
        };
    }

    private static RateLimitPartition<string> RateOf(HttpContext context, ServerOptions options) =>
        RateLimitPartition.GetTokenBucketLimiter(
            KeyOf(context),
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = options.RequestsPerSecond,
                TokensPerPeriod = options.RequestsPerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            }
        );

    // A stream takes next to nothing, and lasts: it must not take the place of a prediction.
    private static RateLimitPartition<string> ConcurrencyOf(HttpContext context, ServerOptions options) =>
        options.MaxConcurrent == 0 || context.GetEndpoint()?.Metadata.GetMetadata<Streaming>() is not null
            ? RateLimitPartition.GetNoLimiter("streams")
            : RateLimitPartition.GetConcurrencyLimiter(
                "",
                _ => new ConcurrencyLimiterOptions { PermitLimit = options.MaxConcurrent }
            );

    /// <summary>Whose requests are counted together: those of a token, else those of an address.</summary>
    internal static string KeyOf(HttpContext context) =>
        context.Caller() is { Kind: not CallerKind.Local, Name: var name }
            ? $"token {name}"
            : $"address {NetworkOf(context.Connection.RemoteIpAddress)}";

    private static string NetworkOf(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, Ipv6NetworkBytes))
            : address.ToString();
    }
}
