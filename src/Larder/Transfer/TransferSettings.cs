namespace Larder.Transfer;

/// <summary>How a transfer behaves.</summary>
/// <param name="Connections">How many there are at once.</param>
/// <param name="IdleTimeout">How long an origin may send nothing before it counts as broken off.</param>
/// <param name="Retries">How often is asked again for what broke off, before anything more has arrived.</param>
internal sealed record TransferSettings(int Connections, TimeSpan IdleTimeout, int Retries);
