namespace Larder.Server.Access;

/// <summary>On an endpoint: who calls it needs this scope.</summary>
internal sealed record RequiredScope(Scope Scope);
