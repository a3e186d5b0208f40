namespace Larder.Server.Access;

/// <summary>On an endpoint: its answer goes on for as long as the caller listens. It ends when the server stops, and has no time limit.</summary>
internal sealed record Streaming;
