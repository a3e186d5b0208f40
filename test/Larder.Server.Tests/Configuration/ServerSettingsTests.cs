using Larder.Server.Access;
using Larder.Server.Configuration;

namespace Larder.Server.Tests.Configuration;

public sealed class ServerSettingsTests
{
    private const string Hash = "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef";
    private const string Canary = "larder_8c4hK2canaryWm5cQvT1xY7zB0aDfGhJkLpOiUyTrEw";

    [Fact]
    public void Load_NothingOfTheServer_GivesItsDefaults()
    {
        var server = ConfigurationFile.Load("{}").Server;

        var defaults = new ServerOptions();
        Assert.Equal(defaults, server with { Hosts = defaults.Hosts, Tokens = defaults.Tokens });
        Assert.Empty(server.Hosts);
        Assert.Empty(server.Tokens);
        Assert.Equal((30_000_000, 1000, 0), (server.MaxBodyBytes, server.MaxConcurrent, server.RequestsPerSecond));
    }

    [Fact]
    public void Load_AllOfTheServer_IsRead()
    {
        var server = ConfigurationFile
            .Load(
                $$"""
                {
                  "server": {
                    "urls": "https://*:8443",
                    "hosts": ["larder.example", "*.internal", "192.0.2.1", "[::1]"],
                    "tokens": [
                      { "name": "ops", "sha256": "{{Hash}}", "scopes": ["predict", "admin"] },
                      { "name": "app", "sha256": "{{new string('a', 64)}}", "scopes": ["read"] },
                    ],
                    "certificate": { "path": "/c.pem", "key_path": "/k.pem", "password": "hush" },
                    "max_body": "1 MiB",
                    "max_concurrent": 7,
                    "requests_per_second": 9,
                    "request_timeout": "5 min",
                    "stop_delay": "3 s",
                    "stop_timeout": "1 min",
                    "audit": "/var/log/larder/audit.jsonl",
                    "audit_size": "5 MB",
                  }
                }
                """
            )
            .Server;

        Assert.Equal("https://*:8443", server.Urls);
        Assert.Equal(["larder.example", "*.internal", "192.0.2.1", "[::1]"], server.Hosts);
        Assert.Equal(["ops", "app"], server.Tokens.Select(token => token.Name));
        Assert.Equal(Hash.ToLowerInvariant(), server.Tokens[0].Sha256);
        Assert.Equal([Scope.Predict, Scope.Admin], server.Tokens[0].Scopes);
        Assert.Equal(
            ("/c.pem", "/k.pem", "hush"),
            (server.Certificate?.Path, server.Certificate?.KeyPath, server.Certificate?.Password)
        );
        Assert.Equal((1 << 20, 7, 9), (server.MaxBodyBytes, server.MaxConcurrent, server.RequestsPerSecond));
        Assert.Equal(
            (TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(1)),
            (server.RequestTimeout, server.StopDelay, server.StopTimeout)
        );
        Assert.Equal(("/var/log/larder/audit.jsonl", 5_000_000), (server.AuditFile, server.AuditFileBytes));
    }

    [Theory]
    [InlineData("""{"max_body": 0}""", "server.max_body is not more than 0 and at most 2 GB.")]
    [InlineData("""{"max_body": "3 GB"}""", "server.max_body is not more than 0 and at most 2 GB.")]
    [InlineData("""{"audit_size": 0}""", "server.audit_size is 0; more than 0 is expected.")]
    [InlineData("""{"stop_timeout": "2 h"}""", "server.stop_timeout is longer than 1 h, the longest that it can be.")]
    [InlineData("""{"stop_delay": "2 h"}""", "server.stop_delay is longer than 1 h, the longest that it can be.")]
    [InlineData(
        """{"certificate": {"key_path": "/k"}}""",
        "server.certificate.path is missing; it names the file of the certificate."
    )]
    [InlineData(
        """{"certificate": {"path": "/c", "key": "/k"}}""",
        "server.certificate.key is unknown. Known are: key_path, password, path."
    )]
    [InlineData("""{"max_concurent": 3}""", "server.max_concurent is unknown. Did you mean 'max_concurrent'?")]
    [InlineData(
        """{"max_concurrent": -1}""",
        "server.max_concurrent is '-1'; a whole number of 0 or more is expected."
    )]
    [InlineData(
        """{"hosts": ["larder.example"]}""",
        "server.hosts has no use without server.tokens: the server then answers this machine only, to the names of its loopback."
    )]
    [InlineData("""{"urls": ["http://*:80"]}""", "server.urls is a section or a list; a single value is expected.")]
    public void Load_BadSetting_IsAFault(string server, string fault) =>
        Assert.Equal([fault], ConfigurationFile.FaultsOf($$"""{"server": {{server}} }"""));

