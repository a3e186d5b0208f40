namespace Larder.Graphs.Failures;

/// <summary>What kind of failure an exception is, where the options do not say otherwise.</summary>
internal static class FailureKinds
{
    public static GraphFailureKind Of(Exception failure) =>
        failure switch
        {
            OutOfMemoryException or GraphTooLargeException => GraphFailureKind.OutOfMemory,
            GraphLoadException known => known.Kind,
            // A missing file stays missing, a damaged one damaged.
            FileNotFoundException or DirectoryNotFoundException or InvalidDataException or EndOfStreamException =>
                GraphFailureKind.Permanent,
            ArgumentException or FormatException or NotSupportedException or NotImplementedException =>
                GraphFailureKind.Permanent,
            TypeLoadException or BadImageFormatException => GraphFailureKind.Permanent,
            AggregateException { InnerException: { } inner } => Of(inner),
            // Of what nobody knows, the milder: it is tried again soon, and less and less often.
            _ => GraphFailureKind.Transient,
        };
}
