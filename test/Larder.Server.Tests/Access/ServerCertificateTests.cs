using System.Net;
using System.Security.Cryptography.X509Certificates;
using Larder.Graphs;
using Larder.Server.Access;
using Larder.Server.Configuration;
using Larder.TestKit;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Tests.Access;

public sealed class ServerCertificateTests : IDisposable
{
    private const string Password = "hush-canary";

    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly RecordedLog _log = new();
    private readonly X509Certificate2 _certificate = TestCertificate.Create("localhost");

    [Fact]
    public async Task Serve_Https_AnswersEncryptedWithThatCertificate()
    {
        await using var server = await StartAsync(Pem(_certificate));

        using var answer = await server.SendAsync(HttpMethod.Get, "/health/live");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(_certificate.Thumbprint, server.Presented.Thumbprint);
        Assert.StartsWith("https://", server.Origin, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_CertificatesInBetween_AreSentToo()
    {
        using var root = TestCertificate.Create("root.example", isAuthority: true);
        using var between = TestCertificate.Create("between.example", root, isAuthority: true);
        using var leaf = TestCertificate.Create("localhost", between);
        await using var server = await StartAsync(Pem(leaf, between));

        using var answer = await server.SendAsync(HttpMethod.Get, "/health/live");

        Assert.Equal(leaf.Thumbprint, server.Presented.Thumbprint);
        Assert.Contains(between.Thumbprint, server.Presented.Others);
    }

    [Fact]
    public async Task SignIn_OverHttps_GivesACookieForHttpsAndThisHostOnly()
    {
        await using var server = await StartAsync(Pem(_certificate));

        using var response = await server.SendAsync(
            HttpMethod.Post,
            "/login",
            change: request => request.Content = new FormUrlEncodedContent([new("token", server.Tokens.Read)])
        );
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        using var stats = await server.SendAsync(
            HttpMethod.Get,
            "/api/models/cache/stats",
            change: request => request.Headers.Add("Cookie", cookie[..cookie.IndexOf(';', StringComparison.Ordinal)])
        );

        Assert.StartsWith("__Host-larder-session=", cookie, StringComparison.Ordinal);
        Assert.Contains("; secure;", cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, stats.StatusCode);
    }

    [Fact]
    public void Current_AnyFormOfTheFiles_IsTheCertificateWithItsKey()
    {
        var together = Write("together.pem", $"{_certificate.ExportCertificatePem()}\n{_certificate.KeyPem()}\n");
        var encrypted = Write("encrypted.pem", _certificate.EncryptedKeyPem(Password));
        var open = _directory["open.pfx"];
        var closed = _directory["closed.pfx"];
        File.WriteAllBytes(open, _certificate.Export(X509ContentType.Pkcs12));
        File.WriteAllBytes(closed, _certificate.Export(X509ContentType.Pkcs12, Password));

        Assert.All(
            [
                Pem(_certificate),
                new CertificateFiles { Path = together },
                new CertificateFiles
                {
                    Path = together,
                    KeyPath = encrypted,
                    Password = Password,
                },
                new CertificateFiles { Path = open },
                new CertificateFiles { Path = closed, Password = Password },
            ],
            files =>
            {
                var certificate = Open(files).Current.TargetCertificate;
                Assert.Equal(_certificate.Thumbprint, certificate.Thumbprint);
                Assert.True(certificate.HasPrivateKey);
            }
        );
    }

    [Fact]
    public void Open_FilesThatCannotBeUsed_AreAFaultWithoutThePassword()
    {
        using var other = TestCertificate.Create("localhost");
        var certificate = Write("cert.pem", _certificate.ExportCertificatePem());
        var encrypted = Write("encrypted.pem", _certificate.EncryptedKeyPem(Password));

        Assert.All(
            [
                new CertificateFiles { Path = "/nowhere/cert.pem" },
                new CertificateFiles { Path = certificate },
                new CertificateFiles { Path = certificate, KeyPath = "/nowhere/key.pem" },
                new CertificateFiles { Path = certificate, KeyPath = Write("other.pem", other.KeyPem()) },
                new CertificateFiles
                {
                    Path = certificate,
                    KeyPath = encrypted,
                    Password = Password + "x",
                },
                new CertificateFiles { Path = Write("none.pfx", "no certificate"), Password = Password },
                new CertificateFiles { Path = _directory.Path },
            ],
            files =>
            {
                var failure = Assert.Throws<ConfigurationException>(() => Open(files));
                Assert.StartsWith(
                    "server.certificate cannot be used: ",
                    Assert.Single(failure.Faults),
                    StringComparison.Ordinal
                );
                Assert.DoesNotContain(Password, failure.ToString(), StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public void Current_FilesChange_IsTheNewOneAfterAWhile()
    {
        using var renewed = TestCertificate.Create("localhost");
        var certificate = Open(Pem(_certificate));

        Pem(renewed);
        Assert.Equal(_certificate.Thumbprint, certificate.Current.TargetCertificate.Thumbprint);
        _clock.Advance(ServerCertificate.LookInterval);

        Assert.Equal(renewed.Thumbprint, certificate.Current.TargetCertificate.Thumbprint);
        Assert.Contains(_log.Lines, line => line.StartsWith("Information 425 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Current_FilesChangeToNonsense_StaysTheOneBeforeUntilTheyAreRight()
    {
        using var renewed = TestCertificate.Create("localhost");
        var files = Pem(_certificate);
        var certificate = Open(files);

        File.WriteAllText(files.Path, "-----BEGIN NONSENSE");
        _clock.Advance(ServerCertificate.LookInterval);
        var kept = certificate.Current.TargetCertificate.Thumbprint;
        _clock.Advance(ServerCertificate.LookInterval);
        _ = certificate.Current;
        Pem(renewed);
        _clock.Advance(ServerCertificate.LookInterval);

        Assert.Equal(_certificate.Thumbprint, kept);
        Assert.Single(_log.Lines, line => line.StartsWith("Error 426 ", StringComparison.Ordinal));
        Assert.Equal(renewed.Thumbprint, certificate.Current.TargetCertificate.Thumbprint);
    }

    [Fact]
    public void Current_FilesCanBeUsedLaterAndLookTheSame_AreReadAgain()
    {
        using var renewed = TestCertificate.Create("localhost");
        var files = Pem(_certificate);
        var certificate = Open(files);
        var text = renewed.ExportCertificatePem();
        Pem(renewed);
        File.WriteAllText(files.Path, new string('x', text.Length));
        var written = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(files.Path, written);
        _clock.Advance(ServerCertificate.LookInterval);
        _ = certificate.Current;

        // As when only the right to read it was missing, which no stamp of a file tells.
        File.WriteAllText(files.Path, text);
        File.SetLastWriteTimeUtc(files.Path, written);
        _clock.Advance(ServerCertificate.LookInterval);

        Assert.Equal(renewed.Thumbprint, certificate.Current.TargetCertificate.Thumbprint);
    }

    [Fact]
    public void Open_NotValidNow_IsAWarning()
    {
        _clock.Advance(TimeSpan.FromDays(36_500));

        Open(Pem(_certificate));

        Assert.Single(_log.Lines, line => line.StartsWith("Warning 427 ", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _log.Dispose();
        _directory.Dispose();
    }

    private static Task<GuardedServer> StartAsync(CertificateFiles files) =>
        GuardedServer.StartAsync(options => options with { Urls = "https://127.0.0.1:0", Certificate = files });

    private CertificateFiles Pem(X509Certificate2 certificate, params X509Certificate2[] others) =>
        new()
        {
            Path = Write(
                "cert.pem",
                string.Join('\n', others.Prepend(certificate).Select(one => one.ExportCertificatePem()))
            ),
            KeyPath = Write("key.pem", certificate.KeyPem()),
        };

    private string Write(string name, string text)
    {
        File.WriteAllText(_directory[name], text);
        return _directory[name];
    }

    private ServerCertificate Open(CertificateFiles files) =>
        new(
            new LarderConfiguration
            {
                Source = "the test",
                Store = new ModelCacheOptions(),
                Graphs = new GraphCacheOptions(),
                Models = new Dictionary<string, ServedModel>(StringComparer.Ordinal),
                Warnings = [],
                Server = new ServerOptions { Certificate = files },
            },
            _clock,
            LoggerFactory.Create(logging => logging.AddProvider(_log)).CreateLogger<ServerCertificate>()
        );
}
