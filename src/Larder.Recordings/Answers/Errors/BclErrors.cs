using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Security;
using System.Text.Json;

namespace Larder.Recordings.Answers.Errors;

/// <summary>The exceptions of .NET that come back as themselves, each made by code of ours.</summary>
internal static class BclErrors
{
    private static readonly FrozenDictionary<string, ErrorMaker> All = Makers()
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The maker of exceptions of that type; null when there is none.</summary>
    public static ErrorMaker? Find(string type) => All.GetValueOrDefault(type);

    private static Dictionary<string, ErrorMaker> Makers()
    {
        var makers = new Dictionary<string, ErrorMaker>(StringComparer.Ordinal);
        AddPlain(makers);
        Add<ArgumentException>(makers, (message, error, inner) => new(message, Text(error, "ParamName"), First(inner)));
        Add<ArgumentNullException>(
            makers,
            (message, error, inner) => inner.Count > 0 ? new(message, inner[0]) : new(Text(error, "ParamName"), message)
        );
        Add<ArgumentOutOfRangeException>(
            makers,
            (message, error, inner) =>
                inner.Count > 0 ? new(message, inner[0]) : new(Text(error, "ParamName"), Actual(error), message)
        );
        Add<ObjectDisposedException>(
            makers,
            (message, error, inner) =>
                inner.Count > 0 ? new(message, inner[0]) : new(Text(error, "ObjectName"), message)
        );
        Add<AggregateException>(makers, (message, _, inner) => new(message, inner));
        Add<FileNotFoundException>(
            makers,
            (message, error, inner) => new(message, Text(error, "FileName"), First(inner))
        );
        Add<FileLoadException>(makers, (message, error, inner) => new(message, Text(error, "FileName"), First(inner)));
        Add<BadImageFormatException>(
            makers,
            (message, error, inner) => new(message, Text(error, "FileName"), First(inner))
        );
        Add<HttpRequestException>(
            makers,
            (message, error, inner) =>
                new(
                    Value<HttpRequestError>(error, "HttpRequestError") ?? HttpRequestError.Unknown,
                    message,
                    First(inner),
                    Value<HttpStatusCode>(error, "StatusCode")
                )
        );
        Add<HttpIOException>(
            makers,
            (message, error, inner) =>
                new(
                    Value<HttpRequestError>(error, "HttpRequestError") ?? HttpRequestError.Unknown,
                    message,
                    First(inner)
                )
        );
        Add<SocketException>(
            makers,
            (message, error, _) =>
                new((int)(Value<SocketError>(error, "SocketErrorCode") ?? SocketError.SocketError), message)
        );
        Add<JsonException>(
            makers,
            (message, error, inner) =>
                new(
                    message,
                    Text(error, "Path"),
                    Value<long>(error, "LineNumber"),
                    Value<long>(error, "BytePositionInLine"),
                    First(inner)
                )
        );
        return makers;
    }

    [SuppressMessage("Usage", "CA2201", Justification = "They were thrown by others, and come back as they were.")]
    private static void AddPlain(Dictionary<string, ErrorMaker> makers)
    {
        Add<Exception>(makers, (message, _, inner) => new(message, First(inner)));
        Add<SystemException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<ApplicationException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<InvalidOperationException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<NotSupportedException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<NotImplementedException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<PlatformNotSupportedException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<TimeoutException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<OperationCanceledException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<TaskCanceledException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<IOException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<EndOfStreamException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<InvalidDataException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<DirectoryNotFoundException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<DriveNotFoundException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<PathTooLongException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<UnauthorizedAccessException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<SecurityException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<FormatException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<UriFormatException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<KeyNotFoundException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<IndexOutOfRangeException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<ArithmeticException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<DivideByZeroException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<OverflowException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<InvalidCastException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<NullReferenceException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<ArrayTypeMismatchException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<RankException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<OutOfMemoryException>(makers, (message, _, inner) => new(message, First(inner)));
        Add<InsufficientMemoryException>(makers, (message, _, inner) => new(message, First(inner)));
    }

    private static void Add<T>(
        Dictionary<string, ErrorMaker> makers,
        Func<string, ErrorDocument, IReadOnlyList<Exception>, T> make
    )
        where T : Exception =>
        makers.Add(TypeName.Of(typeof(T)), (message, document, inner) => make(message, document, inner));

    private static Exception? First(IReadOnlyList<Exception> inner) => inner.Count > 0 ? inner[0] : null;

    private static string? Text(ErrorDocument error, string name) =>
        error.Details.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static T? Value<T>(ErrorDocument error, string name)
        where T : struct =>
        error.Details.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? (T?)PlainValue.Read(value, typeof(T))
            : null;

    // What was out of range, of a type that its message does not tell apart.
    private static object? Actual(ErrorDocument error) =>
        error.Details.TryGetProperty("ActualValue", out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.Number when value.TryGetInt32(out var number) => number,
                JsonValueKind.Number when value.TryGetInt64(out var number) => number,
                JsonValueKind.Number => value.GetDouble(),
                JsonValueKind.String => value.GetString(),
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => null,
            }
            : null;
}
