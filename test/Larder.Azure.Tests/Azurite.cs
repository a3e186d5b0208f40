using System.Security.Cryptography.X509Certificates;
using System.Text;
using Larder.TestKit;

[assembly: AssemblyFixture(typeof(Larder.Azure.Tests.Azurite))]

namespace Larder.Azure.Tests;

/// <summary>One Azurite for all tests, started when the first of them asks for it.</summary>
public sealed class Azurite : IAsyncDisposable
{
    public const string Account = "larderaccount";

    private readonly TempDirectory _directory = new();
    private readonly SemaphoreSlim _gate = new(1);
    private readonly HttpClient _http = new();
    private HttpClient? _tlsHttp;
    private ServerScript? _plain;
    private ServerScript? _tls;

    /// <summary>The account's key.</summary>
    public static string Key { get; } =
        Convert.ToBase64String(Encoding.ASCII.GetBytes("larder-canary: the key of the account"));

    /// <summary>The account over http.</summary>
    public async Task<BlobAdministrator> StartAsync()
    {
        await _gate.WaitAsync();
        try
        {
            _plain ??= await ServerScript.StartAsync("azurite.sh", _directory["plain"], Account, Key);
            return new BlobAdministrator(_plain.Url, _http);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The account over https, where tokens are taken too.</summary>
    public async Task<BlobAdministrator> StartTlsAsync()
    {
        await _gate.WaitAsync();
        try
        {
            _tls ??= await ServerScript.StartAsync("azurite.sh", _directory["tls"], Account, Key, "--tls");
            _tlsHttp ??= new HttpClient(NewTlsHandler());
            return new BlobAdministrator(_tls.Url, _tlsHttp);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Connections that trust the certificate that this Azurite has made for itself, and no other.</summary>
    public SocketsHttpHandler NewTlsHandler()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(Path.Join(_directory["tls"], "certificate.pem"));
        return new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in new[] { _plain, _tls })
        {
            if (server is not null)
                await server.DisposeAsync();
        }
        _http.Dispose();
        _tlsHttp?.Dispose();
        _directory.Dispose();
        _gate.Dispose();
    }
}
