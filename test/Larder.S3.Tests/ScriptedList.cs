using System.Globalization;
using System.Text;
using Larder.TestKit;

namespace Larder.S3.Tests;

/// <summary>Lists of objects as a server writes them.</summary>
internal static class ScriptedList
{
    /// <summary>Of every object in them.</summary>
    public const string ETag = "\"0123456789abcdef0123456789abcdef\"";

    /// <summary>Objects below <c>models/</c>, other ones on each page.</summary>
    public static string Objects(int count, int page = 0) =>
        string.Concat(
            Enumerable
                .Range(page * 1000, count)
                .Select(number =>
                    Object(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"models/part-{number % 64:d2}/weights-{number:d6}.bin"
                        )
                    )
                )
        );

    public static string Object(string key, int length = 1000) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"<Contents><Key>{key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>{ETag}</ETag><Size>{length}</Size><StorageClass>STANDARD</StorageClass></Contents>"
        );

    /// <summary>Answers with a page, and how the next is asked for, if there is one.</summary>
    public static Task AnswerAsync(HttpExchange exchange, string objects, string? next) =>
        AnswerAsync(
            exchange,
            next is null
                ? $"{objects}<IsTruncated>false</IsTruncated>"
                : $"{objects}<IsTruncated>true</IsTruncated><NextContinuationToken>{next}</NextContinuationToken>"
        );

    public static Task AnswerAsync(HttpExchange exchange, string content) =>
        exchange.AnswerAsync(
            200,
            Encoding.UTF8.GetBytes(
                $"<?xml version=\"1.0\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>bucket</Name>{content}</ListBucketResult>"
            ),
            "Content-Type: application/xml"
        );
}
