using System.Net;
using Larder.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Access;

/// <summary>Finds out who sends a request. It lets everybody pass but pages of other sites; who may do what is told later.</summary>
internal sealed class CallerMiddleware(RequestDelegate next, AccessTokens tokens, SessionTable sessions)
{
    public Task InvokeAsync(HttpContext context)
    {
        StandardHeaders.SetOn(context.Response);
        if (tokens.AreNeeded)
        {
            context.Features.Set(Identify(context.Request));
            return next(context);
        }
        // Looked at in every request: what a host listens at, and who forwards to it, is not this server's to know.
        if (!IsOfThisMachine(context.Connection))
            return ProblemWriter.WriteAsync(context, AccessProblems.OtherMachine);
        // Where nobody needs a token, the browser of somebody on this machine must not be the way in.
        if (WebOrigins.IsForeign(context.Request))
            return ProblemWriter.WriteAsync(context, AccessProblems.ForeignOrigin);
        context.Features.Set(Identity.Local);
        return next(context);
    }

    // An address that is not known, such as that of a socket file behind which a proxy may be, is none of this machine.
    private static bool IsOfThisMachine(ConnectionInfo connection) =>
        connection is { RemoteIpAddress: { } remote, LocalIpAddress: { } local }
        && IsLoopback(remote)
        && IsLoopback(local);

    // Where one socket takes both versions of IP, addresses of the older one come in a form of the newer.
    private static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private Identity Identify(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        if (header.Count == 0 && SessionCookie.Read(request) is { } id)
            return sessions.Find(id) is { } opened
                ? new Identity(Caller.Of(opened, CallerKind.Session), null)
                : new Identity(null, AccessProblems.NoToken);
        if (BearerCredentials.Read(header, out var problem) is not { } presented)
            return new Identity(null, problem);
        return tokens.Find(presented) is { } token
            ? new Identity(Caller.Of(token, CallerKind.Token), null)
            : new Identity(null, AccessProblems.WrongToken);
    }
}
