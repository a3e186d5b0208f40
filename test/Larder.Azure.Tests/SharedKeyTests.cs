namespace Larder.Azure.Tests;

// The texts are those of the service's documentation, for an account named myaccount, where it shows them:
// https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
public sealed class SharedKeyTests
{
    [Fact]
    public void StringToSign_GetMetadataOfAContainer_IsTheDocumentedOne() =>
        Assert.Equal(
            "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\nx-ms-version:2015-02-21\n/myaccount/mycontainer\ncomp:metadata\nrestype:container\ntimeout:20",
            Sign(
                "https://myaccount.blob.core.windows.net/mycontainer?restype=container&comp=metadata&timeout=20",
                ("x-ms-version", "2015-02-21"),
                ("x-ms-date", "Fri, 26 Jun 2015 23:39:12 GMT")
            )
        );

    [Fact]
    public void StringToSign_ListBlobs_IsTheDocumentedOne() =>
        Assert.EndsWith(
            "\n/myaccount/mycontainer\ncomp:list\ninclude:metadata,snapshots,uncommittedblobs\nrestype:container",
            Sign(
                "https://myaccount.blob.core.windows.net/mycontainer?restype=container&comp=list&include=snapshots&include=metadata&include=uncommittedblobs"
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void StringToSign_SecondaryEndpoint_KeepsTheAccountsName() =>
        Assert.EndsWith(
            "\n/myaccount/mycontainer/myblob",
            Sign("https://myaccount-secondary.blob.core.windows.net/mycontainer/myblob"),
            StringComparison.Ordinal
        );

    [Fact]
    public void StringToSign_Emulator_HasTheAccountTwice() =>
        Assert.EndsWith(
            "\n/myaccount/myaccount/mycontainer",
            Sign("http://127.0.0.1:10000/myaccount/mycontainer"),
            StringComparison.Ordinal
        );

    [Fact]
    public void StringToSign_AllHeaders_StandInTheOrderOfTheStandard() =>
        Assert.Equal(
            "PUT\ngzip\nen\n11\nmd5\ntext/plain; charset=UTF-8\n\nims\nim\ninm\nius\nbytes=0-1\nx-ms-blob-type:BlockBlob\nx-ms-date:now\nx-ms-meta-m1:v1\nx-ms-range:bytes=2-3\n/myaccount/c/b",
            SharedKey.StringToSign(
                "PUT",
                new Uri("https://myaccount.blob.core.windows.net/c/b"),
                "myaccount",
                Headers(
                    ("Range", "bytes=0-1"),
                    ("x-ms-range", "bytes=2-3"),
                    ("X-MS-Meta-M1", " v1 "),
                    ("x-ms-date", "now"),
                    ("x-ms-blob-type", "BlockBlob"),
                    ("If-Unmodified-Since", "ius"),
                    ("If-None-Match", "inm"),
                    ("If-Match", "im"),
                    ("If-Modified-Since", "ims"),
                    ("content-type", "text/plain; charset=UTF-8"),
                    ("Content-MD5", "md5"),
                    ("Content-Length", "11"),
                    ("Content-Language", "en"),
                    ("Content-Encoding", "gzip"),
                    ("User-Agent", "larder"),
                    ("Accept", "*/*")
                )
            )
        );

    [Fact]
    public void StringToSign_EmptyBody_HasNoLength() =>
        Assert.StartsWith(
            "GET\n\n\n\n\n",
            Sign("https://myaccount.blob.core.windows.net/c", ("Content-Length", "0")),
            StringComparison.Ordinal
        );

    [Fact]
    public void StringToSign_OddNames_HasThePathAsSentAndTheQueryDecoded() =>
        Assert.EndsWith(
            "\n/myaccount/c/a%20b%25%23\nprefix:ü a/\nrestype:container",
            Sign("https://myaccount.blob.core.windows.net/c/a%20b%25%23?restype=container&PREFIX=%C3%BC%20a%2F"),
            StringComparison.Ordinal
        );

    private static string Sign(string url, params (string Name, string Value)[] headers) =>
        SharedKey.StringToSign("GET", new Uri(url), "myaccount", Headers(headers));

    private static IEnumerable<KeyValuePair<string, string>> Headers(params (string Name, string Value)[] headers) =>
        headers.Select(header => KeyValuePair.Create(header.Name, header.Value));
}
