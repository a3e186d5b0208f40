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
}
