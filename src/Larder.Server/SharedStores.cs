using Larder.Azure;
using Larder.Origins;
using Larder.S3;
using Larder.Server.Configuration;
using Larder.Sharing;

namespace Larder.Server;

/// <summary>Opens the stores that teams share, by their addresses.</summary>
public static class SharedStores
{
    /// <summary>Opens a store; nothing is asked before it is used.</summary>
    /// <param name="url"><c>file:///directory</c>, <c>s3://bucket/prefix</c> or <c>az://account/container/prefix</c>.</param>
    /// <param name="configuration">The settings of the origins, which say where buckets and accounts are for stores too.</param>
    /// <returns>The store, which the caller disposes if it can be.</returns>
    /// <exception cref="ReferenceException">There is no such kind of store, or the address is none.</exception>
    public static ISharedStore Open(string url, LarderConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Open(url, configuration.S3, configuration.Azure);
    }

    internal static ISharedStore Open(string url, S3OriginOptions? s3, AzureBlobOptions? azure)
    {
        var reference = ModelReference.Parse(url);
        return reference.Scheme switch
        {
            "file" => new DirectorySharedStore(PathOf(reference)),
            "s3" => new S3SharedStore(url, s3),
            "az" => new AzureSharedStore(url, azure),
            _ => throw Fault(reference, "is no shared store"),
        };
    }

    private static string PathOf(ModelReference reference)
    {
        var uri = reference.Uri;
        return uri.IsLoopback && uri.Host.Length == 0 && uri.Query.Length == 0
            ? uri.LocalPath
            : throw Fault(reference, "is no directory of this machine");
    }

    private static ReferenceException Fault(ModelReference reference, string what) =>
        new(
            reference.Text,
            $"'{reference}' {what}. Write file:///directory, s3://bucket/prefix or az://account/container/prefix."
        );
}
