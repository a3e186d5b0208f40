using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Larder.Server.Configuration;
using Larder.Store;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Access;

/// <summary>The certificate that the server shows, read again when its files change: renewing one takes no restart.</summary>
/// <remarks>Safe for concurrent use. A file that cannot be used when it has changed leaves the certificate before it.</remarks>
internal sealed class ServerCertificate
{
    /// <summary>How often connections look whether the files have changed.</summary>
    internal static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);

    private readonly CertificateFiles _files;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<ServerCertificate> _logger;

    // Written by the one that is looking; read by all.
    private volatile SslStreamCertificateContext _current;
    private string _seen;
    private bool _isRefused;
    private long _lookedAt;
    private int _isLooking;

    /// <summary>Reads the files.</summary>
    /// <exception cref="ConfigurationException">They hold no certificate with its key.</exception>
    public ServerCertificate(
        LarderConfiguration configuration,
        TimeProvider timeProvider,
        ILogger<ServerCertificate> logger
    )
    {
        _files =
            configuration.Server.Certificate
            ?? throw new ArgumentException("It has no certificate.", nameof(configuration));
        _timeProvider = timeProvider;
        _logger = logger;
        _seen = Stamp();
        _lookedAt = timeProvider.GetTimestamp();
        try
        {
            _current = Read(_files);
        }
        catch (Exception failure) when (IsUnusable(failure))
        {
            throw new ConfigurationException(
                configuration.Source,
                [$"server.certificate cannot be used: {failure.Message}"],
                failure
            );
        }
        WarnUnlessValid();
    }

    /// <summary>The certificate, with those between it and its root.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            if (
                _timeProvider.GetElapsedTime(Volatile.Read(ref _lookedAt)) >= LookInterval
                && Interlocked.CompareExchange(ref _isLooking, 1, 0) == 0
            )
            {
                try
                {
                    Look();
                }
                finally
                {
                    Volatile.Write(ref _lookedAt, _timeProvider.GetTimestamp());
                    Volatile.Write(ref _isLooking, 0);
                }
            }
            return _current;
        }
    }

    /// <summary>Has connections show it.</summary>
    public void UseFor(HttpsConnectionAdapterOptions https)
    {
        // Kestrel asks for a certificate or a selector, and a selector cannot give the certificates in between.
        https.ServerCertificateSelector = (_, _) => Current.TargetCertificate;
        https.OnAuthenticate = (_, authentication) =>
        {
            authentication.ServerCertificateSelectionCallback = null;
            authentication.ServerCertificateContext = Current;
        };
    }

    private void Look()
    {
        var stamp = Stamp();
        var isNew = stamp != _seen;
        if (!isNew && !_isRefused)
            return;
        // Before it is read: what changes meanwhile is seen the next time.
        _seen = stamp;
        try
        {
            _current = Read(_files);
            _isRefused = false;
        }
        catch (Exception failure) when (IsUnusable(failure))
        {
            // Tried again though it stays as it is: perhaps only the right to read it is missing, which no stamp tells.
            _isRefused = true;
            if (isNew)
                _logger.CertificateKept(_files.Path, failure.Message);
            return;
        }
        _logger.CertificateRead(_files.Path, _current.TargetCertificate.NotAfter.ToUniversalTime());
        WarnUnlessValid();
    }

    private void WarnUnlessValid()
    {
        var certificate = _current.TargetCertificate;
        var (from, until) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        var now = _timeProvider.GetUtcNow().UtcDateTime;
        if (now < from || now > until)
            _logger.CertificateNotValid(_files.Path, from, until);
    }

    // Links are followed: those who keep secrets in mounted directories switch a link.
    private string Stamp() => $"{StampOf(_files.Path)} {StampOf(_files.KeyPath)}";

    private static string StampOf(string? path) =>
        path is not null && Posix.TryStatus(path, out var status)
            ? FormattableString.Invariant(
                $"{status.Device}:{status.Inode}:{status.ModifiedNanoseconds}:{status.SizeBytes}"
            )
            : "";

    private static bool IsUnusable(Exception failure) =>
        failure is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;

    private static SslStreamCertificateContext Read(CertificateFiles files)
    {
        var chain = new X509Certificate2Collection();
        X509Certificate2 certificate;
        if (IsPem(files.Path))
        {
            certificate = files.Password is { } password
                ? X509Certificate2.CreateFromEncryptedPemFile(files.Path, password, files.KeyPath)
                : X509Certificate2.CreateFromPemFile(files.Path, files.KeyPath);
            chain.ImportFromPemFile(files.Path);
        }
        else
        {
            chain = X509CertificateLoader.LoadPkcs12CollectionFromFile(files.Path, files.Password);
            certificate =
                chain.FirstOrDefault(one => one.HasPrivateKey)
                ?? throw new CryptographicException($"'{files.Path}' has no private key.");
        }
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    private static bool IsPem(string path) => File.ReadAllText(path).Contains("-----BEGIN", StringComparison.Ordinal);
}
