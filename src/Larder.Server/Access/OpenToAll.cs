namespace Larder.Server.Access;

/// <summary>On an endpoint: it says nothing that anybody could misuse, and is answered without a token.</summary>
internal sealed record OpenToAll;
