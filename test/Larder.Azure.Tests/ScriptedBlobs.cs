using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Larder.Origins;
using Larder.TestKit;

namespace Larder.Azure.Tests;

/// <summary>An account whose service a test scripts, read with its key.</summary>
internal static class ScriptedBlobs
{
    public const string Xml = "Content-Type: application/xml";

    public static string Key { get; } = Convert.ToBase64String("larder-canary"u8);

    /// <summary>The account <c>models</c> at a scripted server.</summary>
    public static AzureBlobOrigin Open(ScriptedHttpServer server, TimeSpan? answerTimeout = null) =>
        new(
            new AzureBlobOptions
            {
                ConnectionString = $"AccountName=models;AccountKey={Key};BlobEndpoint={server.Url("/models")}",
                AnswerTimeout = answerTimeout ?? TimeSpan.FromSeconds(60),
            }
        );

    public static ModelReference Reference(string path) => ModelReference.Parse($"az://models/team/{path}");

    /// <summary>A page of a list.</summary>
    public static byte[] Page(IEnumerable<XElement> blobs, string? next = null) =>
        Encoding.UTF8.GetBytes(
            "\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\"?>"
                + new XElement(
                    "EnumerationResults",
                    new XAttribute("ContainerName", "team"),
                    new XElement("Prefix"),
                    new XElement("Blobs", blobs),
                    new XElement("NextMarker", next)
                ).ToString(SaveOptions.DisableFormatting)
        );

    public static XElement Blob(string name, long sizeBytes = 1, params object[] properties) =>
        new(
            "Blob",
            new XElement("Name", name),
            new XElement(
                "Properties",
                new XElement("Last-Modified", "Wed, 01 Jan 2025 00:00:00 GMT"),
                new XElement("Etag", "0x8DC000000000001"),
                new XElement("Content-Length", sizeBytes.ToString(CultureInfo.InvariantCulture)),
                new XElement("BlobType", "BlockBlob"),
                properties
            )
        );

    /// <summary>A server that answers lists with one page.</summary>
    public static ScriptedHttpServer Listing(params XElement[] blobs) =>
        new(exchange => exchange.AnswerAsync(200, Page(blobs), Xml));
}
