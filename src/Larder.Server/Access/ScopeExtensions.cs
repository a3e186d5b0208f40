using Microsoft.AspNetCore.Builder;

namespace Larder.Server.Access;

/// <summary>Marks endpoints with what callers need.</summary>
internal static class ScopeExtensions
{
    /// <summary>Callers need this scope.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder endpoint, Scope scope)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RequiredScope(scope));

    /// <summary>Everybody may call it.</summary>
    public static TBuilder IsOpen<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new OpenToAll());

    /// <summary>It is a page: who has not signed in is led to the page where that is done, and back.</summary>
    public static TBuilder LeadsToSignIn<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new OffersSignIn());

    /// <summary>Its answer goes on for as long as the caller listens: a stop ends it, and no time limit does.</summary>
    public static TBuilder Streams<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Streaming());
}
