using Larder.Transfer;

namespace Larder.Pull;

/// <summary>A pull that is under way, as it was at one moment.</summary>
/// <param name="Reference">What is being pulled.</param>
/// <param name="Started">When this cache began to fetch it, or to wait for another process that does.</param>
/// <param name="Progress">How far the transfer is; null while the origin is being asked, or another process has the work.</param>
public sealed record PullStatus(string Reference, DateTimeOffset Started, TransferProgress? Progress);