    [Theory]
    [InlineData("http://larder.example")]
    [InlineData("larder.example:80")]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("a b")]
    public void Load_HostThatIsNoName_IsAFault(string host) =>
        Assert.StartsWith(
            $"server.hosts has '{host}', which is no name of a host",
            Assert.Single(
                ConfigurationFile.FaultsOf(
                    $$"""{"server": {"hosts": ["{{host}}"], "tokens": [{"name": "a", "sha256": "{{Hash}}", "scopes": ["read"]}]} }"""
                )
            ),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("""{"sha256": "HASH", "scopes": ["read"]}""", "name is missing or no name of a token")]
    [InlineData(
        """{"name": "two words", "sha256": "HASH", "scopes": ["read"]}""",
        "name is missing or no name of a token"
    )]
    [InlineData("""{"name": "a", "scopes": ["read"]}""", "sha256 is missing: the SHA-256 of the token")]
    [InlineData("""{"name": "a", "sha256": "", "scopes": ["read"]}""", "sha256 is not 64 hexadecimal digits")]
    [InlineData("""{"name": "a", "sha256": "00", "scopes": ["read"]}""", "sha256 is not 64 hexadecimal digits")]
    [InlineData("""{"name": "a", "sha256": "HASH0", "scopes": ["read"]}""", "sha256 is not 64 hexadecimal digits")]
    [InlineData("""{"name": "a", "sha256": "HASH"}""", "scopes is no list of one or more of predict, read, admin.")]
    [InlineData(
        """{"name": "a", "sha256": "HASH", "scopes": []}""",
        "scopes is no list of one or more of predict, read, admin."
    )]
    [InlineData(
        """{"name": "a", "sha256": "HASH", "scopes": "read"}""",
        "scopes is no list of one or more of predict, read, admin."
    )]
    [InlineData(
        """{"name": "a", "sha256": "HASH", "scopes": ["read", "amdin"]}""",
        "scopes has 'amdin', which is no scope. Did you mean 'admin'?"
    )]
    [InlineData(
        """{"name": "a", "sha256": "HASH", "scopes": ["read", "Admin"]}""",
        "scopes has 'Admin', which is no scope. Did you mean 'admin'?"
    )]
    [InlineData(
        """{"name": "a", "sha256": "HASH", "scopes": ["read", "everything"]}""",
        "scopes has 'everything', which is no scope. The scopes are predict, read, admin."
    )]
    [InlineData(
        """{"name": "a", "sha256": "HASH", "scopes": ["read"], "scope": "x"}""",
        "scope is unknown. Did you mean 'scopes'?"
    )]
    public void Load_BadToken_IsAFaultWithItsPath(string token, string fault) =>
        Assert.StartsWith(
            $"server.tokens.0.{fault}",
            Assert.Single(FaultsOfTokens($"[{token}]")),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("\"TOKEN\"")]
    [InlineData("[\"TOKEN\"]")]
    [InlineData("{\"TOKEN\": {}}")]
    [InlineData("""[{"name": "TOKEN", "sha256": "HASH", "scopes": ["read"]}]""")]
    [InlineData("""[{"name": "a", "sha256": "TOKEN", "scopes": ["read"]}]""")]
    [InlineData("""[{"name": "a", "sha256": "HASH", "scopes": ["TOKEN"]}]""")]
    [InlineData("""[{"name": "a", "sha256": "HASH", "scopes": "TOKEN"}]""")]
    [InlineData("""[{"name": "a", "sha256": ["TOKEN"], "scopes": ["read"]}]""")]
    [InlineData("""[{"name": "a", "token": "TOKEN", "scopes": ["read"]}]""")]
    public void Load_TokenInPlaceOfItsHash_IsAFaultThatDoesNotShowIt(string tokens)
    {
        var faults = FaultsOfTokens(tokens);

        Assert.NotEmpty(faults);
        Assert.All(faults, fault => Assert.DoesNotContain("canary", fault, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Load_TokenInPlaceOfItsHash_SaysToThrowItAway() =>
        Assert.Contains(
            "Throw that token away",
            Assert.Single(FaultsOfTokens("""[{"name": "a", "sha256": "TOKEN", "scopes": ["read"]}]""")),
            StringComparison.Ordinal
        );

    [Fact]
    public void Load_SameNameOrHashTwice_IsAFaultEach() =>
        Assert.Equal(
            [
                "server.tokens.1.name is 'a', the name of another token too.",
                "server.tokens.2.sha256 is that of the token 'a' too.",
            ],
            FaultsOfTokens(
                $$"""
                [
                  {"name": "a", "sha256": "HASH", "scopes": ["read"]},
                  {"name": "a", "sha256": "{{new string('b', 64)}}", "scopes": ["read"]},
                  {"name": "c", "sha256": "{{Hash.ToLowerInvariant()}}", "scopes": ["read"]}
                ]
                """
            )
        );

    private static IReadOnlyList<string> FaultsOfTokens(string tokens) =>
        ConfigurationFile.FaultsOf(
            $$"""{"server": {"tokens": {{tokens.Replace("HASH", Hash, StringComparison.Ordinal).Replace("TOKEN", Canary, StringComparison.Ordinal)}} } }"""
        );
}
