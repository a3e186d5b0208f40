namespace Larder.Cli.Output;

/// <summary>How far a transfer or one of its files is, in words.</summary>
internal static class TransferFacts
{
    /// <summary>As <c>268 MB of 1.07 GB, 123 MB/s, 7 s left</c>; what nobody can tell is left out.</summary>
    public static string Of(long done, long? bytes, double bytesPerSecond, TimeSpan? left) =>
        Sizes.Bytes(done)
        + (bytes is { } all ? $" of {Sizes.Bytes(all)}" : "")
        + $", {Sizes.Bytes((long)bytesPerSecond)}/s"
        + (left is { } time ? $", {Sizes.TimeLeft(time)} left" : "");
}
