using Larder.Azure;
using Larder.Origins;
using Larder.S3;
using Larder.Sharing;

namespace Larder.Server.Configuration;

/// <summary>The section <c>shared</c>: where the team's store is, and how it is used.</summary>
internal static class SharedSettings
{
    // A few hundred bytes each; a file that is larger is none.
    private const int MaxKeyBytes = 64 * 1024;

    /// <summary>Reads the section; null when there is none.</summary>
    public static TeamStore? Read(SettingReader shared, S3OriginOptions? s3, AzureBlobOptions? azure)
    {
        if (!shared.Names.Any())
            return null;
        var url = Url(shared, s3, azure);
        var options = ReadOptions(shared);
        if (options is { Read: false, Write: false })
            shared.Warn("read", "and shared.write are both false, so the store is not used.");
        shared.FindUnknown();
        return new TeamStore(url, options);
    }

    private static SharedCacheOptions ReadOptions(SettingReader shared)
    {
        var defaults = new SharedCacheOptions();
        return new SharedCacheOptions
        {
            Read = shared.Flag("read", defaults.Read),
            Write = shared.Flag("write", defaults.Write),
            Namespace = Namespace(shared, defaults.Namespace),
            Models = shared.Flag("models", defaults.Models),
            Passes = shared.Flag("passes", defaults.Passes),
            Deadline = Deadline(shared, defaults.Deadline),
            LeastBytesPerSecond = LeastRate(shared, defaults.LeastBytesPerSecond),
            SigningKeyPem = shared.Text("signing_key") is { Length: > 0 } path
                ? Key(shared, "signing_key", path, isPrivate: true)
                : null,
            TrustedKeysPem =
            [
                .. shared
                    .List("trusted_keys")
                    .Select(path => Key(shared, "trusted_keys", path, isPrivate: false))
                    .OfType<string>(),
            ],
            Leases = shared.Flag("leases", defaults.Leases),
            LeaseWait = shared.Duration("lease_wait", defaults.LeaseWait),
        };
    }

    private static string Url(SettingReader shared, S3OriginOptions? s3, AzureBlobOptions? azure)
    {
        if (shared.Text("url") is not { Length: > 0 } url)
        {
            shared.Fault(
                "url",
                "is missing; say where the store is: file:///directory, s3://bucket/prefix or az://account/container."
            );
            return "";
        }
        try
        {
            // Connects to nothing: whether there is such a store is seen when it is first asked.
            using (SharedStores.Open(url, s3, azure) as IDisposable) { }
        }
        catch (ReferenceException wrong)
        {
            shared.Fault("url", $"makes no sense: {wrong.Message}");
        }
        catch (ArgumentException)
        {
            // Of the settings of the origin, which have been told as its own.
        }
        return url;
    }

    private static string Namespace(SettingReader shared, string fallback)
    {
        if (shared.Text("namespace") is not { } text)
            return fallback;
        if (SharedCacheOptions.IsNamespace(text))
            return text;
        shared.Fault("namespace", $"is '{text}'; 1 to 64 lower-case letters, digits, '-' and '_' are expected.");
        return fallback;
    }

    private static TimeSpan Deadline(SettingReader shared, TimeSpan fallback)
    {
        var deadline = shared.Duration("deadline", fallback);
        if (deadline > TimeSpan.Zero && deadline <= SharedCacheOptions.MostDeadline)
            return deadline;
        shared.Fault("deadline", "is not above 0 and up to 1 h.");
        return fallback;
    }

    private static long LeastRate(SettingReader shared, long fallback)
    {
        var rate = shared.Bytes("least_bytes_per_second") ?? fallback;
        if (rate > 0)
            return rate;
        shared.Fault("least_bytes_per_second", "is 0; a transfer at no rate would never end.");
        return fallback;
    }

    private static string? Key(SettingReader shared, string name, string path, bool isPrivate)
    {
        try
        {
            var file = new FileInfo(path);
            var pem = file is { Exists: true, Length: > MaxKeyBytes } ? "" : File.ReadAllText(path);
            if (EntryKeyPair.FaultOf(pem, isPrivate) is not { } fault)
                return pem;
            shared.Fault(name, $"names '{path}', which {fault}.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            shared.Fault(name, $"names '{path}', which cannot be read: {unreadable.Message}");
        }
        return null;
    }
}
