using Larder.Content;
using Larder.Origins;

namespace Larder.Passes.Documents;

/// <summary>Reads the team's store of a workflow, in Larder's words or in Olive's.</summary>
internal sealed class SharingReader(string baseDirectory, List<WorkflowFault> faults)
{
    private const string PublicCloud = ".blob.core.windows.net";
    private const string Credentials =
        "a workflow is shared: give credentials in the environment (AWS_ACCESS_KEY_ID, AZURE_STORAGE_CONNECTION_STRING, …)";

    private static readonly string[] Schemes = ["s3", "az", "file"];

    /// <summary>The store; null when the document says nothing of one, or nothing that makes sense.</summary>
    public WorkflowSharing? Read(Node root)
    {
        var olive = root.Object(WorkflowShape.OliveCache);
        if (olive is not null && root.Has(WorkflowShape.Shared))
            faults.Add(
                new WorkflowFault(
                    root.At(WorkflowShape.OliveCache),
                    $"'{WorkflowShape.Shared}' is there as well, and both name the team's store: keep one."
                )
            );
        if (olive is { } cache)
            return Olive(cache);
        if (root.Object(WorkflowShape.Shared) is { } shared)
            return Own(shared);
        return root.Has(WorkflowShape.Shared) ? WorkflowSharing.Off : null;
    }

    private WorkflowSharing? Own(Node shared)
    {
        var account = shared.Text(WorkflowShape.AccountUrl) is { } text
            ? Address(text, shared.At(WorkflowShape.AccountUrl))
            : null;
        if (shared.Text(WorkflowShape.Url) is not { } where || Url(where, shared.At(WorkflowShape.Url)) is not { } url)
            return null;
        if (account is { } found && (url.Scheme != "az" || url.Host != found.Name))
            faults.Add(
                new WorkflowFault(
                    shared.At(WorkflowShape.AccountUrl),
                    $"It is the address of the account '{found.Name}', and '{url}' is not in it: write az://{found.Name}/container, or leave the address out."
                )
            );
        return new WorkflowSharing(url.Scheme == "file" ? url.AbsoluteUri : url.OriginalString)
        {
            Read = shared.Flag(WorkflowShape.Read, true),
            Write = shared.Flag(WorkflowShape.Write, true),
            Namespace = shared.Text(WorkflowShape.Namespace),
            AccountUrl = account?.Url,
        };
    }

    // Nothing is guessed: who wrote this wants a store, and that of somebody else is worse than none.
    private WorkflowSharing? Olive(Node olive)
    {
        if (!olive.Flag(WorkflowShape.OliveEnabled, true))
            return WorkflowSharing.Off;
        var text = Wanted(olive, WorkflowShape.AccountUrl, "https://<account>.blob.core.windows.net");
        var account = text is null ? null : Address(text, olive.At(WorkflowShape.AccountUrl));
        var container = Wanted(olive, WorkflowShape.OliveContainer, "the container's name");
        if (container is not null && !IsContainer(container))
        {
            faults.Add(
                new WorkflowFault(
                    olive.At(WorkflowShape.OliveContainer),
                    $"It is {Printable.Quote(container)}; a container has 3 to 63 lower-case letters, digits and single '-', none at its ends."
                )
            );
            return null;
        }
        return account is { } found && container is not null
            ? new WorkflowSharing($"az://{found.Name}/{container}")
            {
                Write = olive.Flag(WorkflowShape.OliveUpload, true),
                AccountUrl = found.Url,
            }
            : null;
    }

    private string? Wanted(Node olive, string name, string example)
    {
        if (!olive.Has(name))
            faults.Add(
                new WorkflowFault(
                    olive.Path,
                    $"'{name}' is missing, and no other account than yours is used in its place: add it ({example}), or set '{WorkflowShape.OliveEnabled}' to false."
                )
            );
        return olive.Text(name);
    }

    private Uri? Url(string text, string path)
    {
        if (!DocumentPath.IsUri(text))
            return Directory(text, path);
        // Of a text that is no URI only what has no secret in it is shown.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || !text.Contains("://", StringComparison.Ordinal))
            return Fault(
                path,
                "It is no address of a store. Write s3://bucket/prefix, az://account/container or file:///directory."
            );
        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
            return Fault(path, $"It has more than host and path in it, and {Credentials}.");
        if (url.Scheme is "https" or "http" && url.Host.EndsWith(PublicCloud, StringComparison.Ordinal))
            return Fault(path, $"Write az://{url.Host[..^PublicCloud.Length]}{url.AbsolutePath} for it.");
        if (!Schemes.Contains(url.Scheme, StringComparer.Ordinal))
            return Fault(
                path,
                $"There is no store at {url.Scheme}://. Write s3://bucket/prefix, az://account/container or file:///directory."
            );
        var isWhole = url.Scheme switch
        {
            "s3" => url.Host.Length > 0,
            "az" => url.Host.Length > 0 && url.AbsolutePath.Trim('/').Length > 0,
            _ => url.Host.Length == 0 && url.AbsolutePath.Length > 1,
        };
        return isWhole
            ? url
            : Fault(
                path,
                url.Scheme switch
                {
                    "s3" => "It names no bucket. Write s3://bucket/prefix.",
                    "az" => "It names no container. Write az://account/container.",
                    _ => "It names no directory of this machine. Write file:///directory, with three slashes.",
                }
            );
    }

    private Uri? Directory(string text, string path)
    {
        try
        {
            return ModelReference.OfPath(DocumentPath.Resolve(text, baseDirectory)).Uri;
        }
        catch (ArgumentException)
        {
            return Fault(path, $"{Printable.Quote(text)} is neither an address nor a path.");
        }
    }

    /// <summary>An account's address, and its name: an emulator's is in the path, any other's is the first part of the host.</summary>
    private (Uri Url, string Name)? Address(string text, string path)
    {
        const string Form =
            "Write one such as https://myaccount.blob.core.windows.net, or http://127.0.0.1:10000/devstoreaccount1 for an emulator.";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return NoAccount($"It is no address of a storage account. {Form}");
        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
            return NoAccount($"It has more than host and path in it, and {Credentials}.");
        var segments = url.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var isPublic = url.Host.EndsWith(PublicCloud, StringComparison.Ordinal);
        if (segments.Length > (isPublic ? 0 : 1))
            return NoAccount($"It goes on behind the account, and the container has a place of its own. {Form}");
        var isNamed = segments.Length == 1 || url.HostNameType == UriHostNameType.Dns && !url.IsLoopback;
        var name = segments.Length == 1 ? segments[0] : url.Host.Split('.')[0];
        return isNamed && IsAccount(name)
            ? (url, name)
            : NoAccount($"It names no account, which has 3 to 24 lower-case letters and digits. {Form}");

        (Uri, string)? NoAccount(string message)
        {
            faults.Add(new WorkflowFault(path, message));
            return null;
        }
    }

    private Uri? Fault(string path, string message)
    {
        faults.Add(new WorkflowFault(path, message));
        return null;
    }

    private static bool IsAccount(string name) => name.Length is >= 3 and <= 24 && name.All(IsLowerOrDigit);

    // https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
    private static bool IsContainer(string name) =>
        name.Length is >= 3 and <= 63
        && name.All(letter => IsLowerOrDigit(letter) || letter == '-')
        && name[0] != '-'
        && name[^1] != '-'
        && !name.Contains("--", StringComparison.Ordinal);

    private static bool IsLowerOrDigit(char letter) => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter);
}
